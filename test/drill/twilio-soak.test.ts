import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { createAnswering } from "../../src/answering.ts";
import { startApp } from "../support/app.ts";
import { type FakeMessage, type FakeTwilio, startFakeTwilio } from "../support/fake-twilio.ts";
import { UNDER_WAY } from "../support/idle.ts";

const CONTACTS = Number(process.env["SOAK_CONTACTS"] ?? 2_500);
const AT_ONCE = 40;
/** How fast a disk commits is measured elsewhere (`npm run bench storage`): here it would only take the time. */
const MEMORY = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
/** Danger and commands: decided by rules alone, whatever the matcher has learned and whatever came before. */
const UTTERANCES = ["AYUDA", "me estan regresando en el puente que hago", "PERSONA", "menu"];
/** A message that a look-up does not show counts as absent after a minute; a carrier's failure is tried again after one. */
const SETTLES_WITHIN_MS = 240_000;

/** The same faults in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What became of each message at the carrier, as Twilio ends up knowing it. */
interface Fates {
  readonly final: Map<string, string>;
  /** Messages whose final receipt never arrived. */
  readonly silent: Set<string>;
  /** Messages the carrier lost, which are sent again. */
  lostByCarrier: number;
}

/** Receipts for whatever Twilio accepts: shuffled, repeated, late, and some of them lost. */
function sendReceipts(twilio: FakeTwilio, random: () => number): Fates & { settle(): Promise<void>; stop(): void } {
  const fates: Fates = { final: new Map(), silent: new Set(), lostByCarrier: 0 };
  let next = 0;
  const posts = new Set<Promise<unknown>>();
  const post = (message: FakeMessage, status: string, code: number | undefined, after: number) => {
    const posted = sleep(after).then(() => twilio.callback(message, status, code).catch(() => "the service was down"));
    posts.add(posted);
    void posted.finally(() => posts.delete(posted));
  };
  const follow = (message: FakeMessage) => {
    const dice = random();
    const [final, code] = dice < 0.01 ? ["undelivered", 30003] : dice < 0.02 ? ["undelivered", 30005] : ["delivered"];
    if (code === 30003) fates.lostByCarrier += 1;
    fates.final.set(message.sid, final as string);
    const receipts: [string, number | undefined][] = [
      ["sent", undefined],
      [final as string, code as number | undefined],
    ];
    if (random() < 0.01) {
      receipts.pop();
      fates.silent.add(message.sid);
      message.status = final as string;
    }
    if (random() < 0.2) receipts.reverse();
    const repeated = random() < 0.05 ? [...receipts, ...receipts] : receipts;
    for (const [status, error] of repeated) post(message, status, error, random() * 200);
  };
  const timer = setInterval(() => {
    for (; next < twilio.messages.length; next += 1) {
      const message = twilio.messages[next];
      if (message !== undefined) follow(message);
    }
  }, 20);
  return Object.assign(fates, {
    async settle() {
      while (posts.size > 0) await Promise.all(posts);
    },
    stop: () => clearInterval(timer),
  });
}

test(`${CONTACTS * UTTERANCES.length} messages with random faults: none lost, none doubled but what is counted`, async () => {
  const random = seeded(20_261_121);
  const twilio = await startFakeTwilio();
  onTestFinished(() => twilio.close());
  const app = await startApp({ apiUrl: twilio.url, root: MEMORY, more: { DAILY_SEGMENT_LIMIT: "1000000" } });
  const fates = sendReceipts(twilio, random);
  onTestFinished(fates.stop);
  twilio.behave = () => {
    const dice = random();
    if (dice < 0.02) return { status: 429, code: 20429 };
    if (dice < 0.0205) return { status: 429, code: 20429, retryAfter: 1 };
    if (dice < 0.03) return "reset";
    if (dice < 0.035) return "cut";
    if (dice < 0.04) return { status: 503, code: 20503 };
    return "accept";
  };

  const people = Array.from({ length: CONTACTS }, (_, index) => `+1202${String(5_550_000 + index)}`);
  let lostWebhooks = 0;
  const write = async (from: string) => {
    for (const text of UTTERANCES) {
      const lost = random() < 0.01;
      if (lost) lostWebhooks += 1;
      await twilio.inbound(text, { from, ...(!lost && { webhook: app.webhook }) });
    }
  };
  const waiting = [...people];
  const began = performance.now();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let from = waiting.shift(); from !== undefined; from = waiting.shift()) await write(from);
    }),
  );

  // What a webhook never brought is found by the sweep at the start.
  await sleep(61_000);
  // Receipts for what is sent meanwhile would find nobody.
  await expect.poll(() => underWay(app.config.databaseUrl), { timeout: SETTLES_WITHIN_MS, interval: 1_000 }).toBe(0);
  await sleep(1_000);
  await fates.settle();
  await app.restart();

  const answering = await createAnswering({ ...app.config, logLevel: "error" });
  await answering.matcher.stop();
  const session = answering.session();
  const expected = UTTERANCES.flatMap((text) => session.say({ text }, "sms").messages.map((message) => message.text));
  const logOf = () => Map.groupBy(twilio.messages, ({ to }) => to);
  const missing = () => {
    const log = logOf();
    return people.flatMap((person) => {
      const said = (log.get(person) ?? []).map((message) => message.said);
      return expected.filter((text) => !said.includes(text)).map((text) => `${person}: ${text.slice(0, 40)}`);
    });
  };
  await expect.poll(() => missing().length, { timeout: SETTLES_WITHIN_MS, interval: 1_000 }).toBe(0);
  await expect.poll(() => underWay(app.config.databaseUrl), { timeout: SETTLES_WITHIN_MS, interval: 1_000 }).toBe(0);
  await sleep(1_000);
  await fates.settle();
  const seconds = Math.round((performance.now() - began) / 1000);

  const wanted = people.length * expected.length;
  const extra = twilio.messages.length - wanted;
  const resent = app.counts.get("delivery_resent") ?? 0;
  process.stdout.write(
    `${people.length * UTTERANCES.length} in, ${wanted} answers, ${extra} extra (${resent} resent after an unknown fate, ${fates.lostByCarrier} lost by the carrier), ${lostWebhooks} webhooks lost, ${fates.silent.size} receipts lost, ${seconds} s\n`,
  );
  expect(extra).toBeLessThanOrEqual(resent + fates.lostByCarrier);
  expect(twilio.violations).toEqual([]);

  const states = attemptStates(app.config.databaseUrl);
  const disagree = twilio.messages.flatMap(({ sid }) => {
    const ours = states.get(sid);
    if (fates.silent.has(sid))
      return ours === "sent" || ours === undefined ? [] : [`${sid} ${ours}, without a receipt`];
    const theirs = fates.final.get(sid) === "delivered" ? "delivered" : "failed";
    return ours === theirs ? [] : [`${sid}: here ${ours}, there ${theirs}`];
  });
  expect(disagree).toEqual([]);
});

function read<T>(databaseUrl: string, sql: string): T[] {
  const database = new DatabaseSync(databaseUrl.replace("sqlite:", ""), { readOnly: true });
  try {
    return database.prepare(sql).all() as T[];
  } finally {
    database.close();
  }
}

/** What is accepted and not answered, and what is not sent or of unknown fate. */
function underWay(databaseUrl: string): number {
  return read<{ n: number }>(databaseUrl, UNDER_WAY)[0]?.n ?? 0;
}

function attemptStates(databaseUrl: string): Map<string, string> {
  const rows = read<{ externalId: string; status: string }>(
    databaseUrl,
    `select "externalId", status from attempts where "externalId" is not null`,
  );
  return new Map(rows.map(({ externalId, status }) => [externalId, status]));
}
