import { describe, expect, it } from "vitest";
import { createSweep } from "../../src/privacy/sweep.ts";
import { rotateKeys } from "../../src/storage/rotate.ts";
import { DAY, type Fixture, HOUR, MINUTE, UTTERANCE } from "./fixture.ts";

export function describeRetention(make: () => Promise<Fixture>): void {
  async function withSweep() {
    const fixture = await make();
    return { ...fixture, sweep: createSweep(fixture) };
  }

  describe("the sweep", () => {
    it("clears the context of a conversation after 30 minutes and leaves its language", async () => {
      const { stores, arrive, clock, sweep } = await withSweep();
      const { contactId } = await arrive();
      const lasting = { locale: "es", welcomed: true, minor: false };
      const context = { at: clock.now(), topic: "about/puente", choices: [], pagesSent: 0 };
      await stores.conversations.save(contactId, "", { ...lasting, context });
      clock.advance(30 * MINUTE);
      await sweep();
      expect(await stores.conversations.load(contactId, "")).toEqual({ ...lasting, context });
      clock.advance(1);
      expect(await sweep()).toEqual(new Map([["context", 1]]));
      expect(await stores.conversations.load(contactId, "")).toEqual(lasting);
    });

    it("takes a reply's text after 30 minutes, its topic after a day and its row after 7", async () => {
      const { stores, arrive, enqueue, begin, clock, sweep, row, sizes } = await withSweep();
      await enqueue((await arrive()).contactId);
      const { deliveryId, attempt } = await begin();
      await stores.deliveries.settle(deliveryId, attempt, { status: "sent", externalId: "SM1" });
      expect((await row(deliveryId))?.text).not.toBeNull();
      clock.advance(30 * MINUTE + 1);
      await sweep();
      expect(await row(deliveryId)).toMatchObject({ text: null, topic: "port-of-entry/turned-back" });
      clock.advance(DAY);
      await sweep();
      expect(await row(deliveryId)).toMatchObject({ topic: null });
      clock.advance(6 * DAY);
      await sweep();
      expect(await sizes()).toMatchObject({ deliveries: 0, attempts: 0 });
    });

    it("leaves the text of a reply that may still have to be sent", async () => {
      const { stores, arrive, enqueue, clock, sweep } = await withSweep();
      await enqueue((await arrive()).contactId);
      clock.advance(2 * HOUR);
      await sweep();
      expect(await stores.deliveries.claim(1, 30_000)).toHaveLength(1);
    });

    it("forgets message ids after 35 days, erasures after 2 and unanswered messages after 3", async () => {
      const { stores, arrive, clock, sweep, sizes, database } = await withSweep();
      const { contactId } = await arrive();
      await stores.contacts.erase(contactId);
      await arrive();
      clock.advance(2 * DAY + 1);
      await sweep();
      expect(await database.db.selectFrom("erase_marks").select("at").execute()).toEqual([]);
      expect(await sizes()).toMatchObject({ inbox: 1 });
      clock.advance(DAY);
      await sweep();
      expect(await sizes()).toMatchObject({ inbox: 0 });
      expect(await database.db.selectFrom("seen_messages").select("day").execute()).toHaveLength(2);
      clock.advance(33 * DAY);
      await sweep();
      expect(await database.db.selectFrom("seen_messages").select("day").execute()).toEqual([]);
    });

    it("forgets a contact 90 days after the last message, and keeps the STOP", async () => {
      const { stores, arrive, clock, sweep, sizes } = await withSweep();
      const { inboxId, contactId } = await arrive();
      await stores.conversations.save(contactId, "", { welcomed: true, minor: false });
      await stores.inbox.finish(inboxId);
      await stores.contacts.optOut(contactId, "person");
      clock.advance(90 * DAY);
      await sweep();
      expect(await sizes()).toMatchObject({ contacts: 1, conversations: 1 });
      clock.advance(DAY);
      await sweep();
      expect(await sizes()).toMatchObject({ contacts: 0, conversations: 0 });
      expect((await stores.contacts.view((await arrive()).contactId)).optedOut).toBe(true);
    });

    it("drops an erased contact whose last word never got out after an hour", async () => {
      const { stores, arrive, clock, sweep, sizes } = await withSweep();
      const { contactId } = await arrive();
      await stores.transaction(async (tx) => {
        await tx.contacts.erase(contactId);
        await tx.deliveries.enqueue([
          { kind: "reply", contactId, groupId: "g", part: 1, parts: 1, text: "Listo.", locale: "es", notBefore: 0 },
        ]);
      });
      clock.advance(HOUR + 1);
      await sweep();
      expect(await sizes()).toMatchObject({ contacts: 0, deliveries: 0 });
    });

    it("forgets a limit when its window is over, and a shared text when nobody waits for it", async () => {
      const { database, stores, arrive, announce, sweep, clock, begin } = await withSweep();
      const { contactId } = await arrive();
      await database.db
        .insertInto("limits")
        .values({ key: "k", points: 1, expire: clock.now() - 1 })
        .execute();
      const { broadcastId } = await announce([contactId]);
      clock.advance(31 * MINUTE);
      await sweep();
      expect(await database.db.selectFrom("limits").select("key").execute()).toEqual([]);
      expect(await database.db.selectFrom("shared_texts").select("kind").execute()).toHaveLength(1);
      const { deliveryId, attempt } = await begin();
      await stores.deliveries.settle(deliveryId, attempt, {
        status: "sent",
        externalId: "SM1",
        vendorStatus: "delivered",
      });
      await stores.broadcasts.move(broadcastId, { from: ["running"], to: "finished", event: "finished" });
      clock.advance(DAY + HOUR);
      await sweep();
      expect(await database.db.selectFrom("shared_texts").select("kind").execute()).toEqual([]);
    });

    it("takes away more than one step's worth", async () => {
      const { database, sweep, clock } = await withSweep();
      const rows = Array.from({ length: 2_500 }, (_, n) => ({
        messageKey: `k${n}`,
        channel: "sms" as const,
        day: "2026-01-01",
      }));
      await database.db.insertInto("seen_messages").values(rows).execute();
      clock.advance(1);
      expect(await sweep()).toEqual(new Map([["seen-messages", 2_500]]));
    });
  });

  it("takes the list of recipients a day after the end, of that broadcast alone", async () => {
    const { database, stores, arrivals, announce, clock } = await withSweep();
    const contactIds = await arrivals(3);
    const ended = await announce(contactIds);
    const running = await announce(contactIds, "Otro aviso.");
    await stores.broadcasts.move(ended.broadcastId, { from: ["running"], to: "finished", event: "finished" });
    clock.advance(DAY + 1);
    while ((await stores.retention.purge("recipients", clock.now() - DAY)) > 0);
    for (const table of ["broadcast_recipients", "broadcast_lanes"] as const) {
      const left = await database.db.selectFrom(table).select("broadcastId").distinct().execute();
      expect(left).toEqual([{ broadcastId: running.broadcastId }]);
    }
  });

  describe("a new data key", () => {
    it("seals everything again, and the old one is dropped a day later", async () => {
      const { database, keys, stores, arrive, enqueue, clock, sweep, retake } = await withSweep();
      const { contactId } = await arrive();
      const state = { welcomed: true, minor: false, context: { at: clock.now(), choices: [], pagesSent: 0 } };
      await stores.conversations.save(contactId, "", state);
      await enqueue(contactId);
      expect(await rotateKeys({ database, keys })).toBe(5);
      const opened = async () => {
        retake();
        return [
          (await stores.inbox.take(contactId))?.utterance.text,
          (await stores.conversations.load(contactId, "")).welcomed,
        ];
      };
      expect(await opened()).toEqual([UTTERANCE, true]);
      expect(await stores.conversations.load(contactId, "")).toEqual(state);
      expect(await stores.deliveries.claim(1, 1)).toHaveLength(1);
      await sweep();
      expect(await database.db.selectFrom("keys").select("keyId").execute()).toHaveLength(2);
      clock.advance(DAY + 1);
      await sweep();
      expect(await database.db.selectFrom("keys").select("keyId").execute()).toEqual([{ keyId: 2 }]);
      expect(await opened()).toEqual([UTTERANCE, true]);
    });
  });
}
