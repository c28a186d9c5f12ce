/** Lets so many runs of anything go on at a time; the others wait for their turn in the order they came. */
export interface Gate {
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Whether a run would begin at once. */
  isOpen(): boolean;
}

export function createGate(atOnce: number): Gate {
  const waiting: (() => void)[] = [];
  let running = 0;
  return {
    async run(work) {
      if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
      else running += 1;
      try {
        return await work();
      } finally {
        // The turn is handed on, so `running` stays as it is.
        const next = waiting.shift();
        if (next === undefined) running -= 1;
        else next();
      }
    },
    isOpen: () => running < atOnce,
  };
}
