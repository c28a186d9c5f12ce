import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/**
 * The system's Chromium, or `CHROMIUM_PATH`. Without one, browser tests are skipped with one visible line.
 *
 * @throws Error where tests must not be skipped (`CI=true`).
 */
export function findChromium(): string | undefined {
  const given = process.env["CHROMIUM_PATH"];
  const path = given === undefined ? PLACES.find((place) => existsSync(place)) : existsSync(given) ? given : undefined;
  if (path !== undefined) return path;
  const line = "No Chromium here (set CHROMIUM_PATH)";
  if (process.env["CI"] === "true") throw new Error(`${line}: with CI=true the browser tests must run.`);
  process.stderr.write(`${line}: the browser tests are skipped.\n`);
  return undefined;
}

/** A browser that can reach this machine and nothing else: every other name fails to resolve. */
export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    timeout: 120_000,
    args: [
      "--no-sandbox",
      "--disable-background-networking",
      "--disable-quic",
      "--no-first-run",
      "--disable-component-update",
      "--disable-sync",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    ],
  });
}
