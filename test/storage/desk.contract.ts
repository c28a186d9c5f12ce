import { describe, expect, it } from "vitest";
import { rotateKeys } from "../../src/storage/rotate.ts";
import { DAY, type Fixture } from "./fixture.ts";

const TOPIC = "port-of-entry/turned-back";
const NOTICE = {
  texts: { en: "Line.", es: "Línea." },
  topics: [TOPIC],
  places: ["tijuana"],
  until: 99,
  draftedBy: "ana",
};

export function describeDesk(make: () => Promise<Fixture>): void {
  describe("holds", () => {
    it("are in force from put to lift, with who, when and why, and stay in the history", async () => {
      const { stores, clock } = await make();
      const at = clock.now();
      await stores.holds.put({ topic: TOPIC, status: "held", cause: "flags", by: "ana", why: "two flags" });
      clock.advance(1_000);
      await stores.holds.put({ topic: TOPIC, status: "withdrawn", cause: "editor", by: "bea", why: "wrong number" });
      expect(await stores.holds.current()).toEqual([
        { topic: TOPIC, status: "withdrawn", cause: "editor", by: "bea", why: "wrong number", at: at + 1_000 },
      ]);
      expect(await stores.holds.lift(TOPIC, "bea", "corrected")).toMatchObject({ status: "withdrawn" });
      expect(await stores.holds.lift(TOPIC, "bea", "again")).toBeUndefined();
      expect(await stores.holds.current()).toEqual([]);
      expect(await stores.holds.history(TOPIC)).toMatchObject([
        { status: "withdrawn", lifted: { by: "bea", why: "corrected", at: at + 1_000 } },
        { status: "held", by: "ana", lifted: { by: "bea", why: "wrong number" } },
      ]);
    });
  });

  describe("flags", () => {
    it("are one per person and answer while open, and say what became of them", async () => {
      const { stores, clock } = await make();
      await stores.flags.add({ topic: TOPIC, by: "ana", why: "old", locale: "es" });
      await stores.flags.add({ topic: TOPIC, by: "ana", why: "older", source: "https://example.org" });
      await stores.flags.add({ topic: "get-help/emergency", by: "ana", why: "typo" });
      expect(await stores.flags.open(TOPIC)).toMatchObject([
        { by: "ana", why: "older", source: "https://example.org", at: clock.now() },
      ]);
      expect(await stores.flags.open()).toHaveLength(2);
      expect(await stores.flags.close(TOPIC, "dismissed", "bea")).toMatchObject([{ by: "ana", outcome: "dismissed" }]);
      expect(await stores.flags.open(TOPIC)).toEqual([]);
      await stores.flags.add({ topic: TOPIC, by: "ana", why: "still" });
      expect(await stores.flags.by("ana")).toMatchObject([
        { why: "still" },
        { why: "typo" },
        { why: "older", outcome: "dismissed", closedBy: "bea", closedAt: clock.now() },
      ]);
    });

    it("are sealed, sealed again with a new key, and gone some months after they were closed", async () => {
      const { stores, database, keys, clock } = await make();
      await stores.flags.add({ topic: TOPIC, by: "ana", why: "a guest named Example told me" });
      const row = await database.db.selectFrom("flags").selectAll().executeTakeFirstOrThrow();
      expect(JSON.stringify(row)).not.toContain("guest");
      await rotateKeys({ database, keys });
      expect(await stores.flags.open()).toMatchObject([{ why: "a guest named Example told me" }]);
      await stores.flags.close(TOPIC, "restored", "bea");
      expect(await stores.retention.purge("closed-flags", clock.now() - DAY)).toBe(0);
      expect(await stores.retention.purge("closed-flags", clock.now() + 1)).toBe(1);
    });
  });

  describe("notices", () => {
    it("are approved once, by whom and when, and end", async () => {
      const { stores, clock } = await make();
      const noticeId = await stores.notices.draft({ ...NOTICE, source: "https://example.org" });
      expect(await stores.notices.find(noticeId)).toEqual({
        ...NOTICE,
        noticeId,
        source: "https://example.org",
        draftedAt: clock.now(),
      });
      expect(await stores.notices.approve(noticeId, "bea")).toBe(true);
      expect(await stores.notices.approve(noticeId, "cleo")).toBe(false);
      expect(await stores.notices.list()).toMatchObject([{ approvedBy: "bea", approvedAt: clock.now() }]);
      expect(await stores.notices.end(noticeId, "ana")).toBe(true);
      expect(await stores.notices.end(noticeId, "ana")).toBe(false);
      expect(await stores.notices.find(noticeId)).toMatchObject({ endedBy: "ana", endedAt: clock.now() });
      expect(await stores.notices.find(999)).toBeUndefined();
    });

    it("cannot be approved after their end", async () => {
      const { stores } = await make();
      const noticeId = await stores.notices.draft(NOTICE);
      await stores.notices.end(noticeId, "ana");
      expect(await stores.notices.approve(noticeId, "bea")).toBe(false);
    });
  });

  describe("the version of the desk", () => {
    it("rises with every change and with nothing else", async () => {
      const { stores } = await make();
      const versions = [await stores.deskVersion.current()];
      const record = async (change: () => Promise<unknown>) => {
        await change();
        versions.push(await stores.deskVersion.current());
      };
      await record(() => stores.holds.put({ topic: TOPIC, status: "held", cause: "editor", by: "ana", why: "x" }));
      await record(() => stores.holds.lift(TOPIC, "ana", "y"));
      await record(() => stores.flags.add({ topic: TOPIC, by: "ana", why: "x" }));
      await record(() => stores.flags.close(TOPIC, "dismissed", "bea"));
      await record(() => stores.notices.draft(NOTICE));
      await record(() => stores.notices.approve(1, "bea"));
      await record(() => stores.notices.end(1, "bea"));
      expect(versions).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      await record(() => stores.holds.lift(TOPIC, "ana", "nothing to lift"));
      await record(() => stores.notices.end(1, "bea"));
      expect(versions.at(-1)).toBe(7);
    });

    it("does not rise with a change that was taken back", async () => {
      const { stores } = await make();
      const work = stores.transaction(async ({ holds }) => {
        await holds.put({ topic: TOPIC, status: "held", cause: "editor", by: "ana", why: "x" });
        throw new Error("no");
      });
      await expect(work).rejects.toThrow("no");
      expect([await stores.deskVersion.current(), await stores.holds.current()]).toEqual([0, []]);
    });
  });
}
