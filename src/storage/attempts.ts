import type { Kysely } from "kysely";
import type { SendErrorClass } from "../core/errors.ts";
import { type AttemptStatus, type DeliveryStatus, laterStatus } from "../core/status.ts";
import type { Deliveries, OpenAttempt } from "../core/stores.ts";
import type { StoreContext, TransactionScope } from "./context.ts";
import { createOpener, selectDeliveries } from "./delivery-rows.ts";
import type { Tables } from "./tables.ts";

/** What is reported of an attempt, by the worker or by the vendor. */
interface Report {
  readonly deliveryId: number;
  readonly number: number;
  readonly status: AttemptStatus;
  readonly externalId?: string | undefined;
  readonly code?: string | undefined;
  readonly errorClass?: SendErrorClass | undefined;
}

type News = NonNullable<Awaited<ReturnType<Deliveries["receipt"]>>>;

interface DeliveryChange {
  readonly deliveryId: number;
  readonly status: AttemptStatus;
  /** It is due for a look-up. */
  readonly lookUp: boolean;
  /** Its text is no longer needed. */
  readonly endsText: boolean;
}

/** Reports in one transaction. */
const BATCH = 100;

/** A failure after which the same text may be sent again, so it is kept until the sweep. */
const MAY_GO_AGAIN: readonly SendErrorClass[] = ["throttled", "carrier-transient", "configuration"];

type Attempts = Pick<Deliveries, "settle" | "requeue" | "open" | "looked" | "taken" | "receipt">;

/** What became of each try. Reports may come in any order: the state they end in is the same. */
export function createAttempts(context: StoreContext): Attempts {
  const { keys, clock, locking } = context;
  const isOf = (rows: readonly { readonly deliveryId: number }[]) =>
    context.isAmong("deliveryId", [...new Set(rows.map(({ deliveryId }) => deliveryId))]);

  /** Several reports in few statements. Returns the news of each, in the same order. */
  async function applyAll(
    db: Kysely<Tables>,
    scope: TransactionScope,
    reports: readonly Report[],
  ): Promise<readonly (News | undefined)[]> {
    const held = await locking
      .hold(db.selectFrom("deliveries").where(isOf(reports)))
      .select(["deliveryId", "contactId", "broadcastId", "status", "attempts"])
      // In one order everywhere: two transactions never wait for each other.
      .orderBy("deliveryId")
      .execute();
    const deliveries = new Map(held.map((row) => [row.deliveryId, row]));
    const rows = await db.selectFrom("attempts").selectAll().where(isOf(reports)).execute();
    const attempts = new Map(rows.map((row) => [keyOf(row.deliveryId, row.number), row]));
    const changedAttempts = new Map<string, (typeof rows)[number]>();
    const changedDeliveries = new Map<number, DeliveryChange>();

    function apply(report: Report): News | undefined {
      const { deliveryId, number } = report;
      const key = keyOf(deliveryId, number);
      const delivery = deliveries.get(deliveryId);
      const attempt = attempts.get(key);
      if (delivery === undefined || attempt === undefined) return undefined;

      const status = laterStatus(attempt.status, report.status);
      const failed = status === "failed";
      const errorClass = failed ? (attempt.errorClass ?? report.errorClass ?? null) : null;
      const externalId = attempt.externalId ?? report.externalId ?? null;
      const changed = { ...attempt, status, externalId, code: failed ? (attempt.code ?? report.code ?? null) : null };
      attempts.set(key, { ...changed, errorClass });
      changedAttempts.set(key, { ...changed, errorClass });

      const settled = statusOfDelivery(delivery.status, status, number === delivery.attempts);
      scope.leaving.add(delivery.contactId);
      const { contactId } = delivery;
      const known = { contactId, ...(delivery.broadcastId !== null && { broadcastId: delivery.broadcastId }) };
      if (settled === "queued" || settled === "skipped" || settled === "sending") return { ...known, settled };
      // Old news: whether it is still to be looked up stays as it was.
      if (settled === "unknown" && report.status !== "unknown") return { ...known, settled };
      const isOver = settled === "delivered" || settled === "read";
      const isLost = settled === "failed" && !MAY_GO_AGAIN.some((one) => one === errorClass);
      // Unknown once: to be looked up at once. Unknown again: nobody will ever know, and it is left.
      const lookUp = settled === "unknown" && attempt.status === "sending";
      deliveries.set(deliveryId, { ...delivery, status: settled });
      const endsText = isOver || isLost || changedDeliveries.get(deliveryId)?.endsText === true;
      changedDeliveries.set(deliveryId, { deliveryId, status: settled, lookUp, endsText });
      return { ...known, settled };
    }

    const news = reports.map(apply);
    if (changedAttempts.size > 0)
      await db
        .insertInto("attempts")
        .values([...changedAttempts.values()])
        .onConflict((conflict) =>
          conflict.columns(["deliveryId", "number"]).doUpdateSet((eb) => ({
            status: eb.ref("excluded.status"),
            externalId: eb.ref("excluded.externalId"),
            code: eb.ref("excluded.code"),
            errorClass: eb.ref("excluded.errorClass"),
          })),
        )
        .execute();
    const alike = Map.groupBy(changedDeliveries.values(), (one) => `${one.status} ${one.lookUp} ${one.endsText}`);
    for (const changes of alike.values()) {
      const [{ status, lookUp, endsText }] = changes as [DeliveryChange];
      const leaseUntil = lookUp ? clock.now() : null;
      await db
        .updateTable("deliveries")
        .set({ status, leaseUntil, ...(endsText && { text: null }) })
        .where(isOf(changes))
        .execute();
    }
    return news;
  }

  const applyOne = context.together(BATCH, applyAll);

  async function openAttempts(db: Kysely<Tables>, deliveryIds: readonly number[]): Promise<OpenAttempt[]> {
    const rows = await selectDeliveries(db)
      .innerJoin("attempts", (join) =>
        join
          .onRef("attempts.deliveryId", "=", "deliveries.deliveryId")
          .onRef("attempts.number", "=", "deliveries.attempts"),
      )
      .select(["attempts.looks", "attempts.sendingAt as begunAt"])
      .where("deliveries.deliveryId", "in", deliveryIds)
      .orderBy("attempts.sendingAt")
      .execute();
    const open: OpenAttempt[] = [];
    const opened = createOpener(db, keys);
    for (const row of rows) {
      const { looks, begunAt: sendingAt } = row;
      try {
        open.push({ delivery: await opened(row), sendingAt, looks });
      } catch {
        context.damaged("deliveries");
        // Damaged: it can be neither looked up nor sent again, and is left as unknown.
        await db.updateTable("deliveries").set({ leaseUntil: null }).where("deliveryId", "=", row.deliveryId).execute();
      }
    }
    return open;
  }

  return {
    async settle(deliveryId, attempt, settlement) {
      const report: Report = {
        ...{ deliveryId, number: attempt },
        status: settlement.status,
        ...(settlement.status === "sent" && {
          status: laterStatus("sent", settlement.vendorStatus ?? "sent"),
          externalId: settlement.externalId,
        }),
        ...(settlement.status === "failed" && { code: settlement.code, errorClass: settlement.class }),
      };
      await applyOne(report);
    },

    receipt: ({ deliveryId, attempt, status, externalId, error }) =>
      applyOne({ deliveryId, number: attempt, status, externalId, code: error?.code, errorClass: error?.class }),

    requeue(deliveryId, notBefore) {
      return context.atomic(async (db) => {
        await db
          .updateTable("deliveries")
          .set({ status: "queued", notBefore, leaseUntil: null })
          .where("deliveryId", "=", deliveryId)
          .where("text", "is not", null)
          .where((eb) =>
            eb.or([
              // One that is `sending` is still at work; `open` makes it unknown when its lease has run out.
              eb("status", "=", "unknown"),
              eb.and([
                eb("status", "=", "failed"),
                eb.exists(
                  eb
                    .selectFrom("attempts")
                    .select("attempts.number")
                    .whereRef("attempts.deliveryId", "=", "deliveries.deliveryId")
                    .whereRef("attempts.number", "=", "deliveries.attempts")
                    .where("attempts.errorClass", "in", MAY_GO_AGAIN),
                ),
              ]),
            ]),
          )
          .execute();
      });
    },

    open: (limit, leaseMs) =>
      context.atomic(async (db) => {
        const now = clock.now();
        const due = await locking
          .holdFree(db.selectFrom("deliveries").where("status", "in", ["sending", "unknown"]))
          .select("deliveryId")
          .where("leaseUntil", "is not", null)
          .where("leaseUntil", "<=", now)
          .orderBy("leaseUntil")
          .limit(limit)
          .execute();
        if (due.length === 0) return [];
        const deliveryIds = due.map(({ deliveryId }) => deliveryId);
        await db
          .updateTable("deliveries")
          .set({ status: "unknown", leaseUntil: now + leaseMs })
          .where("deliveryId", "in", deliveryIds)
          .execute();
        // What the process that began it has not reported, nobody knows.
        await db
          .updateTable("attempts")
          .set({ status: "unknown" })
          .where("deliveryId", "in", deliveryIds)
          .where("status", "=", "sending")
          .execute();
        return await openAttempts(db, deliveryIds);
      }),

    async looked(deliveryId, attempt) {
      await context
        .db()
        .updateTable("attempts")
        .set((eb) => ({ looks: eb("looks", "+", 1) }))
        .where("deliveryId", "=", deliveryId)
        .where("number", "=", attempt)
        .execute();
    },

    async taken(contactId, since) {
      const rows = await context
        .db()
        .selectFrom("attempts")
        .innerJoin("deliveries", "deliveries.deliveryId", "attempts.deliveryId")
        .select("attempts.externalId")
        .where("deliveries.contactId", "=", contactId)
        .where("attempts.sendingAt", ">=", since)
        .where("attempts.externalId", "is not", null)
        .execute();
      return new Set(rows.flatMap(({ externalId }) => externalId ?? []));
    },
  };
}

function keyOf(deliveryId: number, number: number): string {
  return `${deliveryId}/${number}`;
}

/**
 * Where a delivery stands once one of its attempts has reached a status. The newest attempt decides, except that what
 * any attempt has delivered is delivered: then a try that waits or runs has become needless.
 */
function statusOfDelivery(current: DeliveryStatus, attempt: AttemptStatus, isNewest: boolean): DeliveryStatus {
  const arrived = attempt === "delivered" || attempt === "read";
  if (!arrived && !isNewest) return current;
  if (current !== "queued" && current !== "skipped") return laterStatus(current, attempt);
  return arrived || attempt === "sent" ? attempt : current;
}
