/** True when `a` becomes `b` by at most one letter inserted, deleted, changed or swapped with its neighbour. */
export function withinOneEdit(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  // What is left between the beginning and the end that both share is the slip.
  const shortest = Math.min(a.length, b.length);
  let from = 0;
  while (from < shortest && a.charCodeAt(from) === b.charCodeAt(from)) from++;
  let toA = a.length;
  let toB = b.length;
  while (toA > from && toB > from && a.charCodeAt(toA - 1) === b.charCodeAt(toB - 1)) {
    toA--;
    toB--;
  }
  if (toA - from <= 1 && toB - from <= 1) return true;
  return (
    toA - from === 2 &&
    toB - from === 2 &&
    a.charCodeAt(from) === b.charCodeAt(from + 1) &&
    a.charCodeAt(from + 1) === b.charCodeAt(from)
  );
}
