import type { PurgeRule, Retention } from "../core/stores.ts";
import { dayOf, type StoreContext } from "./context.ts";
import { dropRetiredKeys } from "./rotate.ts";

/** Rows that one call touches at most, so that a large purge never holds the database for long. */
const ROWS_PER_CALL = 1_000;

/** How each rule of `privacy/retention.ts` is carried out. When, and on what age, is decided there. */
export function createRetention(context: StoreContext): Retention {
  const { keys } = context;

  const purges: Readonly<Record<PurgeRule, (before: number) => Promise<number | bigint>>> = {
    async context(before) {
      const cleared = await context
        .db()
        .updateTable("conversations")
        .set({ context: null, contextAt: null })
        .where("contextAt", "<", before)
        .executeTakeFirst();
      return cleared.numUpdatedRows;
    },

    async "reply-text"(before) {
      const cleared = await context
        .db()
        .updateTable("deliveries")
        .set({ text: null })
        .where("deliveryId", "in", (eb) =>
          eb
            .selectFrom("deliveries")
            .select("deliveryId")
            .where("createdAt", "<", before)
            .where("text", "is not", null)
            // What is still open may have to be sent, or found at the vendor by its text.
            .where("status", "not in", ["queued", "sending", "unknown"])
            .limit(ROWS_PER_CALL),
        )
        .executeTakeFirst();
      return cleared.numUpdatedRows;
    },

    async "reply-topic"(before) {
      const cleared = await context
        .db()
        .updateTable("deliveries")
        .set({ topic: null })
        .where("deliveryId", "in", (eb) =>
          eb
            .selectFrom("deliveries")
            .select("deliveryId")
            .where("createdAt", "<", before)
            .where("topic", "is not", null)
            .limit(ROWS_PER_CALL),
        )
        .executeTakeFirst();
      return cleared.numUpdatedRows;
    },

    async deliveries(before) {
      const gone = await context
        .db()
        .deleteFrom("deliveries")
        .where("deliveryId", "in", (eb) =>
          eb
            .selectFrom("deliveries")
            .select("deliveryId")
            .where("createdAt", "<", before)
            .where("notBefore", "<", before)
            .limit(ROWS_PER_CALL),
        )
        .executeTakeFirst();
      return gone.numDeletedRows;
    },

    async inbox(before) {
      const gone = await context.db().deleteFrom("inbox").where("receivedAt", "<", before).executeTakeFirst();
      return gone.numDeletedRows;
    },

    async "seen-messages"(before) {
      const gone = await context
        .db()
        .deleteFrom("seen_messages")
        .where("messageKey", "in", (eb) =>
          eb.selectFrom("seen_messages").select("messageKey").where("day", "<", dayOf(before)).limit(ROWS_PER_CALL),
        )
        .executeTakeFirst();
      return gone.numDeletedRows;
    },

    async "erase-marks"(before) {
      const gone = await context.db().deleteFrom("erase_marks").where("at", "<", before).executeTakeFirst();
      return gone.numDeletedRows;
    },

    async "erased-contacts"(before) {
      const gone = await context.db().deleteFrom("contacts").where("erasedAt", "<", before).executeTakeFirst();
      return gone.numDeletedRows;
    },

    async contacts(before) {
      const gone = await context
        .db()
        .deleteFrom("contacts")
        .where("contactId", "in", (eb) =>
          eb
            .selectFrom("contacts")
            .select("contactId")
            .where("seenOn", "<", dayOf(before))
            .where(({ not, exists, selectFrom }) =>
              not(exists(selectFrom("inbox").select("inboxId").whereRef("inbox.contactId", "=", "contacts.contactId"))),
            )
            .where(({ not, exists, selectFrom }) =>
              not(
                exists(
                  selectFrom("deliveries")
                    .select("deliveryId")
                    .whereRef("deliveries.contactId", "=", "contacts.contactId"),
                ),
              ),
            )
            // Who asked for updates is written to for as long as they want them.
            .where(({ not, exists, selectFrom }) =>
              not(
                exists(
                  selectFrom("subscriptions")
                    .select("subscriptions.contactId")
                    .whereRef("subscriptions.contactId", "=", "contacts.contactId"),
                ),
              ),
            )
            .limit(ROWS_PER_CALL),
        )
        .executeTakeFirst();
      return gone.numDeletedRows;
    },

    async "ended-subscriptions"(before) {
      let ended = 0n;
      for (const table of ["subscriptions", "kept_answers"] as const) {
        const gone = await context
          .db()
          .deleteFrom(table)
          .where("contactId", "in", (eb) =>
            eb
              .selectFrom("opt_outs")
              .innerJoin("contacts", "contacts.personKey", "opt_outs.personKey")
              .select("contacts.contactId")
              .where("opt_outs.at", "<", before),
          )
          .executeTakeFirst();
        ended += gone.numDeletedRows;
      }
      return ended;
    },

    async "kept-answers"(before) {
      const gone = await context.db().deleteFrom("kept_answers").where("at", "<", before).executeTakeFirst();
      return gone.numDeletedRows;
    },

    recipients: (before) =>
      context.atomic(async (db) => {
        const lane = await db
          .selectFrom("broadcast_lanes")
          .innerJoin("broadcasts", "broadcasts.broadcastId", "broadcast_lanes.broadcastId")
          .select(["broadcast_lanes.broadcastId", "broadcast_lanes.lane"])
          .where("broadcasts.finishedAt", "<", before)
          .limit(1)
          .executeTakeFirst();
        if (lane === undefined) return 0;
        const listed = db
          .selectFrom("broadcast_recipients")
          .select("contactId")
          .where("broadcastId", "=", lane.broadcastId)
          .where("lane", "=", lane.lane)
          .orderBy("contactId")
          .limit(ROWS_PER_CALL);
        const { numDeletedRows } = await db
          .deleteFrom("broadcast_recipients")
          .where("broadcastId", "=", lane.broadcastId)
          .where("lane", "=", lane.lane)
          .where("contactId", "<=", (eb) =>
            eb.selectFrom(listed.as("listed")).select((one) => one.fn.max("contactId").as("last")),
          )
          .executeTakeFirst();
        if (numDeletedRows === BigInt(ROWS_PER_CALL)) return numDeletedRows;
        // Nobody is left on it.
        await db
          .deleteFrom("broadcast_lanes")
          .where("broadcastId", "=", lane.broadcastId)
          .where("lane", "=", lane.lane)
          .execute();
        return numDeletedRows + 1n;
      }),

    async counts(before) {
      const gone = await context.db().deleteFrom("counts").where("day", "<", dayOf(before)).executeTakeFirst();
      return gone.numDeletedRows;
    },

    async "vendor-erasures"(before) {
      const gone = await context
        .db()
        .deleteFrom("vendor_erasures")
        .where("externalId", "in", (eb) =>
          eb.selectFrom("vendor_erasures").select("externalId").where("addedAt", "<", before).limit(ROWS_PER_CALL),
        )
        .executeTakeFirst();
      return gone.numDeletedRows;
    },

    async costs(before) {
      const gone = await context.db().deleteFrom("costs").where("day", "<", dayOf(before)).executeTakeFirst();
      return gone.numDeletedRows;
    },

    async limits(before) {
      const gone = await context.db().deleteFrom("limits").where("expire", "<", before).executeTakeFirst();
      return gone.numDeletedRows;
    },

    async "shared-texts"(before) {
      const gone = await context
        .db()
        .deleteFrom("shared_texts")
        // A broadcast may stand still for days, and a carrier may lose a message after its end.
        .where("broadcastId", "in", (eb) =>
          eb.selectFrom("broadcasts").select("broadcasts.broadcastId").where("finishedAt", "<", before),
        )
        .executeTakeFirst();
      return gone.numDeletedRows;
    },

    async "phone-send-links"(before) {
      const cleared = await context
        .db()
        .updateTable("phone_sends")
        .set({ contactId: null, topic: null, deliveryId: null })
        .where("at", "<", before)
        .where((eb) => eb.or([eb("contactId", "is not", null), eb("topic", "is not", null)]))
        .executeTakeFirst();
      return cleared.numUpdatedRows;
    },

    async "phone-sends"(before) {
      const gone = await context.db().deleteFrom("phone_sends").where("at", "<", before).executeTakeFirst();
      return gone.numDeletedRows;
    },

    async "closed-flags"(before) {
      const gone = await context.db().deleteFrom("flags").where("closedAt", "<", before).executeTakeFirst();
      return gone.numDeletedRows;
    },

    "retired-keys": (before) => context.atomic((db) => dropRetiredKeys(db, keys, before)),
  };

  return {
    async purge(rule, before) {
      return Number(await purges[rule](before));
    },
  };
}
