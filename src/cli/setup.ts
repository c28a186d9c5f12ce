import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import {
  cancel,
  confirm,
  intro,
  isCancel,
  log,
  multiselect,
  note,
  outro,
  password,
  select,
  spinner,
  text,
} from "@clack/prompts";
import { loadConfig } from "../config.ts";
import { OperatorError } from "../core/errors.ts";
import { ENV_FILE, lineOf, runChecks } from "./doctor.ts";
import { readEnvFile, writeEnvFile } from "./env-file.ts";

const TEMPLATE = resolve(import.meta.dirname, "../../.env.example");

/** The person has pressed Ctrl+C or Escape: nothing is written. */
class CancelledError extends Error {}

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
  const ask = async (name: string, message: string, placeholder?: string) => {
    values[name] = await askFor(name, message, values[name] || before[name], placeholder);
  };

  note(
    "Everything typed here stays on this machine, in .env, readable by you alone.\nCtrl+C leaves at any time; nothing is written before the end.",
  );
  log.step("Who answers for this service? People see this in HELP and PERSON.");
  await ask("ORG_NAME", "Name of your organisation");
  await ask("ORG_PHONE", "A number people can call", "+1 202 555 0101");
  await ask("ORG_HOURS", "When somebody answers it", "Mon-Fri 9-17");
  await ask("ORG_URL", "Your web page", "https://example.org");
  await ask("LEGAL_DESK", "Who gives legal advice: name and number of a legal group");

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
  await ask("PUBLIC_URL", "The https address at which Twilio reaches this server", "https://puente.example.org");
  await askForTwilio(values, before, ask);
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
  outro(
    "Next: `npm start`, then `npx puente doctor`, then text HELP to your number. docs/twilio.md says what still waits for approval.",
  );
}

async function askForTwilio(
  values: Record<string, string>,
  before: Readonly<Record<string, string>>,
  ask: (name: string, message: string, placeholder?: string) => Promise<void>,
): Promise<void> {
  const senders = await chosen(
    multiselect({
      message: "How do people write to you? (space marks, enter goes on)",
      required: true,
      initialValues: Object.keys(SENDERS).filter((name) => before[name] !== undefined && before[name] !== ""),
      options: Object.entries(SENDERS).map(([value, { label, hint }]) => ({ value, label, hint })),
    }),
  );
  for (;;) {
    await ask("TWILIO_ACCOUNT_SID", "Account SID (console.twilio.com, Account Info)", "AC...");
    const token = await chosen(
      password({
        message: before["TWILIO_AUTH_TOKEN"]
          ? "Auth token (empty: keep the one that is set)"
          : "Auth token (the same place)",
        validate: (value) => (value === "" && !before["TWILIO_AUTH_TOKEN"] ? "It is needed." : undefined),
      }),
    );
    values["TWILIO_AUTH_TOKEN"] = token === "" || token === undefined ? before["TWILIO_AUTH_TOKEN"] || "" : token;
    if (await looksRight({ ...before, ...values }, ["twilio.credentials"])) break;
  }
  for (const [name, { message, placeholder, check }] of Object.entries(SENDERS)) {
    values[name] = "";
    if (!senders.includes(name)) continue;
    for (;;) {
      await ask(name, message, placeholder);
      if (await looksRight({ ...before, ...values }, [check], "wiring")) break;
    }
  }
}

const SENDERS: Readonly<
  Record<string, { label: string; hint: string; message: string; placeholder: string; check: string }>
> = {
  TWILIO_SMS_FROM: {
    label: "SMS, one Twilio number",
    hint: "toll-free, or outside the U.S.",
    message: "Your Twilio number",
    placeholder: "+12025550100",
    check: "twilio.number",
  },
  TWILIO_MESSAGING_SERVICE_SID: {
    label: "SMS, a Messaging Service",
    hint: "ordinary U.S. numbers need one",
    message: "SID of the Messaging Service",
    placeholder: "MG...",
    check: "twilio.service",
  },
  TWILIO_WHATSAPP_FROM: {
    label: "WhatsApp",
    hint: "a WhatsApp sender in Twilio",
    message: "Number of the WhatsApp sender",
    placeholder: "+12025550100",
    check: "twilio.whatsapp",
  },
};

/** Asks Twilio about what was just typed. With "wiring", a webhook that points elsewhere is not the value's fault. */
async function looksRight(
  env: Readonly<Record<string, string>>,
  ids: readonly string[],
  also?: "wiring",
): Promise<boolean> {
  const { createTwilioChecks } = await import("../channels/twilio/check.ts");
  const { TWILIO_ACCOUNT_SID = "", TWILIO_AUTH_TOKEN = "", PUBLIC_URL = "", TWILIO_API_URL } = env;
  const { checks, close } = createTwilioChecks(
    {
      accountSid: TWILIO_ACCOUNT_SID,
      authTokens: [TWILIO_AUTH_TOKEN],
      publicUrl: PUBLIC_URL,
      ...(env["TWILIO_SMS_FROM"] && { smsFrom: env["TWILIO_SMS_FROM"] }),
      ...(env["TWILIO_MESSAGING_SERVICE_SID"] && { messagingServiceSid: env["TWILIO_MESSAGING_SERVICE_SID"] }),
      ...(env["TWILIO_WHATSAPP_FROM"] && { whatsappFrom: env["TWILIO_WHATSAPP_FROM"] }),
      ...(TWILIO_API_URL && { apiUrl: TWILIO_API_URL }),
    },
    { now: () => Date.now() },
  );
  const asking = spinner();
  asking.start("Asking Twilio");
  try {
    for (const check of checks.filter(({ id }) => ids.includes(id))) {
      const finding = await check.run();
      const isFine = finding.status !== "fail" || (also === "wiring" && finding.fix !== undefined);
      asking.stop(`${check.title}: ${finding.says}`);
      if (isFine) continue;
      if (finding.remedy !== undefined) log.warn(finding.remedy);
      return !(await chosen(confirm({ message: "Type it again?", initialValue: true })));
    }
    return true;
  } finally {
    await close();
  }
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
      log.warn("Twilio refused the change.");
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

async function askFor(name: string, message: string, initial = "", placeholder?: string): Promise<string> {
  const answer = await chosen(
    text({
      message,
      initialValue: initial,
      ...(placeholder !== undefined && { placeholder }),
      validate: (value = "") => (value.trim() === "" ? "It is needed." : problemOf(name, value.trim())),
    }),
  );
  return answer.trim();
}

/** What the configuration says of one value. */
function problemOf(name: string, value: string): string | undefined {
  const line = problemsOf({ [name]: value })
    ?.split("\n")
    .find((one) => one.startsWith(`  - ${name} `));
  return line?.replace(`  - ${name} `, "It ");
}

function problemsOf(env: Readonly<Record<string, string>>): string | undefined {
  try {
    loadConfig(env);
    return undefined;
  } catch (error) {
    if (error instanceof OperatorError) return error.message;
    throw error;
  }
}

async function chosen<T>(answer: Promise<T>): Promise<Exclude<T, symbol>> {
  const value = await answer;
  if (isCancel(value)) throw new CancelledError();
  return value as Exclude<T, symbol>;
}
