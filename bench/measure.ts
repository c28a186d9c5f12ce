/** Small tools that every bench shares: timing, percentiles, lines that say what was measured. */

/** Runs `work` so many times after a warm-up, and returns each run's microseconds, sorted. */
export function microseconds(work: (run: number) => void, runs: number, warmUp = Math.ceil(runs / 10)): number[] {
  for (let run = 0; run < warmUp; run += 1) work(run);
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const from = process.hrtime.bigint();
    work(run);
    times.push(Number(process.hrtime.bigint() - from) / 1000);
  }
  return times.sort((a, b) => a - b);
}

/** The value below which this share of sorted values lies. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}

export function heading(title: string): void {
  console.log(`\n${title}`);
}

export function line(label: string, value: string): void {
  console.log(`  ${label.padEnd(58)} ${value}`);
}

export function ratio(part: number, whole: number): string {
  return (part / whole).toFixed(3);
}
