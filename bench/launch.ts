import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "..");

/** A server in a process of its own, which has said where it listens. */
export interface Target {
  readonly name: string;
  readonly process: ChildProcess;
  readonly url: string;
}

/** Starts a script that prints `listening URL`. Rejects when it ends before. */
export async function launch(name: string, args: readonly string[], env: Record<string, string>): Promise<Target> {
  const child = spawn(process.execPath, args, { cwd: ROOT, env: { ...env }, stdio: ["ignore", "pipe", "inherit"] });
  const url = await new Promise<string>((ready, failed) => {
    child.stdout.on("data", (chunk: Buffer) => {
      const found = /listening (\S+)/.exec(chunk.toString())?.[1];
      if (found !== undefined) ready(found);
    });
    child.once("exit", () => failed(new Error(`${name} ended at its start`)));
  });
  return { name, process: child, url };
}
