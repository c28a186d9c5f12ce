import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type App, createApp } from "../../src/app.ts";
import { loadConfig } from "../../src/config.ts";
import { APP_TOKEN, BOT_TOKEN, type FakeSlack, SIGNING_SECRET, startFakeSlack } from "./fake-slack.ts";
import { ACCOUNT_SID, AUTH_TOKEN, type FakeTwilio, startFakeTwilio } from "./fake-twilio.ts";
import { untilIdle } from "./idle.ts";
import { recorder } from "./recorder.ts";
import { until } from "./until.ts";

export const TRANSPORTS = ["http", "socket"] as const;

/** Who is on the team, and who may do what. */
const PEOPLE = `
- { id: ana, name: Ana, slack: U0VOLUNTEER, roles: [volunteer] }
- { id: ben, name: Ben, slack: U0SECOND, roles: [volunteer] }
- { id: eva, name: Eva, slack: U0EDITOR, roles: [volunteer, editor] }
- { id: sol, name: Sol, slack: U0SENDER, roles: [volunteer, sender] }
- { id: olga, name: Olga, slack: U0ORGANIZER, account: olga-at-machine, roles: [organizer] }
- { id: omar, name: Omar, slack: U0SECONDORGANIZER, discord: "900000000000000001", roles: [organizer] }
- { id: ada, name: Ada, slack: U0ADMIN, roles: [admin] }
- { id: gus, name: Gus, slack: U0GUEST, roles: [volunteer, editor, sender] }
`;

export interface SlackApp {
  readonly slack: FakeSlack;
  readonly twilio: FakeTwilio;
  readonly app: App;
  readonly publicUrl: string;
  readonly dataDir: string;
  /** What another process needs to share its database. */
  readonly environment: Readonly<Record<string, string>>;
  /** Every line that was logged. */
  readonly lines: string[];
  readonly counts: ReadonlyMap<string, number>;
  /** Resolves when all that was accepted is answered, and every answer is sent. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** The whole service in this process, with Slack and Twilio on loopback. */
export async function startSlackApp(
  transport: (typeof TRANSPORTS)[number],
  more: Readonly<Record<string, string>> = {},
): Promise<SlackApp> {
  const dataDir = await mkdtemp(join(tmpdir(), "puente-slack-"));
  const peopleFile = join(dataDir, "people.yaml");
  await writeFile(peopleFile, PEOPLE);
  const [slack, twilio] = [await startFakeSlack(), await startFakeTwilio()];
  for (const user of ["U0VOLUNTEER", "U0SECOND", "U0EDITOR", "U0SENDER", "U0NOBODY", "U0ORGANIZER", "U0ADMIN"])
    slack.users.set(user, {});
  slack.users.set("U0SECONDORGANIZER", { locale: "es-LA" });
  slack.users.set("U0HISPANIC", { locale: "es-LA" });
  slack.users.set("U0GUEST", { guest: true });
  slack.users.set("U0CONNECT", { team: "T0OTHER", stranger: true });
  const { logger, counter, lines, counts } = recorder();
  const environment = {
    MODEL_DIR: process.env["MODEL_DIR"] ?? "",
    PORT: "0",
    ADMIN_PORT: "0",
    PUBLIC_URL: "https://puente.example.org",
    DATABASE_URL: `sqlite:${join(dataDir, "puente.db")}`,
    SPOOL_DIR: join(dataDir, "spool"),
    PUENTE_SECRET: randomBytes(32).toString("base64"),
    CONTENT_REQUIRE: "checked",
    PEOPLE_FILE: peopleFile,
    ORG_NAME: "Example shelter",
    ORG_PHONE: "+1 202 555 0101",
    ORG_HOURS: "9-5",
    ORG_URL: "https://example.org",
    LEGAL_DESK: "Example legal desk, +1 202 555 0102",
    TWILIO_ACCOUNT_SID: ACCOUNT_SID,
    TWILIO_AUTH_TOKEN: AUTH_TOKEN,
    TWILIO_SMS_FROM: "+12025550100",
    TWILIO_API_URL: twilio.url,
    SLACK_BOT_TOKEN: BOT_TOKEN,
    SLACK_SIGNING_SECRET: SIGNING_SECRET,
    SLACK_CONTENT_ROOM: "C0CONTENT",
    SLACK_API_URL: slack.url,
    ...(transport === "socket" && { SLACK_APP_TOKEN: APP_TOKEN }),
    ...more,
  };
  const config = loadConfig(environment);
  const app = await createApp(config, { logger, counter });
  const { publicUrl = "" } = await app.start();
  // A service that waits long for its connection goes on without; the tests need it.
  if (transport === "socket")
    await until(() => {
      if (slack.sockets.size === 0 || !lines.join().includes("slack.socket-connected"))
        throw new Error("not connected");
    });
  slack.transport = transport === "http" ? { kind: "http", url: () => publicUrl } : { kind: "socket" };
  return {
    slack,
    twilio,
    app,
    publicUrl,
    dataDir,
    environment,
    lines,
    counts,
    idle: () => untilIdle(config.databaseUrl),
    async stop() {
      await app.stop();
      await Promise.all([slack.close(), twilio.close()]);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
