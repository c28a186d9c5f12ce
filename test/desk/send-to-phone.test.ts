import { describe, expect, test } from "vitest";
import { readMobile, SENDS_A_DAY, sendToPhone } from "../../src/desk/send-to-phone.ts";
import { testClock } from "../support/clock.ts";
import { memoryStores } from "../support/stores.ts";

const sol = { id: "sol", name: "Sol", roles: ["sender"] as const };
const send = (phone: string) => ({ phone, topic: "port-of-entry/what-to-say", locale: "en", text: "Puente: ..." });
const number = (last: number) => `+120255501${String(last).padStart(2, "0")}`;

describe("reading a number", () => {
  test.each([
    ["202 555 0123", "+12025550123"],
    ["+52 55 1234 5678", "+525512345678"],
  ])("takes %s", (typed, phone) => {
    expect(readMobile(typed, ["US", "MX"])).toEqual({ phone });
  });

  test.each([
    ["+1 800 898 7180", "not-mobile"],
    ["12", "not-mobile"],
    ["hello", "not-mobile"],
    ["+33 6 12 34 56 78", "country"],
  ])("refuses %s", (typed, refused) => {
    expect(readMobile(typed, ["US", "MX"])).toEqual({ refused });
  });
});

describe("sending to a phone", () => {
  test("is at most 20 a day for each sender, and one for each number", async () => {
    const clock = testClock();
    const stores = await memoryStores(clock);
    for (let sent = 0; sent < SENDS_A_DAY; sent += 1)
      expect(await sendToPhone(stores, sol, send(number(sent)), clock.now())).toHaveProperty("sendId");
    expect(await sendToPhone(stores, sol, send(number(50)), clock.now())).toEqual({ refused: "sender-limit" });
    const other = { ...sol, id: "ana" };
    expect(await sendToPhone(stores, other, send(number(0)), clock.now())).toEqual({ refused: "number-limit" });
    clock.advance(24 * 60 * 60_000 + 1);
    expect(await sendToPhone(stores, sol, send(number(0)), clock.now())).toHaveProperty("sendId");
  });

  test("two at the same time to one number: one goes out", async () => {
    const clock = testClock();
    const stores = await memoryStores(clock);
    const both = await Promise.all([1, 2].map(() => sendToPhone(stores, sol, send(number(7)), clock.now())));
    expect(both.filter((one) => "sendId" in one)).toHaveLength(1);
    expect(await stores.deliveries.claim(10, 1_000)).toHaveLength(1);
  });

  test("waits a day for READ, is read once, and says its fate to the sender alone", async () => {
    const clock = testClock();
    const stores = await memoryStores(clock);
    const sent = await sendToPhone(stores, sol, send(number(7)), clock.now());
    const sendId = "sendId" in sent ? sent.sendId : 0;
    expect(await stores.phoneSends.status(sendId, "sol")).toBe("queued");
    const [delivery] = await stores.deliveries.claim(1, 1_000);
    const contactId = delivery?.contactId ?? 0;
    expect(delivery).toMatchObject({ kind: "sent-by-volunteer", to: number(7) });
    expect((await stores.contacts.view(contactId)).waiting).toEqual({
      topic: "port-of-entry/what-to-say",
      locale: "en",
    });
    expect(await stores.phoneSends.status(sendId, "ana")).toBeUndefined();
    await stores.phoneSends.read(contactId);
    expect((await stores.contacts.view(contactId)).waiting).toBeUndefined();
  });

  test("is forgotten after a day but for who sent and when", async () => {
    const clock = testClock();
    const stores = await memoryStores(clock);
    await sendToPhone(stores, sol, send(number(7)), clock.now());
    const [delivery] = await stores.deliveries.claim(1, 1_000);
    clock.advance(24 * 60 * 60_000 + 1);
    expect((await stores.contacts.view(delivery?.contactId ?? 0)).waiting).toBeUndefined();
    expect(await stores.retention.purge("phone-send-links", clock.now() - 24 * 60 * 60_000)).toBe(1);
    expect(await stores.retention.purge("phone-sends", clock.now())).toBe(1);
  });

  test("is not sent on when the person has stopped in between", async () => {
    const clock = testClock();
    const stores = await memoryStores(clock);
    const first = await sendToPhone(stores, sol, send(number(7)), clock.now());
    expect(first).toHaveProperty("sendId");
    await stores.contacts.optOut(1, "person");
    expect(await stores.deliveries.claim(1, 30_000)).toEqual([]);
  });
});
