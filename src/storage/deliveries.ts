import type { Insertable, Kysely } from "kysely";
import type { BroadcastState } from "../core/broadcast.ts";
import type { ClaimedDelivery, Deliveries, DeliveryKind, NewDelivery } from "../core/stores.ts";
import { createAttempts } from "./attempts.ts";
import type { StoreContext } from "./context.ts";
import { createOpener, QUEUED, selectDeliveries, textPlace, URGENT_RANK, waitsForEarlier } from "./delivery-rows.ts";
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
      "status" | "reason" | "attempts" | "sendingAt" | "leaseUntil" | "broadcastId" | "readAt"
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

/** Of a broadcast whose deliveries go out. Over: what the carrier lost is tried again. */
const GOES_OUT: readonly (BroadcastState | null)[] = ["running", "finished"];

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

  /** What may go now. One rank at a time: so the index ends at the first that is not yet due. */
  async function due(db: Kysely<Tables>, rank: number, limit: number) {
    const now = clock.now();
    return await locking
      .holdFree(db.selectFrom("deliveries").where("status", "=", QUEUED))
      .select(["deliveryId", "contactId"])
      .where("rank", "=", rank)
      .where("notBefore", "<=", now)
      .where((eb) => eb.or([eb("leaseUntil", "is", null), eb("leaseUntil", "<=", now)]))
      .where((eb) => eb.not(waitsForEarlier(now)))
      .orderBy("notBefore")
      .orderBy("deliveryId")
      .limit(limit)
      .execute();
  }

  /** Rows with the state of their broadcast, in the order they go out. */
  function read(db: Kysely<Tables>, held: readonly { readonly deliveryId: number; readonly contactId: number }[]) {
    const deliveryIds = held.map(({ deliveryId }) => deliveryId);
    const contactIds = held.map(({ contactId }) => contactId);
    const rows = selectDeliveries(db)
      .leftJoin("broadcasts", "broadcasts.broadcastId", "deliveries.broadcastId")
      .select("broadcasts.state as broadcastState")
      .where(context.isAmong("deliveries.deliveryId", deliveryIds))
      // Said twice: Postgres would read all contacts of a small table.
      .where(context.isAmong("contacts.contactId", contactIds));
    return rows.orderBy("rank").orderBy("notBefore").orderBy("deliveryId").execute();
  }

  async function begin(db: Kysely<Tables>, deliveries: readonly ClaimedDelivery[], leaseMs: number): Promise<void> {
    if (deliveries.length === 0) return;
    const now = clock.now();
    const deliveryIds = deliveries.map(({ deliveryId }) => deliveryId);
    await db
      .updateTable("deliveries")
      .set((eb) => ({ status: "sending", attempts: eb("attempts", "+", 1), sendingAt: now, leaseUntil: now + leaseMs }))
      .where(context.isAmong("deliveryId", deliveryIds))
      .execute();
    await db
      .insertInto("attempts")
      .values(
        deliveries.map(({ deliveryId, attempt }) => ({
          ...({ deliveryId, number: attempt, status: "sending", sendingAt: now } as const),
          ...{ externalId: null, code: null, errorClass: null },
        })),
      )
      .execute();
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

    claim(limit, leaseMs, unfit = () => undefined) {
      return context.atomic(async (db, scope) => {
        const held = [];
        for (const rank of ALL_RANKS) if (held.length < limit) held.push(...(await due(db, rank, limit - held.length)));
        if (held.length === 0) return [];
        const begun: ClaimedDelivery[] = [];
        const skipped = new Map<string, number[]>();
        const still: number[] = [];
        const skip = (reason: string, { deliveryId, contactId }: { deliveryId: number; contactId: number }) => {
          skipped.set(reason, [...(skipped.get(reason) ?? []), deliveryId]);
          scope.leaving.add(contactId);
        };
        const open = createOpener(db, keys);
        for (const { broadcastState, ...row } of await read(db, held)) {
          if (row.broadcastId !== null && !GOES_OUT.includes(broadcastState)) {
            still.push(row.deliveryId);
            continue;
          }
          try {
            const delivery = await open({ ...row, attempts: row.attempts + 1 });
            const stopped = delivery.optedOut && delivery.kind !== "reply";
            const reason = unfit(delivery) ?? (stopped ? "opted-out" : undefined);
            if (reason === undefined) begun.push(delivery);
            else skip(reason, delivery);
          } catch {
            // One damaged row must not stop the others.
            context.damaged("deliveries");
            skip("unreadable", row);
          }
        }
        await begin(db, begun, leaseMs);
        for (const [reason, ids] of skipped)
          await db
            .updateTable("deliveries")
            .set({ status: "skipped", reason, text: null, leaseUntil: null })
            .where(context.isAmong("deliveryId", ids))
            .execute();
        // Looked at again after a while: until then it is in nobody's way.
        if (still.length > 0)
          await db
            .updateTable("deliveries")
            .set({ leaseUntil: clock.now() + leaseMs })
            .where(context.isAmong("deliveryId", still))
            .execute();
        return begun;
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
