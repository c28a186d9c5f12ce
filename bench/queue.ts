import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import type { Channel } from "../src/core/ports.ts";
import { createDelivery } from "../src/delivery/deliver.ts";
import { type Database, openDatabase } from "../src/storage/database.ts";
import { openKeys } from "../src/storage/keys.ts";
import { createStores } from "../src/storage/stores.ts";
import { startPostgres } from "../test/support/postgres-server.ts";
import { heading, line, ratio } from "./measure.ts";

const ROOT = resolve(import.meta.dirname, "..");
const AUDIENCE = Number(process.env["BENCH_AUDIENCE"] ?? 1_000_000);
const ENQUEUE_BUDGET_S = 20;
/** Long enough to see whether memory grows; `BENCH_DRAIN_S=3600` drains all of it. */
const DRAIN_S = Number(process.env["BENCH_DRAIN_S"] ?? 60);
const SHARED = 8_000;
const SECRET = randomBytes(32).toString("base64");
const clock = { now: () => Date.now() };

/** A broadcast to a million: enqueued, and drained to a channel that does nothing. Then several processes at one queue. */
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
  heading(`${name}: a broadcast to ${AUDIENCE.toLocaleString("en")} contacts`);
  const { database, stores, people } = await open(url, AUDIENCE);
  try {
    const rawS = await rawInsert(database);
    const before = memoryMb();
    const from = process.hrtime.bigint();
    const enqueued = await stores.deliveries.enqueueShared(
      {
        kind: "broadcast",
        groupId: "b1",
        part: 1,
        parts: 1,
        text: "Hay un aviso nuevo. VER",
        locale: "es",
        notBefore: 0,
      },
      people,
    );
    const seconds = Number(process.hrtime.bigint() - from) / 1e9;
    line("the same rows in one raw statement", `${rawS.toFixed(1)} s`);
    line(
      `enqueued ${enqueued} (goal ${ENQUEUE_BUDGET_S} s)`,
      `${seconds.toFixed(1)} s, ${ratio(rawS, seconds)} of raw, memory +${(memoryMb() - before).toFixed(0)} MB`,
    );
    await drain(stores);
  } finally {
    await database.close();
  }
}

/** The floor: one statement of the database's own, thrown away again. */
async function rawInsert(database: Database): Promise<number> {
  const from = process.hrtime.bigint();
  let seconds = Number.NaN;
  await database.db
    .transaction()
    .execute(async (tx) => {
      await sql`insert into deliveries ("contactId", kind, rank, "groupId", part, parts, text, locale, "notBefore", "createdAt")
        select "contactId", 'broadcast', 1, 'raw', 1, 1, '', 'es', 0, 0 from contacts order by "contactId"`.execute(tx);
      seconds = Number(process.hrtime.bigint() - from) / 1e9;
      throw new Error("only measured");
    })
    .catch(() => {});
  return seconds;
}

async function drain(stores: ReturnType<typeof createStores>): Promise<void> {
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
  const memory: number[] = [];
  const from = process.hrtime.bigint();
  const elapsed = () => Number(process.hrtime.bigint() - from) / 1e9;
  while (sent < AUDIENCE && elapsed() < DRAIN_S) {
    await sleep(Math.min(DRAIN_S * 100, 10_000));
    memory.push(memoryMb());
  }
  line(
    `drained ${sent} in ${elapsed().toFixed(0)} s`,
    `${(sent / elapsed()).toFixed(0)}/s, memory ${memory.map((mb) => mb.toFixed(0)).join(" ")} MB`,
  );
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
    const { database: queue, stores, people } = await open(database.href, SHARED);
    const news = {
      kind: "broadcast",
      groupId: "b",
      part: 1,
      parts: 1,
      text: "Hola",
      locale: "es",
      notBefore: 0,
    } as const;
    await stores.deliveries.enqueueShared(news, people);
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
  return SHARED / (Number(process.hrtime.bigint() - from) / 1e9);
}

/** A database with so many contacts, in the order of their ids. */
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
  const ids = await database.db.selectFrom("contacts").select("contactId").orderBy("contactId").execute();
  return { database, stores, people: ids.map(({ contactId }) => contactId) };
}

function memoryMb(): number {
  return process.memoryUsage().rss / 1024 / 1024;
}
