import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createHashTable } from "../../src/intent/hash-table.ts";

describe("a hash table", () => {
  it("numbers hashes as a Map would, however many there are and however they collide", () => {
    const hash = fc.oneof(
      fc.nat({ max: 8 }),
      fc.nat({ max: 8 }).map((high) => high * 2 ** 28),
      fc.nat({ max: 0xffff_ffff }),
    );
    fc.assert(
      fc.property(fc.array(hash, { maxLength: 200 }), fc.array(hash), (added, asked) => {
        const table = createHashTable(2);
        table.add(7);
        table.clear();
        const numbers = new Map<number, number>();
        for (const one of added) {
          if (!numbers.has(one)) numbers.set(one, numbers.size);
          expect(table.add(one)).toBe(numbers.get(one));
        }
        for (const one of [...added, ...asked]) expect(table.find(one)).toBe(numbers.get(one) ?? -1);
        expect([...table.hashes()]).toEqual([...numbers.keys()]);
      }),
    );
  });
});
