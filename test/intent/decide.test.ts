import { describe, expect, it } from "vitest";
import { decide, type Thresholds } from "../../src/intent/decide.ts";
import type { Label } from "../../src/intent/examples.ts";

const labels: readonly Label[] = [
  { kind: "topic", topic: "get-help/emergency" },
  { kind: "topic", topic: "get-help/crisis-support" },
  { kind: "topic", topic: "about/cost" },
  { kind: "topic", topic: "about/privacy" },
  { kind: "out-of-scope", id: "other-visas" },
  { kind: "out-of-scope", id: "spam" },
];
const thresholds: Thresholds = { answer: 0.65, danger: 0.6, doubt: 0.1, outOfScope: 0.5, offer: 0.02 };
const inDanger = new Set(["get-help/emergency", "get-help/crisis-support"]);
const decided = (...probability: number[]) =>
  decide(labels, Float32Array.from(probability), thresholds, "model", inDanger);

describe("decide", () => {
  it("answers what is probable enough while hardly anything speaks for what is not covered", () => {
    expect(decided(0.02, 0.02, 0.8, 0.11, 0.05, 0)).toMatchObject({ kind: "answer", topic: "about/cost" });
    expect(decided(0.02, 0.02, 0.6, 0.31, 0.05, 0)).toMatchObject({ kind: "clarify" });
    expect(decided(0.02, 0.02, 0.7, 0.06, 0.2, 0)).toMatchObject({ kind: "clarify" });
  });

  it("offers the three likeliest topics", () => {
    expect(decided(0.1, 0.05, 0.5, 0.3, 0.05, 0)).toMatchObject({
      topics: ["about/cost", "about/privacy", "get-help/emergency"],
    });
  });

  it("answers with the likeliest danger when some danger is probable, though not which", () => {
    expect(decided(0.35, 0.3, 0.1, 0.1, 0.15, 0)).toMatchObject({ kind: "answer", topic: "get-help/emergency" });
    expect(decided(0.3, 0.32, 0.35, 0.01, 0.02, 0)).toMatchObject({ kind: "clarify" });
  });

  it("refuses what is probably not covered, and names the likeliest kind", () => {
    expect(decided(0.3, 0.1, 0, 0, 0.25, 0.35)).toMatchObject({ reason: "out-of-scope", outOfScope: "spam" });
  });

  it("offers nothing when nothing is probable", () => {
    expect(decided(0.01, 0.01, 0.01, 0.01, 0, 0)).toMatchObject({ kind: "none", reason: "unknown" });
  });
});
