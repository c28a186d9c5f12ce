import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type App, createApp } from "../../src/app.ts";
import { createProgram } from "../../src/cli/program.ts";
import { loadConfig } from "../../src/config.ts";
import { twilioEnvironment } from "../support/environment.ts";
import { type FakeTwilio, inboundForm, postSigned, startFakeTwilio } from "../support/fake-twilio.ts";
import { untilIdle } from "../support/idle.ts";
import { recorder } from "../support/recorder.ts";
import { contentAtNoon, fictionalNumbers, seedSubscribers } from "../support/subscribers.ts";

const CODE = "01234-56789-abcde-f0123";
const ES = "La linea de ayuda cambio de horario. Escriba MENU para ver los temas.";
const EN = "The help line has new hours. Text MENU to see the topics.";
const DRAFT = ["broadcast", "draft", "--place", "tijuana", "--text", `es=${ES}`, "--text", `en=${EN}`];
const ANY_NUMBER = /\+?1?\d{3}55501\d\d/;

let folder: string;
let twilio: FakeTwilio;
let app: App;
let publicUrl: string;

async function start(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), "puente-cli-"));
  twilio = await startFakeTwilio();
  const peopleFile = join(folder, "people.yaml");
  await writeFile(
    peopleFile,
    `
- { id: ana, account: ${userInfo().username}, roles: [organizer] }
- { id: vol, roles: [volunteer] }
`,
  );
  const bea = createHash("sha256").update(CODE.replaceAll("-", "")).digest("hex");
  const others = join(folder, "others.yaml");
  // At this account ana is ana; from another one bea and vol say who they are.
  await writeFile(
    others,
    `- { id: ana, roles: [organizer] }\n- { id: bea, codeHash: ${bea}, roles: [organizer] }\n- { id: vol, roles: [volunteer] }\n`,
  );
  const environment = {
    ...twilioEnvironment({ dataDir: folder, apiUrl: twilio.url }),
    CONTENT_DIR: await contentAtNoon(folder),
    PEOPLE_FILE: others,
    SMS_SEGMENTS_PER_SECOND: "50",
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  await seedSubscribers(environment, fictionalNumbers(12));
  const { logger, counter } = recorder();
  app = await createApp(loadConfig(environment), { logger, counter });
  publicUrl = (await app.start()).publicUrl ?? "";
}

async function stop(): Promise<void> {
  await app.stop();
  await twilio.close();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
}

/** Runs a command as typed and resolves to all it has printed. */
async function puente(...args: readonly string[]): Promise<string> {
  const printed: string[] = [];
  const log = vi.spyOn(console, "log").mockImplementation((line: string) => void printed.push(`${line}\n`));
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed.push(String(text));
    return true;
  });
  try {
    await createProgram()
      .exitOverride()
      .parseAsync(["node", "puente", ...args]);
  } finally {
    log.mockRestore();
    write.mockRestore();
  }
  return stripVTControlCharacters(printed.join(""));
}

// A service for each: whoever tries again begins anew.
describe("a broadcast at the command line", () => {
  beforeEach(start);
  afterEach(stop);

  test("from the first words to the report, as the organizer's guide has it typed", async () => {
    const drafted = await puente(...DRAFT, "--as", "ana");
    expect(drafted).toContain("Broadcast 1: draft");
    expect(drafted).toContain("Written by ana.");
    expect(drafted).toMatch(/For: Tijuana, Baja California\. Languages: English, Spanish\. Channels: SMS, WhatsApp\./);
    expect(drafted).toContain("12 people get it.");
    expect(drafted).toMatch(/9 people: SMS, Spanish, tells nothing, 1 segment each\n +Puente: hay un aviso nuevo\./);
    expect(drafted).toContain(`Puente, notice from Example shelter: ${EN}`);
    expect(drafted).toContain("npx puente broadcast submit 1");

    await expect(puente("broadcast", "test", "1", "--as", "ana", "--to", "+12025550188")).rejects.toThrow(
      /has not written to Puente today/,
    );
    await postSigned(`${publicUrl}/twilio/messages`, inboundForm("menu", { From: "+12025550188" }), {
      signedUrl: "https://puente.example.org/twilio/messages",
    });
    await untilIdle(process.env["DATABASE_URL"] ?? "");
    expect(await puente("broadcast", "test", "1", "--as", "ana", "--to", "+12025550188")).toMatch(/^4 messages are on/);

    expect(await puente("broadcast", "submit", "1", "--as", "ana")).toContain("somebody else to approve it");
    await expect(puente("broadcast", "approve", "1", "--as", "bea")).rejects.toThrow(
      /Anybody at this account could say/,
    );
    await expect(puente("broadcast", "approve", "1", "--as", "bea", "--code", "f0123-56789")).rejects.toThrow(
      /not bea's code/,
    );
    const approved = await puente("broadcast", "approve", "1", "--as", "bea", "--code", CODE);
    expect(approved).toContain("Broadcast 1: waits for approval");
    expect(approved).toContain("bea has approved broadcast 1.");

    const watched = await puente("broadcast", "watch", "1", "--as", "ana");
    expect(watched).toMatch(/Broadcast 1: finished {2}█{20} 12\/12 {2}12 sent/);
    const file = join(folder, "report.csv");
    const report = await puente("broadcast", "report", "1", "--as", "ana", "--csv", file);
    expect(report).toContain("12 recipients.");
    expect(report).toMatch(/12 taken by the carrier \(100%\)/);
    expect(report).toMatch(/Cost about \$0\.14/);
    const csv = await readFile(file, "utf8");
    expect(csv).toMatch(/^channel,language,status,reason,recipients\n/);
    expect(csv).toMatch(/^sms,es,\w+,,9$/m);

    expect(await puente("broadcast", "list", "--as", "ana")).toMatch(
      /Broadcast 1: finished .* ana {2}tijuana\n {3}The help/,
    );
    const log = await puente("broadcast", "log", "1", "--as", "bea");
    const events = [...log.matchAll(/^\S+ \S+ {2}1 {2}(\w+) {2}(\w+)/gm)].map(([, event, by]) => `${event} ${by}`);
    expect(events).toEqual([
      ...["drafted ana", "submitted ana", "approved bea", "ready Puente", "started Puente", "frozen Puente"],
      "finished Puente",
    ]);
    expect(log).toContain(`es  ${ES}`);
    for (const printed of [drafted, approved, watched, report, csv, log]) expect(printed).not.toMatch(ANY_NUMBER);

    await expect(puente("broadcast", "pause", "1", "--as", "ana")).rejects.toThrow(
      /Broadcast 1: finished. There is nothing to pause/,
    );
    await expect(puente("broadcast", "resume", "1", "--as", "ana")).rejects.toThrow(/nothing to resume/);
    await expect(puente("broadcast", "cancel", "1", "--as", "ana")).rejects.toThrow(/nothing to cancel/);
    await expect(puente("broadcast", "edit", "1", ...DRAFT.slice(2), "--as", "ana")).rejects.toThrow(
      /cannot be changed any more/,
    );
    // The same words again within the hour.
    await puente(...DRAFT, "--as", "ana");
    await expect(puente("broadcast", "submit", "2", "--as", "ana")).rejects.toThrow(/Broadcast 1 says the same/);
    expect(await puente("broadcast", "cancel", "2", "--as", "ana")).toContain("Broadcast 2 is cancelled.");
  });

  test("an account that is somebody's acts as nobody else, and needs no code", async () => {
    vi.stubEnv("PEOPLE_FILE", join(folder, "people.yaml"));
    try {
      await expect(puente("broadcast", "list", "--as", "vol")).rejects.toThrow(/it cannot act as vol/);
      // With nobody to approve it there is no use in asking.
      await puente(...DRAFT);
      expect(await puente("broadcast", "list")).toContain("Broadcast 1: draft");
      await expect(puente("broadcast", "submit", "1")).rejects.toThrow(/Nobody else can approve it/);
    } finally {
      vi.stubEnv("PEOPLE_FILE", join(folder, "others.yaml"));
    }
  });
});

const text = (locale: string, words: string) => ["--text", `${locale}=${words}`];
describe("the commands of a broadcast", () => {
  beforeAll(start);
  afterAll(stop);

  test.each([
    ["a place that is none", ["--place", "atlantis", ...text("es", ES), ...text("en", EN)], /no place "atlantis"/],
    ["no place", [...text("es", ES), ...text("en", EN)], /It has no audience/],
    ["a language without its text", ["--place", "tijuana", ...text("es", ES)], /The English text is missing/],
    ["a text without its language", ["--place", "tijuana", "--text", ES], /--text is written as es=/],
    ["too long a text", ["--place", "tijuana", ...text("es", "x ".repeat(200)), ...text("en", EN)], /306 is the limit/],
    ["a time that has passed", [...DRAFT.slice(2), "--at", "2020-01-01T09:30"], /has passed/],
    ["a time that is none", [...DRAFT.slice(2), "--at", "tomorrow"], /2026-12-01T09:30/],
    ["a day that is none", [...DRAFT.slice(2), "--until", "soon"], /2026-12-31/],
    ["an address that is none", [...DRAFT.slice(2), "--source", "ftp://x"], /begins with https/],
  ])("a draft with %s is refused in words", async (_what, args, why) => {
    await expect(puente("broadcast", "draft", ...args, "--as", "ana")).rejects.toThrow(why);
  });

  test("who may not is told who can, and who says nothing is asked", async () => {
    await expect(puente(...DRAFT, "--as", "vol")).rejects.toThrow(/You may not write a broadcast. Who can: ana, bea/);
    await expect(puente(...DRAFT)).rejects.toThrow(/Say who you are: --as PERSON/);
    await expect(puente("broadcast", "preview", "one", "--as", "ana")).rejects.toThrow(/by its number/);
    await expect(puente("broadcast", "preview", "99", "--as", "ana")).rejects.toThrow(/no broadcast 99/);
  });

  test("`broadcast code` shows a code once, and the line that stands for it", async () => {
    const printed = await puente("broadcast", "code");
    const [, code = ""] = /Your code: ((?:[0-9a-f]{5}-){3}[0-9a-f]{5})/.exec(printed) ?? [];
    const hash = createHash("sha256").update(code.replaceAll("-", "")).digest("hex");
    expect(printed).toContain(`codeHash: ${hash}`);
  });

  test("`poster` writes a sheet in every language with both ways to subscribe", async () => {
    const file = join(folder, "poster.html");
    expect(await puente("poster", "--place", "tijuana", "--out", file)).toContain("is written");
    const html = await readFile(file, "utf8");
    for (const part of ["wa.me/12025550100", "Tijuana", "STOP", "ALTO", "Example shelter", 'lang="es"', 'lang="en"'])
      expect(html).toContain(part);
    expect(html.indexOf('lang="es"')).toBeGreaterThan(-1);
    await expect(puente("poster", "--place", "atlantis", "--out", file)).rejects.toThrow(/no place "atlantis"/);
  });
});
