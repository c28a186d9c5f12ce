import type { Kysely } from "kysely";
import type { DeskVersion } from "../core/desk.ts";
import type { StoreContext } from "./context.ts";
import type { Tables } from "./tables.ts";

const DESK = "desk";

/** The counter by which every process sees that the desk has changed: one row, so that looking costs nothing. */
export function createDeskVersion(context: Pick<StoreContext, "db">): DeskVersion {
  return {
    async current() {
      const row = await context.db().selectFrom("versions").select("n").where("name", "=", DESK).executeTakeFirst();
      return row === undefined ? 0 : Number(row.n);
    },
  };
}

/** Raises it, in the transaction of the change itself. */
export async function raiseDeskVersion(db: Kysely<Tables>): Promise<void> {
  await db
    .insertInto("versions")
    .values({ name: DESK, n: 1 })
    .onConflict((conflict) => conflict.column("name").doUpdateSet((eb) => ({ n: eb("versions.n", "+", 1) })))
    .execute();
}
