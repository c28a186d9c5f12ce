import { type Kysely, sql } from "kysely";
import type { Contacts, DeliveryKind } from "../core/stores.ts";
import { noteInConsents } from "./consents.ts";
import type { StoreContext } from "./context.ts";
import { isOptedOut } from "./opted-out.ts";
import { waitingFor } from "./phone-sends.ts";
import { prepared } from "./prepared.ts";
import { updatesFor } from "./subscriptions.ts";
import type { Tables } from "./tables.ts";
import { eraseAtVendor } from "./vendor-erasures.ts";

/** `more`: something was agreed with this contact, or waits for it. Of most people there is nothing but their question. */
const glance = prepared((db, at: { contactId: number }) =>
  db
    .selectFrom("contacts")
    .select((eb) => [
      isOptedOut().as("optedOut"),
      eb
        .or([
          eb.exists(eb.selectFrom("subscriptions").select("place").where("contactId", "=", at.contactId)),
          eb.exists(eb.selectFrom("kept_answers").select("topic").where("contactId", "=", at.contactId)),
          eb.exists(eb.selectFrom("phone_sends").select("sendId").where("contactId", "=", at.contactId)),
          eb.exists(
            eb
              .selectFrom("deliveries")
              .select("deliveryId")
              .where("contactId", "=", at.contactId)
              .where("kind", "=", sql.lit<DeliveryKind>("broadcast")),
          ),
        ])
        .as("more"),
    ])
    .where("contactId", "=", at.contactId),
);

/** STOP, START and DELETE act on the person: all contacts that share a phone number. */
export function createContacts(context: StoreContext): Contacts {
  const { clock } = context;

  async function keysOf(db: Kysely<Tables>, contactId: number) {
    return await db
      .selectFrom("contacts")
      .select(["personKey", "contactKey"])
      .where("contactId", "=", contactId)
      .executeTakeFirst();
  }

  /** An older message that comes late must not bring the data back. */
  async function mark(db: Kysely<Tables>, personKey: string, at: number): Promise<void> {
    await db
      .insertInto("erase_marks")
      .values({ personKey, at })
      .onConflict((conflict) => conflict.column("personKey").doUpdateSet({ at }))
      .execute();
  }

  return {
    async view(contactId) {
      const [row] = await glance(context.db(), { contactId });
      // Nobody left to write to counts as opted out.
      const optedOut = row === undefined || Boolean(row.optedOut);
      if (!row?.more) return { optedOut, subscriptions: [], kept: [] };
      const waiting = await waitingFor(context.db(), contactId, clock.now());
      return {
        optedOut,
        ...(await updatesFor(context.db(), contactId, clock.now())),
        ...(waiting !== undefined && { waiting }),
      };
    },

    optOut(contactId, source) {
      return context.atomic(async (db) => {
        const person = await keysOf(db, contactId);
        if (person === undefined) return;
        await db
          .insertInto("opt_outs")
          .values({ personKey: person.personKey, source, at: clock.now() })
          // The first STOP counts.
          .onConflict((conflict) => conflict.column("personKey").doNothing())
          .execute();
        await noteInConsents(db, person.personKey, "stopped", clock.now());
      });
    },

    optIn(contactId) {
      return context.atomic(async (db) => {
        const person = await keysOf(db, contactId);
        if (person === undefined) return;
        await db.deleteFrom("opt_outs").where("personKey", "in", [person.personKey, person.contactKey]).execute();
        await noteInConsents(db, person.personKey, "started", clock.now());
      });
    },

    erase(contactId) {
      return context.atomic(async (db, scope) => {
        const person = await keysOf(db, contactId);
        if (person === undefined) return;
        const { personKey } = person;
        const at = clock.now();
        await mark(db, personKey, at);
        await eraseAtVendor(db, personKey, at);
        await db
          .deleteFrom("contacts")
          .where("personKey", "=", personKey)
          .where("contactId", "!=", contactId)
          .execute();
        await db.deleteFrom("inbox").where("contactId", "=", contactId).execute();
        await db.deleteFrom("conversations").where("contactId", "=", contactId).execute();
        for (const table of ["subscriptions", "consents", "kept_answers", "broadcast_recipients"] as const)
          await db.deleteFrom(table).where("contactId", "=", contactId).execute();
        let deliveries = db.deleteFrom("deliveries").where("contactId", "=", contactId);
        if (scope.enqueued.size > 0) deliveries = deliveries.where("deliveryId", "not in", [...scope.enqueued]);
        await deliveries.execute();
        await db.updateTable("contacts").set({ erasedAt: at }).where("contactId", "=", contactId).execute();
        scope.leaving.add(contactId);
      });
    },

    eraseByPhone(phone) {
      return context.atomic(async (db) => {
        const personKey = context.keys.lookup("person", phone);
        await mark(db, personKey, clock.now());
        await eraseAtVendor(db, personKey, clock.now());
        const gone = await db.deleteFrom("contacts").where("personKey", "=", personKey).executeTakeFirst();
        return Number(gone.numDeletedRows);
      });
    },
  };
}
