import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import type { Channel } from "../src/core/ports.ts";
import type { Stores } from "../src/core/stores.ts";
import { createDelivery } from "../src/delivery/deliver.ts";
import { openDatabase } from "../src/storage/database.ts";
import { openKeys } from "../src/storage/keys.ts";
import { createStores } from "../src/storage/stores.ts";
import { startPostgres } from "../test/support/postgres-server.ts";
import { heading, line, ratio } from "./measure.ts";

const ROOT = resolve(import.meta.dirname, "..");
/** `BENCH_AUDIENCE=1000000` for the whole length of the goal: some minutes for each database. */
const AUDIENCE = Number(process.env["BENCH_AUDIENCE"] ?? 100_000);
/** After so long the drain is cut short. */
const DRAIN_S = Number(process.env["BENCH_DRAIN_S"] ?? 45);
/** Deliveries that 1, 2 and 4 processes share. */
const SHARED = Number(process.env["BENCH_SHARED"] ?? 8_000);
/** Steps and backlog of `src/broadcast/worker.ts`. */
const FREEZE_STEP = 2_000;
const AHEAD = 1_000;
/** Between two looks at the backlog. */
const LOOK_MS = 100;
/** Lines of memory that are printed of a drain. */
const LOOKS = 10;
const SECRET = randomBytes(32).toString("base64");
const TEXT = "Hay un aviso nuevo. VER";
const clock = { now: () => Date.now() };

/** A broadcast from subscribers to a channel that does nothing, as the workers send it. Then several processes at one queue. */
export async function benchQueue(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "puente-bench-"));
  const server = await startPostgres({ durable: true });
  try {
    await broadcast("SQLite", `sqlite:${join(folder, "queue.db")}`);
    await broadcast("Postgres", server.url);
    await processes(server.url);
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function broadcast(name: string, url: string): Promise<void> {
  heading(`${name}: a broadcast to ${AUDIENCE.toLocaleString("en")} subscribers`);
  const { database, stores } = await open(url, AUDIENCE);
  try {
    const from = process.hrtime.bigint();
    const broadcastId = await freeze(stores);
    line("recipients frozen, 2,000 a step", `${since(from).toFixed(1)} s`);
    await drain(stores, broadcastId);
  } finally {
    await database.close();
  }
}

function since(from: bigint): number {
  return Number(process.hrtime.bigint() - from) / 1e9;
}

/** A running broadcast whose list of recipients is made. */
async function freeze({ broadcasts }: Stores): Promise<number> {
  const audience = { places: ["tijuana"], locales: ["es"], channels: ["sms" as const] };
  const texts = { es: TEXT, en: TEXT };
  const broadcastId = await broadcasts.create({ texts, audience, emergency: true, hash: "h", author: "bench" });
  await broadcasts.move(broadcastId, { from: ["draft"], to: "running", event: "started" });
  while (!(await broadcasts.freeze(broadcastId, FREEZE_STEP)));
  return broadcastId;
}

/** Hands recipients to the deliveries, as many as are missing to a full backlog. */
async function handOver(stores: Stores, broadcastId: number): Promise<number> {
  const limit = AHEAD - (await stores.broadcasts.backlog(broadcastId, "sms"));
  return limit < AHEAD / 4 ? 0 : await release(stores, broadcastId, limit);
}

function release({ broadcasts }: Stores, broadcastId: number, limit: number): Promise<number> {
  return broadcasts.release({
    ...{ broadcastId, lane: 0, channel: "sms", limit, perSecond: 1_000_000, expiresAt: clock.now() + 3_600_000 },
    forms: [{ locale: "es", full: false, text: TEXT, segments: 1 }],
  });
}

async function drain(stores: Stores, broadcastId: number): Promise<void> {
  let sent = 0;
  const nothing: Channel = {
    name: "sms",
    async send() {
      sent += 1;
      return { externalId: `SM${sent}` };
    },
  };
  const silent = () => {};
  const delivery = createDelivery({
    stores,
    channels: new Map([["sms", nothing]]),
    clock,
    logger: { debug: silent, info: silent, warn: silent, error: (event, ids) => console.error(event, ids) },
    counter: { count: silent },
    translate: () => "",
    timeZone: "UTC",
    checkpoint: async () => {},
  });
  delivery.start();
  const memory: number[] = [memoryMb()];
  const from = process.hrtime.bigint();
  while (sent < AUDIENCE && since(from) < DRAIN_S) {
    if ((await handOver(stores, broadcastId)) > 0) delivery.wake();
    const done = Math.max(sent / AUDIENCE, since(from) / DRAIN_S);
    if (done * LOOKS >= memory.length) memory.push(memoryMb());
    await sleep(LOOK_MS);
  }
  const seconds = since(from);
  line(`handed over and sent ${sent} in ${seconds.toFixed(0)} s (goal 200/s)`, `${(sent / seconds).toFixed(0)}/s`);
  line("memory on the way, MB", memory.map((mb) => mb.toFixed(0)).join(" "));
  await delivery.stop();
}

async function processes(url: string): Promise<void> {
  heading(`Postgres: claim and settle ${SHARED.toLocaleString("en")} deliveries with 1, 2 and 4 processes`);
  let one = Number.NaN;
  for (const count of [1, 2, 4]) {
    const database = new URL(url);
    database.pathname = `bench${count}`;
    const admin = await openDatabase(url, { serving: false, clock });
    await sql`create database ${sql.id(`bench${count}`)}`.execute(admin.db);
    await admin.close();
    const { database: queue, stores } = await open(database.href, SHARED);
    const broadcastId = await freeze(stores);
    for (let queued = 0; queued < SHARED; ) queued += await release(stores, broadcastId, AHEAD);
    await queue.close();
    const rate = await race(database.href, count);
    if (count === 1) one = rate;
    line(`${count} ${count === 1 ? "process" : "processes"}`, `${rate.toFixed(0)}/s, ${ratio(rate, one)} of one`);
  }
}

async function race(url: string, count: number): Promise<number> {
  const workers = Array.from({ length: count }, () =>
    spawn(process.execPath, [join(ROOT, "bench/queue-worker.ts")], {
      cwd: ROOT,
      env: { DATABASE_URL: url, PUENTE_SECRET: SECRET },
      stdio: ["pipe", "pipe", "inherit"],
    }),
  );
  await Promise.all(workers.map((worker) => once(worker.stdout, "data")));
  const from = process.hrtime.bigint();
  const ends = workers.map((worker) => once(worker, "exit"));
  for (const worker of workers) worker.stdin.write("go\n");
  await Promise.all(ends);
  return SHARED / since(from);
}

/** A database with so many subscribers. */
async function open(url: string, contacts: number) {
  const database = await openDatabase(url, { serving: true, clock });
  const keys = await openKeys({ database, secret: SECRET, clock });
  const stores = createStores({ database, keys, clock });
  const address = (key: string) => keys.seal("+12025550123", ["contacts", "address", key]);
  for (let from = 0; from < contacts; from += 1_000) {
    const rows = Array.from({ length: Math.min(1_000, contacts - from) }, (_, n) => {
      const contactKey = `k${from + n}`;
      return {
        contactKey,
        personKey: contactKey,
        channel: "sms" as const,
        address: address(contactKey),
        seenOn: "2026-11-21",
        erasedAt: null,
      };
    });
    await database.db.insertInto("contacts").values(rows).execute();
  }
  await sql`insert into subscriptions ("contactId", "place", "locale", "full")
    select "contactId", 'tijuana', 'es', 0 from contacts order by "contactId"`.execute(database.db);
  // As any table that has been there for a minute: both databases know how many rows they hold.
  await sql`analyze`.execute(database.db);
  return { database, stores };
}

function memoryMb(): number {
  return process.memoryUsage().rss / 1024 / 1024;
}
