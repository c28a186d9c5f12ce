/** Calls to vendors that go on side by side. One that is answered makes room before its end is recorded. */
export interface Calls {
  /** Begins one. `work` says when the vendor has answered, and never rejects. */
  begin(work: (answered: () => void) => Promise<void>): void;
  /** How many may begin now. */
  room(): number;
  /** Whether any has not come to its end. */
  busy(): boolean;
  /**
   * Waits until there is something to do: room, where `more` waits to begin; else the end of one, after which something
   * may be due; or `bell`. Never comes back with more than half of the room taken.
   */
  next(more: boolean, bell: Promise<void>): Promise<void>;
}

/** Room for so many calls, as long as no more than `openAtMost` wait for their end to be recorded. */
export function createCalls(atOnce: number, openAtMost: number): Calls {
  const open = new Set<Promise<void>>();
  // Without those whose answer has come.
  let calls = 0;
  let answer = Promise.withResolvers<void>();
  return {
    begin(work) {
      calls += 1;
      let isAnswered = false;
      const answered = () => {
        if (isAnswered) return;
        isAnswered = true;
        calls -= 1;
        answer.resolve();
      };
      const one: Promise<void> = work(answered).finally(() => {
        open.delete(one);
        answered();
      });
      open.add(one);
    },
    room: () => Math.max(0, atOnce - calls),
    busy: () => open.size > 0,
    async next(more, bell) {
      if (open.size > 0) await Promise.race([...(more ? [answer.promise] : open), bell]);
      answer = Promise.withResolvers();
      while (calls > atOnce / 2) {
        await answer.promise;
        answer = Promise.withResolvers();
      }
      while (open.size > openAtMost) await Promise.race(open);
    },
  };
}
