/** Rows of small integers, each row with its own scale: a quarter of the memory of floats. */
export interface Quantised {
  readonly numbers: Int8Array;
  readonly scales: Float32Array;
}

/** One byte a number. The error is at most 1/254 of the row's largest. */
export function quantise(numbers: Float32Array, width: number): Quantised {
  const rows = numbers.length / width;
  const small = new Int8Array(numbers.length);
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    let highest = 0;
    for (let k = 0; k < width; k++) highest = Math.max(highest, Math.abs(numbers[row * width + k] as number));
    if (highest === 0) continue;
    const scale = highest / 127;
    scales[row] = scale;
    for (let k = 0; k < width; k++) small[row * width + k] = Math.round((numbers[row * width + k] as number) / scale);
  }
  return { numbers: small, scales };
}
