import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import twilio from "twilio";
import { Pool } from "undici";
import { twilioEnvironment } from "../test/support/environment.ts";
import { AUTH_TOKEN, inboundForm, startFakeTwilio } from "../test/support/fake-twilio.ts";
import { launch, type Target } from "./launch.ts";
import { heading, line, median, ratio } from "./measure.ts";

const ROOT = resolve(import.meta.dirname, "..");
const PUBLIC_URL = "https://puente.example.org";
const REQUESTS = 2_000;
const CONCURRENCY = 50;
const ROUNDS = 3;

/**
 * Signed webhooks a second: Puente, which checks, decodes and commits each (synchronous=FULL) before it answers,
 * against a bare server that only parses the same form and computes the same HMAC. Alternating rounds, same machine.
 */
export async function benchWebhooks(): Promise<void> {
  heading(
    `Webhooks a second (${REQUESTS} signed messages from as many people, ${CONCURRENCY} at a time, ${ROUNDS} rounds)`,
  );
  const vendor = await startFakeTwilio();
  const dataDir = await mkdtemp(join(tmpdir(), "puente-bench-"));
  const targets = [await startBare(), await startPuente(vendor.url, dataDir)];
  const rates = new Map<string, number[]>();
  try {
    for (let round = 0; round <= ROUNDS; round += 1)
      for (const target of targets) {
        const rate = await load(target.url);
        // The first round warms both up.
        if (round > 0) rates.set(target.name, [...(rates.get(target.name) ?? []), rate]);
        await sleep(500);
      }
  } finally {
    for (const target of targets) target.process.kill("SIGKILL");
    await vendor.close();
    await rm(dataDir, { recursive: true, force: true });
  }
  const [bare = Number.NaN, puente = Number.NaN] = targets.map(({ name }) => median(rates.get(name) ?? []));
  line("bare server: parse and HMAC", `${bare.toFixed(0)}/s`);
  line("puente: parse, HMAC, decode, seal, commit, answer", `${puente.toFixed(0)}/s`);
  line("ratio", ratio(puente, bare));
}

async function load(url: string): Promise<number> {
  const bodies = Array.from({ length: REQUESTS }, (_, index) => {
    const from = `+1202555${String(index).padStart(4, "0")}`;
    const form = inboundForm("me negaron la entrada q hago", {
      From: from,
      MessageSid: `SM${randomBytes(16).toString("hex")}`,
    });
    return {
      body: new URLSearchParams(form).toString(),
      signature: twilio.getExpectedTwilioSignature(AUTH_TOKEN, `${PUBLIC_URL}/twilio/messages`, form),
    };
  });
  const pool = new Pool(url, { connections: CONCURRENCY });
  const from = process.hrtime.bigint();
  let next = 0;
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      for (let item = bodies[next++]; item; item = bodies[next++]) {
        const { statusCode, body } = await pool.request({
          method: "POST",
          path: "/twilio/messages",
          headers: { "content-type": "application/x-www-form-urlencoded", "x-twilio-signature": item.signature },
          body: item.body,
        });
        await body.dump();
        if (statusCode !== 200) throw new Error(`the server answered ${statusCode}`);
      }
    }),
  );
  const seconds = Number(process.hrtime.bigint() - from) / 1e9;
  await pool.close();
  return REQUESTS / seconds;
}

const startBare = () => launch("bare", [join(ROOT, "bench/bare-server.ts")], { AUTH_TOKEN, PUBLIC_URL });

function startPuente(apiUrl: string, dataDir: string): Promise<Target> {
  const environment = { ...twilioEnvironment({ dataDir, apiUrl }), LOG_LEVEL: "error" };
  return launch("puente", [join(ROOT, "test/support/scripts/service.ts")], environment);
}
