import { sql } from "kysely";
import { RateLimiterMemory, RateLimiterPostgres } from "rate-limiter-flexible";
import type { Clock, Limiter } from "../core/ports.ts";
import type { Database } from "./database.ts";
import type { Keys } from "./keys.ts";

export interface LimiterOptions {
  /** Keeps limits apart from each other. */
  readonly name: string;
  readonly points: number;
  readonly windowMs: number;
  readonly database: Database;
  readonly keys: Keys;
  readonly clock: Clock;
  /** It must survive a restart. */
  readonly lasting?: boolean;
}

/**
 * A limit of `points` per key and window. Keys are hashed first: neither the memory nor the table shows one.
 *
 * It is counted in the table `limits` where several processes share the database, or where it must survive a restart
 * (`lasting`); otherwise in the memory of this process, which costs no write.
 */
export function createLimiter(options: LimiterOptions): Limiter {
  const { name, points, windowMs, database, keys, clock, lasting = false } = options;
  const settings = { points, duration: windowMs / 1000, keyPrefix: name };
  const limiter =
    lasting || !database.locking.alone
      ? new RateLimiterPostgres({
          ...settings,
          // Its one statement, an upsert, is the same SQL in SQLite.
          storeClient: { query: (query: { text: string; values: unknown[] }) => run(database, query) },
          storeType: "pool",
          tableName: "limits",
          // By a migration; the sweep takes away what is over.
          tableCreated: true,
          clearExpiredByTimeout: false,
        })
      : new RateLimiterMemory(settings);
  return {
    async take(key, taken = 1) {
      // `penalty` counts like `consume`, and says "over" without throwing.
      const { consumedPoints, msBeforeNext } = await limiter.penalty(keys.lookup("limit", name, key), taken);
      const ok = consumedPoints <= points;
      return {
        ok,
        first: !ok && consumedPoints - taken <= points,
        retryAt: clock.now() + msBeforeNext,
        used: consumedPoints,
      };
    },
  };
}

/** The library writes `$1`, `$2` ..., some of them twice; the query builder knows what each database calls them. */
function run(database: Database, { text, values }: { text: string; values: unknown[] }) {
  const between = text.split(/\$\d/);
  const bound = [...text.matchAll(/\$(\d)/g)].map(([, place]) => values[Number(place) - 1]);
  const upsert = sql(Object.assign(between, { raw: between }), ...bound);
  return database.transaction((tx) => upsert.execute(tx));
}
