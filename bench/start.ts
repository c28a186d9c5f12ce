import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import packageJson from "../package.json" with { type: "json" };
import { twilioEnvironment } from "../test/support/environment.ts";
import { BOT_TOKEN, SIGNING_SECRET, startFakeSlack } from "../test/support/fake-slack.ts";
import { heading, line, median, ratio } from "./measure.ts";

const ROOT = resolve(import.meta.dirname, "..");
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
 * Time from launch to the open listeners, and memory three seconds later, with the trained matcher on file and a new
 * database; then once without the matcher, to see what training takes. A bare Node in the same rounds says how fast
 * this machine is just now.
 */
export async function benchStart(): Promise<void> {
  heading(`Start (median of ${ROUNDS} rounds, alternating)`);
  const dir = await mkdtemp(join(tmpdir(), "puente-start-"));
  const slack = await startFakeSlack();
  const model = { MODEL_DIR: join(dir, "model") };
  const variants: readonly Variant[] = [
    { name: "Twilio only", environment: model, budget: { ms: 1_500, mb: 250 } },
    {
      name: "Twilio and Slack",
      environment: {
        ...model,
        SLACK_BOT_TOKEN: BOT_TOKEN,
        SLACK_SIGNING_SECRET: SIGNING_SECRET,
        SLACK_API_URL: slack.url,
      },
      budget: { ms: 3_000, mb: 400 },
    },
  ];
  try {
    await promisify(execFile)(process.execPath, ["puente.js", "model", "build"], {
      cwd: ROOT,
      env: { ...process.env, ...model },
    });
    const bare: number[] = [];
    const found = variants.map((variant) => ({ variant, ms: [] as number[], mb: [] as number[] }));
    // The first round ends as an operator ends it, which keeps the compiled sources for the others.
    for (let round = 0; round <= ROUNDS; round += 1) {
      const bareMs = await bareNode();
      if (round > 0) bare.push(bareMs);
      for (const { variant, ms, mb } of found) {
        const service = await start(variant.environment, dir);
        await sleep(3_000);
        const memory = await memoryOf(service.child, "VmRSS");
        await end(service.child, round === 0 ? "SIGTERM" : "SIGKILL");
        if (round === 0) continue;
        ms.push(service.startedMs);
        mb.push(memory);
      }
    }
    line("a bare Node process", `${median(bare).toFixed(0)} ms`);
    for (const { variant, ms, mb } of found) {
      const [time, memory] = [median(ms), median(mb)];
      const { budget } = variant;
      line(
        `${variant.name}: launch to listening`,
        `${time.toFixed(0)} ms, ${ratio(time, budget.ms)} of the budget, ${ratio(time, median(bare))} of a bare Node`,
      );
      line(`${variant.name}: resident when idle`, `${memory.toFixed(0)} MB, ${ratio(memory, budget.mb)} of the budget`);
    }
    await benchTraining(dir);
  } finally {
    await slack.close();
    await rm(dir, { recursive: true, force: true });
  }
}

/** A start that finds no trained matcher: it answers meanwhile, and a thread trains one. */
async function benchTraining(dir: string): Promise<void> {
  const service = await start({ MODEL_DIR: join(dir, "none"), LOG_LEVEL: "info" }, dir);
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

async function start(environment: Readonly<Record<string, string>>, dir: string) {
  const dataDir = await mkdtemp(join(dir, "data-"));
  const from = performance.now();
  const child = spawn(process.execPath, START, {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...twilioEnvironment({ dataDir, apiUrl: "http://127.0.0.1:9" }), LOG_LEVEL: "error", ...environment },
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
  return { child, startedMs: performance.now() - from, until };
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
