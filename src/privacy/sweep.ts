import { setImmediate } from "node:timers/promises";
import type { Clock } from "../core/ports.ts";
import type { PurgeRule, Stores } from "../core/stores.ts";
import { RETENTION } from "./retention.ts";

/** Carries out the retention table. Resolves to what it took away, for the operator's numbers. */
export type Sweep = () => Promise<ReadonlyMap<PurgeRule, number>>;

/** Makes the sweep. It lets the service go on between steps, and a rule that fails does not keep the others from theirs. */
export function createSweep({
  stores,
  clock,
}: {
  readonly stores: Pick<Stores, "retention">;
  readonly clock: Clock;
}): Sweep {
  return async () => {
    const now = clock.now();
    const purged = new Map<PurgeRule, number>();
    const failures: unknown[] = [];
    for (const keep of RETENTION.flatMap((entry) => entry.keep)) {
      if (keep === "until") continue;
      try {
        for (;;) {
          const count = await stores.retention.purge(keep.rule, now - keep.afterMs);
          if (count === 0) break;
          purged.set(keep.rule, (purged.get(keep.rule) ?? 0) + count);
          await setImmediate();
        }
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
    return purged;
  };
}
