import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { twilioEnvironment } from "../test/support/environment.ts";
import { heading, line, median, ratio } from "./measure.ts";

const ROOT = resolve(import.meta.dirname, "..");
const ROUNDS = 5;
/** From the design: with Twilio only. */
const START_BUDGET_MS = 1_500;
const MEMORY_BUDGET_MB = 250;

/** Time from launch to the open listener, and memory some seconds later, with Twilio on and a database on disk. */
export async function benchStart(): Promise<void> {
  heading(`Start (Twilio on, new database, ${ROUNDS} rounds)`);
  const times: number[] = [];
  const memory: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { startedMs, idleMb } = await startOnce();
    times.push(startedMs);
    memory.push(idleMb);
  }
  line("launch to listening", `${median(times).toFixed(0)} ms, ${ratio(median(times), START_BUDGET_MS)} of the budget`);
  line(
    "resident memory when idle",
    `${median(memory).toFixed(0)} MB, ${ratio(median(memory), MEMORY_BUDGET_MB)} of the budget`,
  );
}

async function startOnce(): Promise<{ startedMs: number; idleMb: number }> {
  const dataDir = await mkdtemp(join(tmpdir(), "puente-start-"));
  const from = process.hrtime.bigint();
  const child = spawn(process.execPath, [join(ROOT, "puente.js"), "serve"], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...twilioEnvironment({ dataDir, apiUrl: "http://127.0.0.1:9" }), LOG_LEVEL: "error" },
  });
  try {
    await new Promise<void>((ready, failed) => {
      child.stdout.on("data", (chunk: Buffer) => {
        if (chunk.toString().includes("running")) ready();
      });
      child.once("exit", () => failed(new Error("the service ended at its start")));
    });
    const startedMs = Number(process.hrtime.bigint() - from) / 1e6;
    await sleep(3_000);
    const status = await readFile(`/proc/${child.pid}/status`, "utf8");
    const idleMb = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
    return { startedMs, idleMb };
  } finally {
    child.kill("SIGKILL");
    await rm(dataDir, { recursive: true, force: true });
  }
}
