import { expect, onTestFinished, test } from "vitest";
import { createReceive, type EffectHandlers } from "../../src/conversation/receive.ts";
import type { InboundMessage, Limiter, Spool } from "../../src/core/ports.ts";
import { answering } from "../support/answering.ts";
import { testClock } from "../support/clock.ts";
import { recorder } from "../support/recorder.ts";
import { anInbound, memoryStores } from "../support/stores.ts";

const QUESTION = "que es el asilo";
const DANGER = "me estan regresando en el puente que hago";

/** So many points in all, whoever takes them. */
function limit(points: number): Limiter {
  const used = new Map<string, number>();
  return {
    async take(key, taken = 1) {
      const before = used.get(key) ?? 0;
      used.set(key, before + taken);
      const ok = before + taken <= points;
      return { ok, first: !ok && before <= points, retryAt: 0, used: before + taken };
    },
  };
}

async function setUp(options: { contact?: number; segments?: number; spool?: Spool } = {}) {
  const clock = testClock();
  const stores = await memoryStores(clock);
  const { logger, counter, counts, lines } = recorder();
  const { contact = 100, segments = 1_000 } = options;
  const counted: string[] = [];
  const nothing = async () => {};
  const effects = new Proxy(
    {
      "opt-out": ({ source }, { contactId }, tx) => tx.contacts.optOut(contactId, source),
      count: async ({ outcome }) => void counted.push(outcome),
    } as Partial<EffectHandlers>,
    { get: (known, kind) => Reflect.get(known, kind) ?? nothing },
  ) as EffectHandlers;
  const receive = createReceive({
    stores,
    respond: answering.respond,
    tree: answering.tree,
    clock,
    logger,
    counter,
    translate: answering.translate,
    limits: { contact: limit(contact), country: limit(0), ceiling: limit(0), segments: limit(segments) },
    dailySegmentLimit: segments,
    allowedCountries: ["US"],
    effects,
    clockTime: () => "14:05",
    checkpoint: async () => {},
    wake: () => {},
    ...(options.spool && { spool: options.spool }),
  });
  onTestFinished(() => receive.settled());
  /** What goes out in answer to a message, in the order it was written. */
  const say = async (text: string, more: Partial<InboundMessage> = {}) => {
    await receive.accept(anInbound({ utterance: { text }, receivedAt: clock.now(), ...more }));
    await receive.settled();
    const sent: string[] = [];
    for (;;) {
      const [next] = await stores.deliveries.claim(1, 30_000);
      if (next === undefined) return sent;
      await stores.deliveries.settle(next.deliveryId, next.attempt, {
        status: "sent",
        externalId: `SM${next.deliveryId}`,
      });
      sent.push(next.text);
    }
  };
  return { say, stores, receive, counts, lines, counted };
}

test("over the contact's limit one line says when to come back, and a STOP still counts", async () => {
  const { say, stores, counted } = await setUp({ contact: 1 });
  expect((await say(QUESTION)).length).toBeGreaterThan(0);
  expect(await say(QUESTION)).toEqual([expect.stringMatching(/14:05.*911/)]);
  expect(await say(QUESTION)).toEqual([]);
  expect(await say("ALTO")).toEqual([]);
  const accepted = await stores.inbox.accept(anInbound());
  expect((await stores.contacts.view(accepted?.contactId ?? 0)).optedOut).toBe(true);
  expect(counted.slice(1)).toEqual(["limited", "limited", "limited"]);
});

test("a country that gets no answers gets one line that says so, and a STOP from there counts too", async () => {
  const { say } = await setUp();
  const from = { id: "+442079460123", phone: "+442079460123", country: "GB", address: "+442079460123" };
  expect(await say(QUESTION, { from })).toEqual([expect.stringContaining("911")]);
  expect(await say(DANGER, { from })).toEqual([]);
});

test("the daily ceiling tells the operator before it stops anything, and never stops danger, STOP or HELP", async () => {
  const { say, counts, lines } = await setUp({ segments: 10 });
  for (let n = 0; n < 12 && !counts.has("segments_over"); n += 1) {
    const over = counts.has("segments_over");
    const alarmed = counts.has("segments_alarm");
    await say(QUESTION);
    if (counts.has("segments_over") && !over) expect(alarmed || counts.has("segments_alarm")).toBe(true);
  }
  expect(counts.get("segments_alarm")).toBe(1);
  const events = lines.map((line) => JSON.parse(line).event).filter((event: string) => event.startsWith("segments."));
  expect(events).toEqual(["segments.near-limit", "segments.over-limit"]);
  const other = { id: "+12025550144", phone: "+12025550144", country: "US", address: "+12025550144" };
  expect(await say(QUESTION, { from: other })).toEqual([expect.stringMatching(/14:05.*911/)]);
  expect(await say(QUESTION, { from: other })).toEqual([]);
  expect((await say(DANGER, { from: other })).join()).toContain("I want to ask for asylum");
  expect((await say("AYUDA", { from: other })).length).toBeGreaterThan(0);
  expect((await say("ALTO", { from: other })).length).toBeGreaterThan(0);
});

test("after half an hour only one line goes out, and a STOP that waited so long still counts", async () => {
  const { say, stores, counted } = await setUp();
  const receivedAt = testClock().now() - 31 * 60_000;
  const late = [expect.stringContaining("Puente tuvo una falla")];
  expect(await say(DANGER, { receivedAt })).toEqual(late);
  expect(await say("STOP", { receivedAt, answeredByVendor: "stop" })).toEqual([]);
  expect(await say("ALTO", { receivedAt })).toEqual(late);
  expect(counted).toEqual(["late", "late", "late"]);
  const accepted = await stores.inbox.accept(anInbound());
  expect((await stores.contacts.view(accepted?.contactId ?? 0)).optedOut).toBe(true);
});

test("what the database cannot take is spooled, and answered once when it is back", async () => {
  const spooled: InboundMessage[] = [];
  const spool: Spool = {
    put: async (message) => void spooled.push(message),
    async replay(accept) {
      const waiting = spooled.splice(0);
      for (const message of waiting) await accept(message);
      return waiting.length;
    },
  };
  const { receive, stores, counts } = await setUp({ spool });
  const { accept } = stores.inbox;
  stores.inbox.accept = () => Promise.reject(new Error("the database is gone"));
  const message = anInbound({ utterance: { text: QUESTION }, receivedAt: testClock().now() });
  expect(await receive.accept(message)).toBe("accepted");
  expect(counts.get("message_spooled")).toBe(1);
  stores.inbox.accept = accept;
  await receive.resume();
  await receive.settled();
  expect((await stores.deliveries.claim(10, 1_000)).length).toBeGreaterThan(0);
  expect(await receive.accept(message)).toBe("repeated");
});

test("an end waits for the answers under way and leaves the others in the inbox", async () => {
  const { receive, stores } = await setUp();
  const texts = Array.from({ length: 5 }, () => QUESTION);
  await Promise.all(
    texts.map((text) => receive.accept(anInbound({ utterance: { text }, receivedAt: testClock().now() }))),
  );
  await receive.stop();
  const waiting = await stores.inbox.waiting();
  const [contactId = 0] = waiting;
  expect(waiting).toHaveLength(1);
  expect((await stores.inbox.take(contactId))?.utterance.text).toBe(QUESTION);
});
