import { collectDefaultMetrics, Gauge, Counter as PromCounter, Registry } from "prom-client";
import type { Counter, Route } from "../core/ports.ts";

/** A value that stands as it is when somebody looks. */
interface Reading {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Metrics {
  readonly counter: Counter;
  /** Reads it anew at each look. What cannot be read is left out of that look. */
  gauge(name: string, label: string, read: () => Promise<readonly Reading[]>): void;
  readonly route: Route;
}

/** Counts in the Prometheus text format on the local listener. Labels come from our own code and never from a person. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counters = new Map<string, PromCounter<string>>();
  return {
    counter: {
      count(name, labels = {}, by = 1) {
        let counter = counters.get(name);
        if (counter === undefined) {
          counter = new PromCounter({
            name: `puente_${name}_total`,
            help: name.replaceAll("_", " "),
            labelNames: Object.keys(labels),
            registers: [registry],
          });
          counters.set(name, counter);
        }
        counter.inc(labels, by);
      },
    },
    gauge(name, label, read) {
      new Gauge({
        name: `puente_${name}`,
        help: name.replaceAll("_", " "),
        labelNames: [label],
        registers: [registry],
        async collect() {
          this.reset();
          // A database that is away must not take the other numbers with it.
          for (const { labels, value } of await read().catch(() => [])) this.set(labels, value);
        },
      });
    },
    route: {
      method: "GET",
      path: "/metrics",
      listener: "local",
      handle: async () => ({
        status: 200,
        headers: { "content-type": registry.contentType },
        body: await registry.metrics(),
      }),
    },
  };
}
