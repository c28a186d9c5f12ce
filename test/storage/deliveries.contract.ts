import { describe, expect, it } from "vitest";
import { ANSWER, delivery, type Fixture, HOUR, ON_WHATSAPP, PHONE } from "./fixture.ts";

const LEASE = 30_000;

export function describeDeliveries(make: () => Promise<Fixture>): void {
  describe("a claim", () => {
    it("begins an attempt, gives a worker all it needs for it, and gives it to nobody else", async () => {
      const { stores, arrive, enqueue, row, clock } = await make();
      const { contactId } = await arrive();
      const deliveryId = await enqueue(contactId, { groupId: "g" });
      expect(await stores.deliveries.claim(10, LEASE)).toMatchObject([
        {
          ...delivery(contactId, { groupId: "g" }),
          deliveryId,
          channel: "sms",
          to: PHONE,
          optedOut: false,
          attempt: 1,
          createdAt: clock.now(),
        },
      ]);
      expect(await row(deliveryId)).toMatchObject({ status: "sending" });
      clock.advance(LEASE);
      expect(await stores.deliveries.claim(10, LEASE)).toEqual([]);
    });

    it("skips what is not to be sent, and takes its text", async () => {
      const { stores, arrivals, enqueue, row } = await make();
      const [a, b] = await arrivals(2);
      const unfit = await enqueue(a);
      const fit = await enqueue(b);
      const claimed = await stores.deliveries.claim(10, LEASE, ({ contactId }) =>
        contactId === a ? "channel-off" : undefined,
      );
      expect(claimed.map(({ deliveryId }) => deliveryId)).toEqual([fit]);
      expect(await row(unfit)).toMatchObject({ status: "skipped", text: null });
      expect(await stores.deliveries.claim(10, LEASE)).toEqual([]);
    });

    it("leaves a broadcast alone while it is paused, and takes it at once when it goes on", async () => {
      const { stores, arrivals, announce } = await make();
      const { broadcastId } = await announce(await arrivals(3));
      await stores.broadcasts.move(broadcastId, { from: ["running"], to: "paused", event: "paused" });
      expect(await stores.deliveries.claim(10, LEASE)).toEqual([]);
      await stores.broadcasts.move(broadcastId, { from: ["paused"], to: "running", event: "resumed" });
      expect(await stores.deliveries.claim(10, LEASE)).toHaveLength(3);
    });

    it("takes replies before bulk, then what was due first, up to the limit, and nothing that is not due", async () => {
      const { stores, arrivals, enqueue, clock } = await make();
      const [a, b, c, d] = await arrivals(4);
      const now = clock.now();
      const bulk = await enqueue(a, { kind: "broadcast", notBefore: now - 100 });
      const second = await enqueue(b, { notBefore: now - 1 });
      const first = await enqueue(c, { notBefore: now - 2 });
      const later = await enqueue(d, { notBefore: now + 1 });
      const ids = async (limit: number) =>
        (await stores.deliveries.claim(limit, LEASE)).map(({ deliveryId }) => deliveryId);
      expect(await ids(1)).toEqual([first]);
      expect(await ids(10)).toEqual([second, bulk]);
      clock.advance(1);
      expect(await ids(10)).toEqual([later]);
    });

    it("sends replies to one contact in their order, danger at once, and other contacts and bulk meanwhile", async () => {
      const { stores, arrive, enqueue, clock } = await make();
      const mine = await arrive();
      const other = await arrive({ from: { id: "+12025550143", phone: "+12025550143", address: "+12025550143" } });
      const first = await enqueue(mine.contactId);
      const second = await enqueue(mine.contactId);
      const theirs = await enqueue(other.contactId);
      const bulk = await enqueue(mine.contactId, { kind: "broadcast" });
      const danger = await enqueue(mine.contactId, { urgent: true });
      const claimed = await stores.deliveries.claim(10, LEASE);
      expect(claimed.map(({ deliveryId }) => deliveryId)).toEqual([danger, first, theirs, bulk]);
      expect(claimed[0]).toMatchObject({ urgent: true });
      expect(await stores.deliveries.claim(10, LEASE)).toEqual([]);
      await stores.deliveries.settle(first, 1, { status: "sent", externalId: "SM1" });
      clock.advance(1);
      expect(await stores.deliveries.claim(10, LEASE)).toMatchObject([{ deliveryId: second }]);
    });

    it("holds a reply back for 75 seconds while nobody knows what became of the one before", async () => {
      const { stores, arrive, enqueue, begin, clock } = await make();
      const { contactId } = await arrive();
      await enqueue(contactId);
      await begin();
      const second = await enqueue(contactId);
      clock.advance(74_999);
      expect(await stores.deliveries.claim(10, LEASE)).toEqual([]);
      clock.advance(1);
      expect(await stores.deliveries.claim(10, LEASE)).toMatchObject([{ deliveryId: second }]);
    });

    it("never gives one delivery to two workers that ask at once", async () => {
      const { stores, arrive, enqueue } = await make();
      const { contactId } = await arrive();
      for (let n = 0; n < 10; n += 1) await enqueue(contactId, { kind: n % 2 === 0 ? "broadcast" : "notice" });
      const claims = await Promise.all(Array.from({ length: 8 }, () => stores.deliveries.claim(3, LEASE)));
      const ids = claims.flat().map(({ deliveryId }) => deliveryId);
      expect(ids).toHaveLength(10);
      expect(new Set(ids).size).toBe(10);
    });

    it("takes no bulk after a STOP; a reply still is, and says so", async () => {
      const { stores, arrive, enqueue, row } = await make();
      const { contactId } = await arrive();
      const bulk = await enqueue(contactId, { kind: "broadcast" });
      await enqueue(contactId);
      await stores.contacts.optOut(contactId, "person");
      expect(await stores.deliveries.claim(2, LEASE)).toMatchObject([{ kind: "reply", optedOut: true }]);
      expect(await row(bulk)).toMatchObject({ status: "skipped", text: null });
    });

    it("holds a part back while an earlier one is open, or for 30 seconds after it was begun", async () => {
      const { stores, arrive, clock } = await make();
      const { contactId } = await arrive();
      const part = (number: number) => delivery(contactId, { part: number, parts: 2, notBefore: clock.now() });
      const [first, second] = await stores.deliveries.enqueue([part(1), part(2)]);
      const claimed = await stores.deliveries.claim(10, LEASE);
      expect(claimed.map(({ deliveryId }) => deliveryId)).toEqual([first]);
      clock.advance(29_999);
      expect(await stores.deliveries.claim(10, LEASE)).toEqual([]);
      clock.advance(1);
      expect(await stores.deliveries.claim(10, LEASE)).toMatchObject([{ deliveryId: second }]);
    });

    it("lets the next part go as soon as the earlier one is sent or failed", async () => {
      const { stores, arrive, begin, clock } = await make();
      const { contactId } = await arrive();
      await stores.deliveries.enqueue(
        [1, 2, 3].map((part) => delivery(contactId, { part, parts: 3, notBefore: clock.now() })),
      );
      const first = await begin();
      await stores.deliveries.settle(first.deliveryId, first.attempt, { status: "sent", externalId: "SM1" });
      const second = await begin();
      await stores.deliveries.settle(second.deliveryId, second.attempt, {
        status: "failed",
        code: "30006",
        class: "person",
      });
      expect((await stores.deliveries.claim(10, LEASE)).map(({ part }) => part)).toEqual([3]);
    });

    it("passes over a row whose text was moved from another, and sends the others", async () => {
      const { stores, arrive, enqueue, database, row } = await make();
      const { contactId } = await arrive();
      const forged = await enqueue(contactId, { kind: "broadcast" });
      const whole = await enqueue(contactId, { kind: "broadcast" });
      const { text } = (await row(whole)) ?? {};
      await database.db
        .updateTable("deliveries")
        .set({ text: text ?? null })
        .where("deliveryId", "=", forged)
        .execute();
      const claimed = await stores.deliveries.claim(10, LEASE);
      expect(claimed.map(({ deliveryId }) => deliveryId)).toEqual([whole]);
      expect(await row(forged)).toMatchObject({ status: "skipped", text: null });
    });
  });

  describe("an attempt", () => {
    it("is open when its lease has run out, until it is settled", async () => {
      const { stores, arrive, enqueue, begin, clock } = await make();
      const { contactId } = await arrive();
      await enqueue(contactId);
      const { deliveryId } = await begin();
      const sendingAt = clock.now();
      clock.advance(LEASE - 1);
      expect(await stores.deliveries.open(10, LEASE)).toEqual([]);
      clock.advance(1);
      await stores.deliveries.looked(deliveryId, 1);
      expect(await stores.deliveries.open(10, LEASE)).toMatchObject([
        { sendingAt, looks: 1, delivery: { deliveryId, attempt: 1, text: ANSWER, to: PHONE } },
      ]);
      await stores.deliveries.settle(deliveryId, 1, { status: "sent", externalId: "SM1" });
      clock.advance(LEASE);
      expect(await stores.deliveries.open(10, LEASE)).toEqual([]);
    });

    it("of unknown fate is open at once, and left when nothing more can be found out", async () => {
      const { stores, arrive, enqueue, begin, row, clock } = await make();
      const { contactId } = await arrive();
      await enqueue(contactId, { kind: "broadcast" });
      const { deliveryId, attempt } = await begin();
      await stores.deliveries.settle(deliveryId, attempt, { status: "unknown" });
      await stores.deliveries.receipt({ deliveryId, attempt, status: "sending" });
      expect(await stores.deliveries.open(10, LEASE)).toHaveLength(1);
      await stores.deliveries.settle(deliveryId, attempt, { status: "unknown" });
      clock.advance(LEASE);
      expect(await stores.deliveries.open(10, LEASE)).toEqual([]);
      expect(await row(deliveryId)).toMatchObject({ status: "unknown" });
    });

    it("of unknown fate is looked after by one worker at a time", async () => {
      const { stores, arrive, enqueue, begin, clock, row } = await make();
      const { contactId } = await arrive();
      for (let n = 0; n < 6; n += 1) {
        await enqueue(contactId, { kind: "broadcast" });
        const { deliveryId, attempt } = await begin();
        await stores.deliveries.settle(deliveryId, attempt, { status: "unknown" });
      }
      const looks = await Promise.all(Array.from({ length: 4 }, () => stores.deliveries.open(2, LEASE)));
      const ids = looks.flat().map(({ delivery: { deliveryId } }) => deliveryId);
      expect(ids).toHaveLength(6);
      expect(new Set(ids).size).toBe(6);
      clock.advance(LEASE);
      expect(await stores.deliveries.open(10, LEASE)).toHaveLength(6);
      // And nothing keeps it from being sent again by the one who holds it.
      await stores.deliveries.requeue(ids[0] ?? 0, clock.now());
      expect(await row(ids[0] ?? 0)).toMatchObject({ status: "queued" });
    });

    it("whose process died unheard is unknown, and a late report still settles it", async () => {
      const { stores, arrive, enqueue, begin, clock, row } = await make();
      await enqueue((await arrive()).contactId);
      const { deliveryId, attempt } = await begin();
      await stores.deliveries.requeue(deliveryId, clock.now());
      expect(await row(deliveryId)).toMatchObject({ status: "sending" });
      clock.advance(LEASE);
      await stores.deliveries.open(10, LEASE);
      expect(await row(deliveryId)).toMatchObject({ status: "unknown" });
      await stores.deliveries.settle(deliveryId, attempt, { status: "sent", externalId: "SM1" });
      expect(await row(deliveryId)).toMatchObject({ status: "sent" });
    });

    it("tells which vendor ids of a contact are taken", async () => {
      const { stores, arrive, enqueue, begin, clock } = await make();
      const mine = await arrive();
      const other = await arrive(ON_WHATSAPP);
      const since = clock.now();
      for (const [contactId, externalId] of [
        [mine.contactId, "SM1"],
        [other.contactId, "SM2"],
        [mine.contactId, "SM3"],
      ] as const) {
        await enqueue(contactId);
        const { deliveryId, attempt } = await begin();
        await stores.deliveries.settle(deliveryId, attempt, { status: "sent", externalId });
        clock.advance(1);
      }
      expect(await stores.deliveries.taken(mine.contactId, since)).toEqual(new Set(["SM1", "SM3"]));
      expect(await stores.deliveries.taken(mine.contactId, since + 1)).toEqual(new Set(["SM3"]));
    });
  });

  describe("a delivery", () => {
    it.each([
      ["throttled", true],
      ["carrier-transient", true],
      ["configuration", true],
      ["person", false],
      ["opted-out", false],
      ["message", false],
    ] as const)("that failed as %s goes back to the queue: %s", async (errorClass, again) => {
      const { stores, arrive, enqueue, begin, clock, row } = await make();
      await enqueue((await arrive()).contactId);
      const { deliveryId, attempt } = await begin();
      await stores.deliveries.settle(deliveryId, attempt, { status: "failed", code: "1", class: errorClass });
      expect((await row(deliveryId))?.text !== null).toBe(again);
      await stores.deliveries.requeue(deliveryId, clock.now() + 5);
      expect((await row(deliveryId))?.status).toBe(again ? "queued" : "failed");
      expect(await stores.deliveries.nextDueAt()).toBe(again ? clock.now() + 5 : undefined);
    });

    it.each(["sent", "delivered"] as const)("that is %s never goes back to the queue", async (vendorStatus) => {
      const { stores, arrive, enqueue, begin, clock, row } = await make();
      await enqueue((await arrive()).contactId);
      const { deliveryId, attempt } = await begin();
      await stores.deliveries.requeue(deliveryId, clock.now());
      expect(await row(deliveryId)).toMatchObject({ status: "sending" });
      await stores.deliveries.settle(deliveryId, attempt, { status: "sent", externalId: "SM1", vendorStatus });
      await stores.deliveries.requeue(deliveryId, clock.now());
      expect(await row(deliveryId)).toMatchObject({ status: vendorStatus });
    });

    it("is enqueued at most once per reply and part", async () => {
      const { stores, arrive } = await make();
      const { contactId } = await arrive();
      await stores.deliveries.enqueue([delivery(contactId)]);
      await expect(stores.deliveries.enqueue([delivery(contactId)])).rejects.toThrow();
    });

    it("of many shares one sealed text, also when it is sent again", async () => {
      const { stores, arrivals, announce, database, row, clock } = await make();
      const contactIds = await arrivals(3);
      await announce(contactIds);
      expect(await database.db.selectFrom("shared_texts").select("part").execute()).toHaveLength(1);
      const claimed = await stores.deliveries.claim(10, LEASE);
      expect(claimed.map(({ text, contactId }) => [text, contactId])).toEqual(contactIds.map((id) => [ANSWER, id]));
      const one = claimed[0];
      await stores.deliveries.settle(one?.deliveryId ?? 0, 1, {
        status: "failed",
        code: "1",
        class: "throttled",
      });
      await stores.deliveries.requeue(one?.deliveryId ?? 0, clock.now());
      expect(await row(one?.deliveryId ?? 0)).toMatchObject({ status: "queued" });
      expect(await stores.deliveries.claim(10, LEASE)).toMatchObject([{ deliveryId: one?.deliveryId, text: ANSWER }]);
    });

    it("says when there is something to do next", async () => {
      const { stores, arrive, enqueue, begin, clock } = await make();
      const { contactId } = await arrive();
      expect(await stores.deliveries.nextDueAt()).toBeUndefined();
      await enqueue(contactId, { kind: "broadcast", notBefore: clock.now() + HOUR });
      expect(await stores.deliveries.nextDueAt()).toBe(clock.now() + HOUR);
      await enqueue(contactId);
      expect(await stores.deliveries.nextDueAt()).toBe(clock.now());
      await begin();
      expect(await stores.deliveries.nextDueAt()).toBe(clock.now() + LEASE);
    });

    it("says how many of each kind are due, and since when", async () => {
      const { stores, arrive, enqueue, begin, clock } = await make();
      const { contactId } = await arrive();
      expect(await stores.deliveries.waiting()).toEqual([]);
      const since = clock.now();
      await enqueue(contactId, { kind: "broadcast" });
      await enqueue(contactId, { kind: "notice", notBefore: since + HOUR });
      clock.advance(60_000);
      await enqueue(contactId, { notBefore: since + 60_000 });
      await enqueue(contactId, { groupId: "second", notBefore: since + 60_000 });
      expect(await stores.deliveries.waiting()).toEqual([
        { kind: "broadcast", n: 1, since },
        { kind: "reply", n: 2, since: since + 60_000 },
      ]);
      await begin();
      expect(await stores.deliveries.waiting()).toContainEqual({ kind: "reply", n: 1, since: since + 60_000 });
    });
  });
}
