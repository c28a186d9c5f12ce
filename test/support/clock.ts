import type { Clock } from "../../src/core/ports.ts";

/** 21 November 2026, noon in Tijuana: every fixture's dates are around it. */
export const NOON = Date.UTC(2026, 10, 21, 20, 0, 0);

/** A clock that goes on by itself and can be put forward: for a whole service, whose timers go on too. */
export function runningClock(): Clock & { advance(ms: number): void } {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    advance(ms) {
      ahead += ms;
    },
  };
}

/** A clock that moves only when told. */
export function testClock(start = NOON): Clock & { advance(ms: number): void } {
  let at = start;
  return {
    now: () => at,
    advance(ms) {
      at += ms;
    },
  };
}
