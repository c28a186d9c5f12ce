import type { Kysely } from "kysely";
import type { Tables } from "./tables.ts";

/** Meta counts the people of a moving day; whole hours are kept, and the oldest counts as a whole. */
const HOURS = 25;

/** How many WhatsApp templates were released in the last 24 hours: rather too many than too few. */
export async function templatesUsed(db: Kysely<Tables>, now: number): Promise<number> {
  const { n } = await db
    .selectFrom("template_hours")
    .select((eb) => eb.fn.coalesce(eb.fn.sum<number>("n"), eb.lit(0)).as("n"))
    .where("hour", ">", hourOf(now) - HOURS)
    .executeTakeFirstOrThrow();
  return Number(n);
}

/** Adds to this hour's, and forgets those that count no longer. */
export async function countTemplates(db: Kysely<Tables>, n: number, now: number): Promise<void> {
  const hour = hourOf(now);
  await db
    .deleteFrom("template_hours")
    .where("hour", "<=", hour - HOURS)
    .execute();
  await db
    .insertInto("template_hours")
    .values({ hour, n })
    .onConflict((conflict) =>
      conflict.column("hour").doUpdateSet((eb) => ({ n: eb("template_hours.n", "+", eb.ref("excluded.n")) })),
    )
    .execute();
}

/** A WhatsApp address under +1, where Meta delivers no marketing templates. An opaque id is not. */
export function isUnderOne(address: string): boolean {
  return /^whatsapp:\+1\d{10}$/.test(address);
}

function hourOf(at: number): number {
  return Math.floor(at / 3_600_000);
}
