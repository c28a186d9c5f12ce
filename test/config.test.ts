import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { CONFIG_VARIABLES, loadConfig } from "../src/config.ts";

const WITH_TWILIO = {
  TWILIO_ACCOUNT_SID: `AC${"0".repeat(32)}`,
  TWILIO_AUTH_TOKEN: "token",
  TWILIO_SMS_FROM: "+12025550100",
  PUBLIC_URL: "https://puente.example.org",
  PUENTE_SECRET: Buffer.alloc(32, 7).toString("base64"),
  CONTENT_REQUIRE: "checked",
  ORG_NAME: "Example shelter",
  ORG_PHONE: "+1 202 555 0101",
  ORG_HOURS: "9-5",
  ORG_URL: "https://example.org",
  LEGAL_DESK: "Example legal desk, +1 202 555 0102",
};

test("an empty environment is the simulator on this machine alone", () => {
  const config = loadConfig({});
  expect(config).toMatchObject({ host: "127.0.0.1", port: 3000, simulator: true, contentRequire: "checked" });
  expect(config.twilio).toBeUndefined();
});

test("an empty variable counts as unset", () => {
  expect(loadConfig({ PORT: "", TWILIO_ACCOUNT_SID: "" }).port).toBe(3000);
});

test("every problem is reported at once, each with its variable", () => {
  const broken = { PORT: "many", PUBLIC_URL: "http://puente.example.org", DEFAULT_TIME_ZONE: "Mars/Olympus" };
  expect(() => loadConfig(broken)).toThrow(/3 settings.*PORT.*PUBLIC_URL.*DEFAULT_TIME_ZONE/s);
});

test("with a real channel nothing that matters has a default", () => {
  const { TWILIO_ACCOUNT_SID } = WITH_TWILIO;
  for (const name of ["TWILIO_AUTH_TOKEN", "PUBLIC_URL", "PUENTE_SECRET", "CONTENT_REQUIRE", "ORG_NAME", "LEGAL_DESK"])
    expect(() => loadConfig({ TWILIO_ACCOUNT_SID })).toThrow(name);
});

test("a complete Twilio set-up is read, the primary token first", () => {
  const config = loadConfig({ ...WITH_TWILIO, TWILIO_AUTH_TOKEN_SECONDARY: "next" });
  expect(config.twilio).toMatchObject({ smsFrom: "+12025550100", authTokens: ["token", "next"] });
  expect(config.publicUrl).toBe("https://puente.example.org");
});

test("a public address may be plain http only on this machine, and is an origin", () => {
  expect(loadConfig({ PUBLIC_URL: "http://127.0.0.1:3000/" }).publicUrl).toBe("http://127.0.0.1:3000");
  expect(() => loadConfig({ PUBLIC_URL: "https://puente.example.org/hook" })).toThrow("origin");
});

test("an error never shows a secret's value", () => {
  const secret = "c2hvcnQgc2VjcmV0";
  expect(() => loadConfig({ PUENTE_SECRET: secret })).toThrow(/^(?!.*c2hvcnQ).*PUENTE_SECRET/s);
});

test(".env.example names exactly the variables that are read", async () => {
  const example = await readFile(new URL("../.env.example", import.meta.url), "utf8");
  const named = [...example.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);
  expect(new Set(named)).toEqual(new Set(CONFIG_VARIABLES));
  expect(named).toHaveLength(CONFIG_VARIABLES.length);
});
