import { describe, expect, test } from "vitest";
import { problemInTemplate } from "../../src/broadcast/forms.ts";
import { reportOf } from "../../src/broadcast/report.ts";
import type { Templates } from "../../src/core/broadcast.ts";
import { DATABASE_KINDS } from "../support/databases.ts";
import { inWords, refusalOf } from "../support/refusals.ts";
import { ANA, aBroadcastRoom, TEXTS, translate } from "./fixture.ts";

const DAY_MS = 86_400_000;
const UTILITY: Templates = { locales: ["en", "es"], marketing: false, dailyLimit: 250 };

describe.each(DATABASE_KINDS)("a broadcast on WhatsApp, after the 24 hours, on %s", (kind) => {
  test("goes out as the approved template, with the organisation's name and nothing of its text", async () => {
    const room = await aBroadcastRoom(kind, { templates: UTILITY });
    await room.subscribe(2, { channel: "whatsapp" });
    await room.subscribe(1, { channel: "whatsapp", locale: "en", full: true });
    room.clock.advance(DAY_MS);
    await room.subscribe(1, { channel: "whatsapp" });
    const { broadcastId } = await room.approved();
    const { rows, templates, leftOut } = await room.broadcasts.preview(ANA, broadcastId);
    expect(rows.map(({ locale, template, recipients }) => [locale, template, recipients])).toEqual([
      ["es", false, 1],
      ["en", true, 1],
      ["es", true, 2],
    ]);
    expect(templates).toEqual({ n: 3, left: 250, limit: 250 });
    expect(leftOut).toEqual([]);
    await room.run(5);
    const asTemplate = room.sent.filter(({ template }) => template);
    const approved = (locale: string) => translate(locale, "updates.template", { name: "Example shelter" });
    expect(asTemplate.toSorted((a, b) => a.deliveryId - b.deliveryId).map(({ text }) => text)).toEqual(
      ["es", "es", "en"].map(approved),
    );
    expect(JSON.stringify(asTemplate)).not.toContain(TEXTS.en);
    expect(room.sent.filter(({ template }) => !template).map(({ text }) => text)).toEqual([
      translate("es", "updates.neutral"),
    ]);
    expect((await room.broadcasts.find(ANA, broadcastId)).state).toBe("finished");
  });

  test("leaves out and reports whose language has no template", async () => {
    const room = await aBroadcastRoom(kind, { templates: { ...UTILITY, locales: ["en"] } });
    await room.subscribe(2, { channel: "whatsapp" });
    await room.subscribe(1, { channel: "whatsapp", locale: "en" });
    room.clock.advance(DAY_MS);
    const { broadcastId } = await room.approved();
    expect((await room.broadcasts.preview(ANA, broadcastId)).leftOut).toEqual([{ reason: "window", n: 2 }]);
    await room.run(5);
    expect(room.sent).toHaveLength(1);
    expect(reportOf(await room.broadcasts.progress(ANA, broadcastId)).skipped).toEqual([{ reason: "window", n: 2 }]);
  });

  test("as marketing reaches nobody under +1, which is known before and reported after", async () => {
    const room = await aBroadcastRoom(kind, { templates: { ...UTILITY, marketing: true } });
    await room.subscribe(2, { channel: "whatsapp" });
    await room.subscribe(1, { channel: "whatsapp", phone: "+5215555550123" });
    room.clock.advance(DAY_MS);
    const { broadcastId } = await room.approved();
    const preview = await room.broadcasts.preview(ANA, broadcastId);
    expect(preview.recipients).toBe(1);
    expect(preview.leftOut).toEqual([{ reason: "marketing-us", n: 2 }]);
    await room.run(5);
    expect(room.sent.map(({ to }) => to)).toEqual(["whatsapp:+5215555550123"]);
    const { skipped } = reportOf(await room.broadcasts.progress(ANA, broadcastId));
    expect(skipped).toEqual([{ reason: "marketing-us", n: 2 }]);
  });

  test("keeps to the account's daily limit over all broadcasts, says so before, and again after", async () => {
    const room = await aBroadcastRoom(kind, { templates: { ...UTILITY, dailyLimit: 5 } });
    await room.subscribe(4, { channel: "whatsapp" });
    await room.subscribe(3, { channel: "whatsapp", place: "mexicali" });
    room.clock.advance(DAY_MS);
    const first = await room.approved();
    await room.run(5);
    expect(room.sent).toHaveLength(4);
    const second = await room.approved({ places: ["mexicali"] });
    const preview = await room.broadcasts.preview(ANA, second.broadcastId);
    expect(preview.templates).toEqual({ n: 1, left: 1, limit: 5 });
    expect(preview.recipients).toBe(1);
    expect(preview.leftOut).toEqual([{ reason: "daily-limit", n: 2 }]);
    await room.run(5);
    expect(room.sent).toHaveLength(5);
    const { skipped } = reportOf(await room.broadcasts.progress(ANA, second.broadcastId));
    expect(skipped).toEqual([{ reason: "daily-limit", n: 2 }]);
    expect((await room.broadcasts.find(ANA, first.broadcastId)).state).toBe("finished");
    // A day later the account may write to as many again.
    room.clock.advance(DAY_MS + 3_600_000);
    expect(await room.stores.broadcasts.templatesUsed()).toBe(0);
  });

  test("is refused at the draft when the organisation's name cannot stand in a template", async () => {
    const room = await aBroadcastRoom(kind, { templates: UTILITY, name: "Example    shelter" });
    expect(await refusalOf(room.broadcasts.draft(ANA, { texts: TEXTS, places: ["tijuana"] }))).toMatch(
      /name \(ORG_NAME\) cannot stand in a WhatsApp template: it has four or more spaces in a row/,
    );
    await room.broadcasts.draft(ANA, { texts: TEXTS, places: ["tijuana"], channels: ["sms"] });
  });
});

test.each([
  ["", /empty/],
  ["  ", /empty/],
  ["Example\nshelter", /line break/],
  ["Example\tshelter", /tab/],
  ["Example    shelter", /four or more spaces/],
  ["x".repeat(61), /61 characters/],
])("%j in a template is refused in words", (name, why) => {
  expect(inWords(problemInTemplate(name) ?? [])).toMatch(why);
});

test.each(["Example shelter", "x".repeat(60), "Casa   de Paso"])("%j fits a template", (name) => {
  expect(problemInTemplate(name)).toBeUndefined();
});
