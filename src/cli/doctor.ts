import { resolve } from "node:path";
import { stripVTControlCharacters, styleText } from "node:util";
import { confirm, isCancel } from "@clack/prompts";
import { type Config, loadConfig } from "../config.ts";
import type { Check, Finding } from "../core/check.ts";
import { OperatorError } from "../core/errors.ts";
import type { Clock } from "../core/ports.ts";
import { loadLocales } from "../locale/translate.ts";
import { carrierTexts } from "./carrier-texts.ts";
import { generalChecks } from "./checks.ts";

const ROOT = resolve(import.meta.dirname, "../..");
export const ENV_FILE = resolve(ROOT, ".env");
export const LOCALES = resolve(ROOT, "locales");
const clock: Clock = { now: () => Date.now() };
const MARKS = { ok: ["green", "ok  "], warn: ["yellow", "warn"], fail: ["red", "FAIL"] } as const;

export interface DoctorOptions {
  readonly json?: boolean;
  /** Does all that Puente can do itself, without asking. */
  readonly fix?: boolean;
  /** Also prints the texts for Twilio's own replies. */
  readonly texts?: boolean;
}

interface Row {
  readonly check: Pick<Check, "id" | "title">;
  readonly finding: Finding;
}

/** Looks at everything that can be looked at from outside. Resolves to the exit code: 1 when something fails. */
export async function doctor(options: DoctorOptions = {}): Promise<number> {
  const rows: Row[] = [];
  const print = (line: string) => {
    if (!options.json) console.log(line);
  };
  let config: Config;
  try {
    config = loadConfig();
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    const says = error.message;
    if (options.json)
      console.log(JSON.stringify([{ id: "settings", title: "Settings", status: "fail", says }], null, 2));
    else console.log(`${says}\n\n\`npm run setup\` asks for them one by one.`);
    return 1;
  }
  print(styleText("bold", "Puente, looked at from outside\n"));
  for await (const row of runChecks(config)) {
    rows.push(await fixed(row, options, print));
  }
  if (options.json)
    console.log(
      JSON.stringify(
        rows.map(({ check, finding: { fix: _, ...finding } }) => ({ id: check.id, title: check.title, ...finding })),
        null,
        2,
      ),
    );
  else print(`\n${summary(rows)}`);
  if (options.texts) await printTexts(config, print);
  return rows.some(({ finding }) => finding.status === "fail") ? 1 : 0;
}

/** All checks of this configuration, one after the other. */
export async function* runChecks(config: Config, envFile: string = ENV_FILE): AsyncGenerator<Row & { check: Check }> {
  for (const check of generalChecks(config, clock, envFile)) yield { check, finding: await check.run() };
  yield* twilioChecks(config);
  yield* slackChecks(config);
  yield* discordChecks(config);
}

async function* slackChecks({ slack, publicUrl }: Config): AsyncGenerator<Row & { check: Check }> {
  if (slack === undefined) return;
  const { createSlackChecks } = await import("../channels/slack/check.ts");
  yield* inOrder(createSlackChecks({ ...slack, ...(publicUrl !== undefined && { publicUrl }) }), "slack.token");
}

async function* discordChecks({ discord }: Config): AsyncGenerator<Row & { check: Check }> {
  if (discord === undefined) return;
  const { createDiscordChecks } = await import("../channels/discord/check.ts");
  const { translate } = await loadLocales(LOCALES);
  yield* inOrder(createDiscordChecks(discord, translate), "discord.token");
}

async function* twilioChecks(config: Config): AsyncGenerator<Row & { check: Check }> {
  if (config.twilio === undefined || config.publicUrl === undefined) return;
  // The SDK takes long to load: only where it is used.
  const { createTwilioChecks } = await import("../channels/twilio/check.ts");
  const twilio = createTwilioChecks({ ...config.twilio, publicUrl: config.publicUrl }, clock);
  try {
    yield* inOrder(twilio.checks, "twilio.credentials");
  } finally {
    await twilio.close();
  }
}

/** Without what `key` looks at nothing else can be asked. */
async function* inOrder(checks: readonly Check[], key: string): AsyncGenerator<Row & { check: Check }> {
  for (const check of checks) {
    const finding = await check.run();
    yield { check, finding };
    if (check.id === key && finding.status === "fail") return;
  }
}

/** Shows a finding and, when somebody says yes, puts it right and looks again. */
async function fixed(row: Row & { check: Check }, options: DoctorOptions, print: (line: string) => void): Promise<Row> {
  print(lineOf(row));
  const { fix } = row.finding;
  if (fix === undefined) return row;
  const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  if (!options.fix && (options.json || !isTerminal)) return row;
  const yes = options.fix || (await confirm({ message: fix.question }));
  if (isCancel(yes) || !yes) return row;
  try {
    await fix.apply();
  } catch {
    print(styleText("red", "      The change was refused."));
    return row;
  }
  const again = { ...row, finding: await row.check.run() };
  print(lineOf(again));
  return again;
}

/** One finding as a line, with its remedy under it. */
export function lineOf({ check, finding }: Row): string {
  const [colour, mark] = MARKS[finding.status];
  const line = `${styleText(colour, mark)}  ${check.title.padEnd(24)} ${finding.says}`;
  return finding.remedy === undefined ? line : `${line}\n${" ".repeat(31)}${styleText("dim", finding.remedy)}`;
}

function summary(rows: readonly Row[]): string {
  const count = (status: Finding["status"]) => rows.filter(({ finding }) => finding.status === status).length;
  if (count("fail") > 0) return styleText("red", `${count("fail")} of ${rows.length} need attention before it works.`);
  if (count("warn") > 0) return styleText("yellow", `It works. ${count("warn")} to look at when you can.`);
  return styleText("green", "All is well.");
}

async function printTexts(config: Config, print: (line: string) => void): Promise<void> {
  const { translate, locales } = await loadLocales(LOCALES);
  print("\nFor Twilio's own replies (Messaging Service, Opt-Out Management):");
  for (const { keyword, locale, text } of carrierTexts(translate, locales, config.organisation))
    print(`\n${styleText("bold", `${keyword} (${locale})`)}\n${stripVTControlCharacters(text)}`);
}
