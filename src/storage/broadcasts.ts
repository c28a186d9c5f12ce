import type { Kysely, Selectable } from "kysely";
import type { Approval, BroadcastContent, BroadcastEvent, BroadcastRecord, BroadcastStore } from "../core/broadcast.ts";
import { createAudience } from "./audience.ts";
import { createBroadcastProgress } from "./broadcast-progress.ts";
import type { StoreContext } from "./context.ts";
import { QUEUED } from "./delivery-rows.ts";
import { createFrozenList } from "./frozen-list.ts";
import { createHandedOver } from "./handed-over.ts";
import { createReleases } from "./releases.ts";
import type { Tables } from "./tables.ts";

/** States in which there is something to do. */
const ACTIVE = ["scheduled", "running", "paused"] as const;
/** Nothing has gone out yet, so the text may still be changed. */
const NOT_BEGUN = ["draft", "awaiting-approval", "scheduled"] as const;

/** Announcements, who approved them, and all that happened to them. */
export function createBroadcasts(context: StoreContext): BroadcastStore {
  const { clock } = context;

  async function note(
    db: Kysely<Tables>,
    broadcastId: number,
    { event, by, hash, detail }: Omit<BroadcastEvent, "broadcastId" | "at">,
  ) {
    await db
      .insertInto("broadcast_events")
      .values({
        broadcastId,
        event,
        by: by ?? null,
        at: clock.now(),
        hash,
        detail: detail === undefined ? null : JSON.stringify(detail),
      })
      .execute();
  }

  const hold = (db: Kysely<Tables>, broadcastId: number) =>
    context.locking
      .hold(db.selectFrom("broadcasts").where("broadcastId", "=", broadcastId))
      .selectAll()
      .executeTakeFirst();

  return {
    ...createAudience(context),
    ...createFrozenList(context, note),
    ...createReleases(context),
    ...createHandedOver(context),
    ...createBroadcastProgress(context),

    create({ hash, author, ...content }) {
      return context.atomic(async (db) => {
        const { broadcastId } = await db
          .insertInto("broadcasts")
          .values({
            content: JSON.stringify(content),
            hash,
            state: "draft",
            author,
            until: content.until ?? null,
            createdAt: clock.now(),
            ...{ readyAt: null, startedAt: null, frozenTo: null, frozenAt: null, recipients: null },
            ...{ pauseReason: null, pauseCode: null, pausedAt: null, finishedAt: null },
            ...{ announcedAt: null, toldAt: null, report: null },
          })
          .returning("broadcastId")
          .executeTakeFirstOrThrow();
        await note(db, broadcastId, { event: "drafted", by: author, hash, detail: { ...content } });
        return broadcastId;
      });
    },

    edit(broadcastId, { hash, ...content }, by) {
      return context.atomic(async (db) => {
        const { numUpdatedRows } = await db
          .updateTable("broadcasts")
          .set({
            content: JSON.stringify(content),
            hash,
            until: content.until ?? null,
            state: "draft",
            // Whoever changed it last is its author: they cannot approve it either.
            author: by,
            readyAt: null,
            announcedAt: null,
            toldAt: null,
          })
          .where("broadcastId", "=", broadcastId)
          .where("state", "in", NOT_BEGUN)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) return false;
        // An approval was of the text as it stood. It does not come back with the old words either.
        await db.deleteFrom("broadcast_approvals").where("broadcastId", "=", broadcastId).execute();
        await note(db, broadcastId, { event: "edited", by, hash, detail: { ...content } });
        return true;
      });
    },

    async find(broadcastId) {
      const row = await context
        .db()
        .selectFrom("broadcasts")
        .selectAll()
        .where("broadcastId", "=", broadcastId)
        .executeTakeFirst();
      return row && recordOf(row);
    },

    async list(limit) {
      const rows = await context
        .db()
        .selectFrom("broadcasts")
        .selectAll()
        .orderBy("broadcastId", "desc")
        .limit(limit)
        .execute();
      return rows.map(recordOf);
    },

    async active() {
      const rows = await context
        .db()
        .selectFrom("broadcasts")
        .selectAll()
        .where("state", "in", ACTIVE)
        .orderBy("broadcastId")
        .execute();
      return rows.map(recordOf);
    },

    move(broadcastId, { from, to, event, by, hash, pause, passCanary }) {
      return context.atomic(async (db) => {
        const before = await hold(db, broadcastId);
        if (before === undefined || !from.includes(before.state)) return false;
        if (hash !== undefined && hash !== before.hash) return false;
        const now = clock.now();
        await db
          .updateTable("broadcasts")
          .set({
            state: to,
            pauseReason: pause?.reason ?? null,
            pauseCode: pause?.code ?? null,
            pausedAt: pause === undefined ? null : now,
            ...(event === "ready" && { readyAt: now }),
            ...(event === "started" && { startedAt: now }),
            ...(["finished", "cancelled", "expired"].includes(to) && { finishedAt: now }),
            ...(passCanary && { canaryPassed: 1 }),
          })
          .where("broadcastId", "=", broadcastId)
          .execute();
        // What was claimed while it stood still, and what waits for a mended configuration, goes out at once.
        if (event === "resumed")
          await db
            .updateTable("deliveries")
            .set({ notBefore: now, leaseUntil: null })
            .where("broadcastId", "=", broadcastId)
            .where("status", "=", QUEUED)
            .execute();
        // What was handed to the worker and not begun goes nowhere either.
        if (to === "cancelled" || to === "expired")
          await db
            .updateTable("deliveries")
            .set({ status: "skipped", reason: to, text: null, leaseUntil: null })
            .where("broadcastId", "=", broadcastId)
            .where("status", "=", QUEUED)
            .execute();
        await note(db, broadcastId, {
          event,
          hash: before.hash,
          ...(by !== undefined && { by }),
          ...(pause !== undefined && { detail: { ...pause } }),
        });
        return true;
      });
    },

    approve(broadcastId, { by, hash, via }) {
      return context.atomic(async (db) => {
        const record = await hold(db, broadcastId);
        if (record?.state !== "awaiting-approval" || record.hash !== hash) return false;
        const added = await db
          .insertInto("broadcast_approvals")
          .values({ broadcastId, hash, by, via, at: clock.now() })
          .onConflict((conflict) => conflict.columns(["broadcastId", "hash", "by"]).doNothing())
          .returning("by")
          .executeTakeFirst();
        if (added === undefined) return false;
        await note(db, broadcastId, { event: "approved", by, hash, detail: { via, ...contentOf(record) } });
        return true;
      });
    },

    async approvals(broadcastId) {
      const rows = await context
        .db()
        .selectFrom("broadcast_approvals")
        .innerJoin("broadcasts", (join) =>
          join
            .onRef("broadcasts.broadcastId", "=", "broadcast_approvals.broadcastId")
            .onRef("broadcasts.hash", "=", "broadcast_approvals.hash"),
        )
        .select(["by", "broadcast_approvals.hash", "at", "via"])
        .where("broadcasts.broadcastId", "=", broadcastId)
        .orderBy("at")
        .execute();
      return rows satisfies Approval[];
    },

    async log(broadcastId) {
      let query = context.db().selectFrom("broadcast_events").selectAll().orderBy("eventId");
      if (broadcastId !== undefined) query = query.where("broadcastId", "=", broadcastId);
      const rows = await query.execute();
      return rows.map(({ eventId: _, by, detail, ...event }) => ({
        ...event,
        ...(by !== null && { by }),
        ...(detail !== null && { detail: JSON.parse(detail) }),
      }));
    },

    async takeAnnouncement(broadcastId, retryMs) {
      const now = clock.now();
      const { numUpdatedRows } = await context
        .db()
        .updateTable("broadcasts")
        .set({ announcedAt: now })
        .where("broadcastId", "=", broadcastId)
        .where("toldAt", "is", null)
        .where((eb) => eb.or([eb("announcedAt", "is", null), eb("announcedAt", "<=", now - retryMs)]))
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },

    async noteAnnounced(broadcastId) {
      await context
        .db()
        .updateTable("broadcasts")
        .set({ toldAt: clock.now() })
        .where("broadcastId", "=", broadcastId)
        .execute();
    },

    async markRead(contactId, broadcastId) {
      await context
        .db()
        .updateTable("deliveries")
        .set({ readAt: clock.now() })
        .where("contactId", "=", contactId)
        .where("broadcastId", "=", broadcastId)
        .execute();
    },
  };
}

function contentOf(row: Pick<Selectable<Tables["broadcasts"]>, "content">): BroadcastContent {
  return JSON.parse(row.content);
}

function recordOf(row: Selectable<Tables["broadcasts"]>): BroadcastRecord {
  const { broadcastId, state, hash, author, createdAt, readyAt, startedAt, frozenAt, finishedAt } = row;
  const { pauseReason, pauseCode, pausedAt } = row;
  return {
    ...contentOf(row),
    ...{ broadcastId, state, hash, author, createdAt },
    canaryPassed: row.canaryPassed === 1,
    announced: row.toldAt !== null,
    ...(readyAt !== null && { readyAt }),
    ...(startedAt !== null && { startedAt }),
    ...(frozenAt !== null && { frozenAt }),
    ...(row.recipients !== null && { recipients: row.recipients }),
    ...(finishedAt !== null && { finishedAt }),
    ...(pauseReason !== null &&
      pausedAt !== null && {
        pause: { reason: pauseReason, at: pausedAt, ...(pauseCode !== null && { code: pauseCode }) },
      }),
  };
}
