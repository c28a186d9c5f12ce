import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import twilio from "twilio";
import { Pool } from "undici";
import { twilioEnvironment } from "../test/support/environment.ts";
import { AUTH_TOKEN, type FakeTwilio, inboundForm, startFakeTwilio } from "../test/support/fake-twilio.ts";
import { launch, type Target } from "./launch.ts";
import { heading, line, median, percentile, ratio } from "./measure.ts";

const ROOT = resolve(import.meta.dirname, "..");
const PUBLIC_URL = "https://puente.example.org";
const REQUESTS = 2_000;
const CONCURRENCY = 50;
const ROUNDS = 3;
/** Messages that come one by one, whatever became of those before. */
const PER_SECOND = 100;
const SECONDS = 20;

/**
 * Signed webhooks a second: Puente, which checks, decodes and commits each (synchronous=FULL) before it answers,
 * against a bare server that only parses the same form and computes the same HMAC. Alternating rounds, same machine.
 * Then how long one waits at a steady pace: for its webhook's answer, and until its reply has reached the vendor.
 */
export async function benchWebhooks(): Promise<void> {
  heading(
    `Webhooks a second (${REQUESTS} signed messages from as many people, ${CONCURRENCY} at a time, ${ROUNDS} rounds)`,
  );
  const vendor = await startFakeTwilio();
  const dataDir = await mkdtemp(join(tmpdir(), "puente-bench-"));
  const targets = [await startBare(), await startPuente(vendor.url, dataDir)] as const;
  const rates = new Map<string, number[]>();
  try {
    for (let round = 0; round <= ROUNDS; round += 1)
      for (const target of targets) {
        const rate = await flood(target.url);
        // The first round warms both up.
        if (round > 0) rates.set(target.name, [...(rates.get(target.name) ?? []), rate]);
        await quiet(vendor);
      }
    const [bare = Number.NaN, puente = Number.NaN] = targets.map(({ name }) => median(rates.get(name) ?? []));
    line("bare server: parse and HMAC", `${bare.toFixed(0)}/s`);
    line("puente: parse, HMAC, decode, seal, commit, answer", `${puente.toFixed(0)}/s`);
    line("ratio", ratio(puente, bare));

    heading(`At ${PER_SECOND} messages a second for ${SECONDS} s, each from somebody else`);
    for (const target of targets) {
      const { answered, reached } = await pace(target.url, vendor);
      line(`${target.name}: webhook answered, p50 and p99`, inMs(answered));
      if (reached.length > 0)
        line(`${target.name}: reply at the vendor (${reached.length}), p50 and p99`, inMs(reached));
    }
  } finally {
    for (const target of targets) target.process.kill("SIGKILL");
    await vendor.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** As many at a time as `CONCURRENCY`, the next as soon as one is answered. Returns webhooks a second. */
async function flood(url: string): Promise<number> {
  const messages = Array.from({ length: REQUESTS }, (_, person) => signed(person));
  const pool = new Pool(url, { connections: CONCURRENCY });
  const from = performance.now();
  let next = 0;
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      for (let message = messages[next++]; message; message = messages[next++]) await post(pool, message);
    }),
  );
  const seconds = (performance.now() - from) / 1000;
  await pool.close();
  return REQUESTS / seconds;
}

/** One every so often. Returns the sorted milliseconds until each was answered, and until its reply was at the vendor. */
async function pace(url: string, vendor: FakeTwilio) {
  const messages = Array.from({ length: PER_SECOND * SECONDS }, (_, index) => signed(REQUESTS + index));
  const pool = new Pool(url, { connections: CONCURRENCY });
  const sentAt = new Map<string, number>();
  const reached = new Map<string, number>();
  vendor.behave = (form) => {
    const to = form.get("To") ?? "";
    const since = sentAt.get(to);
    if (since !== undefined && !reached.has(to)) reached.set(to, performance.now() - since);
    return "accept";
  };
  const from = performance.now();
  const answered = await Promise.all(
    messages.map(async (message, index) => {
      await sleep(Math.max(0, (index * 1000) / PER_SECOND - (performance.now() - from)));
      const start = performance.now();
      sentAt.set(message.from, start);
      await post(pool, message);
      return performance.now() - start;
    }),
  );
  await quiet(vendor);
  await pool.close();
  vendor.behave = () => "accept";
  const sorted = (times: Iterable<number>) => [...times].sort((a, b) => a - b);
  return { answered: sorted(answered), reached: sorted(reached.values()) };
}

/** Waits until nothing more has reached the vendor for a while. */
async function quiet(vendor: FakeTwilio): Promise<void> {
  for (let before = -1; before !== vendor.messages.length; ) {
    before = vendor.messages.length;
    await sleep(3_000);
  }
}

function signed(person: number) {
  const from = `+1202555${String(person).padStart(4, "0")}`;
  const form = inboundForm("me negaron la entrada q hago", {
    From: from,
    MessageSid: `SM${randomBytes(16).toString("hex")}`,
  });
  const signature = twilio.getExpectedTwilioSignature(AUTH_TOKEN, `${PUBLIC_URL}/twilio/messages`, form);
  return { from, signature, body: new URLSearchParams(form).toString() };
}

async function post(pool: Pool, { signature, body }: ReturnType<typeof signed>): Promise<void> {
  const answer = await pool.request({
    method: "POST",
    path: "/twilio/messages",
    headers: { "content-type": "application/x-www-form-urlencoded", "x-twilio-signature": signature },
    body,
  });
  await answer.body.dump();
  if (answer.statusCode !== 200) throw new Error(`the server answered ${answer.statusCode}`);
}

const inMs = (times: readonly number[]) =>
  [0.5, 0.99].map((share) => `${percentile(times, share).toFixed(1)} ms`).join("  ");

const startBare = () => launch("bare", [join(ROOT, "bench/bare-server.ts")], { AUTH_TOKEN, PUBLIC_URL });

function startPuente(apiUrl: string, dataDir: string): Promise<Target> {
  const environment = {
    ...twilioEnvironment({ dataDir, apiUrl }),
    LOG_LEVEL: "error",
    SMS_SEGMENTS_PER_SECOND: "1000",
    DAILY_SEGMENT_LIMIT: "1000000",
  };
  return launch("puente", [join(ROOT, "test/support/scripts/service.ts")], environment);
}
