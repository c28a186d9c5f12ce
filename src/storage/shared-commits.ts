import { AsyncLocalStorage } from "node:async_hooks";
import { CompiledQuery, type Kysely } from "kysely";
import { gather } from "./gather.ts";
import type { Tables } from "./tables.ts";

type Work<T> = (tx: Kysely<Tables>) => Promise<T>;

/** Runs all or nothing of `work`. Resolves when what it wrote survives a power cut. */
export type RunTransaction = <T>(work: Work<T>) => Promise<T>;

/** What one of them came to. It is told to its caller after the commit. */
type Outcome = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown };

/** More would keep the first of them waiting. */
const AT_MOST = 64;

const BEGIN = CompiledQuery.raw("savepoint work");
const KEEP = CompiledQuery.raw("release work");
const UNDO = CompiledQuery.raw("rollback to work");

/**
 * Lets transactions of one connection that come at the same time share one commit, for the wait for the disk is most of
 * what a small one costs. They run one after the other, each between savepoints, so that one that fails takes nothing
 * of the others with it. Where the commit itself fails, each is run again alone.
 *
 * @see https://www.sqlite.org/lang_savepoint.html
 */
export function createSharedCommits(db: Kysely<Tables>): RunTransaction {
  const run = gather(AT_MOST, (works: readonly Work<unknown>[]) =>
    db.transaction().execute(async (tx) => {
      const [only, ...others] = works;
      if (only !== undefined && others.length === 0) return [{ ok: true, value: await only(tx) } as const];
      const outcomes: Outcome[] = [];
      for (const work of works) outcomes.push(await attempt(tx, work));
      return outcomes;
    }),
  );
  return async <T>(work: Work<T>) => {
    const outcome = await run(AsyncLocalStorage.bind(work));
    if (!outcome.ok) throw outcome.error;
    return outcome.value as T;
  };
}

/** @throws Where the whole transaction is gone: after a full disk nothing is left to go back to. */
async function attempt(tx: Kysely<Tables>, work: Work<unknown>): Promise<Outcome> {
  await tx.executeQuery(BEGIN);
  try {
    const value = await work(tx);
    await tx.executeQuery(KEEP);
    return { ok: true, value };
  } catch (error) {
    await tx.executeQuery(UNDO);
    await tx.executeQuery(KEEP);
    return { ok: false, error };
  }
}
