import { expect, test } from "vitest";
import { createCalls } from "../../src/delivery/calls.ts";

/** Calls whose answer and end come when the test says so. */
function setUp(atOnce: number, openAtMost: number) {
  const calls = createCalls(atOnce, openAtMost);
  const begin = () => {
    const end = Promise.withResolvers<void>();
    let answer = () => {};
    calls.begin((answered) => {
      answer = answered;
      return end.promise;
    });
    return { answer: () => answer(), end: end.resolve };
  };
  const never = new Promise<void>(() => {});
  /** Whether the wait is over once everything that can go on has gone on. */
  const isOver = async (wait: Promise<void>) => {
    let over = false;
    void wait.then(() => {
      over = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    return over;
  };
  return { calls, begin, never, isOver };
}

test("a call that is answered makes room before its end is recorded, and is counted once", () => {
  const { calls, begin } = setUp(2, 10);
  const [first] = [begin(), begin()];
  expect(calls.room()).toBe(0);
  first.answer();
  first.answer();
  expect(calls.room()).toBe(1);
  expect(calls.busy()).toBe(true);
});

test("a call that fails without an answer makes room when it ends", async () => {
  const { calls, begin, never } = setUp(2, 10);
  begin().end();
  await calls.next(false, never);
  expect(calls.room()).toBe(2);
  expect(calls.busy()).toBe(false);
});

test("with more to begin an answer is waited for, until half of the room is free", async () => {
  const { calls, begin, never, isOver } = setUp(4, 10);
  const [first, second] = [begin(), begin(), begin(), begin()];
  const wait = calls.next(true, never);
  first.answer();
  expect(await isOver(wait)).toBe(false);
  second.answer();
  expect(await isOver(wait)).toBe(true);
});

test("with nothing to begin an end is waited for, or the bell", async () => {
  const { calls, begin, never, isOver } = setUp(4, 10);
  const one = begin();
  one.answer();
  const wait = calls.next(false, never);
  expect(await isOver(wait)).toBe(false);
  one.end();
  expect(await isOver(wait)).toBe(true);
  begin();
  expect(await isOver(calls.next(false, Promise.resolve()))).toBe(true);
});

test("however many are answered, only so many wait for their end", async () => {
  const { calls, begin, never, isOver } = setUp(4, 1);
  const [first, second] = [begin(), begin()];
  first.answer();
  second.answer();
  const wait = calls.next(true, never);
  expect(await isOver(wait)).toBe(false);
  first.end();
  expect(await isOver(wait)).toBe(true);
});
