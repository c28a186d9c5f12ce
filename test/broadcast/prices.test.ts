import { expect, test } from "vitest";
import { priceOf } from "../../src/broadcast/prices.ts";
import { costOf } from "../../src/broadcast/report.ts";
import type { CostSum } from "../../src/core/stores.ts";

const sum = (change: Partial<CostSum>): CostSum => ({
  channel: "sms",
  direction: "out",
  currency: "USD",
  messages: 100,
  segments: 200,
  micros: -2_000_000,
  ...change,
});

test("a segment costs what this account has paid lately", () => {
  expect(priceOf("sms", [sum({})])).toEqual({ currency: "USD", micros: 10_000, from: "account" });
});

test("with too few messages to tell, the list price is named as such", () => {
  expect(priceOf("sms", [sum({ messages: 19 })])).toEqual({ currency: "USD", micros: 11_800, from: "list" });
  expect(priceOf("whatsapp", [sum({})])).toMatchObject({ micros: 5_000, from: "list" });
  expect(priceOf("sms", [sum({ direction: "in" })])).toMatchObject({ from: "list" });
});

test("of two currencies the one most messages were paid in counts", () => {
  const pesos = sum({ currency: "MXN", messages: 500, segments: 500, micros: -100_000_000 });
  expect(priceOf("sms", [sum({}), pesos])).toEqual({ currency: "MXN", micros: 200_000, from: "account" });
});

test("a broadcast costs what left, and what may have left; nothing for what did not", () => {
  const row = { channel: "sms", locale: "es" } as const;
  const rows = [
    { ...row, status: "delivered", n: 3 },
    { ...row, status: "unknown", n: 1 },
    { ...row, status: "failed", n: 5 },
    { ...row, status: "skipped", n: 7 },
  ];
  expect(costOf({ recipients: 16, waiting: 0, optOuts: 0, rows }, () => 2, [])).toEqual({
    currency: "USD",
    micros: 4 * 2 * 11_800,
  });
});
