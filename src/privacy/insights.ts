import type { Count } from "../core/stores.ts";

/** Fewer than this could point to a person. */
const SMALLEST_CELL = 5;

const DIMENSIONS = ["day", "topic", "locale", "channel", "place", "outcome"] as const;
type Dimension = (typeof DIMENSIONS)[number];

/** One line of a table. */
interface Cell {
  readonly value: string;
  readonly n: number;
}

export interface InsightTable {
  readonly by: Dimension;
  /** The largest first; days in their order. */
  readonly cells: readonly Cell[];
  /** All small cells together; 0 when there is none. */
  readonly other: number;
}

/**
 * Counts by one thing at a time, never crossed, so that nobody can be picked out. Cells under 5 are hidden. What hidden
 * cells add up to could be had by subtracting one table from another: where that is under 5 too, the next larger cell is
 * hidden with them.
 */
export function insightsOf(counts: readonly Count[]): readonly InsightTable[] {
  return DIMENSIONS.map((by) => tableOf(by, counts));
}

function tableOf(by: Dimension, counts: readonly Count[]): InsightTable {
  const sums = new Map<string, number>();
  for (const count of counts) sums.set(count[by], (sums.get(count[by]) ?? 0) + count.n);
  const rising = [...sums]
    .map(([value, n]) => ({ value, n }))
    .sort((a, b) => a.n - b.n || (a.value < b.value ? -1 : 1));
  let hidden = 0;
  let other = 0;
  for (const { n } of rising) {
    if (n >= SMALLEST_CELL && (other === 0 || other >= SMALLEST_CELL)) break;
    hidden += 1;
    other += n;
  }
  const cells = rising.slice(hidden);
  return {
    by,
    cells: by === "day" ? cells.sort((a, b) => (a.value < b.value ? -1 : 1)) : cells.reverse(),
    // Everything together may still be a handful.
    other: other < SMALLEST_CELL ? 0 : other,
  };
}
