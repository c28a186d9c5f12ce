import { describe, expect, test } from "vitest";
import { checkContent, checkLoaded } from "../../../src/content/check/check.ts";
import { FIXTURE, findingsOf, fixtureContent, TODAY } from "../fixture.ts";

const at = (day: string) => Date.parse(`${day}T12:00:00Z`);

describe("dates in content check", () => {
  test("say two weeks before its end that an answer will go out of date", async () => {
    const findings = await findingsOf("dates", {}, at("2026-12-20"));
    expect(findings.map(({ file }) => file)).toContain("port-of-entry/turned-back/es.md");
    expect(findings[0]?.message).toContain("valid until 2026-12-31");
  });

  test("never make a check fail because a day has come", async () => {
    const findings = checkLoaded(await fixtureContent(), at("2031-01-01"));
    expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(findings.some(({ message }) => message.includes("out of date since 2026-12-31"))).toBe(true);
  });

  test("are errors for a release", async () => {
    const findings = await checkContent(FIXTURE, at("2027-01-01"), { release: true });
    expect(findings.filter(({ rule }) => rule === "dates").every(({ severity }) => severity === "error")).toBe(true);
    expect(findings.some(({ severity }) => severity === "error")).toBe(true);
  });

  test("say when the evidence for a number is old", async () => {
    const findings = await findingsOf("dates", {}, at("2028-06-01"));
    expect(findings.find(({ file }) => file === "directory.yaml")?.message).toContain("last seen in 2026-07");
  });

  test("say that a later edit has voided a signature", async () => {
    const line = (sha256: string) =>
      `- { topic: port-of-entry/turned-back, locale: es, sha256: ${sha256}, reviewer: R, role: attorney, on: 2026-11-10, validUntil: 2027-05-01 }\n`;
    const { sha256 } = (await fixtureContent()).tree.topics.get("port-of-entry/turned-back")?.texts["es"] ?? {
      sha256: "",
    };
    expect(await findingsOf("sign-offs", { "sign-offs.yaml": line(sha256) }, TODAY)).toEqual([]);
    const edited = {
      "sign-offs.yaml": line(sha256),
      "port-of-entry/turned-back/es.md": (text: string) => text.replace("calma", "kalma"),
    };
    const [finding] = await findingsOf("sign-offs", edited, TODAY);
    expect(finding).toMatchObject({ file: "sign-offs.yaml", line: 1, severity: "warning" });
    expect(finding?.message).toContain("void");
  });
});
