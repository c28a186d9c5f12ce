import { collectDefaultMetrics, Counter as PromCounter, Registry } from "prom-client";
import type { Counter, Route } from "../core/ports.ts";

/** Counts in the Prometheus text format on the local listener. Labels come from our own code and never from a person. */
export function createMetrics(): { readonly counter: Counter; readonly route: Route } {
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
