import { expect, test } from "vitest";
import { createMetrics } from "../../src/http/metrics.ts";

const REQUEST = { method: "GET", url: "/metrics", path: "/metrics", query: {}, headers: {}, body: undefined } as never;

test("counts add up under their labels", async () => {
  const { counter, route } = createMetrics();
  counter.count("message_accepted", { channel: "sms" });
  counter.count("message_accepted", { channel: "sms" }, 2);
  expect((await route.handle(REQUEST)).body).toContain('puente_message_accepted_total{channel="sms"} 3');
});

test("a gauge shows what there is at each look, and nothing of what is gone", async () => {
  const { gauge, route } = createMetrics();
  let waiting = [{ labels: { kind: "reply" }, value: 4 }];
  gauge("deliveries_waiting", "kind", async () => waiting);
  expect((await route.handle(REQUEST)).body).toContain('puente_deliveries_waiting{kind="reply"} 4');
  waiting = [];
  expect((await route.handle(REQUEST)).body).not.toContain("puente_deliveries_waiting{");
});

test("a gauge that cannot be read does not take the other numbers with it", async () => {
  const { counter, gauge, route } = createMetrics();
  counter.count("message_accepted");
  gauge("deliveries_waiting", "kind", async () => {
    throw new Error("no database");
  });
  expect((await route.handle(REQUEST)).body).toContain("puente_message_accepted_total 1");
});
