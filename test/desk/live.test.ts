import { expect, onTestFinished, test, vi } from "vitest";
import { withdrawAnswer } from "../../src/desk/holds.ts";
import { createLiveTree } from "../../src/desk/live.ts";
import { recorder } from "../support/recorder.ts";
import { aDesk, WORDS } from "./fixture.ts";

test("a turn's snapshot is frozen and stays as it was when the desk changes", async () => {
  const desk = await aDesk();
  const before = await desk.served();
  await withdrawAnswer(desk, desk.person("eva"), WORDS, "wrong");
  const after = await desk.served();
  expect([before.held.size, after.held.get(WORDS)]).toEqual([0, "withdrawn"]);
  expect(Object.isFrozen(after)).toBe(true);
  expect(() => Object.assign(after, { require: "signed" })).toThrow();
  expect(() => Object.assign(after.topics.get(WORDS)?.texts["es"] ?? {}, { short: "x" })).toThrow();
});

test("nothing is read while the desk has not changed", async () => {
  const desk = await aDesk();
  const first = await desk.served();
  expect(await desk.served()).toBe(first);
});

test("what another process has changed is served within five seconds", async () => {
  const desk = await aDesk();
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  await desk.live.start();
  onTestFinished(() => desk.live.stop());
  await withdrawAnswer(desk, desk.person("eva"), WORDS, "wrong");
  await vi.advanceTimersByTimeAsync(5_000);
  expect(desk.live.tree().held.get(WORDS)).toBe("withdrawn");
});

test("whoever changed something sees it, though a look at how it was before is still under way", async () => {
  const desk = await aDesk();
  const { deskVersion } = desk.stores;
  const held = Promise.withResolvers<void>();
  const live = createLiveTree({
    ...{ tree: desk.tree(), clock: desk.clock, logger: recorder().logger, timeZone: "UTC" },
    stores: {
      ...desk.stores,
      deskVersion: {
        async current() {
          const version = await deskVersion.current();
          await held.promise;
          return version;
        },
      },
    },
  });
  const before = live.refresh();
  await withdrawAnswer(desk, desk.person("eva"), WORDS, "wrong");
  const after = live.refresh();
  held.resolve();
  await Promise.all([before, after]);
  expect(live.tree().held.get(WORDS)).toBe("withdrawn");
});

test("it goes on with what it has when the database cannot be read, and says so without its words", async () => {
  const desk = await aDesk();
  const { logger, lines } = recorder();
  let current = desk.stores.deskVersion.current;
  await withdrawAnswer(desk, desk.person("eva"), WORDS, "wrong");
  vi.useFakeTimers();
  const { clock } = desk;
  const live = createLiveTree({
    ...{ tree: desk.tree(), clock, logger, timeZone: "UTC" },
    stores: { ...desk.stores, deskVersion: { current: () => current() } },
  });
  await live.start();
  current = async () => {
    throw new Error("disk on fire near +12025550123");
  };
  await vi.advanceTimersByTimeAsync(1_000);
  vi.useRealTimers();
  await live.stop();
  expect(live.tree().held.get(WORDS)).toBe("withdrawn");
  expect(lines.join()).toContain("desk.unread");
  expect(lines.join()).not.toContain("2025550123");
});
