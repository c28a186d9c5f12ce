import { type Kysely, sql } from "kysely";
import type { BroadcastProgress, BroadcastStore } from "../core/broadcast.ts";
import type { StoreContext } from "./context.ts";
import type { Tables } from "./tables.ts";

/** Deliveries are swept away a day later (`privacy/retention.ts`); from here on the kept numbers count. */
const ROWS_LAST_MS = 6 * 86_400_000;

/** What became of a broadcast's recipients: counted from their rows, and kept when those go. */
export function createBroadcastProgress(context: StoreContext): Pick<BroadcastStore, "progress" | "keepReport"> {
  const { clock } = context;

  return {
    async progress(broadcastId) {
      const db = context.db();
      const kept = await db
        .selectFrom("broadcasts")
        .select(["report", "finishedAt"])
        .where("broadcastId", "=", broadcastId)
        .executeTakeFirst();
      const isOld = kept?.finishedAt != null && kept.finishedAt < clock.now() - ROWS_LAST_MS;
      return isOld && kept.report !== null ? JSON.parse(kept.report) : measure(db, broadcastId);
    },

    keepReport(broadcastId) {
      return context.atomic(async (db) => {
        const report = JSON.stringify(await measure(db, broadcastId));
        await db.updateTable("broadcasts").set({ report }).where("broadcastId", "=", broadcastId).execute();
      });
    },
  };
}

async function measure(db: Kysely<Tables>, broadcastId: number): Promise<BroadcastProgress> {
  const rows = await db
    .selectFrom("deliveries")
    .innerJoin("contacts", "contacts.contactId", "deliveries.contactId")
    .leftJoin("attempts", (join) =>
      join
        .onRef("attempts.deliveryId", "=", "deliveries.deliveryId")
        .onRef("attempts.number", "=", "deliveries.attempts"),
    )
    .select((eb) => [
      "contacts.channel",
      "deliveries.locale",
      "deliveries.status",
      eb.fn.coalesce("deliveries.reason", "attempts.code").as("why"),
      eb.fn.countAll<number>().as("n"),
    ])
    .where("deliveries.broadcastId", "=", broadcastId)
    .groupBy(["contacts.channel", "deliveries.locale", "deliveries.status", "why"])
    .execute();
  const { waiting } = await db
    .selectFrom("broadcast_recipients")
    .innerJoin("broadcast_lanes", (join) =>
      join
        .onRef("broadcast_lanes.broadcastId", "=", "broadcast_recipients.broadcastId")
        .onRef("broadcast_lanes.lane", "=", "broadcast_recipients.lane"),
    )
    .select((eb) => eb.fn.countAll<number>().as("waiting"))
    .where("broadcast_recipients.broadcastId", "=", broadcastId)
    .whereRef("broadcast_recipients.contactId", ">", "broadcast_lanes.releasedTo")
    .executeTakeFirstOrThrow();
  const { optOuts } = await db
    .selectFrom("opt_outs")
    .innerJoin("contacts", "contacts.personKey", "opt_outs.personKey")
    .innerJoin("deliveries", "deliveries.contactId", "contacts.contactId")
    .select((eb) => eb.fn.countAll<number>().as("optOuts"))
    .where("deliveries.broadcastId", "=", broadcastId)
    .whereRef("opt_outs.at", ">=", sql.ref("deliveries.sendingAt"))
    .executeTakeFirstOrThrow();
  const handed = rows.reduce((sum, { n }) => sum + Number(n), 0);
  return {
    recipients: Number(waiting) + handed,
    waiting: Number(waiting),
    optOuts: Number(optOuts),
    rows: rows.flatMap(({ channel, locale, status, why, n }) =>
      channel !== "sms" && channel !== "whatsapp"
        ? []
        : [{ channel, locale, status, n: Number(n), ...(why !== null && { reason: String(why) }) }],
    ),
  };
}
