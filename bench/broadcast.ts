import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import pg from "pg";
import { Pool } from "undici";
import { openDatabase } from "../src/storage/database.ts";
import { openKeys } from "../src/storage/keys.ts";
import { createStores } from "../src/storage/stores.ts";
import { twilioEnvironment } from "../test/support/environment.ts";
import { inboundForm, postSigned } from "../test/support/fake-twilio.ts";
import { startPostgres } from "../test/support/postgres-server.ts";
import {
  APPROVER,
  AUTHOR,
  besideService,
  contentAtNoon,
  fictionalNumbers,
  seedSubscribers,
} from "../test/support/subscribers.ts";
import { heading, line, percentile, ratio } from "./measure.ts";

const ROOT = resolve(import.meta.dirname, "..");
/** `BENCH_RECIPIENTS` for a shorter list than the goal's. */
const AUDIENCE = Number(process.env["BENCH_RECIPIENTS"] ?? 1_000_000);
const SEEDED_AT_ONCE = Math.min(AUDIENCE, 1_000);
/** As in `src/broadcast/worker.ts`. */
const FREEZE_STEP = 2_000;
const SENDS = 3_000;
const ANSWER_MS = 50;
/** What `src/delivery/deliver.ts` has under way at a time. */
const CONCURRENCY = 50;
const TEXTS = {
  es: "La linea de ayuda cambio de horario. Escriba MENU.",
  en: "The help line has new hours. Text MENU.",
};
const clock = { now: () => Date.now() };

/** A million recipients, sends a second against a bare loop, and how long a reply waits behind bulk. */
export async function benchBroadcast(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "puente-bench-"));
  const postgres = await startPostgres({ durable: true });
  try {
    heading(`Freezing an audience of ${AUDIENCE.toLocaleString("en")}`);
    line("SQLite (synchronous=FULL)", await freeze(`sqlite:${join(folder, "million.db")}`));
    line("Postgres (fsync)", await freeze(await newDatabase(postgres.url)));
    heading(`Durable sends a second to a vendor that answers in ${ANSWER_MS} ms (${SENDS} recipients)`);
    const bare = await bareLoop();
    line(`bare undici loop, ${CONCURRENCY} at a time, no database`, `${bare.toFixed(0)}/s`);
    const runs: [string, string, number][] = [["SQLite, 1 process", `sqlite:${join(folder, "sends.db")}`, 1]];
    for (const processes of [1, 2, 4])
      runs.push([
        `Postgres, ${processes} ${processes === 1 ? "process" : "processes"}`,
        await newDatabase(postgres.url),
        processes,
      ]);
    for (const [name, url, processes] of runs) {
      const { rate } = await sends(folder, url, processes);
      line(name, `${rate.toFixed(0)}/s, ratio ${ratio(rate, bare)}`);
    }
    heading("A reply while 10,000 bulk messages wait (SQLite, from webhook to the vendor's door)");
    const { replies } = await sends(folder, `sqlite:${join(folder, "replies.db")}`, 1, {
      recipients: 10_000,
      questions: 60,
    });
    line("p50, p95", `${percentile(replies, 0.5).toFixed(0)} ms, ${percentile(replies, 0.95).toFixed(0)} ms`);
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function newDatabase(serverUrl: string): Promise<string> {
  const name = `b${randomBytes(6).toString("hex")}`;
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const url = new URL(serverUrl);
  url.pathname = name;
  return url.href;
}

async function freeze(url: string): Promise<string> {
  const database = await openDatabase(url, { serving: true, clock });
  const keys = await openKeys({ database, secret: randomBytes(32).toString("base64"), clock });
  const { broadcasts } = createStores({ database, keys, clock });
  const seenOn = new Date().toISOString().slice(0, 10);
  for (let from = 0; from < AUDIENCE; from += SEEDED_AT_ONCE) {
    const rows = Array.from({ length: SEEDED_AT_ONCE }, (_, n) => {
      const contactKey = keys.lookup("contact", "sms", String(from + n));
      const personKey = keys.lookup("person", String(from + n));
      return { contactKey, personKey, channel: "sms" as const, address: "x", seenOn, erasedAt: null };
    });
    await database.db.insertInto("contacts").values(rows).execute();
  }
  await sql`insert into subscriptions ("contactId", "place", "locale", "full") select "contactId", 'tijuana', 'es', 0 from contacts`.execute(
    database.db,
  );
  // As any table that has been there for a minute: both databases know how many rows they hold.
  await sql`analyze`.execute(database.db);
  const audience = { places: ["tijuana"], locales: ["es"], channels: ["sms" as const] };
  const broadcastId = await broadcasts.create({ texts: TEXTS, audience, emergency: false, hash: "h", author: "bench" });
  await broadcasts.move(broadcastId, { from: ["draft"], to: "running", event: "started" });
  globalThis.gc?.();
  const memory = process.memoryUsage().rss;
  let highest = memory;
  let longest = 0;
  const from = performance.now();
  for (;;) {
    const step = performance.now();
    const done = await broadcasts.freeze(broadcastId, FREEZE_STEP);
    longest = Math.max(longest, performance.now() - step);
    highest = Math.max(highest, process.memoryUsage().rss);
    if (done) break;
  }
  const seconds = (performance.now() - from) / 1_000;
  await database.close();
  return `${seconds.toFixed(1)} s, +${((highest - memory) / 2 ** 20).toFixed(0)} MB, longest step ${longest.toFixed(0)} ms`;
}

/** Twilio's Messages API as far as a send needs it: an answer after a while. */
async function startVendor() {
  const times: number[] = [];
  const replies = new Map<string, number>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const form = new URLSearchParams(Buffer.concat(chunks).toString());
      const now = performance.now();
      if (/^Puente: (hay un aviso|there is a new)/.test(form.get("Body") ?? "")) times.push(now);
      else if (!replies.has(form.get("To") ?? "")) replies.set(form.get("To") ?? "", now);
      setTimeout(() => {
        response.writeHead(201, { "content-type": "application/json" });
        response.end(
          JSON.stringify({ sid: `SM${randomBytes(16).toString("hex")}`, num_segments: "1", status: "queued" }),
        );
      }, ANSWER_MS);
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    ...{ times, replies, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function bareLoop(): Promise<number> {
  const vendor = await startVendor();
  const pool = new Pool(vendor.url, { connections: CONCURRENCY });
  let next = 0;
  const from = performance.now();
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      while (next++ < SENDS) {
        const { body } = await pool.request({
          ...{ method: "POST", path: "/2010-04-01/Accounts/AC/Messages.json" },
          headers: { "content-type": "application/x-www-form-urlencoded" },
          body: "To=%2B12025550123&From=%2B12025550100&Body=Puente%3A+hay+un+aviso+nuevo.",
        });
        await body.json();
      }
    }),
  );
  const rate = (SENDS / (performance.now() - from)) * 1_000;
  await pool.close();
  vendor.close();
  return rate;
}

async function sends(
  folder: string,
  url: string,
  processes: number,
  { recipients = SENDS, questions = 0 } = {},
): Promise<{ rate: number; replies: number[] }> {
  const vendor = await startVendor();
  const environment: Record<string, string> = {
    ...twilioEnvironment({ dataDir: folder, apiUrl: vendor.url }),
    DATABASE_URL: url,
    PUENTE_SECRET: randomBytes(32).toString("base64"),
    CONTENT_DIR: await contentAtNoon(await mkdtemp(join(folder, "content-"))),
    SMS_SEGMENTS_PER_SECOND: "5000",
    DAILY_SEGMENT_LIMIT: "10000000",
    LOG_LEVEL: "error",
  };
  await seedSubscribers(environment, fictionalNumbers(recipients));
  const children: ChildProcess[] = [];
  const { broadcasts, close } = await besideService(environment);
  try {
    const { broadcastId, hash } = await broadcasts.draft(AUTHOR, {
      texts: TEXTS,
      places: ["tijuana"],
      channels: ["sms"],
      emergency: true,
    });
    await broadcasts.submit(AUTHOR, broadcastId);
    await broadcasts.approve(APPROVER, broadcastId, hash, "machine");
    await broadcasts.approve({ ...APPROVER, id: "carl" }, broadcastId, hash, "machine");
    const urls = await Promise.all(Array.from({ length: processes }, () => launch(environment, children)));
    const asked = new Map<string, number>();
    for (let n = 0; n < questions; n += 1) {
      while (vendor.times.length < 500) await sleep(50);
      const from = `+14155550${String(100 + n)}`;
      asked.set(from, performance.now());
      await postSigned(`${urls[0]}/twilio/messages`, inboundForm("que es el asilo", { From: from }), {
        signedUrl: `${environment["PUBLIC_URL"]}/twilio/messages`,
      });
      await sleep(100);
    }
    while (vendor.times.length < (questions > 0 ? 500 : recipients)) await sleep(50);
    await sleep(questions > 0 ? 2_000 : 0);
    const [first = 0, last = 1] = [vendor.times[0], vendor.times.at(-1)];
    const replies = [...asked].flatMap(([from, at]) => (vendor.replies.get(from) ?? Number.NaN) - at);
    return { rate: (vendor.times.length / (last - first)) * 1_000, replies: replies.toSorted((a, b) => a - b) };
  } finally {
    for (const child of children) child.kill("SIGKILL");
    await close();
    vendor.close();
  }
}

async function launch(env: Record<string, string>, children: ChildProcess[]): Promise<string> {
  const child = spawn(process.execPath, [join(ROOT, "test/support/scripts/service.ts")], {
    ...{ cwd: ROOT, env: { ...env, PORT: "0", ADMIN_PORT: "0" } },
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  return new Promise((ready, failed) => {
    child.stdout.on("data", (chunk: Buffer) => {
      const found = /listening (\S+)/.exec(chunk.toString())?.[1];
      if (found !== undefined) ready(found);
    });
    child.once("exit", () => failed(new Error("the service ended at its start")));
  });
}
