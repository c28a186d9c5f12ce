import { describe, expect, test } from "vitest";
import { answerVersion } from "../../src/content/answer-version.ts";
import { createCorrections } from "../../src/subscription/corrections.ts";
import { createUpdateEffects, wordingVersion } from "../../src/subscription/effects.ts";
import { aBroadcastRoom, translate, tree } from "../broadcast/fixture.ts";
import { DATABASE_KINDS } from "../support/databases.ts";

const TOPIC = "asylum-basics/what-is-asylum";

async function aKeeper(kind: (typeof DATABASE_KINDS)[number]) {
  const room = await aBroadcastRoom(kind);
  const [contactId = 0] = await room.subscribe(1);
  const effects = createUpdateEffects({ translate });
  const text = tree.topics.get(TOPIC)?.texts["es"];
  if (text === undefined) throw new Error("no text");
  let served = tree;
  let awake = true;
  const correct = createCorrections({
    ...{ stores: room.stores, tree: () => served, translate, clock: room.clock, wake: () => {} },
    hours: (now) => (awake ? { until: now + 3_600_000 } : undefined),
  });
  const keep = (contact = contactId) =>
    room.stores.transaction((tx) =>
      effects["keep-answer"](
        { kind: "keep-answer", topic: TOPIC, locale: "es", textHash: answerVersion(text), asked: true },
        { contactId: contact },
        tx,
      ),
    );
  await keep();
  return {
    ...{ room, contactId, effects, correct, keep },
    serve: (change: Partial<typeof tree>) => {
      served = { ...tree, ...change };
    },
    rewrite: (short: string) => {
      const topic = tree.topics.get(TOPIC);
      if (topic === undefined) throw new Error("no topic");
      const changed = { ...topic, texts: { ...topic.texts, es: { ...text, short } } };
      served = { ...tree, topics: new Map([...tree.topics, [TOPIC, changed]]) };
    },
    sleeps: () => {
      awake = false;
    },
    text,
  };
}

describe.each(DATABASE_KINDS)("corrections on %s", (kind) => {
  test("tell those who asked once, when an answer is withdrawn, and name no subject", async () => {
    const { room, correct, serve, contactId } = await aKeeper(kind);
    expect(await correct()).toBe(0);
    serve({ held: new Map([[TOPIC, "withdrawn"]]) });
    expect(await correct()).toBe(1);
    expect(await correct()).toBe(0);
    await room.delivery.run();
    expect(room.sent.map(({ text }) => text)).toEqual([
      "Puente: cambio algo que le respondimos. Responda VER para leerlo. ALTO para no recibir mas.",
    ]);
    expect((await room.stores.contacts.view(contactId)).changed).toBe(TOPIC);
    await room.stores.keptAnswers.forget(contactId, TOPIC);
    expect((await room.stores.contacts.view(contactId)).kept).toEqual([]);
  });

  test("tell of other words, not of a spelling put right, nor of an answer that is only looked at", async () => {
    const { correct, serve, rewrite, text } = await aKeeper(kind);
    rewrite(`${text.short.toUpperCase()} `);
    expect(await correct()).toBe(0);
    serve({ held: new Map([[TOPIC, "held"]]) });
    expect(await correct()).toBe(0);
    rewrite(`${text.short} Ya no es asi.`);
    expect(await correct()).toBe(1);
  });

  test("wait for the morning, reach nobody who said STOP, and are forgotten with the person or after 30 days", async () => {
    const { room, correct, serve, sleeps, contactId, keep } = await aKeeper(kind);
    serve({ held: new Map([[TOPIC, "withdrawn"]]) });
    sleeps();
    expect(await correct()).toBe(0);
    await room.stores.subscriptions.end(contactId);
    expect((await room.stores.contacts.view(contactId)).kept).toEqual([]);
    await keep();
    room.clock.advance(30 * 86_400_000 + 1);
    expect(await room.stores.retention.purge("kept-answers", room.clock.now() - 30 * 86_400_000)).toBe(1);
  });

  test("a consent is proved by its event, channel, wording and time, without the number, and goes with the person", async () => {
    const { room, effects, contactId } = await aKeeper(kind);
    const entry = { contactId };
    await effects["ask-opt-in"](
      { kind: "ask-opt-in", to: "updates", place: "tijuana", locale: "es" },
      entry,
      room.stores,
    );
    await effects.subscribe({ kind: "subscribe", place: "tijuana", locale: "es" }, entry, room.stores);
    await room.stores.contacts.optOut(contactId, "person");
    await room.stores.contacts.optIn(contactId, "person");
    const at = room.clock.now();
    const wording = wordingVersion(translate, "es", "updates.ask");
    expect(await room.stores.consents.of(contactId)).toEqual([
      { event: "correction.given", channel: "sms", wording: wordingVersion(translate, "es", "updates.notifyAsk"), at },
      { event: "updates.asked", channel: "sms", wording, place: "tijuana", at },
      { event: "updates.given", channel: "sms", wording, place: "tijuana", at },
      { event: "stopped", channel: "sms", wording: "", at },
      { event: "started", channel: "sms", wording: "", at },
    ]);
    await room.stores.contacts.erase(contactId);
    expect(await room.stores.consents.of(contactId)).toEqual([]);
    expect((await room.stores.contacts.view(contactId)).subscriptions).toEqual([]);
  });

  test("subscribers are kept for as long as they want updates, and no longer than half an hour after STOP", async () => {
    const { room, contactId } = await aKeeper(kind);
    room.clock.advance(200 * 86_400_000);
    await room.stores.retention.purge("contacts", room.clock.now() - 90 * 86_400_000);
    expect((await room.stores.contacts.view(contactId)).subscriptions).toHaveLength(1);
    await room.stores.contacts.optOut(contactId, "vendor");
    room.clock.advance(30 * 60_000 + 1);
    await room.stores.retention.purge("ended-subscriptions", room.clock.now() - 30 * 60_000);
    expect((await room.stores.contacts.view(contactId)).subscriptions).toEqual([]);
  });
});
