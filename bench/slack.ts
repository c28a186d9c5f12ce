import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "undici";
import { BOT_TOKEN, SIGNING_SECRET, sign, startFakeSlack } from "../test/support/fake-slack.ts";
import { launch, type Target } from "./launch.ts";
import { heading, line, median, percentile, ratio } from "./measure.ts";

const ROOT = resolve(import.meta.dirname, "..");
const COMMANDS = 1_000;
const CONCURRENCY = 50;
const ROUNDS = 3;
/** Slack gives up on a command after this. */
const BUDGET_MS = 3_000;
const QUESTION = "what do i say to the officer to ask for asylum";

/**
 * Signed commands, 50 at a time, until the acknowledgement: Puente's holds the whole card; bare Bolt's a word. Rounds
 * alternate on one machine.
 */
export async function benchSlack(): Promise<void> {
  heading(`Slack commands (${COMMANDS} signed, ${CONCURRENCY} at a time, ${ROUNDS} rounds)`);
  const slack = await startFakeSlack();
  const dataDir = await mkdtemp(join(tmpdir(), "puente-bench-"));
  const targets = [await startBare(slack.url), await startPuente(slack.url, dataDir)];
  const times = new Map<string, number[]>();
  const rates = new Map<string, number[]>();
  try {
    // The trained matcher, so that the cost of real answers is measured.
    await sleep(2_000);
    for (let round = 0; round <= ROUNDS; round += 1)
      for (const target of targets) {
        const { rate, acks } = await load(target.url);
        if (round === 0) continue;
        rates.set(target.name, [...(rates.get(target.name) ?? []), rate]);
        times.set(target.name, [...(times.get(target.name) ?? []), ...acks]);
      }
  } finally {
    for (const target of targets) target.process.kill("SIGKILL");
    await slack.close();
    await rm(dataDir, { recursive: true, force: true });
  }
  const [bare, puente] = targets.map(({ name }) => {
    const acks = (times.get(name) ?? []).toSorted((a, b) => a - b);
    const [rate, p50, p99] = [median(rates.get(name) ?? []), percentile(acks, 0.5), percentile(acks, 0.99)];
    line(name, `${rate.toFixed(0)}/s, ack p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`);
    return { rate, p50, p99 };
  });
  if (bare === undefined || puente === undefined) return;
  line("ratio of the rates (a card against a word)", ratio(puente.rate, bare.rate));
  line("ratio of the acks, p50", ratio(puente.p50, bare.p50));
  line("p99 of the 3 s that Slack waits", ratio(puente.p99, BUDGET_MS));
}

async function load(url: string): Promise<{ rate: number; acks: number[] }> {
  const bodies = Array.from({ length: COMMANDS }, (_, index) =>
    new URLSearchParams({
      command: "/asylum",
      text: QUESTION,
      team_id: "T0PUENTE",
      user_id: `U0V${index}`,
      channel_id: "C0FRONTDESK",
      trigger_id: randomBytes(8).toString("hex"),
      response_url: "http://127.0.0.1:9/",
      api_app_id: "A0",
    }).toString(),
  );
  const timestamp = String(Math.floor(Date.now() / 1000));
  const pool = new Pool(url, { connections: CONCURRENCY });
  const acks: number[] = [];
  const from = performance.now();
  let next = 0;
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
        const sent = performance.now();
        const response = await pool.request({
          method: "POST",
          path: "/slack/events",
          headers: {
            "content-type": "application/x-www-form-urlencoded",
            "x-slack-request-timestamp": timestamp,
            "x-slack-signature": sign(body, timestamp),
          },
          body,
        });
        await response.body.dump();
        if (response.statusCode !== 200) throw new Error(`the server answered ${response.statusCode}`);
        acks.push(performance.now() - sent);
      }
    }),
  );
  const rate = COMMANDS / ((performance.now() - from) / 1000);
  await pool.close();
  return { rate, acks };
}

const startBare = (apiUrl: string) =>
  launch("bare Bolt: signature, one word", [join(ROOT, "bench/bare-bolt.ts")], {
    SLACK_SIGNING_SECRET: SIGNING_SECRET,
    SLACK_API_URL: apiUrl,
  });

function startPuente(apiUrl: string, dataDir: string): Promise<Target> {
  return launch("puente: signature, matching, the card", [join(ROOT, "test/support/scripts/service.ts")], {
    PORT: "0",
    ADMIN_PORT: "0",
    PUBLIC_URL: "https://puente.example.org",
    DATABASE_URL: `sqlite:${join(dataDir, "puente.db")}`,
    SPOOL_DIR: join(dataDir, "spool"),
    PUENTE_SECRET: randomBytes(32).toString("base64"),
    CONTENT_REQUIRE: "checked",
    LOG_LEVEL: "error",
    ORG_NAME: "Example shelter",
    ORG_PHONE: "+1 202 555 0101",
    ORG_HOURS: "9-5",
    ORG_URL: "https://example.org",
    LEGAL_DESK: "Example legal desk, +1 202 555 0102",
    SLACK_BOT_TOKEN: BOT_TOKEN,
    SLACK_SIGNING_SECRET: SIGNING_SECRET,
    SLACK_API_URL: apiUrl,
  });
}
