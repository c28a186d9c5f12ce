import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createVectors } from "../../src/intent/vectors.ts";

const even = (list: readonly number[]) => list.slice(0, list.length - (list.length % 2));

describe("adding rows", () => {
  it("gives what a loop over typed arrays gives, to the last bit, and touches nothing beside them", () => {
    const number = fc.float({ noNaN: true, noDefaultInfinity: true });
    const pairs = fc.array(fc.tuple(number, number, fc.integer({ min: -128, max: 127 })), { minLength: 2 });
    fc.assert(
      fc.property(pairs, fc.double({ noNaN: true, noDefaultInfinity: true }), (list, scale) => {
        const before = Float32Array.from(even(list.map(([to]) => to)));
        const count = before.length;
        const vectors = createVectors(3 * (4 * count + 16) + 32);
        const [to, from, small] = [vectors.floats(count), vectors.floats(count), vectors.bytes(count)];
        const beside = vectors.floats(4);
        from.set(list.slice(0, count).map(([, other]) => other));
        small.set(list.slice(0, count).map(([, , byte]) => byte));
        for (const [add, row] of [
          [vectors.add, from],
          [vectors.addBytes, small],
        ] as const) {
          to.set(before);
          add(to.byteOffset, row.byteOffset, count, scale);
          expect(to).toEqual(before.map((value, i) => value + (row[i] ?? 0) * scale));
        }
        expect([...beside]).toEqual([0, 0, 0, 0]);
      }),
    );
  });
});
