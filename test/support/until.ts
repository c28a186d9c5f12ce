import { setTimeout as sleep } from "node:timers/promises";

/** A machine that runs other things besides takes its time: what has not come by then does not come. */
const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 20;

/** What `look` gives as soon as it throws no longer. Throws what it threw last. */
export async function until<T>(look: () => T | Promise<T>): Promise<T> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (performance.now() > giveUpAt) throw error;
    }
    await sleep(LOOK_EVERY_MS);
  }
}
