import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type App, type AppOverrides, createApp } from "../../src/app.ts";
import { loadConfig } from "../../src/config.ts";
import { APPLICATION_ID, BOT_TOKEN, CONTENT_ROOM } from "./discord-objects.ts";
import { twilioEnvironment } from "./environment.ts";
import { type FakeDiscord, startFakeDiscord } from "./fake-discord.ts";
import { VOLUNTEER } from "./fake-discord-people.ts";
import { type FakeTwilio, startFakeTwilio } from "./fake-twilio.ts";
import { untilIdle } from "./idle.ts";
import { recorder } from "./recorder.ts";

export const SECOND = "1500000000000000012";
export const EDITOR = "1500000000000000013";
export const SENDER = "1500000000000000014";
export const ORGANIZER = "1500000000000000015";
export const SECOND_ORGANIZER = "1500000000000000016";

/** Who is on the team, and who may do what. */
const PEOPLE = `
- { id: ana, name: Ana, discord: "${VOLUNTEER}", roles: [volunteer] }
- { id: ben, name: Ben, discord: "${SECOND}", roles: [volunteer] }
- { id: eva, name: Eva, discord: "${EDITOR}", roles: [volunteer, editor] }
- { id: sol, name: Sol, discord: "${SENDER}", roles: [volunteer, sender] }
- { id: olga, name: Olga, discord: "${ORGANIZER}", roles: [organizer] }
- { id: omar, name: Omar, discord: "${SECOND_ORGANIZER}", roles: [organizer, admin] }
`;

export interface DiscordApp {
  readonly discord: FakeDiscord;
  readonly twilio: FakeTwilio;
  readonly app: App;
  /** What another process needs to share its database. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where its public pages are. */
  readonly publicUrl: string;
  /** Every line that was logged. */
  readonly lines: string[];
  readonly counts: ReadonlyMap<string, number>;
  /** Resolves when all that was accepted is answered, and every answer is sent. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** The whole service in this process, with Discord and Twilio on loopback, as soon as it hears what people do. */
export async function startDiscordApp(
  more: Readonly<Record<string, string>> = {},
  overrides: Pick<AppOverrides, "role"> & { readonly discord?: FakeDiscord } = {},
): Promise<DiscordApp> {
  const dataDir = await mkdtemp(join(tmpdir(), "puente-discord-"));
  const peopleFile = join(dataDir, "people.yaml");
  await writeFile(peopleFile, PEOPLE);
  const [discord, twilio] = [overrides.discord ?? (await startFakeDiscord()), await startFakeTwilio()];
  for (const user of [SECOND, EDITOR, SENDER, ORGANIZER, SECOND_ORGANIZER]) discord.users.set(user, {});
  const { logger, counter, lines, counts } = recorder();
  const environment = {
    ...twilioEnvironment({ dataDir, apiUrl: twilio.url }),
    PEOPLE_FILE: peopleFile,
    DISCORD_TOKEN: BOT_TOKEN,
    DISCORD_APPLICATION_ID: APPLICATION_ID,
    DISCORD_CONTENT_ROOM: CONTENT_ROOM,
    DISCORD_API_URL: discord.url,
    ...more,
  };
  const config = loadConfig(environment);
  const app = await createApp(config, { logger, counter, ...(overrides.role && { role: overrides.role }) });
  const { publicUrl = "" } = await app.start();
  return {
    discord,
    twilio,
    app,
    environment,
    publicUrl,
    lines,
    counts,
    idle: () => untilIdle(config.databaseUrl),
    async stop() {
      await app.stop();
      // A stand-in that was handed in belongs to the test.
      await Promise.all([overrides.discord ?? discord.close(), twilio.close()]);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
