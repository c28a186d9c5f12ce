import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Lease } from "../core/ports.ts";

/** How often one asks for it, or whether one still has it: what nobody hears meanwhile may be lost. */
const EVERY_MS = 1_000;
/** A holder that hears nothing for so long has lost it. */
const QUERY_TIMEOUT_MS = 5_000;
/** A holder of which the server hears nothing for so long, stopped or cut off, has lost it. Later than the holder knows. */
const SILENT_MS = 15_000;

/** One process serves an embedded database, so it always has what it asks for. */
export const EMBEDDED_LEASE: Lease = {
  keep(_name, { taken }) {
    taken();
    return async () => {};
  },
};

/**
 * An advisory lock of Postgres on a connection of its own (Postgres manual, 13.3.5): the server gives it back when the
 * connection ends, however the process ended. It does not work through a pooler that shares connections by transaction.
 */
export function createPostgresLease(options: pg.ClientConfig): Lease {
  return {
    keep(name, holder) {
      const ending = new AbortController();
      const { signal } = ending;
      const pause = (ms: number, until: AbortSignal) => sleep(ms, undefined, { signal: until }).catch(() => {});

      async function connected(): Promise<void> {
        const gone = new AbortController();
        const either = AbortSignal.any([signal, gone.signal]);
        const client = new pg.Client({ ...options, query_timeout: QUERY_TIMEOUT_MS });
        client.on("error", () => gone.abort());
        client.once("end", () => gone.abort());
        let held = false;
        try {
          await client.connect();
          await client.query(`set idle_session_timeout = ${SILENT_MS}`);
          while (!either.aborted) {
            const ask = held ? "select true as held" : "select pg_try_advisory_lock(hashtextextended($1, 0)) as held";
            const { rows } = await client.query<{ held: boolean }>(ask, held ? [] : [name]);
            if (!held && rows[0]?.held === true) {
              held = true;
              holder.taken();
            }
            await pause(EVERY_MS, either);
          }
        } catch {
          // The database cannot be reached: asked again below.
        }
        if (held) await holder.lost();
        await client.end().catch(() => {});
      }

      const asking = (async () => {
        while (!signal.aborted) {
          await connected();
          await pause(EVERY_MS, signal);
        }
      })();
      return async () => {
        ending.abort();
        await asking;
      };
    },
  };
}
