import { setImmediate } from "node:timers/promises";

interface Waiting<T, R> extends PromiseWithResolvers<R> {
  readonly item: T;
}

/**
 * Lets calls that come at the same time be worked on together: what arrives while some are under way goes into the next
 * group, and nobody waits for company. Where a group fails, each of its items is tried alone, so that one that cannot be
 * written stops no other.
 *
 * @param work All or nothing of the items, with their results in the same order.
 */
export function gather<T, R>(
  atMost: number,
  work: (items: readonly T[]) => Promise<readonly R[]>,
): (item: T) => Promise<R> {
  const waiting: Waiting<T, R>[] = [];
  let running = false;

  async function run(group: readonly Waiting<T, R>[]): Promise<void> {
    try {
      const results = await work(group.map(({ item }) => item));
      for (const [index, { resolve }] of group.entries()) resolve(results[index] as R);
    } catch (error) {
      if (group.length > 1) for (const one of group) await run([one]);
      else for (const { reject } of group) reject(error);
    }
  }

  async function runAll(): Promise<void> {
    running = true;
    while (waiting.length > 0) {
      // What the same turn of the event loop brings comes along.
      await setImmediate();
      await run(waiting.splice(0, atMost));
    }
    running = false;
  }

  return (item) => {
    const one = { ...Promise.withResolvers<R>(), item };
    waiting.push(one);
    if (!running) void runAll();
    return one.promise;
  };
}
