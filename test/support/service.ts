import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { onTestFinished } from "vitest";
import type { Role } from "../../src/app.ts";
import type { CheckpointName } from "../../src/core/ports.ts";
import { twilioEnvironment } from "./environment.ts";
import { freePort } from "./free-port.ts";
import { untilIdle } from "./idle.ts";

const ROOT = resolve(import.meta.dirname, "../..");

export interface Service {
  readonly publicUrl: string;
  /** Where its health and its metrics are, in its present life. */
  localUrl(): string;
  readonly dataDir: string;
  /** What another process needs to share its database. */
  readonly environment: Readonly<Record<string, string>>;
  /** All it has printed, in all its lives. */
  output(): string;
  /** Resolves when all that was accepted is answered, and every answer is sent. */
  idle(): Promise<void>;
  /** Resolves when the process is gone, whoever ended it. */
  gone(): Promise<void>;
  /** As if the power were cut. */
  kill(): Promise<void>;
  /** SIGSTOP pauses it, SIGCONT lets it go on. */
  signal(signal: "SIGSTOP" | "SIGCONT" | "SIGTERM"): void;
  restart(options?: { readonly crashAt?: CheckpointName }): Promise<void>;
}

/** Runs the service in a process of its own, with a database on disk and Twilio at `apiUrl`. */
export async function startService(options: {
  readonly apiUrl: string;
  readonly crashAt?: CheckpointName;
  readonly pauseAt?: CheckpointName;
  readonly role?: Role;
  /** Over the fictional defaults: another database, a secret that processes share. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The test's own, where tests run side by side. */
  readonly onTestFinished?: (work: () => Promise<void>) => void;
}): Promise<Service> {
  const dataDir = await mkdtemp(join(tmpdir(), "puente-"));
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const environment: Record<string, string> = {
    ...twilioEnvironment({ dataDir, apiUrl: options.apiUrl }),
    PORT: String(port),
    PUBLIC_URL: publicUrl,
    LOG_LEVEL: "debug",
    // As `npm start` does: what one process has compiled, the next one reads.
    NODE_COMPILE_CACHE: join(ROOT, "node_modules/.cache/puente"),
    ...(options.role && { ROLE: options.role }),
    ...options.environment,
  };
  const { DATABASE_URL = "", PUENTE_SECRET = "" } = environment;
  let pauseAt = options.pauseAt;
  let output = "";
  let child: ChildProcess | undefined;

  async function launch(crashAt?: CheckpointName): Promise<void> {
    const started = spawn(
      process.execPath,
      ["--import", join(ROOT, "test/support/loopback-only.ts"), join(ROOT, "test/support/scripts/service.ts")],
      {
        cwd: ROOT,
        env: { ...environment, ...(crashAt && { CRASH_AT: crashAt }), ...(pauseAt && { PAUSE_AT: pauseAt }) },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    child = started;
    pauseAt = undefined;
    await new Promise<void>((ready, failed) => {
      let printed = "";
      const take = (chunk: Buffer) => {
        output += chunk.toString();
        printed += chunk.toString();
        if (printed.includes("listening ")) ready();
      };
      started.stdout.on("data", take);
      started.stderr.on("data", take);
      started.once("exit", () => failed(new Error(`the service ended at its start:\n${printed}`)));
    });
  }

  const gone = async () => {
    const running = child;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    await new Promise<void>((resolve) => running.once("exit", () => resolve()));
  };
  const kill = async () => {
    child?.kill("SIGKILL");
    await gone();
  };

  await launch(options.crashAt);
  (options.onTestFinished ?? onTestFinished)(async () => {
    await kill();
    await rm(dataDir, { recursive: true, force: true });
  });
  return {
    publicUrl,
    dataDir,
    environment: { DATABASE_URL, PUENTE_SECRET },
    output: () => output,
    localUrl: () => [...output.matchAll(/^local (\S+)$/gm)].at(-1)?.[1] ?? "",
    signal: (signal) => void child?.kill(signal),
    idle: () => untilIdle(DATABASE_URL),
    gone,
    kill,
    async restart({ crashAt } = {}) {
      await kill();
      await launch(crashAt);
    },
  };
}
