import type { Kysely } from "kysely";
import type { VendorErasures } from "../core/stores.ts";
import type { StoreContext } from "./context.ts";
import type { Tables } from "./tables.ts";

const ROWS_PER_CALL = 500;

/** What is still to be erased at the vendor. Rows stay a while after it is done, so that nothing is done twice. */
export function createVendorErasures(context: StoreContext): VendorErasures {
  const { clock, locking } = context;
  return {
    add(messages) {
      return context.atomic((db) => addAll(db, messages, clock.now()));
    },

    addForgotten(before) {
      return context.atomic(async (db) => {
        const at = clock.now();
        const forgotten = await sentOut(db).where("attempts.sendingAt", "<", before).limit(ROWS_PER_CALL).execute();
        await addAll(
          db,
          forgotten.map((sent) => ({ ...sent, direction: "out", media: false, dueAt: at })),
          at,
        );
      });
    },

    claim(channels, limit, leaseMs) {
      return context.atomic(async (db) => {
        const now = clock.now();
        const rows = await locking
          .holdFree(db.selectFrom("vendor_erasures").where("doneAt", "is", null))
          .select(["externalId", "channel", "direction", "media", "tries"])
          .where("dueAt", "<=", now)
          .where("channel", "in", channels)
          .orderBy("dueAt")
          .limit(limit)
          .execute();
        if (rows.length === 0) return [];
        await db
          .updateTable("vendor_erasures")
          .set({ dueAt: now + leaseMs })
          .where(
            "externalId",
            "in",
            rows.map(({ externalId }) => externalId),
          )
          .execute();
        return rows.map((row) => ({ ...row, media: row.media === 1 }));
      });
    },

    async done(externalIds) {
      if (externalIds.length === 0) return;
      await context
        .db()
        .updateTable("vendor_erasures")
        .set({ doneAt: clock.now() })
        .where("externalId", "in", externalIds)
        .execute();
    },

    async later(externalId, dueAt) {
      await context
        .db()
        .updateTable("vendor_erasures")
        .set((eb) => ({ dueAt, tries: eb("tries", "+", 1) }))
        .where("externalId", "=", externalId)
        .execute();
    },
  };
}

/** Adds all that was sent to a person, whose rows here are about to go. */
export async function eraseAtVendor(db: Kysely<Tables>, personKey: string, at: number): Promise<void> {
  const sent = await sentOut(db).where("contacts.personKey", "=", personKey).execute();
  await addAll(
    db,
    sent.map((one) => ({ ...one, direction: "out", media: false, dueAt: at })),
    at,
  );
}

/** What the vendor has of us and nobody has yet arranged to erase. */
function sentOut(db: Kysely<Tables>) {
  return db
    .selectFrom("attempts")
    .innerJoin("deliveries", "deliveries.deliveryId", "attempts.deliveryId")
    .innerJoin("contacts", "contacts.contactId", "deliveries.contactId")
    .leftJoin("vendor_erasures", "vendor_erasures.externalId", "attempts.externalId")
    .select((eb) => [eb.ref("attempts.externalId").$notNull().as("externalId"), "contacts.channel"])
    .where("attempts.externalId", "is not", null)
    .where("vendor_erasures.externalId", "is", null);
}

type Added = Parameters<VendorErasures["add"]>[0];

async function addAll(db: Kysely<Tables>, messages: Added, at: number): Promise<void> {
  for (let from = 0; from < messages.length; from += ROWS_PER_CALL) {
    const rows = messages.slice(from, from + ROWS_PER_CALL).map(({ media, ...message }) => {
      return { ...message, media: media ? 1 : 0, addedAt: at, doneAt: null };
    });
    await db
      .insertInto("vendor_erasures")
      .values(rows)
      .onConflict((conflict) => conflict.column("externalId").doNothing())
      .execute();
  }
}
