import { type Kysely, sql } from "kysely";
import type { ConsentEvent, Consents } from "../core/subscription.ts";
import type { StoreContext } from "./context.ts";
import type { Tables } from "./tables.ts";

/** Proof of what a contact agreed to. Lines are only added; they go with the contact. */
export function createConsents(context: StoreContext): Consents {
  return {
    async add(contactId, { event, wording, place }) {
      const at = context.clock.now();
      await context
        .db()
        .insertInto("consents")
        .columns(["contactId", "event", "channel", "wording", "place", "at"])
        .expression((eb) =>
          eb
            .selectFrom("contacts")
            .select([
              "contactId",
              sql<ConsentEvent>`cast(${event} as text)`.as("event"),
              "channel",
              sql<string>`cast(${wording} as text)`.as("wording"),
              sql<string | null>`cast(${place ?? null} as text)`.as("place"),
              sql<number>`cast(${at} as bigint)`.as("at"),
            ])
            .where("contactId", "=", contactId),
        )
        .execute();
    },

    async of(contactId) {
      const rows = await context
        .db()
        .selectFrom("consents")
        .select(["event", "channel", "wording", "place", "at"])
        .where("contactId", "=", contactId)
        .orderBy("consentId")
        .execute();
      return rows.map(({ place, ...consent }) => ({ ...consent, ...(place !== null && { place }) }));
    },
  };
}

/** Adds a line for every contact of the person who ever agreed to something: of others the ledger knows nothing. */
export async function noteInConsents(
  db: Kysely<Tables>,
  personKey: string,
  event: ConsentEvent,
  at: number,
): Promise<void> {
  await db
    .insertInto("consents")
    .columns(["contactId", "event", "channel", "wording", "at"])
    .expression((eb) =>
      eb
        .selectFrom("contacts")
        .select([
          "contactId",
          sql<ConsentEvent>`cast(${event} as text)`.as("event"),
          "channel",
          sql.lit("").as("wording"),
          sql<number>`cast(${at} as bigint)`.as("at"),
        ])
        .where("personKey", "=", personKey)
        .where("contactId", "in", (known) => known.selectFrom("consents").select("consents.contactId")),
    )
    .execute();
}
