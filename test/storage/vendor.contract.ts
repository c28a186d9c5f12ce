import { describe, expect, it } from "vitest";
import { DAY, type Fixture, HOUR, MINUTE } from "./fixture.ts";

const ids = (messages: readonly { readonly externalId: string }[]) =>
  messages.map(({ externalId }) => externalId).toSorted();

export function describeVendor(make: () => Promise<Fixture>): void {
  const inbound = { channel: "sms", direction: "in", media: false } as const;

  describe("erasures at the vendor", () => {
    it("are handed out when they are due, to one at a time, and again when nobody finished them", async () => {
      const { stores, clock } = await make();
      const { vendorErasures } = stores;
      const dueAt = clock.now() + MINUTE;
      await vendorErasures.add([
        { ...inbound, externalId: "SM1", dueAt },
        { ...inbound, externalId: "SM2", media: true, dueAt },
      ]);
      expect(await vendorErasures.claim(["sms"], 10, HOUR)).toEqual([]);
      clock.advance(MINUTE);
      const [first, second] = await Promise.all([
        vendorErasures.claim(["sms"], 10, HOUR),
        vendorErasures.claim(["sms"], 10, HOUR),
      ]);
      expect(ids([...first, ...second])).toEqual(["SM1", "SM2"]);
      clock.advance(HOUR);
      expect(await vendorErasures.claim(["slack"], 10, HOUR)).toEqual([]);
      expect(ids(await vendorErasures.claim(["sms"], 1, HOUR))).toHaveLength(1);
    });

    it("are done once: adding them again changes nothing", async () => {
      const { stores, clock } = await make();
      const { vendorErasures } = stores;
      const one = { ...inbound, externalId: "SM1", dueAt: clock.now() };
      await vendorErasures.add([one, one]);
      await vendorErasures.later("SM1", clock.now() + HOUR);
      await vendorErasures.add([one]);
      expect(await vendorErasures.claim(["sms"], 10, MINUTE)).toEqual([]);
      clock.advance(HOUR);
      expect(await vendorErasures.claim(["sms"], 10, MINUTE)).toMatchObject([{ tries: 1 }]);
      await vendorErasures.done(["SM1"]);
      await vendorErasures.add([one]);
      clock.advance(DAY);
      expect(await vendorErasures.claim(["sms"], 10, MINUTE)).toEqual([]);
    });

    it("take in what was sent and forgotten, and what was sent to somebody who erases everything", async () => {
      const { stores, clock, arrive, enqueue, begin } = await make();
      const { vendorErasures } = stores;
      const { contactId } = await arrive();
      const send = async (externalId: string) => {
        await enqueue(contactId);
        const { deliveryId, attempt } = await begin();
        await stores.deliveries.settle(deliveryId, attempt, { status: "sent", externalId });
      };
      await send("SM1");
      clock.advance(DAY);
      await send("SM2");
      await vendorErasures.addForgotten(clock.now() - HOUR);
      expect(ids(await vendorErasures.claim(["sms"], 10, HOUR))).toEqual(["SM1"]);
      await stores.contacts.erase(contactId);
      expect(ids(await vendorErasures.claim(["sms"], 10, HOUR))).toEqual(["SM2"]);
    });
  });

  it("costs are summed by channel and direction", async () => {
    const { stores } = await make();
    const cost = {
      channel: "sms",
      direction: "out",
      messages: 2,
      segments: 3,
      micros: 24_900,
      currency: "USD",
    } as const;
    await stores.costs.add(cost);
    await stores.costs.add(cost);
    await stores.costs.add({ ...cost, direction: "in", micros: 100 });
    expect(await stores.costs.since("2000-01-01")).toEqual([
      { ...cost, direction: "in", micros: 100 },
      { ...cost, messages: 4, segments: 6, micros: 49_800 },
    ]);
    expect(await stores.costs.since("2999-01-01")).toEqual([]);
  });

  it("tells which messages were never accepted", async () => {
    const { stores, arrive } = await make();
    await arrive({ externalId: "SM-seen" });
    expect(await stores.inbox.unseen("sms", ["SM-seen", "SM-new"])).toEqual(["SM-new"]);
    expect(await stores.inbox.unseen("whatsapp", ["SM-seen"])).toEqual(["SM-seen"]);
    expect(await stores.inbox.unseen("sms", [])).toEqual([]);
  });
}
