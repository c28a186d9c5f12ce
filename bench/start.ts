import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import twilio from "twilio";
import packageJson from "../package.json" with { type: "json" };
import { APPLICATION_ID, BOT_TOKEN as DISCORD_TOKEN } from "../test/support/discord-objects.ts";
import { twilioEnvironment } from "../test/support/environment.ts";
import { startFakeDiscord } from "../test/support/fake-discord.ts";
import { BOT_TOKEN, SIGNING_SECRET, startFakeSlack } from "../test/support/fake-slack.ts";
import { AUTH_TOKEN, type FakeTwilio, inboundForm, startFakeTwilio } from "../test/support/fake-twilio.ts";
import { heading, line, median, ratio } from "./measure.ts";

const ROOT = resolve(import.meta.dirname, "..");
const PUBLIC_URL = "https://puente.example.org";
const ROUNDS = 5;
/** What `npm start` runs, without npm's own time. */
const [, ...START] = packageJson.scripts.start.split(" ");

interface Variant {
  readonly name: string;
  readonly environment: Readonly<Record<string, string>>;
  /** From the design. */
  readonly budget: { readonly ms: number; readonly mb: number };
}

/**
 * Time from launch to the open listeners and to the first answer, and memory three seconds later, with the trained matcher
 * on file and a new database; then once without the matcher, to see what training takes. A bare Node in the same rounds
 * says how fast this machine is just now.
 */
export async function benchStart(): Promise<void> {
  heading(`Start (median of ${ROUNDS} rounds, alternating)`);
  const dir = await mkdtemp(join(tmpdir(), "puente-start-"));
  const [vendor, slack, discord] = [await startFakeTwilio(), await startFakeSlack(), await startFakeDiscord()];
  const model = { MODEL_DIR: join(dir, "model") };
  const withSlack = {
    ...model,
    SLACK_BOT_TOKEN: BOT_TOKEN,
    SLACK_SIGNING_SECRET: SIGNING_SECRET,
    SLACK_API_URL: slack.url,
  };
  const withBoth = {
    ...withSlack,
    DISCORD_TOKEN,
    DISCORD_APPLICATION_ID: APPLICATION_ID,
    DISCORD_API_URL: discord.url,
  };
  const variants: readonly Variant[] = [
    { name: "Twilio only", environment: model, budget: { ms: 1_500, mb: 250 } },
    { name: "Twilio and Slack", environment: withSlack, budget: { ms: 3_000, mb: 400 } },
    { name: "Twilio, Slack and Discord", environment: withBoth, budget: { ms: 3_000, mb: 400 } },
  ];
  try {
    await promisify(execFile)(process.execPath, ["puente.js", "model", "build"], {
      cwd: ROOT,
      env: { ...process.env, ...model },
    });
    const bare: number[] = [];
    const found = variants.map((variant) => ({
      ...variant,
      listening: [] as number[],
      answered: [] as number[],
      mb: [] as number[],
    }));
    // The first round ends as an operator ends it, which keeps the compiled sources for the others.
    for (let round = 0; round <= ROUNDS; round += 1) {
      const bareMs = await bareNode();
      if (round > 0) bare.push(bareMs);
      for (const { environment, listening, answered, mb } of found) {
        const service = await start(environment, dir, vendor);
        const answeredMs = await service.answered();
        await sleep(3_000);
        const memory = await memoryOf(service.child, "VmRSS");
        await end(service.child, round === 0 ? "SIGTERM" : "SIGKILL");
        if (round === 0) continue;
        listening.push(service.startedMs);
        answered.push(answeredMs);
        mb.push(memory);
      }
    }
    line("a bare Node process", `${median(bare).toFixed(0)} ms`);
    for (const { name, budget, listening, answered, mb } of found) {
      const [time, memory] = [median(answered), median(mb)];
      line(`${name}: launch to listening`, `${median(listening).toFixed(0)} ms`);
      line(
        `${name}: launch to the first answer`,
        `${time.toFixed(0)} ms, ${ratio(time, budget.ms)} of the budget, ${ratio(time, median(bare))} of a bare Node`,
      );
      line(`${name}: resident when idle`, `${memory.toFixed(0)} MB, ${ratio(memory, budget.mb)} of the budget`);
    }
    await benchTraining(dir, vendor);
  } finally {
    await Promise.all([vendor.close(), slack.close(), discord.close()]);
    await rm(dir, { recursive: true, force: true });
  }
}

/** A start that finds no trained matcher: it answers meanwhile, and a thread trains one. */
async function benchTraining(dir: string, vendor: FakeTwilio): Promise<void> {
  const service = await start({ MODEL_DIR: join(dir, "none"), LOG_LEVEL: "info" }, dir, vendor);
  const from = performance.now();
  await service.until("model.swapped-in");
  const trainedMs = performance.now() - from;
  await sleep(3_000);
  const [peak, after] = [await memoryOf(service.child, "VmHWM"), await memoryOf(service.child, "VmRSS")];
  await end(service.child, "SIGKILL");
  line("Twilio only, no matcher on file: launch to listening", `${service.startedMs.toFixed(0)} ms`);
  line("its training beside the service", `${(trainedMs / 1000).toFixed(0)} s`);
  line("resident at its peak, and three seconds after", `${peak.toFixed(0)} MB, ${after.toFixed(0)} MB`);
}

async function bareNode(): Promise<number> {
  const from = performance.now();
  await promisify(execFile)(process.execPath, ["--eval", "0"]);
  return performance.now() - from;
}

async function start(more: Readonly<Record<string, string>>, dir: string, vendor: FakeTwilio) {
  const dataDir = await mkdtemp(join(dir, "data-"));
  const environment = {
    ...twilioEnvironment({ dataDir, apiUrl: vendor.url }),
    PUBLIC_URL,
    LOG_LEVEL: "error",
    ...more,
  };
  const from = performance.now();
  const child = spawn(process.execPath, START, {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
    env: environment,
  });
  let output = "";
  const until = (text: string) =>
    new Promise<void>((found, failed) => {
      const look = () => {
        if (output.includes(text)) found();
      };
      child.stdout.on("data", (chunk: Buffer) => {
        output += chunk.toString();
        look();
      });
      child.once("exit", () => failed(new Error("the service ended at its start")));
      look();
    });
  await until("Puente is running");
  const startedMs = performance.now() - from;
  /** Asks by SMS. Resolves to the time from launch to when the answer reaches the vendor. */
  const answered = () =>
    new Promise<number>((reached, failed) => {
      vendor.behave = () => {
        reached(performance.now() - from);
        return "accept";
      };
      ask(/vendors at ([^,]+)/.exec(output)?.[1] ?? "").catch(failed);
    });
  return { child, startedMs, until, answered };
}

/** A signed message to a service that listens at `url`. */
async function ask(url: string): Promise<void> {
  const form = inboundForm("me negaron la entrada q hago");
  const signature = twilio.getExpectedTwilioSignature(AUTH_TOKEN, `${PUBLIC_URL}/twilio/messages`, form);
  const headers = { "x-twilio-signature": signature };
  const { status } = await fetch(`${url}/twilio/messages`, {
    method: "POST",
    headers,
    body: new URLSearchParams(form),
  });
  if (status !== 200) throw new Error(`the service answered ${status}`);
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  await gone;
}

/** Megabytes: resident now (`VmRSS`) or at most since launch (`VmHWM`). */
async function memoryOf({ pid }: ChildProcess, field: "VmRSS" | "VmHWM"): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
}
