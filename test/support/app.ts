import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type App, type AppOverrides, createApp } from "../../src/app.ts";
import { loadConfig } from "../../src/config.ts";
import { twilioEnvironment } from "./environment.ts";
import { freePort } from "./free-port.ts";
import { untilIdle } from "./idle.ts";
import { recorder } from "./recorder.ts";

/** The whole service in this process, with Twilio at `apiUrl`, a database on disk and everything it logs and counts. */
export async function startApp(
  options: { readonly apiUrl: string; readonly more?: Readonly<Record<string, string>> } & Pick<
    AppOverrides,
    "clock"
  > & {
      /** Where its data lies while it runs. */
      readonly root?: string;
    },
) {
  const dataDir = await mkdtemp(join(options.root ?? tmpdir(), "puente-"));
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const { logger, counter, lines, counts } = recorder();
  const environment = twilioEnvironment({ dataDir, apiUrl: options.apiUrl });
  const config = loadConfig({ ...environment, PORT: String(port), PUBLIC_URL: publicUrl, ...options.more });
  const overrides = { logger, counter, ...(options.clock && { clock: options.clock }) };
  let app: App | undefined;
  const start = async () => {
    app = await createApp(config, overrides);
    await app.start();
  };
  await start();
  onTestFinished(async () => {
    await app?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });
  return {
    publicUrl,
    webhook: `${publicUrl}/twilio/messages`,
    config,
    lines,
    counts,
    /** Resolves when all that was accepted is answered, and every answer is sent. */
    idle: () => untilIdle(config.databaseUrl),
    async restart() {
      await app?.stop();
      await start();
    },
  };
}
