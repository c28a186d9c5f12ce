/** A line of a text and what became of it. */
export interface ChangedLine {
  readonly kind: "same" | "added" | "removed";
  readonly line: string;
}

/** What was taken out of a text and put into it, line by line: the longest common subsequence stays. */
export function changedLines(before: string, after: string): ChangedLine[] {
  const [a, b] = [linesOf(before), linesOf(after)];
  // common[i][j]: how many lines a from i on and b from j on have in common.
  const common = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  const at = (i: number, j: number) => common[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const row = common[i];
      if (row !== undefined) row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  const changes: ChangedLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [old, now] = [a[i], b[j]];
    if (old !== undefined && old === now) {
      changes.push({ kind: "same", line: old });
      i += 1;
      j += 1;
    } else if (old !== undefined && (now === undefined || at(i + 1, j) >= at(i, j + 1))) {
      changes.push({ kind: "removed", line: old });
      i += 1;
    } else if (now !== undefined) {
      changes.push({ kind: "added", line: now });
      j += 1;
    }
  }
  return changes;
}

function linesOf(text: string): string[] {
  return text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n");
}
