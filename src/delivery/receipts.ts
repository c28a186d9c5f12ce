import type { Checkpoint, Clock, Counter, Receipt, Spool } from "../core/ports.ts";
import type { Stores } from "../core/stores.ts";
import { tryAgainAt } from "./retry.ts";
import { stopBroadcast } from "./stop-broadcast.ts";

export interface ReceiptOptions {
  readonly stores: Stores;
  readonly clock: Clock;
  readonly counter: Counter;
  readonly checkpoint: Checkpoint;
  /** Where receipts wait while the database cannot be reached: a vendor says most of them only once. */
  readonly spool?: Spool<Receipt>;
}

export interface Receipts {
  /** Applies what a vendor says became of an attempt: early, repeated, shuffled or late, the end is the same. */
  take(receipt: Receipt): Promise<void>;
  /** Applies what was spooled. */
  resume(): Promise<void>;
}

export function createReceipts({ stores, clock, counter, checkpoint, spool }: ReceiptOptions): Receipts {
  async function apply(receipt: Receipt): Promise<void> {
    const { deliveryId, attempt, error } = receipt;
    await stores.transaction(async (tx) => {
      const known = await tx.deliveries.receipt(receipt);
      if (known === undefined) return counter.count("receipt_unknown");
      if (error?.class === "opted-out") {
        await tx.contacts.optOut(known.contactId, "vendor");
        counter.count("opted_out_by_vendor");
      }
      if (error === undefined || known.settled !== "failed") return;
      if (error.class === "configuration") await stopBroadcast(tx, known.broadcastId, error.code);
      const again = tryAgainAt(error, attempt, clock.now(), Math.random);
      if (again !== undefined) await tx.deliveries.requeue(deliveryId, again);
    });
    counter.count("receipt_applied", { status: receipt.status });
  }

  return {
    async take(receipt) {
      await checkpoint("receipt.arrived");
      try {
        await apply(receipt);
      } catch (error) {
        if (spool === undefined) throw error;
        await spool.put(receipt);
        counter.count("receipt_spooled");
      }
    },
    async resume() {
      await spool?.replay(apply);
    },
  };
}
