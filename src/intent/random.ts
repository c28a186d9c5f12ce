/** Numbers from 0 to 1, the same for the same seed. */
export type Random = () => number;

/** Mulberry32. */
export function createRandom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/** A text with so many slips of the finger: a letter lost, doubled, swapped with the next or hit wrong, each in a letter. */
export function misspell(text: string, slips: number, random: Random): string {
  const letters = [...text];
  for (let n = 0; n < slips; n++) {
    const at = places(letters);
    if (at.length === 0) break;
    const i = at[Math.floor(random() * at.length)] ?? 0;
    const kind = Math.floor(random() * 4);
    const letter = letters[i] ?? "";
    const wrong = LETTERS[Math.floor(random() * LETTERS.length)] ?? "a";
    if (kind === 0) letters.splice(i, 1);
    else if (kind === 1) letters.splice(i, 0, wrong);
    else if (kind === 2) letters[i] = wrong;
    else letters.splice(i, 2, ...[letters[i + 1] ?? "", letter].filter((one) => one !== ""));
  }
  return letters.join("");
}

function places(letters: readonly string[]): number[] {
  return letters.flatMap((letter, i) => (/\p{L}/u.test(letter) ? [i] : []));
}
