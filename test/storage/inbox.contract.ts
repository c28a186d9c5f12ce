import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OvertakenError } from "../../src/core/errors.ts";
import { DAY, type Fixture, MINUTE, message, ON_WHATSAPP, START, UTTERANCE } from "./fixture.ts";

export function describeInbox(make: () => Promise<Fixture>): void {
  describe("the inbox", () => {
    it("hands back what was written, with its thread and what the vendor answered", async () => {
      const { stores } = await make();
      const accepted = await stores.inbox.accept(message({ thread: "T1", answeredByVendor: "stop" }));
      expect(accepted).toBeDefined();
      expect(await stores.inbox.take(accepted?.contactId ?? 0)).toEqual({
        inboxId: accepted?.inboxId,
        contactId: accepted?.contactId,
        channel: "sms",
        thread: "T1",
        utterance: { text: UTTERANCE },
        receivedAt: START,
        attempts: 0,
        answeredByVendor: "stop",
      });
    });

    it("takes a message in the commit that accepts it, unless another of its contact waits", async () => {
      const { stores, clock, retake } = await make();
      const { inbox } = stores;
      const first = await inbox.accept(message({ thread: "T1" }), { take: true });
      expect(first?.taken).toEqual({
        inboxId: first?.inboxId,
        contactId: first?.contactId,
        channel: "sms",
        thread: "T1",
        utterance: { text: UTTERANCE },
        receivedAt: START,
        attempts: 0,
      });
      clock.advance(1);
      const second = await inbox.accept(message({ externalId: "SM-2", receivedAt: clock.now() }), { take: true });
      expect(second).toEqual({ inboxId: expect.any(Number), contactId: first?.contactId });
      // As any run, it was counted before it began, and only the newest one may close the message.
      retake();
      expect(await inbox.take(first?.contactId ?? 0)).toMatchObject({ inboxId: first?.inboxId, attempts: 1 });
      await expect(inbox.finish(first?.inboxId ?? 0, first?.taken?.attempts)).rejects.toThrow(OvertakenError);
      await inbox.finish(first?.inboxId ?? 0, 1);
      expect(await inbox.take(first?.contactId ?? 0)).toMatchObject({ inboxId: second?.inboxId, attempts: 0 });
    });

    it("brings any text back as it was, lone surrogates included", async () => {
      const { stores, arrive } = await make();
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: "binary" }), async (text) => {
          const { inboxId, contactId } = await arrive({ externalId: crypto.randomUUID(), utterance: { text } });
          expect((await stores.inbox.take(contactId))?.utterance.text).toBe(text);
          await stores.inbox.finish(inboxId);
        }),
        { numRuns: 50 },
      );
    });

    it("accepts a message once, also when it comes many times at once", async () => {
      const { stores, sizes } = await make();
      const results = await Promise.all(Array.from({ length: 20 }, () => stores.inbox.accept(message())));
      expect(results.filter((result) => result !== undefined)).toHaveLength(1);
      expect(await sizes()).toMatchObject({ contacts: 1, inbox: 1 });
    });

    it("takes the same id on another channel for another message", async () => {
      const { stores } = await make();
      expect(await stores.inbox.accept(message())).toBeDefined();
      expect(await stores.inbox.accept(message(ON_WHATSAPP))).toBeDefined();
    });

    it("refuses a repeat after the answer and after an erasure", async () => {
      const { stores, arrive } = await make();
      const { inboxId, contactId } = await arrive({ externalId: "SM-again" });
      await stores.inbox.finish(inboxId);
      expect(await stores.inbox.accept(message({ externalId: "SM-again" }))).toBeUndefined();
      await stores.contacts.erase(contactId);
      expect(await stores.inbox.accept(message({ externalId: "SM-again" }))).toBeUndefined();
    });

    it("refuses a message older than the erasure, and takes a newer one as from someone new", async () => {
      const { stores, arrive, clock } = await make();
      const { contactId } = await arrive();
      clock.advance(MINUTE);
      await stores.contacts.erase(contactId);
      const late = message({ externalId: "SM-late", receivedAt: START });
      expect(await stores.inbox.accept(late)).toBeUndefined();
      const fresh = await stores.inbox.accept(message({ externalId: "SM-new", receivedAt: clock.now() }));
      expect(fresh?.contactId).toBeGreaterThan(contactId);
    });

    it("takes a contact's oldest message first and counts the runs", async () => {
      const { stores, arrive, clock, retake } = await make();
      const first = await arrive();
      clock.advance(1);
      const second = await arrive();
      expect(second.contactId).toBe(first.contactId);
      const { inbox } = stores;
      expect(await inbox.take(first.contactId)).toMatchObject({ inboxId: first.inboxId, attempts: 0 });
      retake();
      expect(await inbox.take(first.contactId)).toMatchObject({ inboxId: first.inboxId, attempts: 1 });
      await inbox.finish(first.inboxId);
      expect(await inbox.take(first.contactId)).toMatchObject({ inboxId: second.inboxId, attempts: 0 });
      await inbox.finish(second.inboxId);
      expect(await inbox.take(first.contactId)).toBeUndefined();
    });

    it("lets only the newest run of a message close it", async () => {
      const { stores, arrive, sizes } = await make();
      const { inboxId, contactId } = await arrive();
      const first = await stores.inbox.take(contactId);
      await stores.inbox.finish(inboxId, (first?.attempts ?? 0) + 1).catch((error: unknown) => {
        expect(error).toBeInstanceOf(OvertakenError);
      });
      expect(await sizes()).toMatchObject({ inbox: 1 });
      await stores.inbox.finish(inboxId, first?.attempts);
      expect(await sizes()).toMatchObject({ inbox: 0 });
    });

    it("names the contacts that wait, the longest wait first", async () => {
      const { stores, arrive, clock } = await make();
      const later = await arrive({ receivedAt: clock.now() + 5 });
      const earlier = await arrive(ON_WHATSAPP);
      expect(await stores.inbox.waiting()).toEqual([earlier.contactId, later.contactId]);
    });

    it("leaves no row of an answered message", async () => {
      const { stores, arrive, sizes } = await make();
      await stores.inbox.finish((await arrive()).inboxId);
      expect(await sizes()).toMatchObject({ inbox: 0, contacts: 1 });
    });

    it("reads a damaged or moved message as an empty one", async () => {
      const { stores, arrive, database } = await make();
      const mine = await arrive();
      const other = await arrive(ON_WHATSAPP);
      const { message: sealed } = await database.db
        .selectFrom("inbox")
        .select("message")
        .where("inboxId", "=", other.inboxId)
        .executeTakeFirstOrThrow();
      await database.db.updateTable("inbox").set({ message: sealed }).where("inboxId", "=", mine.inboxId).execute();
      expect((await stores.inbox.take(mine.contactId))?.utterance).toEqual({ text: "" });
    });
  });

  describe("conversations", () => {
    const context = { at: START, topic: "port-of-entry/turned-back", choices: [], pagesSent: 1 };

    it("begin new and come back as saved, each thread for itself", async () => {
      const { stores, arrive } = await make();
      const { contactId } = await arrive();
      expect(await stores.conversations.load(contactId, "")).toEqual({ welcomed: false, minor: false });
      const state = { locale: "es", welcomed: true, minor: true, context };
      await stores.conversations.save(contactId, "", state);
      expect(await stores.conversations.load(contactId, "")).toEqual(state);
      expect(await stores.conversations.load(contactId, "T1")).toEqual({ welcomed: false, minor: false });
      await stores.conversations.save(contactId, "", { locale: "en", welcomed: true, minor: true });
      expect(await stores.conversations.load(contactId, "")).toEqual({ locale: "en", welcomed: true, minor: true });
    });

    it("start again when their state was moved from another contact", async () => {
      const { stores, arrive, database } = await make();
      const mine = await arrive();
      const other = await arrive(ON_WHATSAPP);
      await stores.conversations.save(mine.contactId, "", { locale: "es", welcomed: true, minor: false });
      await stores.conversations.save(other.contactId, "", { locale: "en", welcomed: true, minor: true });
      const rows = await database.db.selectFrom("conversations").select(["contactId", "state"]).execute();
      for (const row of rows) {
        const swapped = rows.find(({ contactId }) => contactId !== row.contactId)?.state ?? "";
        await database.db
          .updateTable("conversations")
          .set({ state: swapped })
          .where("contactId", "=", row.contactId)
          .execute();
      }
      expect(await stores.conversations.load(mine.contactId, "")).toEqual({ welcomed: false, minor: false });
    });
  });

  describe("counts", () => {
    it("add up by day, topic, locale, channel and outcome", async () => {
      const { stores, clock, database } = await make();
      const answer = { outcome: "answer", topic: "about/puente", locale: "es", channel: "sms" } as const;
      await Promise.all([stores.counts.add(answer), stores.counts.add(answer)]);
      await stores.counts.add({ outcome: "none", locale: "es", channel: "sms" });
      clock.advance(DAY);
      await stores.counts.add(answer);
      const rows = await database.db
        .selectFrom("counts")
        .select(["day", "topic", "n"])
        .orderBy("day")
        .orderBy("topic")
        .execute();
      expect(rows).toEqual([
        { day: "2026-11-21", topic: "", n: 1 },
        { day: "2026-11-21", topic: "about/puente", n: 2 },
        { day: "2026-11-22", topic: "about/puente", n: 1 },
      ]);
    });
  });
}
