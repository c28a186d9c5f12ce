import { describe, expect, it } from "vitest";
import { type Fixture, MINUTE, message, ON_WHATSAPP, PHONE } from "./fixture.ts";

export function describeContacts(make: () => Promise<Fixture>): void {
  describe("STOP and START", () => {
    it("act on the person: on every channel that shares the number", async () => {
      const { stores, arrive } = await make();
      const sms = await arrive();
      const whatsapp = await arrive(ON_WHATSAPP);
      const other = await arrive({ from: { id: "+12025550143", phone: "+12025550143", address: "+12025550143" } });
      await stores.contacts.optOut(sms.contactId, "person");
      expect((await stores.contacts.view(whatsapp.contactId)).optedOut).toBe(true);
      expect((await stores.contacts.view(other.contactId)).optedOut).toBe(false);
      await stores.contacts.optIn(whatsapp.contactId, "person");
      expect((await stores.contacts.view(sms.contactId)).optedOut).toBe(false);
    });

    it("hold for a contact whose number becomes known only later", async () => {
      const { stores, arrive } = await make();
      const { contactId } = await arrive({ channel: "whatsapp", from: { id: "user-1", address: "user-1" } });
      await stores.contacts.optOut(contactId, "person");
      await arrive({ channel: "whatsapp", from: { id: "user-1", address: "user-1", phone: PHONE } });
      expect((await stores.contacts.view(contactId)).optedOut).toBe(true);
      await stores.contacts.optIn(contactId, "person");
      expect((await stores.contacts.view(contactId)).optedOut).toBe(false);
    });

    it("keep the number once known when a later message comes without it", async () => {
      const { stores, arrive } = await make();
      const sms = await arrive();
      const { contactId } = await arrive(ON_WHATSAPP);
      await arrive({ channel: "whatsapp", from: { id: `whatsapp:${PHONE}`, address: `whatsapp:${PHONE}` } });
      await stores.contacts.optOut(sms.contactId, "person");
      expect((await stores.contacts.view(contactId)).optedOut).toBe(true);
    });

    it("count somebody who is gone as opted out", async () => {
      const { stores } = await make();
      expect(await stores.contacts.view(999)).toMatchObject({ optedOut: true, subscriptions: [] });
    });
  });

  describe("an erasure", () => {
    it("removes every row of the person on all channels, and of nobody else", async () => {
      const { stores, arrive, enqueue, begin, sizes, database } = await make();
      const sms = await arrive();
      const whatsapp = await arrive(ON_WHATSAPP);
      const other = await arrive({ from: { id: "+12025550143", phone: "+12025550143", address: "+12025550143" } });
      for (const { contactId } of [sms, whatsapp, other]) {
        await stores.conversations.save(contactId, "", { welcomed: true, minor: false });
        await enqueue(contactId);
        await begin();
      }
      await stores.contacts.optOut(sms.contactId, "person");
      await stores.contacts.erase(whatsapp.contactId);
      expect(await sizes()).toEqual({ contacts: 1, inbox: 1, conversations: 1, deliveries: 1, attempts: 1 });
      const left = await database.db.selectFrom("contacts").select("contactId").execute();
      expect(left).toEqual([{ contactId: other.contactId }]);
      expect(await database.db.selectFrom("seen_messages").select("day").execute()).toHaveLength(3);
    });

    it("keeps a STOP made before", async () => {
      const { stores, arrive, clock } = await make();
      const { contactId } = await arrive();
      await stores.contacts.optOut(contactId, "person");
      await stores.contacts.erase(contactId);
      clock.advance(MINUTE);
      const again = await arrive();
      expect(again.contactId).not.toBe(contactId);
      expect((await stores.contacts.view(again.contactId)).optedOut).toBe(true);
    });

    it.each(["before", "after"] as const)(
      "lets a last word enqueued %s it in its transaction go out, and only then drops the contact",
      async (order) => {
        const { stores, arrive, enqueue, begin, sizes } = await make();
        const { inboxId, contactId } = await arrive();
        const other = await arrive(ON_WHATSAPP);
        await enqueue(contactId, { groupId: "an older answer" });
        await stores.transaction(async (tx) => {
          const farewell = {
            kind: "reply",
            contactId,
            groupId: "farewell",
            part: 1,
            parts: 1,
            text: "Listo.",
            locale: "es",
            notBefore: 0,
          } as const;
          if (order === "before") await tx.deliveries.enqueue([farewell]);
          await tx.contacts.erase(contactId);
          if (order === "after") await tx.deliveries.enqueue([farewell]);
          await tx.conversations.save(contactId, "", { welcomed: true, minor: false });
          await tx.inbox.finish(inboxId);
        });
        expect(other.contactId).not.toBe(contactId);
        expect(await sizes()).toMatchObject({ contacts: 1, inbox: 0, deliveries: 1 });
        const { deliveryId, attempt } = await begin();
        await stores.deliveries.settle(deliveryId, attempt, { status: "sent", externalId: "SM-out" });
        expect(await sizes()).toEqual({ contacts: 0, inbox: 0, conversations: 0, deliveries: 0, attempts: 0 });
        const late = { deliveryId, attempt, externalId: "SM-out", status: "delivered" } as const;
        expect(await stores.deliveries.receipt(late)).toBeUndefined();
      },
    );

    it("keeps the contact while the last word is tried again, and a STOP learned from its failure", async () => {
      const { stores, arrive, begin, clock, sizes } = await make();
      const { contactId } = await arrive();
      await stores.transaction(async (tx) => {
        await tx.contacts.erase(contactId);
        await tx.deliveries.enqueue([
          {
            kind: "reply",
            contactId,
            groupId: "farewell",
            part: 1,
            parts: 1,
            text: "Listo.",
            locale: "es",
            notBefore: 0,
          },
        ]);
      });
      const first = await begin();
      await stores.transaction(async (tx) => {
        const { deliveryId, attempt } = first;
        await tx.deliveries.settle(deliveryId, attempt, { status: "failed", code: "20429", class: "throttled" });
        await tx.deliveries.requeue(deliveryId, clock.now());
      });
      expect(await sizes()).toMatchObject({ contacts: 1, deliveries: 1 });
      const second = await begin();
      await stores.transaction(async (tx) => {
        const { deliveryId, attempt } = second;
        await tx.deliveries.settle(deliveryId, attempt, { status: "failed", code: "21610", class: "opted-out" });
        await tx.contacts.optOut(contactId, "vendor");
      });
      expect(await sizes()).toMatchObject({ contacts: 0, deliveries: 0 });
      clock.advance(MINUTE);
      expect((await stores.contacts.view((await arrive()).contactId)).optedOut).toBe(true);
    });

    it("keeps a contact who writes again before the last word is out", async () => {
      const { stores, arrive, begin, sizes } = await make();
      const { contactId } = await arrive();
      await stores.transaction(async (tx) => {
        await tx.contacts.erase(contactId);
        await tx.deliveries.enqueue([
          {
            kind: "reply",
            contactId,
            groupId: "farewell",
            part: 1,
            parts: 1,
            text: "Listo.",
            locale: "es",
            notBefore: 0,
          },
        ]);
      });
      await arrive();
      const { deliveryId, attempt } = await begin();
      await stores.deliveries.settle(deliveryId, attempt, { status: "sent", externalId: "SM-out" });
      expect(await sizes()).toMatchObject({ contacts: 1, inbox: 1 });
    });
  });

  describe("an erasure by number", () => {
    it("removes the person on all channels at once, and refuses what was written before", async () => {
      const { stores, arrive, enqueue, sizes, clock } = await make();
      const { contactId } = await arrive();
      await arrive(ON_WHATSAPP);
      await enqueue(contactId);
      await stores.contacts.optOut(contactId, "person");
      clock.advance(MINUTE);
      expect(await stores.contacts.eraseByPhone(PHONE)).toBe(2);
      expect(await sizes()).toEqual({ contacts: 0, inbox: 0, conversations: 0, deliveries: 0, attempts: 0 });
      expect(
        await stores.inbox.accept(message({ externalId: "SM-late", receivedAt: clock.now() - 1 })),
      ).toBeUndefined();
      clock.advance(MINUTE);
      expect((await stores.contacts.view((await arrive()).contactId)).optedOut).toBe(true);
      expect(await stores.contacts.eraseByPhone("+12025550199")).toBe(0);
    });
  });

  it("whose contact is forgotten, is also gone from the lists of recipients", async () => {
    const { database, arrivals, announce } = await make();
    const [first, second] = await arrivals(2);
    await announce([first, second]);
    await database.db.deleteFrom("contacts").where("contactId", "=", first).execute();
    const left = await database.db.selectFrom("broadcast_recipients").select("contactId").execute();
    expect(left).toEqual([{ contactId: second }]);
  });

  describe("a transaction", () => {
    it("writes everything or nothing", async () => {
      const { stores, arrive, sizes } = await make();
      const { inboxId, contactId } = await arrive();
      const work = stores.transaction(async (tx) => {
        await tx.inbox.finish(inboxId);
        await tx.contacts.optOut(contactId, "person");
        throw new Error("in the middle");
      });
      await expect(work).rejects.toThrow("in the middle");
      expect(await sizes()).toMatchObject({ inbox: 1 });
      expect((await stores.contacts.view(contactId)).optedOut).toBe(false);
    });

    it("is joined by one begun on its own stores", async () => {
      const { stores, arrive } = await make();
      const { contactId } = await arrive();
      await stores.transaction((tx) => tx.transaction((inner) => inner.contacts.optOut(contactId, "person")));
      expect((await stores.contacts.view(contactId)).optedOut).toBe(true);
    });

    it("refuses the outer stores inside, instead of waiting for ever", async () => {
      const { stores, arrive } = await make();
      const { contactId } = await arrive();
      const single = stores.transaction(() => stores.contacts.view(contactId));
      await expect(single).rejects.toThrow("use the stores that the transaction hands out");
      const several = stores.transaction(() => stores.deliveries.claim(1, 1000));
      await expect(several).rejects.toThrow("use the stores that the transaction hands out");
      expect(await stores.contacts.view(contactId)).toMatchObject({ optedOut: false });
    });

    it("runs beside others without mixing with them", async () => {
      const { stores, arrive, sizes } = await make();
      const { inboxId } = await arrive();
      const pause = () => new Promise((resolve) => setImmediate(resolve));
      const failing = stores.transaction(async (tx) => {
        await tx.inbox.finish(inboxId);
        await pause();
        throw new Error("no");
      });
      const [failed, accepted] = await Promise.allSettled([failing, arrive(ON_WHATSAPP)]);
      expect([failed.status, accepted.status]).toEqual(["rejected", "fulfilled"]);
      expect(await sizes()).toMatchObject({ inbox: 2, contacts: 2 });
    });
  });
}
