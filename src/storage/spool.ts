import { randomUUID } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Clock, Counter, Spool } from "../core/ports.ts";
import type { Database } from "./database.ts";
import type { Keys } from "./keys.ts";
import type { Place } from "./seal.ts";

const SUFFIX = ".sealed";

/**
 * What came in while the database could not be reached: one sealed file each in a folder of this machine, readable by
 * this user alone.
 */
export function createSpool<T>(options: {
  readonly folder: string;
  readonly database: Database;
  readonly keys: Keys;
  readonly counter: Counter;
  readonly clock: Clock;
}): Spool<T> {
  const { folder, database, keys, counter, clock } = options;

  return {
    async put(item) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const name = `${String(clock.now()).padStart(15, "0")}-${randomUUID()}${SUFFIX}`;
      // Whole or not there at all, and on the disk before the vendor is told that we have it.
      const unfinished = join(folder, `${name}.part`);
      const file = await open(unfinished, "wx", 0o600);
      try {
        await file.writeFile(keys.seal(item, placeOf(name)));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(unfinished, join(folder, name));
    },

    async replay(accept) {
      const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(SUFFIX)).sort();
      for (const name of names) {
        const path = join(folder, name);
        // Another process of this machine may have taken it.
        const sealed = await readFile(path, "utf8").catch(() => undefined);
        if (sealed === undefined) continue;
        let item: T | undefined;
        try {
          item = (await keys.open(database.db, sealed, placeOf(name))) as T;
        } catch {
          counter.count("spool_unreadable");
        }
        if (item !== undefined) await accept(item);
        await rm(path, { force: true });
      }
      return names.length;
    },
  };
}

function placeOf(name: string): Place {
  return ["spool", name];
}
