import { randomUUID } from "node:crypto";
import { type Insertable, type Kysely, sql } from "kysely";
import type { ClaimedDelivery, Deliveries, DeliveryKind, NewDelivery } from "../core/stores.ts";
import { createAttempts } from "./attempts.ts";
import { createBatches } from "./batches.ts";
import type { StoreContext, TransactionScope } from "./context.ts";
import {
  isForOptedOut,
  mayGoOut,
  openDelivery,
  QUEUED,
  selectDeliveries,
  textPlace,
  URGENT_RANK,
  waitsForEarlier,
} from "./delivery-rows.ts";
import { only, prepared } from "./prepared.ts";
import type { Tables } from "./tables.ts";

/** Somebody is waiting for rank 0; rank 1 can wait. Danger goes before both. */
const RANKS: Readonly<Record<DeliveryKind, number>> = { reply: 0, "sent-by-volunteer": 0, notice: 1, broadcast: 1 };
const ALL_RANKS = [URGENT_RANK, ...new Set(Object.values(RANKS))];

const put = prepared(
  (
    db,
    row: Omit<
      Required<Insertable<Tables["deliveries"]>>,
      | "status"
      | "reason"
      | "attempts"
      | "sendingAt"
      | "leaseToken"
      | "leaseUntil"
      | "leaseMs"
      | "broadcastId"
      | "readAt"
    >,
  ) =>
    db
      .insertInto("deliveries")
      .values({
        ...{ contactId: row.contactId, kind: row.kind, rank: row.rank, groupId: row.groupId },
        ...{ part: row.part, parts: row.parts, text: row.text, locale: row.locale, topic: row.topic },
        ...{ notBefore: row.notBefore, askedAt: row.askedAt, expiresAt: row.expiresAt, createdAt: row.createdAt },
      })
      .returning("deliveryId"),
);

/** Attempts that begin with one commit. */
const BATCH = 100;

type Claim = Pick<ClaimedDelivery, "deliveryId" | "leaseToken">;

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

  /** The numbers of the new attempts, in the same order. */
  async function begin(
    db: Kysely<Tables>,
    _: TransactionScope,
    claims: readonly Claim[],
  ): Promise<(number | undefined)[]> {
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
      .where(
        "deliveryId",
        "in",
        sql<number>`(select value from ${context.numbers(claims.map((one) => one.deliveryId))})`,
      )
      .where("status", "=", QUEUED)
      .where("leaseToken", "in", [...new Set(claims.map((one) => one.leaseToken))])
      .where("leaseUntil", ">", now)
      // A STOP since the claim ends everything but the answer to a question.
      .where((eb) => eb.or([eb("kind", "=", "reply"), eb.not(isForOptedOut())]))
      // A broadcast that was paused or cancelled since the claim stands still at once.
      .where((eb) => eb.or([eb("broadcastId", "is", null), mayGoOut()]))
      .returning(["deliveryId", "leaseToken", "attempts"])
      .execute();
    if (begun.length > 0)
      await db
        .insertInto("attempts")
        .values(
          begun.map(({ deliveryId, attempts }) => ({
            ...({ deliveryId, number: attempts, status: "sending", sendingAt: now } as const),
            ...{ externalId: null, code: null, errorClass: null },
          })),
        )
        .execute();
    const numbers = new Map(begun.map((row) => [`${row.leaseToken} ${row.deliveryId}`, row.attempts]));
    return claims.map(({ deliveryId, leaseToken }) => {
      const claim = `${leaseToken} ${deliveryId}`;
      const number = numbers.get(claim);
      // Nobody else gets the same one, should it have been asked for twice.
      numbers.delete(claim);
      return number;
    });
  }

  const beginInBatch = createBatches(context, BATCH, begin);

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
        for (const delivery of deliveries) {
          const { deliveryId } = only(await put(db, toRow(delivery)));
          deliveryIds.push(deliveryId);
          scope.enqueued.add(deliveryId);
        }
        return deliveryIds;
      });
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

    begin: (deliveryId, leaseToken) => beginInBatch({ deliveryId, leaseToken }),

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
