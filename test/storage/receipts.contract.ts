import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Receipt } from "../../src/core/ports.ts";
import { ATTEMPT_STATUSES } from "../../src/core/status.ts";
import type { Settlement } from "../../src/core/stores.ts";
import type { Fixture } from "./fixture.ts";

export function describeReceipts(make: () => Promise<Fixture>): void {
  describe("receipts", () => {
    const report = fc.oneof(
      fc.constantFrom(...ATTEMPT_STATUSES).map((status) => ({
        status,
        externalId: "SM1",
        ...(status === "failed" && { error: { class: "carrier-transient", code: "30008" } as const }),
      })),
      fc
        .constantFrom<Settlement>(
          { status: "sent", externalId: "SM1" },
          { status: "failed", code: "30008", class: "carrier-transient" },
          { status: "unknown" },
        )
        .map((settlement) => ({ settlement })),
    );

    it("end in the same state in any order and however often they come", async () => {
      const { stores, arrive, enqueue, begin, database, row } = await make();
      const { contactId } = await arrive();
      const endOf = async (
        reports: readonly (Omit<Receipt, "deliveryId" | "attempt"> | { settlement: Settlement })[],
      ) => {
        await enqueue(contactId);
        const { deliveryId, attempt } = await begin();
        for (const one of reports) {
          if ("settlement" in one) await stores.deliveries.settle(deliveryId, attempt, one.settlement);
          else await stores.deliveries.receipt({ deliveryId, attempt, ...one });
        }
        const attempts = await database.db
          .selectFrom("attempts")
          .select(["status", "externalId", "code", "errorClass"])
          .where("deliveryId", "=", deliveryId)
          .execute();
        const { status, text } = (await row(deliveryId)) ?? {};
        await database.db.deleteFrom("deliveries").execute();
        return { attempts, status, hasText: text !== null };
      };
      await fc.assert(
        fc.asyncProperty(
          fc
            .array(report, { minLength: 1, maxLength: 6 })
            .chain((reports) =>
              fc.tuple(
                fc.constant(reports),
                fc.shuffledSubarray([...reports, ...reports], { minLength: reports.length * 2 }),
              ),
            ),
          async ([reports, shuffled]) => {
            expect(await endOf(shuffled)).toEqual(await endOf(reports));
          },
        ),
        { numRuns: 50 },
      );
    });

    it("settle an attempt that nobody has settled yet", async () => {
      const { stores, arrive, enqueue, begin } = await make();
      const { contactId } = await arrive();
      await enqueue(contactId);
      const { deliveryId, attempt } = await begin();
      const receipt = { deliveryId, attempt, externalId: "SM1", status: "delivered" } as const;
      expect(await stores.deliveries.receipt(receipt)).toEqual({ contactId, settled: "delivered" });
      await stores.deliveries.settle(deliveryId, attempt, { status: "unknown" });
      expect(await stores.deliveries.open(10, 30_000)).toEqual([]);
    });

    it("of deliveries or attempts that are not known change nothing", async () => {
      const { stores, arrive, enqueue } = await make();
      const deliveryId = await enqueue((await arrive()).contactId);
      const receipt = { attempt: 1, status: "delivered" } as const;
      expect(await stores.deliveries.receipt({ deliveryId: 999, ...receipt })).toBeUndefined();
      expect(await stores.deliveries.receipt({ deliveryId, ...receipt })).toBeUndefined();
    });

    it("make a new try needless when the earlier one has arrived after all", async () => {
      const { stores, arrive, enqueue, begin, clock, row } = await make();
      await enqueue((await arrive()).contactId);
      const { deliveryId, attempt } = await begin();
      await stores.deliveries.settle(deliveryId, attempt, { status: "unknown" });
      await stores.deliveries.requeue(deliveryId, clock.now());
      await stores.deliveries.receipt({ deliveryId, attempt, externalId: "SM1", status: "delivered" });
      expect(await stores.deliveries.claim(10, 30_000)).toEqual([]);
      expect(await row(deliveryId)).toMatchObject({ status: "delivered", text: null });
    });

    it("of an earlier try do not decide over the newer one unless they say it arrived", async () => {
      const { stores, arrive, enqueue, begin, clock, row } = await make();
      await enqueue((await arrive()).contactId);
      const { deliveryId } = await begin();
      const settlement = { status: "failed", code: "20429", class: "throttled" } as const;
      await stores.deliveries.settle(deliveryId, 1, settlement);
      await stores.deliveries.requeue(deliveryId, clock.now());
      expect((await begin()).attempt).toBe(2);
      await stores.deliveries.receipt({ deliveryId, attempt: 1, status: "failed" });
      expect(await row(deliveryId)).toMatchObject({ status: "sending" });
      await stores.deliveries.receipt({ deliveryId, attempt: 1, status: "read" });
      expect(await row(deliveryId)).toMatchObject({ status: "read" });
    });
  });
}
