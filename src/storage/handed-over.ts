import type { Kysely } from "kysely";
import type { BroadcastStore } from "../core/broadcast.ts";
import { dayOf, type StoreContext } from "./context.ts";
import { BULK_RANK, QUEUED } from "./delivery-rows.ts";
import { isOptedOut } from "./opted-out.ts";
import type { Tables } from "./tables.ts";

const BACKLOG_SEEN = 1_000;
/** Of the newest deliveries, looked at to tell whether something is wrong. */
const RECENT = 500;

/** What has become of the deliveries that were made from the frozen list. */
export function createHandedOver(
  context: StoreContext,
): Pick<BroadcastStore, "backlog" | "revive" | "handed" | "recent" | "hasOpen" | "phoneInHand"> {
  const { keys, clock } = context;

  return {
    async backlog(broadcastId, channel) {
      const { n } = await context
        .db()
        .selectFrom((eb) =>
          eb
            .selectFrom("deliveries")
            .select("deliveryId")
            .where("status", "=", QUEUED)
            .where("rank", "=", BULK_RANK)
            .where("broadcastId", "=", broadcastId)
            .where("groupId", "like", `${broadcastId}.${channel}.%`)
            .limit(BACKLOG_SEEN)
            .as("queued"),
        )
        .select((eb) => eb.fn.countAll<number>().as("n"))
        .executeTakeFirstOrThrow();
      return Number(n);
    },

    async revive(broadcastId, lane, expiresAt) {
      const revived = await context
        .db()
        .updateTable("deliveries")
        .set({ status: "queued", reason: null, text: "", notBefore: clock.now(), expiresAt })
        .where("broadcastId", "=", broadcastId)
        .where("status", "=", "skipped")
        .where("reason", "=", "expired")
        .where("contactId", "in", (eb) =>
          eb
            .selectFrom("broadcast_recipients")
            .select("contactId")
            .where("broadcastId", "=", broadcastId)
            .where("lane", "=", lane),
        )
        .executeTakeFirst();
      return Number(revived.numUpdatedRows);
    },

    handed: (broadcastId, atMost) => handed(context.db(), broadcastId, atMost),

    async recent(broadcastId) {
      const rows = await context
        .db()
        .selectFrom((eb) =>
          eb
            .selectFrom("deliveries")
            .select(["status", "broadcastId"])
            .orderBy("deliveryId", "desc")
            .limit(RECENT)
            .as("newest"),
        )
        .select(["status", (eb) => eb.fn.countAll<number>().as("n")])
        .where("broadcastId", "=", broadcastId)
        .where("status", "in", ["sent", "delivered", "read", "failed"])
        .groupBy("status")
        .execute();
      const count = (failed: boolean) =>
        rows.reduce((sum, { status, n }) => sum + ((status === "failed") === failed ? Number(n) : 0), 0);
      return { ended: count(false) + count(true), failed: count(true) };
    },

    async hasOpen(broadcastId) {
      const queued = await context
        .db()
        .selectFrom("deliveries")
        .select("deliveryId")
        .where("status", "=", QUEUED)
        .where("rank", "=", BULK_RANK)
        .where("broadcastId", "=", broadcastId)
        .limit(1)
        .executeTakeFirst();
      if (queued !== undefined) return true;
      const held = await context
        .db()
        .selectFrom("deliveries")
        .select("deliveryId")
        .where("leaseUntil", "is not", null)
        .where("broadcastId", "=", broadcastId)
        .limit(1)
        .executeTakeFirst();
      return held !== undefined;
    },

    async phoneInHand(phone) {
      const row = await context
        .db()
        .selectFrom("contacts")
        .select("contactId")
        .where("contactKey", "=", keys.lookup("contact", "sms", phone))
        .where("seenOn", "=", dayOf(clock.now()))
        .where((eb) => eb.not(isOptedOut()))
        .executeTakeFirst();
      return row?.contactId;
    },
  };
}

/** How many deliveries of a broadcast there are, up to a number. */
export async function handed(db: Kysely<Tables>, broadcastId: number, atMost: number): Promise<number> {
  const { n } = await db
    .selectFrom((eb) =>
      eb
        .selectFrom("deliveries")
        .select("deliveryId")
        .where("broadcastId", "=", broadcastId)
        .limit(atMost)
        .as("handed"),
    )
    .select((eb) => eb.fn.countAll<number>().as("n"))
    .executeTakeFirstOrThrow();
  return Number(n);
}
