import { randomUUID } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { type Kysely, sql } from "kysely";
import type { ClaimedDelivery, Deliveries, DeliveryKind, NewDelivery } from "../core/stores.ts";
import { createAttempts } from "./attempts.ts";
import type { StoreContext } from "./context.ts";
import {
  isForOptedOut,
  mayGoOut,
  openDelivery,
  QUEUED,
  selectDeliveries,
  sharedTextPlace,
  textPlace,
  URGENT_RANK,
  waitsForEarlier,
} from "./delivery-rows.ts";
import type { Tables } from "./tables.ts";

/** Somebody is waiting for rank 0; rank 1 can wait. Danger goes before both. */
const RANKS: Readonly<Record<DeliveryKind, number>> = { reply: 0, "sent-by-volunteer": 0, notice: 1, broadcast: 1 };
const ALL_RANKS = [URGENT_RANK, ...new Set(Object.values(RANKS))];
/** Rows of one transaction of a large audience: the database is free for others between two. */
const SHARED_ROWS_PER_STEP = 1_000;
/** Both databases take some 30,000 values in one statement. */
const ROWS_PER_INSERT = 500;

/** What waits to go out, who holds it, and (in `attempts.ts`) what became of each try. */
export function createDeliveries(context: StoreContext): Deliveries {
  const { keys, clock, locking } = context;

  function toRow(delivery: NewDelivery) {
    const { text, topic, askedAt, urgent, expiresAt, room, choices, ...plain } = delivery;
    const isPlain = room === undefined && choices === undefined;
    return {
      ...plain,
      rank: urgent ? URGENT_RANK : RANKS[delivery.kind],
      text: keys.seal(isPlain ? text : { text, room, choices }, textPlace(delivery)),
      topic: topic ?? null,
      askedAt: askedAt ?? null,
      expiresAt: expiresAt ?? null,
      createdAt: clock.now(),
    };
  }

  /** Ids of what may go now. One rank at a time: so the index ends at the first that is not yet due. */
  async function due(db: Kysely<Tables>, rank: number, limit: number): Promise<number[]> {
    const now = clock.now();
    const rows = await locking
      .holdFree(db.selectFrom("deliveries").where("status", "=", QUEUED))
      .select("deliveryId")
      .where("rank", "=", rank)
      .where("notBefore", "<=", now)
      .where((eb) => eb.or([eb("leaseUntil", "is", null), eb("leaseUntil", "<=", now)]))
      .where((eb) => eb.not(waitsForEarlier(now)))
      .orderBy("notBefore")
      .orderBy("deliveryId")
      .limit(limit)
      .execute();
    return rows.map(({ deliveryId }) => deliveryId);
  }

  async function openAll(db: Kysely<Tables>, deliveryIds: readonly number[]): Promise<ClaimedDelivery[]> {
    const rows = await selectDeliveries(db)
      .where("deliveryId", "in", deliveryIds)
      .orderBy("rank")
      .orderBy("notBefore")
      .orderBy("deliveryId")
      .execute();
    const opened: ClaimedDelivery[] = [];
    for (const row of rows) {
      try {
        opened.push(await openDelivery(db, keys, row));
      } catch {
        // One damaged row must not stop the others.
        context.damaged("deliveries");
        await skip(db, row.deliveryId, "unreadable");
      }
    }
    return opened;
  }

  async function skip(db: Kysely<Tables>, deliveryId: number, reason: string) {
    return await db
      .updateTable("deliveries")
      .set({ status: "skipped", reason, text: null, leaseToken: null, leaseUntil: null })
      .where("deliveryId", "=", deliveryId)
      .where("status", "=", QUEUED)
      .returning("contactId")
      .executeTakeFirst();
  }

  return {
    ...createAttempts(context),

    enqueue(deliveries) {
      return context.atomic(async (db, scope) => {
        const deliveryIds: number[] = [];
        for (let from = 0; from < deliveries.length; from += ROWS_PER_INSERT) {
          const rows = deliveries.slice(from, from + ROWS_PER_INSERT).map(toRow);
          const inserted = await db.insertInto("deliveries").values(rows).returning("deliveryId").execute();
          for (const { deliveryId } of inserted) {
            deliveryIds.push(deliveryId);
            scope.enqueued.add(deliveryId);
          }
        }
        return deliveryIds;
      });
    },

    async enqueueShared({ text, topic, ...shared }, contactIds) {
      const createdAt = clock.now();
      const sealed = keys.seal(text, sharedTextPlace(shared));
      const { kind, groupId, part, parts, locale, notBefore } = shared;
      await context
        .db()
        .insertInto("shared_texts")
        .values({ kind, groupId, part, locale, text: sealed, createdAt })
        .onConflict((conflict) => conflict.columns(["kind", "groupId", "part", "locale"]).doNothing())
        .execute();
      let enqueued = 0;
      for (let from = 0; from < contactIds.length; from += SHARED_ROWS_PER_STEP) {
        const step = contactIds.slice(from, from + SHARED_ROWS_PER_STEP);
        const result = await context.atomic((db) =>
          db
            .insertInto("deliveries")
            .columns([
              "contactId",
              "kind",
              "rank",
              "groupId",
              "part",
              "parts",
              "text",
              "locale",
              "topic",
              "notBefore",
              "createdAt",
            ])
            .expression((eb) =>
              eb
                .selectFrom("contacts")
                .select([
                  "contactId",
                  sql<typeof kind>`cast(${kind} as text)`.as("kind"),
                  sql.lit(RANKS[kind]).as("rank"),
                  sql<string>`cast(${groupId} as text)`.as("groupId"),
                  sql.lit(part).as("part"),
                  sql.lit(parts).as("parts"),
                  sql.lit<"">("").as("text"),
                  sql<string>`cast(${locale} as text)`.as("locale"),
                  sql<string | null>`cast(${topic ?? null} as text)`.as("topic"),
                  sql<number>`cast(${notBefore} as bigint)`.as("notBefore"),
                  sql<number>`cast(${createdAt} as bigint)`.as("createdAt"),
                ])
                .where("contactId", "in", sql<number>`(select value from ${context.numbers(step)})`)
                .orderBy("contactId"),
            )
            .onConflict((conflict) => conflict.columns(["contactId", "kind", "groupId", "part"]).doNothing())
            .executeTakeFirstOrThrow(),
        );
        enqueued += Number(result.numInsertedOrUpdatedRows ?? 0n);
        await setImmediate();
      }
      return enqueued;
    },

    claim(limit, leaseMs) {
      return context.atomic(async (db) => {
        const deliveryIds: number[] = [];
        for (const rank of ALL_RANKS) {
          if (deliveryIds.length < limit) deliveryIds.push(...(await due(db, rank, limit - deliveryIds.length)));
        }
        if (deliveryIds.length === 0) return [];
        await db
          .updateTable("deliveries")
          .set({ leaseToken: randomUUID(), leaseUntil: clock.now() + leaseMs, leaseMs })
          .where("deliveryId", "in", deliveryIds)
          .execute();
        return openAll(db, deliveryIds);
      });
    },

    begin(deliveryId, leaseToken) {
      return context.atomic(async (db) => {
        const now = clock.now();
        const begun = await db
          .updateTable("deliveries")
          .set((eb) => ({
            status: "sending",
            attempts: eb("attempts", "+", 1),
            sendingAt: now,
            // The whole lease again: the call may take up to half of it.
            leaseUntil: sql<number>`${now} + ${eb.ref("leaseMs")}`,
          }))
          .where("deliveryId", "=", deliveryId)
          .where("status", "=", QUEUED)
          .where("leaseToken", "=", leaseToken)
          .where("leaseUntil", ">", now)
          // A STOP since the claim ends everything but the answer to a question.
          .where((eb) => eb.or([eb("kind", "=", "reply"), eb.not(isForOptedOut())]))
          // A broadcast that was paused or cancelled since the claim stands still at once.
          .where((eb) => eb.or([eb("broadcastId", "is", null), mayGoOut()]))
          .returning("attempts")
          .executeTakeFirst();
        if (begun === undefined) return undefined;
        const attempt = { deliveryId, number: begun.attempts, status: "sending", sendingAt: now } as const;
        await db
          .insertInto("attempts")
          .values({ ...attempt, externalId: null, code: null, errorClass: null })
          .execute();
        return begun.attempts;
      });
    },

    skip(deliveryId, reason) {
      return context.atomic(async (db, scope) => {
        const skipped = await skip(db, deliveryId, reason);
        if (skipped !== undefined) scope.leaving.add(skipped.contactId);
      });
    },

    async waiting() {
      const rows = await context
        .db()
        .selectFrom("deliveries")
        .select(["kind", (eb) => eb.fn.countAll<number>().as("n"), (eb) => eb.fn.min<number>("notBefore").as("since")])
        .where("status", "=", QUEUED)
        .where("notBefore", "<=", clock.now())
        .groupBy("kind")
        .orderBy("kind")
        .execute();
      return rows.map(({ kind, n, since }) => ({ kind, n: Number(n), since: Number(since) }));
    },

    async nextDueAt() {
      const now = clock.now();
      const db = context.db();
      const moments: (number | null | undefined)[] = [];
      for (const rank of ALL_RANKS) {
        const free = await db
          .selectFrom("deliveries")
          .select("notBefore")
          .where("status", "=", QUEUED)
          .where("rank", "=", rank)
          .where((eb) => eb.or([eb("leaseUntil", "is", null), eb("leaseUntil", "<=", now)]))
          .where((eb) => eb.not(waitsForEarlier(now)))
          .orderBy("notBefore")
          .limit(1)
          .executeTakeFirst();
        moments.push(free?.notBefore);
      }
      // Held by a worker that may have died.
      const held = await db
        .selectFrom("deliveries")
        .select((eb) => eb.fn.min("leaseUntil").as("leaseUntil"))
        .where("leaseUntil", "is not", null)
        .where("leaseUntil", ">", now)
        .executeTakeFirst();
      moments.push(held?.leaseUntil);
      const known = moments.filter((moment) => moment != null);
      return known.length === 0 ? undefined : Math.min(...known);
    },
  };
}
