import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate } from "node:timers/promises";
import { CompiledQuery, type Kysely } from "kysely";
import type { Tables } from "./tables.ts";

/** Runs all or nothing of `work`. Resolves when what it wrote survives a power cut. */
export type RunTransaction = <T>(work: (tx: Kysely<Tables>) => Promise<T>) => Promise<T>;

/** What one of them came to. It is told to its caller after the commit. */
type Outcome = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown };

interface Waiting extends PromiseWithResolvers<unknown> {
  readonly work: (tx: Kysely<Tables>) => Promise<unknown>;
}

/** More would keep the first of them waiting. */
const AT_MOST = 64;

const BEGIN = CompiledQuery.raw("savepoint work");
const KEEP = CompiledQuery.raw("release work");
const UNDO = CompiledQuery.raw("rollback to work");

/**
 * Lets transactions of one connection that come at the same time share one commit, for the wait for the disk is most of
 * what a small one costs. They run one after the other, each between savepoints, so that one that fails takes nothing
 * of the others with it. Nobody waits for company. Where the commit itself fails, each is run again alone.
 *
 * @see https://www.sqlite.org/lang_savepoint.html
 */
export function createSharedCommits(db: Kysely<Tables>): RunTransaction {
  const waiting: Waiting[] = [];
  let running = false;

  async function run(group: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await db.transaction().execute(async (tx) => {
        const [only, ...others] = group;
        if (only !== undefined && others.length === 0) return [{ ok: true, value: await only.work(tx) } as const];
        const each: Outcome[] = [];
        for (const { work } of group) each.push(await attempt(tx, work));
        return each;
      });
      for (const [index, outcome] of outcomes.entries()) settle(group[index], outcome);
    } catch (error) {
      if (group.length > 1) for (const one of group) await run([one]);
      else settle(group[0], { ok: false, error });
    }
  }

  async function runAll(): Promise<void> {
    running = true;
    while (waiting.length > 0) {
      // What the same turn of the event loop brings comes along.
      await setImmediate();
      await run(waiting.splice(0, AT_MOST));
    }
    running = false;
  }

  return (work) => {
    const one: Waiting = { ...Promise.withResolvers<unknown>(), work: AsyncLocalStorage.bind(work) };
    waiting.push(one);
    if (!running) void runAll();
    return one.promise as ReturnType<typeof work>;
  };
}

/** @throws Where the whole transaction is gone: after a full disk nothing is left to go back to. */
async function attempt(tx: Kysely<Tables>, work: Waiting["work"]): Promise<Outcome> {
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

function settle(one: Waiting | undefined, outcome: Outcome): void {
  if (outcome.ok) one?.resolve(outcome.value);
  else one?.reject(outcome.error);
}
