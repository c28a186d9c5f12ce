import type { Kysely } from "kysely";
import type { Subscriptions } from "../core/subscription.ts";
import type { ContactView } from "../core/turn.ts";
import type { StoreContext } from "./context.ts";
import type { Tables } from "./tables.ts";

/** Place and language of those who asked for updates twice, and nothing else about them. */
export function createSubscriptions(context: StoreContext): Subscriptions {
  return {
    add(contactId, { place, locale }) {
      return context.atomic(async (db) => {
        const before = await db
          .selectFrom("subscriptions")
          .select("full")
          .where("contactId", "=", contactId)
          .executeTakeFirst();
        await db
          .insertInto("subscriptions")
          .values({ contactId, place, locale, full: before?.full ?? 0 })
          .onConflict((conflict) => conflict.columns(["contactId", "place"]).doNothing())
          .execute();
        await db.updateTable("subscriptions").set({ locale }).where("contactId", "=", contactId).execute();
      });
    },

    async setLocale(contactId, locale) {
      await context.db().updateTable("subscriptions").set({ locale }).where("contactId", "=", contactId).execute();
    },

    async setFull(contactId, full) {
      await context
        .db()
        .updateTable("subscriptions")
        .set({ full: Number(full) })
        .where("contactId", "=", contactId)
        .execute();
    },

    end(contactId) {
      return context.atomic(async (db) => {
        const person = await db
          .selectFrom("contacts")
          .select("personKey")
          .where("contactId", "=", contactId)
          .executeTakeFirst();
        if (person !== undefined) await endUpdates(db, person.personKey);
      });
    },
  };
}

/** Takes away all that makes Puente write first to a person. */
async function endUpdates(db: Kysely<Tables>, personKey: string): Promise<void> {
  for (const table of ["subscriptions", "kept_answers"] as const)
    await db
      .deleteFrom(table)
      .where("contactId", "in", (eb) =>
        eb.selectFrom("contacts").select("contactId").where("personKey", "=", personKey),
      )
      .execute();
}

/** What a contact is subscribed to and has not read yet. For `contacts.view`. */
export async function updatesFor(
  db: Kysely<Tables>,
  contactId: number,
  now: number,
): Promise<Pick<ContactView, "subscriptions" | "full" | "announcement" | "kept" | "changed">> {
  const subscriptions = await db
    .selectFrom("subscriptions")
    .select(["place", "locale", "full"])
    .where("contactId", "=", contactId)
    .orderBy("place")
    .execute();
  const sent = await db
    .selectFrom("deliveries")
    .innerJoin("broadcasts", "broadcasts.broadcastId", "deliveries.broadcastId")
    .select(["broadcasts.broadcastId", "broadcasts.content", "broadcasts.state"])
    .where("deliveries.contactId", "=", contactId)
    .where("deliveries.kind", "=", "broadcast")
    .where("deliveries.status", "not in", ["queued", "skipped", "failed"])
    .where("deliveries.readAt", "is", null)
    .where((eb) => eb.or([eb("broadcasts.until", "is", null), eb("broadcasts.until", ">=", now)]))
    .orderBy("deliveries.deliveryId", "desc")
    .limit(1)
    .executeTakeFirst();
  const kept = await db
    .selectFrom("kept_answers")
    .select(["topic", "toldAt"])
    .where("contactId", "=", contactId)
    .orderBy("toldAt", "desc")
    .execute();
  const changed = kept.find(({ toldAt }) => toldAt !== null)?.topic;
  const content = sent && JSON.parse(sent.content);
  return {
    subscriptions: subscriptions.map(({ place, locale }) => ({ place, locale })),
    kept: kept.map(({ topic }) => topic),
    ...(subscriptions.some(({ full }) => full === 1) && { full: true }),
    ...(sent !== undefined && {
      announcement: {
        broadcastId: sent.broadcastId,
        texts: content.texts,
        ...(content.topic !== undefined && { topic: content.topic }),
        takenBack: sent.state === "cancelled",
      },
    }),
    ...(changed !== undefined && { changed }),
  };
}
