import type { Logger } from "../core/ports.ts";
import type { Counts } from "../core/stores.ts";

type Counted = Parameters<Counts["add"]>[0];

/** Counts lie in memory no longer than this; what a crash takes of them is missed by nobody. */
const WRITE_AFTER_MS = 1_000;

/** The day's counts, written together: a command in a room then needs no write of its own before it is answered. */
export interface Tally {
  add(count: Counted): void;
  /** Writes what is left. */
  close(): Promise<void>;
}

export function createTally(counts: Pick<Counts, "add">, logger: Logger): Tally {
  const waiting = new Map<string, { readonly count: Counted; n: number }>();
  let timer: NodeJS.Timeout | undefined;

  async function write(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const tallied = [...waiting.values()];
    waiting.clear();
    for (const { count, n } of tallied) {
      try {
        await counts.add({ ...count, n });
      } catch {
        logger.warn("desk.uncounted");
      }
    }
  }

  return {
    add(count) {
      const key = JSON.stringify(count);
      const before = waiting.get(key);
      if (before === undefined) waiting.set(key, { count, n: 1 });
      else before.n += 1;
      timer ??= setTimeout(() => void write(), WRITE_AFTER_MS);
    },
    close: write,
  };
}
