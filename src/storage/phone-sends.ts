import type { Kysely } from "kysely";
import type { PhoneSends } from "../core/desk.ts";
import type { ConversationState } from "../core/turn.ts";
import { dayOf, type StoreContext } from "./context.ts";
import type { Tables } from "./tables.ts";

const DAY_MS = 24 * 60 * 60_000;

/** Sends by volunteers. The number itself is sealed in `contacts`, like that of anyone who wrote. */
export function createPhoneSends(context: StoreContext): PhoneSends {
  const { keys, clock } = context;

  /** Whether anyone under this number has said to be under 18. */
  async function isMinor(db: Kysely<Tables>, personKey: string): Promise<boolean> {
    const rows = await db
      .selectFrom("conversations")
      .innerJoin("contacts", "contacts.contactId", "conversations.contactId")
      .select(["conversations.contactId", "conversations.threadKey", "conversations.state"])
      .where("contacts.personKey", "=", personKey)
      .execute();
    for (const { contactId, threadKey, state } of rows) {
      const opened = await keys.open(db, state, ["conversations", "state", contactId, threadKey]);
      if ((opened as ConversationState).minor) return true;
    }
    return false;
  }

  return {
    contactFor(phone, by, sendsADay) {
      return context.atomic(async (db) => {
        const [contactKey, personKey] = [keys.lookup("contact", "sms", phone), keys.lookup("person", phone)];
        const since = clock.now() - DAY_MS;
        const { sent } = await db
          .selectFrom("phone_sends")
          .select((eb) => eb.fn.countAll<number>().as("sent"))
          .where("by", "=", by)
          .where("at", ">", since)
          .executeTakeFirstOrThrow();
        if (Number(sent) >= sendsADay) return { refused: "sender-limit" };
        const stopped = await db
          .selectFrom("opt_outs")
          .select("at")
          .where("personKey", "in", [personKey, contactKey])
          .executeTakeFirst();
        if (stopped !== undefined) return { refused: "opted-out" };
        const erased = await db
          .selectFrom("erase_marks")
          .select("at")
          .where("personKey", "in", [personKey, contactKey])
          .executeTakeFirst();
        if (erased !== undefined) return { refused: "erased" };
        if (await isMinor(db, personKey)) return { refused: "minor" };
        const before = await db
          .selectFrom("phone_sends")
          .innerJoin("contacts", "contacts.contactId", "phone_sends.contactId")
          .select("sendId")
          .where("contacts.personKey", "=", personKey)
          .where("at", ">", since)
          .executeTakeFirst();
        if (before !== undefined) return { refused: "number-limit" };

        const address = keys.seal(phone, ["contacts", "address", contactKey]);
        const { contactId } = await db
          .insertInto("contacts")
          .values({ contactKey, personKey, channel: "sms", address, seenOn: dayOf(clock.now()), erasedAt: null })
          .onConflict((conflict) => conflict.column("contactKey").doUpdateSet({ address, personKey }))
          .returning("contactId")
          .executeTakeFirstOrThrow();
        return { contactId };
      });
    },

    async record(send) {
      const { sendId } = await context
        .db()
        .insertInto("phone_sends")
        .values({ ...send, at: clock.now() })
        .returning("sendId")
        .executeTakeFirstOrThrow();
      return sendId;
    },

    async read(contactId) {
      await context.db().updateTable("phone_sends").set({ topic: null }).where("contactId", "=", contactId).execute();
    },

    async status(sendId, by) {
      const row = await context
        .db()
        .selectFrom("phone_sends")
        .innerJoin("deliveries", "deliveries.deliveryId", "phone_sends.deliveryId")
        .select("deliveries.status")
        .where("sendId", "=", sendId)
        .where("by", "=", by)
        .executeTakeFirst();
      return row?.status;
    },
  };
}

/** What waits for a contact, newest first; not what is older than a day. For `contacts.view`. */
export async function waitingFor(db: Kysely<Tables>, contactId: number, now: number) {
  const row = await db
    .selectFrom("phone_sends")
    .select(["topic", "locale"])
    .where("contactId", "=", contactId)
    .where("topic", "is not", null)
    .where("at", ">", now - DAY_MS)
    .orderBy("sendId", "desc")
    .executeTakeFirst();
  return row?.topic == null ? undefined : { topic: row.topic, locale: row.locale };
}
