import { randomUUID } from "node:crypto";
import { type Insertable, type Kysely, sql } from "kysely";
import { OvertakenError } from "../core/errors.ts";
import type { Inbox, InboxEntry } from "../core/stores.ts";
import { dayOf, type StoreContext } from "./context.ts";
import { only, prepared } from "./prepared.ts";
import type { Place } from "./seal.ts";
import type { Tables } from "./tables.ts";

/** What is sealed of a message. Everything else of it is in no column. */
type SealedMessage = Pick<InboxEntry, "thread" | "utterance" | "country" | "answeredByVendor">;

/** A run takes milliseconds. What a killed process had taken is free again after this long. */
const LEASE_MS = 20_000;

const IDS_PER_QUERY = 500;

const noteSeen = prepared((db, seen: Tables["seen_messages"]) =>
  db
    .insertInto("seen_messages")
    .values({ messageKey: seen.messageKey, channel: seen.channel, day: seen.day })
    .onConflict((conflict) => conflict.column("messageKey").doNothing())
    .returning("messageKey"),
);

const erasedSince = prepared((db, at: { personKey: string; contactKey: string; receivedAt: number }) =>
  db
    .selectFrom("erase_marks")
    .select("at")
    .where("personKey", "in", [at.personKey, at.contactKey])
    .where("at", ">", at.receivedAt),
);

const putContact = prepared(
  (db, row: Omit<Insertable<Tables["contacts"]>, "erasedAt"> & { knownPerson: string | null }) =>
    db
      .insertInto("contacts")
      .values({
        contactKey: row.contactKey,
        personKey: row.personKey,
        channel: row.channel,
        address: row.address,
        seenOn: row.seenOn,
        erasedAt: null,
      })
      .onConflict((conflict) =>
        conflict.column("contactKey").doUpdateSet((eb) => ({
          address: eb.ref("excluded.address"),
          seenOn: eb.ref("excluded.seenOn"),
          erasedAt: null,
          // A number once known stays known, though a later message may come without it.
          personKey: sql<string>`coalesce(cast(${row.knownPerson} as text), ${eb.ref("contacts.personKey")})`,
        })),
      )
      .returning("contactId"),
);

/** With `attempts` and `leaseUntil` where nothing else of the contact waits. */
const putMessage = prepared((db, row: Required<Insertable<Tables["inbox"]>>) =>
  db
    .insertInto("inbox")
    .values((eb) => {
      const isFirst = eb.not(
        eb.exists(eb.selectFrom("inbox").select("inboxId").where("contactId", "=", row.contactId)),
      );
      return {
        contactId: row.contactId,
        rowKey: row.rowKey,
        message: row.message,
        receivedAt: row.receivedAt,
        attempts: sql<number>`case when ${isFirst} then cast(${row.attempts} as integer) else 0 end`,
        leaseUntil: sql<number | null>`case when ${isFirst} then cast(${row.leaseUntil} as bigint) end`,
      };
    })
    .returning(["inboxId", "attempts"]),
);

const closeRun = prepared((db, at: { inboxId: number; attempts: number }) =>
  db.deleteFrom("inbox").where("inboxId", "=", at.inboxId).where("attempts", "=", at.attempts).returning("inboxId"),
);

/** Accept-once, and the answers still owed. */
export function createInbox(context: StoreContext): Inbox {
  const { keys, clock } = context;

  return {
    accept(message, { take = false } = {}) {
      const { channel, from, receivedAt } = message;
      const now = clock.now();
      const day = dayOf(now);
      // Keyed by its own hash and linked to nobody: erasing a person leaves it, so a repeat stays a repeat.
      const messageKey = keys.lookup("message", channel, message.externalId);
      const contactKey = keys.lookup("contact", channel, from.id);
      // Without a phone number a contact is a person of its own.
      const knownPerson = from.phone === undefined ? null : keys.lookup("person", from.phone);
      const personKey = knownPerson ?? contactKey;
      const address = keys.seal(from.address, ["contacts", "address", contactKey]);
      const opened: SealedMessage = {
        thread: message.thread ?? "",
        utterance: message.utterance,
        ...(from.country !== undefined && { country: from.country }),
        ...(message.answeredByVendor !== undefined && { answeredByVendor: message.answeredByVendor }),
      };
      return context.atomic(async (db) => {
        if ((await noteSeen(db, { messageKey, channel, day })).length === 0) return undefined;
        if ((await erasedSince(db, { personKey, contactKey, receivedAt })).length > 0) return undefined;
        const { contactId } = only(
          await putContact(db, { contactKey, personKey, knownPerson, channel, address, seenOn: day }),
        );
        const rowKey = randomUUID();
        const sealed = keys.seal(opened, messagePlace(contactId, rowKey));
        const { inboxId, attempts } = only(
          await putMessage(db, {
            ...{ contactId, rowKey, message: sealed, receivedAt },
            ...{ attempts: take ? 1 : 0, leaseUntil: take ? now + LEASE_MS : null },
          }),
        );
        if (attempts === 0) return { inboxId, contactId };
        return { inboxId, contactId, taken: { inboxId, contactId, channel, receivedAt, attempts: 0, ...opened } };
      });
    },

    take(contactId) {
      return context.atomic(async (db) => {
        const row = await context.locking
          .hold(db.selectFrom("inbox").where("contactId", "=", contactId))
          .select(["inboxId", "rowKey", "message", "receivedAt", "attempts", "leaseUntil"])
          .orderBy("receivedAt")
          .orderBy("inboxId")
          .limit(1)
          .executeTakeFirst();
        if (row === undefined || isTaken(row.leaseUntil)) return undefined;
        await db
          .updateTable("inbox")
          .set({ attempts: row.attempts + 1, leaseUntil: clock.now() + LEASE_MS })
          .where("inboxId", "=", row.inboxId)
          .execute();
        const { channel } = await db
          .selectFrom("contacts")
          .select("channel")
          .where("contactId", "=", contactId)
          .executeTakeFirstOrThrow();
        const opened = await openMessage(db, row.message, messagePlace(contactId, row.rowKey));
        const { inboxId, receivedAt, attempts } = row;
        return { inboxId, contactId, channel, receivedAt, attempts, ...opened };
      });
    },

    async waiting() {
      const rows = await context
        .db()
        .selectFrom("inbox")
        .select([
          "contactId",
          (eb) => eb.fn.min("receivedAt").as("since"),
          (eb) => eb.fn.max("leaseUntil").as("leaseUntil"),
        ])
        .groupBy("contactId")
        .orderBy("since")
        .execute();
      return rows.flatMap(({ contactId, leaseUntil }) => (isTaken(leaseUntil) ? [] : contactId));
    },

    async finish(inboxId, run) {
      if (run === undefined) {
        await context.db().deleteFrom("inbox").where("inboxId", "=", inboxId).execute();
        return;
      }
      const closed = await closeRun(context.db(), { inboxId, attempts: run + 1 });
      if (closed.length === 0) throw new OvertakenError("another process has this message");
    },

    async unseen(channel, externalIds) {
      const idOf = new Map(externalIds.map((id) => [keys.lookup("message", channel, id), id]));
      const messageKeys = [...idOf.keys()];
      for (let from = 0; from < messageKeys.length; from += IDS_PER_QUERY) {
        const seen = await context
          .db()
          .selectFrom("seen_messages")
          .select("messageKey")
          .where("messageKey", "in", messageKeys.slice(from, from + IDS_PER_QUERY))
          .execute();
        for (const { messageKey } of seen) idOf.delete(messageKey);
      }
      return [...idOf.values()];
    },
  };

  /** Whether another process is at it. Where there is no other, a lease is what a killed one left behind. */
  function isTaken(leaseUntil: number | null): boolean {
    return !context.locking.alone && leaseUntil !== null && leaseUntil > clock.now();
  }

  /** A damaged row reads as an empty message, which is answered like one: the person is not left in silence. */
  async function openMessage(db: Kysely<Tables>, sealed: string, place: Place): Promise<SealedMessage> {
    try {
      return (await keys.open(db, sealed, place)) as SealedMessage;
    } catch {
      context.damaged("inbox");
      return { thread: "", utterance: { text: "" } };
    }
  }
}

function messagePlace(contactId: number, rowKey: string): Place {
  return ["inbox", "message", contactId, rowKey];
}
