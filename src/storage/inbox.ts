import { randomUUID } from "node:crypto";
import type { Kysely } from "kysely";
import { OvertakenError } from "../core/errors.ts";
import type { InboundMessage } from "../core/ports.ts";
import type { Inbox, InboxEntry } from "../core/stores.ts";
import { dayOf, type StoreContext } from "./context.ts";
import type { Place } from "./seal.ts";
import type { Tables } from "./tables.ts";

/** What is sealed of a message. Everything else of it is in no column. */
type SealedMessage = Pick<InboxEntry, "thread" | "utterance" | "country" | "answeredByVendor">;

/** A run takes milliseconds. What a killed process had taken is free again after this long. */
const LEASE_MS = 20_000;

const IDS_PER_QUERY = 500;

/** Accept-once, and the answers still owed. */
export function createInbox(context: StoreContext): Inbox {
  const { keys, clock } = context;

  /** Keyed by its own hash and linked to nobody: erasing a person leaves it, so a repeat stays a repeat. */
  async function seenBefore(db: Kysely<Tables>, { channel, externalId }: InboundMessage): Promise<boolean> {
    const seen = await db
      .insertInto("seen_messages")
      .values({ messageKey: keys.lookup("message", channel, externalId), channel, day: dayOf(clock.now()) })
      .onConflict((conflict) => conflict.column("messageKey").doNothing())
      .returning("messageKey")
      .execute();
    return seen.length === 0;
  }

  return {
    accept(message) {
      const { channel, from, receivedAt } = message;
      const contactKey = keys.lookup("contact", channel, from.id);
      // Without a phone number a contact is a person of its own.
      const personKey = from.phone === undefined ? contactKey : keys.lookup("person", from.phone);
      return context.atomic(async (db) => {
        if (await seenBefore(db, message)) return undefined;
        const erased = await db
          .selectFrom("erase_marks")
          .select("at")
          .where("personKey", "in", [personKey, contactKey])
          .where("at", ">", receivedAt)
          .executeTakeFirst();
        if (erased !== undefined) return undefined;

        const address = keys.seal(from.address, ["contacts", "address", contactKey]);
        const seenOn = dayOf(clock.now());
        const { contactId } = await db
          .insertInto("contacts")
          .values({ contactKey, personKey, channel, address, seenOn, erasedAt: null })
          .onConflict((conflict) =>
            conflict.column("contactKey").doUpdateSet({
              address,
              seenOn,
              erasedAt: null,
              // A number once known stays known, though a later message may come without it.
              ...(from.phone !== undefined && { personKey }),
            }),
          )
          .returning("contactId")
          .executeTakeFirstOrThrow();

        const rowKey = randomUUID();
        const sealed: SealedMessage = {
          thread: message.thread ?? "",
          utterance: message.utterance,
          ...(from.country !== undefined && { country: from.country }),
          ...(message.answeredByVendor !== undefined && { answeredByVendor: message.answeredByVendor }),
        };
        const { inboxId } = await db
          .insertInto("inbox")
          .values({
            contactId,
            rowKey,
            message: keys.seal(sealed, messagePlace(contactId, rowKey)),
            receivedAt,
            leaseUntil: null,
          })
          .returning("inboxId")
          .executeTakeFirstOrThrow();
        return { inboxId, contactId };
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
      let entry = context.db().deleteFrom("inbox").where("inboxId", "=", inboxId);
      if (run !== undefined) entry = entry.where("attempts", "=", run + 1);
      const { numDeletedRows } = await entry.executeTakeFirstOrThrow();
      if (run !== undefined && numDeletedRows === 0n) throw new OvertakenError("another process has this message");
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
