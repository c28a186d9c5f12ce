import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import type { CheckpointName } from "../../src/core/ports.ts";
import type { Database } from "../../src/storage/database.ts";
import { DATABASE_KINDS, type DatabaseKind, emptyDatabase } from "../support/databases.ts";
import { twilioEnvironment } from "../support/environment.ts";
import { type Behaviour, type FakeTwilio, inboundForm, postSigned, startFakeTwilio } from "../support/fake-twilio.ts";
import { type Service, startService } from "../support/service.ts";
import {
  APPROVER,
  AUTHOR,
  contentAtNoon,
  fictionalNumbers,
  organizersOf,
  seedSubscribers,
} from "../support/subscribers.ts";

const TEXTS = {
  es: "La linea de ayuda cambio de horario. Escriba MENU para ver los temas.",
  en: "The help line has new hours. Text MENU to see the topics.",
};
const NEUTRAL = /^Puente: (?:hay un aviso nuevo|there is a new update)\./;
const RECIPIENTS = 20_000;
const STOPS = 500;
/** A killed process's leases, and the minute after which a message that cannot be found is surely absent. */
const SETTLED_MS = 150_000;

async function setUp(kind: DatabaseKind, recipients: number, perSecond: number) {
  const folder = await mkdtemp(join(tmpdir(), "puente-drill-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const twilio = await startFakeTwilio();
  onTestFinished(() => twilio.close());
  const environment = {
    ...twilioEnvironment({ dataDir: folder, apiUrl: twilio.url }),
    DATABASE_URL: await emptyDatabase(kind),
    PUENTE_SECRET: randomBytes(32).toString("base64"),
    CONTENT_DIR: await contentAtNoon(folder),
    SMS_SEGMENTS_PER_SECOND: String(perSecond),
    DAILY_SEGMENT_LIMIT: "10000000",
    // All that share the code +1: 20,000 fictional numbers need many area codes.
    ALLOWED_COUNTRIES: "AG,AI,AS,BB,BM,BS,CA,DM,DO,GD,GU,JM,KN,KY,LC,MP,MS,PR,SX,TC,TT,US,VC,VG,VI",
    LOG_LEVEL: "warn",
  };
  const numbers = fictionalNumbers(recipients);
  await seedSubscribers(environment, numbers);
  // The service chooses its own port and address.
  const own = Object.fromEntries(
    Object.entries(environment).filter(([name]) => name !== "PORT" && name !== "PUBLIC_URL"),
  );
  return { twilio, environment: own, all: environment, numbers };
}

/** Written by one, approved by another. */
async function approved(environment: Readonly<Record<string, string>>, channels: readonly ["sms"] = ["sms"]) {
  const { broadcasts, database } = await organizersOf(environment);
  const { broadcastId, hash } = await broadcasts.draft(AUTHOR, { texts: TEXTS, places: ["tijuana"], channels });
  await broadcasts.submit(AUTHOR, broadcastId);
  expect(await broadcasts.approve(APPROVER, broadcastId, hash, "machine")).toEqual([]);
  return { broadcasts, database, broadcastId };
}

/** Rows of the ledger, by their recipient's number: each status, and what the vendor calls the message. */
async function ledgerOf(database: Database, broadcastId: number) {
  return database.db
    .selectFrom("deliveries")
    .leftJoin("attempts", (join) =>
      join
        .onRef("attempts.deliveryId", "=", "deliveries.deliveryId")
        .onRef("attempts.number", "=", "deliveries.attempts"),
    )
    .select([
      "deliveries.deliveryId",
      "contactId",
      "deliveries.status",
      "reason",
      "attempts.externalId",
      "attempts.code",
    ])
    .where("broadcastId", "=", broadcastId)
    .execute();
}

/** The vendor's own log against the ledger, to the last row. */
async function expectAgreement(twilio: FakeTwilio, database: Database, broadcastId: number, recipients: number) {
  const accepted = twilio.messages.filter(({ body }) => NEUTRAL.test(body));
  const perNumber = new Map<string, number>();
  for (const { to } of accepted) perNumber.set(to, (perNumber.get(to) ?? 0) + 1);
  // Nobody twice.
  expect([...perNumber.values()].filter((count) => count > 1)).toEqual([]);

  const rows = await ledgerOf(database, broadcastId);
  // Nobody lost.
  expect(rows).toHaveLength(recipients);
  const ended = ["sent", "delivered", "read", "failed", "skipped", "unknown"];
  expect(rows.filter(({ status }) => !ended.includes(status))).toEqual([]);
  // Each message of the vendor is one row's, and each row that says sent has its message.
  const sids = new Set(accepted.map(({ sid }) => sid));
  const claimed = rows.filter(({ status }) => ["sent", "delivered", "read"].includes(status));
  expect(claimed.filter(({ externalId }) => externalId === null || !sids.has(externalId))).toEqual([]);
  const unknown = rows.filter(({ status }) => status === "unknown");
  // What is declared unknown, and what a receipt failed later, may lie at the vendor; nothing else.
  const failedLater = rows.filter(({ status, externalId }) => status === "failed" && externalId !== null);
  expect(accepted.length - claimed.length - failedLater.length).toBeLessThanOrEqual(unknown.length);
  expect(accepted.length).toBeGreaterThanOrEqual(claimed.length + failedLater.length);
  return { accepted: accepted.length, sent: claimed.length, unknown: unknown.length, rows };
}

/** A vendor that throttles, loses answers, answers nothing, fails inside, and knows some numbers better than we do. */
function moody(seed: number): () => Behaviour {
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return () => {
    const luck = random();
    if (luck < 0.0005) return "lost-answer";
    if (luck < 0.001) return "never-answer";
    if (luck < 0.003) return { status: 429, code: 20429, retryAfter: 0 };
    if (luck < 0.005) return { status: 500, code: 20500 };
    if (luck < 0.01) return { status: 400, code: 21614 };
    if (luck < 0.013) return { status: 400, code: 21610 };
    return "accept";
  };
}

test(`a broadcast to ${RECIPIENTS.toLocaleString("en")} with a moody vendor, two SIGKILLs, a pause and ${STOPS} STOPs on the way ends with the vendor's log and the ledger agreeing to the last row`, async () => {
  const { twilio, environment, all, numbers } = await setUp("sqlite", RECIPIENTS, 1_000);
  twilio.behave = (form) => (NEUTRAL.test(form.get("Body") ?? "") ? mood() : "accept");
  const mood = moody(7);
  const service = await startService({ apiUrl: twilio.url, environment });
  const { broadcasts, database, broadcastId } = await approved(all);
  const sent = () => twilio.messages.filter(({ body }) => NEUTRAL.test(body)).length;
  const until = (count: number) => expect.poll(sent, { timeout: 240_000, interval: 100 }).toBeGreaterThanOrEqual(count);
  const stateIs = (state: string) =>
    expect
      .poll(async () => (await broadcasts.find(AUTHOR, broadcastId)).state, { timeout: 240_000, interval: 250 })
      .toBe(state);

  // The first few; then somebody has looked.
  await stateIs("paused");
  await broadcasts.resume(AUTHOR, broadcastId);

  const stopping = stopsOf(
    service,
    twilio,
    numbers.filter((_, n) => n % (RECIPIENTS / STOPS) === 7),
  );
  await until(RECIPIENTS * 0.2);
  await service.kill();
  await service.restart();
  await until(RECIPIENTS * 0.4);
  await broadcasts.pause(AUTHOR, broadcastId);
  // What had begun ends; nothing else begins.
  await expect
    .poll(async () => (await ledgerOf(database, broadcastId)).filter(({ status }) => status === "sending").length)
    .toBe(0);
  const still = sent();
  await sleep(3_000);
  expect(sent()).toBe(still);
  await broadcasts.resume(AUTHOR, broadcastId);
  await until(RECIPIENTS * 0.6);
  await service.kill();
  await service.restart();
  const stoppedAt = await stopping;
  await stateIs("finished");

  const { unknown } = await expectAgreement(twilio, database, broadcastId, RECIPIENTS);
  // Of those who said STOP nobody was written to after it was answered.
  const late = twilio.messages.filter(
    ({ to, body, createdAt }) => NEUTRAL.test(body) && createdAt > (stoppedAt.get(to) ?? Number.POSITIVE_INFINITY),
  );
  expect(late).toEqual([]);
  expect(stoppedAt.size).toBe(STOPS);
  expect(unknown).toBeLessThan(RECIPIENTS * 0.02);
});

/** Sends a STOP from each number, spread over the broadcast. Resolves to when each was answered. */
async function stopsOf(service: Service, twilio: FakeTwilio, numbers: readonly string[]): Promise<Map<string, number>> {
  const answered = new Map<string, number>();
  for (const from of numbers) {
    const form = inboundForm("ALTO", { From: from });
    // The vendor tries again while the process is down.
    while ((await postSigned(`${service.publicUrl}/twilio/messages`, form).catch(() => 0)) !== 200) await sleep(250);
    await sleep(60);
  }
  await expect
    .poll(
      () => {
        for (const { to, body, createdAt } of twilio.messages)
          if (body.startsWith("Puente: listo")) answered.set(to, createdAt);
        return answered.size;
      },
      { timeout: 120_000, interval: 500 },
    )
    .toBe(numbers.length);
  return answered;
}

const CHECKPOINTS: readonly CheckpointName[] = [
  "broadcast.started",
  "broadcast.frozen",
  "broadcast.released",
  "attempt.begun",
  "part.sent",
  "broadcast.stopped",
];

/** Points at which no message is under way. */
const AT_REST: readonly CheckpointName[] = ["broadcast.started", "broadcast.frozen", "broadcast.stopped"];

describe.each(DATABASE_KINDS)("on %s, a process that dies", (kind) => {
  test(`at any named point of a broadcast (${CHECKPOINTS.join(", ")}) loses nobody and writes to nobody twice`, async () => {
    const crash = async (crashAt: CheckpointName) => {
      const { twilio, environment, all } = await setUp(kind, 60, 100);
      const service = await startService({ apiUrl: twilio.url, environment, crashAt });
      const { broadcasts, database, broadcastId } = await approved(all);
      await service.gone();
      await service.restart();
      await expect
        .poll(async () => (await broadcasts.find(AUTHOR, broadcastId)).state, { timeout: SETTLED_MS, interval: 500 })
        .toBe("finished");
      return (await expectAgreement(twilio, database, broadcastId, 60)).unknown;
    };
    // Some side by side: most of the time is waiting for leases to run out.
    for (let from = 0; from < CHECKPOINTS.length; from += 3) {
      const points = CHECKPOINTS.slice(from, from + 3);
      const unknowns = await Promise.all(points.map(crash));
      // What nobody can know is what was between its row and the vendor's answer; at rest there is nothing of it.
      for (const [index, point] of points.entries())
        expect(unknowns[index], point).toBeLessThanOrEqual(AT_REST.includes(point) ? 0 : 50);
    }
  });
});

test("three processes on one Postgres send a broadcast once to everybody, one of them killed on the way", async () => {
  const { twilio, environment, all } = await setUp("postgres", 2_000, 300);
  const services = await Promise.all([1, 2, 3].map(() => startService({ apiUrl: twilio.url, environment })));
  const { broadcasts, database, broadcastId } = await approved(all);
  const stateIs = (state: string) =>
    expect
      .poll(async () => (await broadcasts.find(AUTHOR, broadcastId)).state, { timeout: SETTLED_MS, interval: 250 })
      .toBe(state);
  await stateIs("paused");
  await broadcasts.resume(AUTHOR, broadcastId);
  await expect.poll(() => twilio.messages.length).toBeGreaterThan(700);
  await services[0]?.kill();
  await stateIs("finished");
  await expectAgreement(twilio, database, broadcastId, 2_000);
});
