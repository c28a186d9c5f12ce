import { describe, expect, test } from "vitest";
import { reportOf } from "../../src/broadcast/report.ts";
import { DATABASE_KINDS } from "../support/databases.ts";
import { inWords, refusalOf } from "../support/refusals.ts";
import { ANA, aBroadcastRoom, BEA, EDI, refuse, TEXTS, translate, tree, VOL } from "./fixture.ts";

const LAW = {
  es: "La corte cambio una regla de asilo. Escriba MENU para ver los temas.",
  en: "The court changed an asylum rule. Text MENU to see the topics.",
};

describe.each(DATABASE_KINDS)("a broadcast on %s", (kind) => {
  test("goes to every subscriber of its places once, in their language, and tells nothing on the screen", async () => {
    const room = await aBroadcastRoom(kind);
    await room.subscribe(3);
    await room.subscribe(2, { locale: "en" });
    await room.subscribe(1, { full: true });
    await room.subscribe(4, { place: "nogales-sonora" });
    const { broadcastId } = await room.approved();
    await room.run(10);

    const texts = room.sent.map(({ text }) => text);
    expect(texts.filter((text) => text.startsWith("Puente: hay un aviso nuevo."))).toHaveLength(3);
    expect(texts.filter((text) => text.startsWith("Puente: there is a new update."))).toHaveLength(2);
    expect(texts.filter((text) => text.includes(TEXTS.es))).toHaveLength(1);
    expect(room.sent).toHaveLength(6);
    expect(room.announced).toEqual([broadcastId]);
    const { state } = await room.broadcasts.find(ANA, broadcastId);
    expect(state).toBe("finished");
    expect(reportOf(await room.broadcasts.progress(ANA, broadcastId))).toMatchObject({
      recipients: 6,
      reached: 6,
      waiting: 0,
    });
  });

  test("reaches a person with two channels once, and nobody who has said STOP", async () => {
    const room = await aBroadcastRoom(kind);
    await room.subscribe(1, { phone: "+12025550111" });
    await room.subscribe(1, { phone: "+12025550111", channel: "whatsapp" });
    const [stopped = 0] = await room.subscribe(1);
    await room.subscribe(1, { channel: "whatsapp" });
    await room.stores.contacts.optOut(stopped, "person");
    const { broadcastId } = await room.broadcasts.draft(ANA, { texts: TEXTS, places: ["tijuana"] });
    const preview = await room.broadcasts.preview(ANA, broadcastId);
    expect(preview.recipients).toBe(2);
    expect(Object.fromEntries(preview.leftOut.map(({ reason, n }) => [reason, n]))).toEqual({
      "opted-out": 1,
      "other-channel": 1,
    });
    await room.approved({ texts: { es: `${TEXTS.es} Gracias.`, en: `${TEXTS.en} Thanks.` } });
    await room.run(10);
    expect(room.sent).toHaveLength(2);
  });

  test("a STOP after the list was frozen, and one after the claim, are both in time", async () => {
    const room = await aBroadcastRoom(kind);
    const contactIds = await room.subscribe(30);
    const { broadcastId } = await room.approved();
    while ((await room.broadcasts.find(ANA, broadcastId)).frozenAt === undefined) await room.worker.tick();
    await room.stores.contacts.optOut(contactIds[0] ?? 0, "person");
    await room.worker.tick();
    await room.stores.contacts.optOut(contactIds[1] ?? 0, "person");
    await room.run(60);
    expect(room.sent).toHaveLength(28);
    const report = reportOf(await room.broadcasts.progress(ANA, broadcastId));
    expect(report.skipped).toEqual([{ reason: "opted-out", n: 2 }]);
    expect((await room.broadcasts.find(ANA, broadcastId)).state).toBe("finished");
  });

  test("stops after the first few until somebody has looked, unless it is an emergency that two have approved", async () => {
    const room = await aBroadcastRoom(kind);
    await room.subscribe(150);
    const { broadcastId } = await room.approved();
    await room.run(10);
    const waiting = await room.broadcasts.find(ANA, broadcastId);
    expect(waiting).toMatchObject({ state: "paused", pause: { reason: "canary" } });
    expect(room.sent).toHaveLength(20);
    await room.broadcasts.resume(ANA, broadcastId);
    await room.run(15);
    expect(room.sent).toHaveLength(150);
    expect(new Set(room.sent.map(({ to }) => to)).size).toBe(150);

    const urgent = await room.broadcasts.draft(ANA, { texts: TEXTS, places: ["tijuana"], emergency: true });
    await room.broadcasts.submit(ANA, urgent.broadcastId);
    const missing = await room.broadcasts.approve(BEA, urgent.broadcastId, urgent.hash, "slack");
    expect(inWords(missing)).toBe("1 more to approve. Who can: edi.");
    expect(await refusalOf(room.broadcasts.approve(BEA, urgent.broadcastId, urgent.hash, "discord"))).toMatch(
      /approved it before/,
    );
    expect(await room.broadcasts.approve(EDI, urgent.broadcastId, urgent.hash, "slack")).toEqual([]);
    await room.run(15);
    expect(room.sent).toHaveLength(300);
  });

  test("stands still at once when paused, and goes on with exactly the rest", async () => {
    const room = await aBroadcastRoom(kind);
    await room.subscribe(90);
    const { broadcastId } = await room.approved();
    let paused: Promise<unknown> | undefined;
    let calls = 0;
    room.sending(async () => {
      calls += 1;
      if (calls < 30) return;
      // A vendor takes longer than it takes to pause.
      paused ??= room.broadcasts.pause(ANA, broadcastId);
      await paused;
    });
    await room.run(5);
    const before = room.sent.length;
    // Those whose call had begun are out; nobody else.
    expect(before).toBeGreaterThan(30);
    expect(before).toBeLessThan(85);
    room.sending(() => {});
    await room.run(5);
    expect(room.sent).toHaveLength(before);
    await room.broadcasts.resume(ANA, broadcastId);
    await room.run(5);
    expect(new Set(room.sent.map(({ to }) => to)).size).toBe(90);
    expect(room.sent).toHaveLength(90);
  });

  test("pauses by itself on the first error of configuration, and when too many fail", async () => {
    const room = await aBroadcastRoom(kind);
    await room.subscribe(90);
    const first = await room.approved();
    room.sending(refuse("configuration", "30034"));
    await room.run(3);
    expect(await room.broadcasts.find(ANA, first.broadcastId)).toMatchObject({
      state: "paused",
      pause: { reason: "configuration", code: "30034" },
    });
    await room.broadcasts.resume(ANA, first.broadcastId);
    room.sending(() => {});
    await room.run(5);
    expect(room.sent).toHaveLength(90);

    await room.subscribe(200);
    const second = await room.approved({ texts: { es: `${TEXTS.es} Gracias.`, en: `${TEXTS.en} Thanks.` } });
    await room.run(5);
    room.sending(refuse("person", "30005"));
    await room.broadcasts.resume(ANA, second.broadcastId);
    await room.run(5);
    expect(await room.broadcasts.find(ANA, second.broadcastId)).toMatchObject({
      state: "paused",
      pause: { reason: "failures" },
    });
    expect(reportOf(await room.broadcasts.progress(ANA, second.broadcastId)).waiting).toBeGreaterThan(0);
  });

  test("cancelled, it goes to nobody more, and READ says that it was taken back", async () => {
    const room = await aBroadcastRoom(kind);
    const contactIds = await room.subscribe(90);
    const { broadcastId } = await room.approved();
    let asked = false;
    room.sending(async () => {
      if (room.sent.length < 20 || asked) return;
      asked = true;
      await room.broadcasts.cancel(ANA, broadcastId);
    });
    await room.run(5);
    const count = room.sent.length;
    await room.run(60);
    expect(room.sent).toHaveLength(count);
    const view = await room.stores.contacts.view(contactIds[0] ?? 0);
    expect(view.announcement).toMatchObject({ broadcastId, takenBack: true });
    await room.stores.broadcasts.markRead(contactIds[0] ?? 0, broadcastId);
    expect((await room.stores.contacts.view(contactIds[0] ?? 0)).announcement).toBeUndefined();
  });

  test("leaves nobody out and nobody twice when the list is frozen in steps by two processes", async () => {
    const room = await aBroadcastRoom(kind);
    await room.subscribe(45);
    const { broadcastId } = await room.approved({ emergency: false });
    await room.stores.broadcasts.move(broadcastId, { from: ["scheduled"], to: "running", event: "started" });
    for (;;) {
      const done = await Promise.all([1, 2].map(() => room.stores.broadcasts.freeze(broadcastId, 7)));
      if (done.every(Boolean)) break;
    }
    expect((await room.broadcasts.progress(ANA, broadcastId)).recipients).toBe(45);
    await room.run(5);
    expect(new Set(room.sent.map(({ to }) => to)).size).toBe(45);
  });

  test("does not wake people: it waits for their morning, and tells the vendor until when it may deliver", async () => {
    const room = await aBroadcastRoom(kind);
    await room.subscribe(3);
    room.clock.advance(7 * 3_600_000 + 30 * 60_000);
    const { broadcastId } = await room.approved();
    await room.run(2);
    expect(room.sent.map(({ validForMs }) => Math.round(validForMs / 60_000))).toEqual([30, 30, 30]);

    const late = await room.approved({ texts: { es: `${TEXTS.es} Gracias.`, en: `${TEXTS.en} Thanks.` } });
    await room.stores.broadcasts.move(late.broadcastId, { from: ["scheduled"], to: "running", event: "started" });
    room.clock.advance(3_600_000);
    await room.run(2);
    expect(room.sent).toHaveLength(3);
    expect((await room.broadcasts.preview(ANA, late.broadcastId)).asleep).toHaveLength(1);
    room.clock.advance(13 * 3_600_000);
    await room.run(5);
    expect(room.sent).toHaveLength(6);
    expect((await room.broadcasts.find(ANA, broadcastId)).state).toBe("finished");
  });

  test("an hour late, it is not sent at all", async () => {
    const room = await aBroadcastRoom(kind);
    await room.subscribe(3);
    const { broadcastId } = await room.approved({ sendAt: room.clock.now() + 600_000 });
    await room.worker.tick();
    expect((await room.broadcasts.find(ANA, broadcastId)).state).toBe("scheduled");
    room.clock.advance(600_000 + 3_600_001);
    await room.run(1);
    expect((await room.broadcasts.find(ANA, broadcastId)).state).toBe("expired");
    expect(room.sent).toHaveLength(0);
  });

  test("keeps to the rate of its sender", async () => {
    const room = await aBroadcastRoom(kind);
    await room.subscribe(95, { full: true });
    const long = {
      es: `${TEXTS.es} ${"Hay mas temas en el menu. ".repeat(4)}`,
      en: `${TEXTS.en} ${"There are more topics in the menu. ".repeat(3)}`,
    };
    await room.approved({ texts: long });
    const from = room.clock.now();
    const times: number[] = [];
    room.sending(() => void times.push(room.clock.now()));
    await room.run(6);
    expect(times).toHaveLength(95);
    // 95 messages of two segments at 100 a second, after a second's burst.
    expect(Math.max(...times) - from).toBeGreaterThanOrEqual(900);
    expect(Math.max(...times) - from).toBeLessThan(2_600);
  });

  test("needs two people: not its author, nobody without the right, and nothing that was changed", async () => {
    const room = await aBroadcastRoom(kind);
    await room.subscribe(3);
    expect(await refusalOf(room.broadcasts.draft(VOL, { texts: TEXTS, places: ["tijuana"] }))).toMatch(
      /You may not write a broadcast. Who can: ana, bea/,
    );
    const { broadcastId, hash } = await room.broadcasts.draft(ANA, { texts: TEXTS, places: ["tijuana"] });
    expect(await refusalOf(room.broadcasts.approve(BEA, broadcastId, hash, "slack"))).toMatch(/nothing to approve/);
    await room.broadcasts.submit(ANA, broadcastId);
    expect(await refusalOf(room.broadcasts.approve(ANA, broadcastId, hash, "discord"))).toMatch(
      /somebody else approves it/,
    );
    expect(await refusalOf(room.broadcasts.approve(VOL, broadcastId, hash, "slack"))).toMatch(/may not approve/);
    expect(await refusalOf(room.broadcasts.approve(BEA, broadcastId, "another", "slack"))).toMatch(/was changed since/);
    expect(await room.broadcasts.approve(BEA, broadcastId, hash, "slack")).toEqual([]);
    const edited = await room.broadcasts.edit(ANA, broadcastId, {
      texts: { es: `${TEXTS.es} Gracias.`, en: `${TEXTS.en} Thanks.` },
      places: ["tijuana"],
    });
    expect(edited.state).toBe("draft");
    await room.run(2);
    expect(room.sent).toHaveLength(0);
    const log = await room.broadcasts.log(BEA, broadcastId);
    expect(log.map(({ event, by }) => `${event} ${by ?? "puente"}`)).toEqual([
      "drafted ana",
      "submitted ana",
      "approved bea",
      "ready puente",
      "edited ana",
    ]);
    expect(JSON.stringify(log)).not.toMatch(/\+1202/);
  });

  test("is refused in words for what is wrong with it", async () => {
    const room = await aBroadcastRoom(kind);
    await room.subscribe(3);
    const drafting = (change: object) => room.broadcasts.draft(ANA, { texts: TEXTS, places: ["tijuana"], ...change });
    expect(await refusalOf(drafting({ places: [] }))).toMatch(/no audience/);
    expect(await refusalOf(drafting({ places: ["atlantis"] }))).toMatch(/no place "atlantis"/);
    expect(await refusalOf(drafting({ texts: { es: TEXTS.es } }))).toMatch(/The English text is missing/);
    expect(await refusalOf(drafting({ texts: { es: "x ".repeat(200), en: TEXTS.en } }))).toMatch(/306 is the limit/);
    expect(await refusalOf(drafting({ sendAt: room.clock.now() - 1 }))).toMatch(/has passed/);
    expect(await refusalOf(drafting({ until: room.clock.now() - 1 }))).toMatch(/last day/);
    expect(
      await refusalOf(
        drafting({ texts: { es: "Vaya ahora al puente. Es hoy.", en: "Go to the bridge now. It is today." } }),
      ),
    ).toMatch(/Never tell people to go/);
    expect(await refusalOf(drafting({ texts: LAW }))).toMatch(/link an answer/);
    expect(await refusalOf(drafting({ topic: "about/nothing" }))).toMatch(/no served answer/);
    const other = await drafting({ places: ["nogales-sonora"] });
    expect(await refusalOf(room.broadcasts.submit(ANA, other.broadcastId))).toMatch(/would reach nobody/);
    await room.approved();
    const twin = await drafting({});
    expect(await refusalOf(room.broadcasts.submit(ANA, twin.broadcastId))).toMatch(/says the same/);
    expect(inWords((await room.broadcasts.preview(ANA, twin.broadcastId)).problems)).toMatch(/says the same/);
  });

  test("about the law without an answer of ours, an editor approves it, with a source and an end", async () => {
    const room = await aBroadcastRoom(kind);
    await room.subscribe(3);
    const until = room.clock.now() + 86_400_000;
    const source = "https://www.uscis.gov/news";
    const { broadcastId, hash } = await room.broadcasts.draft(ANA, { texts: LAW, places: ["tijuana"], source, until });
    await room.broadcasts.submit(ANA, broadcastId);
    expect(inWords(await room.broadcasts.approve(BEA, broadcastId, hash, "slack"))).toMatch(
      /a content editor approves it. Who can: edi/,
    );
    expect(await room.broadcasts.approve(EDI, broadcastId, hash, "slack")).toEqual([]);
    const leading = { es: `${LAW.es} Gracias.`, en: `${LAW.en} Thanks.` };
    expect(await room.approved({ texts: leading, topic: "asylum-basics/what-is-asylum" })).toMatchObject({
      state: "scheduled",
    });
  });

  test("stands still when the answer it leads to is withdrawn", async () => {
    const room = await aBroadcastRoom(kind);
    await room.subscribe(90);
    const topic = "asylum-basics/what-is-asylum";
    const { broadcastId } = await room.approved({ topic });
    await room.worker.tick();
    room.serve({ ...tree, held: new Map([[topic, "withdrawn"]]) });
    await room.run(2);
    expect(await room.broadcasts.find(ANA, broadcastId)).toMatchObject({ state: "paused", pause: { reason: "rules" } });
    expect(await refusalOf(room.broadcasts.resume(ANA, broadcastId))).toMatch(/led to nothing/);
  });

  test("subscribers were promised four a month: a fifth is refused", async () => {
    const room = await aBroadcastRoom(kind);
    await room.subscribe(1);
    for (const thanks of ["Gracias.", "Muchas gracias.", "Gracias otra vez.", "Gracias a todos."]) {
      await room.approved({ texts: { es: `${TEXTS.es} ${thanks}`, en: TEXTS.en } });
      await room.run(1);
    }
    const fifth = await room.broadcasts.draft(ANA, { texts: TEXTS, places: ["tijuana"] });
    expect(await refusalOf(room.broadcasts.submit(ANA, fifth.broadcastId))).toMatch(
      /promised 4 updates a month.*2026-12-21/s,
    );
  });

  test("on WhatsApp only those are reached who wrote today; the others are counted with the reason", async () => {
    const room = await aBroadcastRoom(kind);
    await room.subscribe(2, { channel: "whatsapp" });
    room.clock.advance(86_400_000);
    await room.subscribe(1, { channel: "whatsapp" });
    const { broadcastId } = await room.approved();
    expect((await room.broadcasts.preview(ANA, broadcastId)).leftOut).toEqual([{ reason: "window", n: 2 }]);
    await room.run(5);
    expect(room.sent).toHaveLength(1);
    expect(room.sent[0]?.text).toBe(translate("es", "updates.neutral"));
    expect(reportOf(await room.broadcasts.progress(ANA, broadcastId)).skipped).toEqual([{ reason: "window", n: 2 }]);
  });

  test("a test goes to a phone that has written to Puente today, in every form", async () => {
    const room = await aBroadcastRoom(kind);
    const { broadcastId } = await room.broadcasts.draft(ANA, { texts: TEXTS, places: ["tijuana"] });
    expect(await refusalOf(room.broadcasts.test(ANA, broadcastId, "+12025550188"))).toMatch(
      /has not written to Puente today/,
    );
    await room.storage.arrive({
      externalId: "IN",
      from: { id: "+12025550188", phone: "+12025550188", address: "+12025550188" },
    });
    expect(await room.broadcasts.test(ANA, broadcastId, "+12025550188")).toBe(4);
    await room.delivery.run();
    expect(room.sent.length).toBeGreaterThan(0);
  });
});
