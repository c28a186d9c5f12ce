/**
 * Numbers hashes in the order in which they come. Typed arrays instead of a Map: no object an entry, and several times as
 * fast where hashes are well mixed already.
 */
export interface HashTable {
  /** The number of a hash; a new one gets the next, from 0. */
  add(hash: number): number;
  /** The number of a hash, or -1. */
  find(hash: number): number;
  /** The hashes so far, by number; until the next change. */
  hashes(): Uint32Array;
  clear(): void;
}

/** A table with room for so many 32-bit hashes; it grows when there are more. */
export function createHashTable(room = 512): HashTable {
  let size = 0;
  let hashes = new Uint32Array(room);
  // One more than the number; 0 where nothing is. At least half of the places stay free, so that a look ends soon.
  let places = new Uint32Array(2 ** Math.ceil(Math.log2(Math.max(2, room * 2))));
  /** The place of a hash, or the free one where it belongs. */
  const placeOf = (hash: number) => {
    const mask = places.length - 1;
    let place = hash & mask;
    while (places[place] !== 0 && hashes[(places[place] as number) - 1] !== hash) place = (place + 1) & mask;
    return place;
  };
  const grow = () => {
    const more = new Uint32Array(hashes.length * 2);
    more.set(hashes);
    hashes = more;
    places = new Uint32Array(places.length * 2);
    for (let n = 0; n < size; n++) places[placeOf(hashes[n] as number)] = n + 1;
  };
  return {
    add(hash) {
      if (size === hashes.length) grow();
      const place = placeOf(hash);
      if (places[place] === 0) {
        hashes[size++] = hash;
        places[place] = size;
      }
      return (places[place] as number) - 1;
    },
    find: (hash) => (places[placeOf(hash)] as number) - 1,
    hashes: () => hashes.subarray(0, size),
    clear() {
      places.fill(0);
      size = 0;
    },
  };
}
