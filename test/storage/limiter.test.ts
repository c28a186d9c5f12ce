import { afterEach, beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { openDatabase } from "../../src/storage/database.ts";
import { openKeys } from "../../src/storage/keys.ts";
import { createLimiter } from "../../src/storage/limiter.ts";
import { DATABASE_KINDS, emptyDatabase } from "../support/databases.ts";
import { SECRET } from "./fixture.ts";

// The library reads the system's time, so here that is what moves.
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function limiter(points: number, lasting = false) {
  const clock = { now: () => Date.now() };
  const database = await openDatabase("sqlite::memory:", { serving: true, clock });
  onTestFinished(() => database.close());
  const keys = await openKeys({ database, secret: SECRET, clock });
  return createLimiter({ name: "test", points, windowMs: 60_000, database, keys, clock, lasting });
}

it.each([false, true])(
  "lets so many through per key and window, and is over for the first time once (lasting: %s)",
  async (lasting) => {
    const limit = await limiter(2, lasting);
    const take = async (key: string) => {
      const { ok, first } = await limit.take(key);
      return [ok, first];
    };
    expect([await take("a"), await take("a")]).toEqual([
      [true, false],
      [true, false],
    ]);
    expect([await take("a"), await take("a"), await take("b")]).toEqual([
      [false, true],
      [false, false],
      [true, false],
    ]);
    vi.advanceTimersByTime(60_000);
    expect([await take("a"), await take("a"), await take("a")]).toEqual([
      [true, false],
      [true, false],
      [false, true],
    ]);
  },
);

it("says when to come back", async () => {
  const limit = await limiter(1);
  const start = Date.now();
  await limit.take("a");
  vi.advanceTimersByTime(20_000);
  expect(await limit.take("a")).toEqual({ ok: false, first: true, retryAt: start + 60_000, used: 2 });
});

it("takes several points at once, and with no points says no from the first on", async () => {
  const limit = await limiter(5);
  expect(await limit.take("a", 6)).toMatchObject({ ok: false, first: true });
  const closed = await limiter(0);
  expect(await closed.take("a")).toMatchObject({ ok: false, first: true });
  expect(await closed.take("a")).toMatchObject({ ok: false, first: false });
});

it.each(DATABASE_KINDS)("outlives a restart where it must, and is one for all processes, on %s", async (kind) => {
  vi.useRealTimers();
  const url = await emptyDatabase(kind);
  const clock = { now: () => Date.now() };
  const open = async () => {
    const database = await openDatabase(url, { serving: true, clock });
    const keys = await openKeys({ database, secret: SECRET, clock });
    return {
      database,
      limit: createLimiter({ name: "day", points: 10, windowMs: 86_400_000, database, keys, clock, lasting: true }),
    };
  };
  const first = await open();
  expect(await first.limit.take("all", 8)).toMatchObject({ ok: true, used: 8 });
  await first.database.close();
  const second = await open();
  expect(await second.limit.take("all", 3)).toMatchObject({ ok: false, first: true, used: 11 });
  await second.database.close();
});
