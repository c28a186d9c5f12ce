import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { cancel, confirm, intro, log, multiselect, note, outro, select } from "@clack/prompts";
import { loadConfig } from "../config.ts";
import { ENV_FILE, lineOf, runChecks } from "./doctor.ts";
import { readEnvFile, writeEnvFile } from "./env-file.ts";
import { type Asker, CancelledError, chosen, createAsker, problemsOf } from "./prompts.ts";
import { setUpDiscord, setUpSlack } from "./setup-rooms.ts";
import { setUpTwilio } from "./setup-twilio.ts";

const TEMPLATE = resolve(import.meta.dirname, "../../.env.example");

const CHANNELS: Readonly<
  Record<string, { label: string; variable: string; next: string; run(asker: Asker): Promise<void> }>
> = {
  twilio: {
    label: "SMS and WhatsApp, through Twilio",
    variable: "TWILIO_ACCOUNT_SID",
    next: "text HELP to your number. docs/twilio.md says what still waits for approval",
    run: setUpTwilio,
  },
  slack: {
    label: "Slack, for volunteers",
    variable: "SLACK_BOT_TOKEN",
    next: "write /asylum and a question in Slack",
    run: setUpSlack,
  },
  discord: {
    label: "Discord, for communities and volunteers",
    variable: "DISCORD_TOKEN",
    next: "write /asylum and a question in Discord",
    run: setUpDiscord,
  },
};

/**
 * Asks for what a channel needs, checks each value live at the vendor, and writes `.env` for its owner alone. Values that
 * are there already are offered again. Resolves to the exit code.
 */
export async function setup(): Promise<number> {
  if (process.stdin.isTTY !== true) {
    console.error(
      "`npm run setup` asks questions: run it in a terminal. Everything it sets is explained in .env.example.",
    );
    return 1;
  }
  intro("Puente: set up");
  try {
    await walkThrough();
    return 0;
  } catch (error) {
    if (!(error instanceof CancelledError)) throw error;
    cancel("Nothing was written.");
    return 1;
  }
}

async function walkThrough(): Promise<void> {
  const before = await readEnvFile(ENV_FILE);
  const values: Record<string, string> = {};
  const asker = createAsker(before, values);

  note(
    "Everything typed here stays on this machine, in .env, readable by you alone.\nCtrl+C leaves at any time; nothing is written before the end.",
  );
  log.step("Who answers for this service? People see this in HELP and PERSON.");
  await asker.ask("ORG_NAME", "Name of your organisation");
  await asker.ask("ORG_PHONE", "A number people can call", { placeholder: "+1 202 555 0101" });
  await asker.ask("ORG_HOURS", "When somebody answers it", { placeholder: "Mon-Fri 9-17" });
  await asker.ask("ORG_URL", "Your web page", { placeholder: "https://example.org" });
  await asker.ask("LEGAL_DESK", "Who gives legal advice: name and number of a legal group");

  values["CONTENT_REQUIRE"] = await chosen(
    select({
      message: "Which answers may go out?",
      initialValue: before["CONTENT_REQUIRE"] === "checked" ? "checked" : "signed",
      options: [
        {
          value: "signed",
          label: "Only those a lawyer has signed",
          hint: "people with an unsigned topic are sent to a human",
        },
        { value: "checked", label: "Also those nobody has signed yet", hint: "every welcome says so" },
      ],
    }),
  );
  const channels = await chosen(
    multiselect({
      message: "Which channels do we set up now? Others stay as they are. (space marks, enter goes on)",
      required: true,
      initialValues: Object.keys(CHANNELS).filter((name) => before[CHANNELS[name]?.variable ?? ""]),
      options: Object.entries(CHANNELS).map(([value, { label }]) => ({ value, label })),
    }),
  );
  for (const name of channels) await CHANNELS[name]?.run(asker);
  const secret = await secretToKeep(before);
  values["PUENTE_SECRET"] = secret.value;

  const problems = problemsOf({ ...before, ...values });
  if (problems !== undefined) log.warn(problems);
  await writeEnvFile(ENV_FILE, TEMPLATE, values);
  if (secret.adoptedFrom !== undefined) await rm(secret.adoptedFrom);
  log.success(".env is written, readable by you alone.");
  note(
    "PUENTE_SECRET locks everything that is stored. Keep a copy of it elsewhere, for example in your\norganisation's password manager, and never in the same place as a backup of the database.",
  );
  if (problems === undefined) await lookOver({ ...before, ...values });
  const next = channels.map((name) => CHANNELS[name]?.next).join("; ");
  outro(`Next: \`npm start\`, then \`npx puente doctor\`, then ${next}.`);
}

/** Runs every check, and puts right what it may. */
async function lookOver(env: Readonly<Record<string, string>>): Promise<void> {
  log.step("Looking at everything once more");
  for await (const { check, finding } of runChecks(loadConfig(env), ENV_FILE)) {
    log.message(lineOf({ check, finding }), { spacing: 0 });
    if (finding.fix === undefined || !(await chosen(confirm({ message: finding.fix.question })))) continue;
    try {
      await finding.fix.apply();
      log.message(lineOf({ check, finding: await check.run() }), { spacing: 0 });
    } catch {
      log.warn("The change was refused.");
    }
  }
}

/** The secret that is set, the trial's, or a new one. */
async function secretToKeep(
  before: Readonly<Record<string, string>>,
): Promise<{ value: string; adoptedFrom?: string }> {
  const database = (before["DATABASE_URL"] || "sqlite:data/puente.db").replace(/^sqlite:/, "");
  const trial = join(dirname(database), "trial-secret");
  if (before["PUENTE_SECRET"]) return { value: before["PUENTE_SECRET"] };
  if (!existsSync(trial)) return { value: randomBytes(32).toString("base64") };
  log.info("Your trial has made a secret. It moves into .env, so that the trial's data can still be read.");
  return { value: (await readFile(trial, "utf8")).trim(), adoptedFrom: trial };
}
