import type { Counter, Logger } from "../../src/core/ports.ts";

/** Keeps every logged line and every count, so that a test can look for what must not be there. */
export function recorder(): { logger: Logger; counter: Counter; lines: string[]; counts: Map<string, number> } {
  const lines: string[] = [];
  const counts = new Map<string, number>();
  const log = (event: string, ids?: object) => void lines.push(JSON.stringify({ event, ...ids }));
  return {
    logger: { debug: log, info: log, warn: log, error: log },
    counter: { count: (name, _labels, by = 1) => void counts.set(name, (counts.get(name) ?? 0) + by) },
    lines,
    counts,
  };
}
