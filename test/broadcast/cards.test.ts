import { describe, expect, test } from "vitest";
import { createCards } from "../../src/broadcast/cards.ts";
import type { BroadcastRoom, BroadcastView } from "../../src/core/broadcast-desk.ts";
import { DATABASE_KINDS } from "../support/databases.ts";
import { recorder } from "../support/recorder.ts";
import { ANA, aBroadcastRoom, TEXTS } from "./fixture.ts";

const EVERY_MS = 3_000;

/** A content room that keeps what it was shown. */
function aRoom() {
  const shown: { readonly place: string | undefined; readonly view: BroadcastView }[] = [];
  let reachable = true;
  const room: BroadcastRoom = {
    platform: "slack",
    hasContentRoom: true,
    async show(view, place) {
      if (!reachable) return undefined;
      shown.push({ place, view });
      return place ?? "C0/1";
    },
    tell: async () => reachable,
  };
  return {
    ...{ room, shown },
    reach: (can: boolean) => {
      reachable = can;
    },
  };
}

describe.each(DATABASE_KINDS)("the card of a broadcast on %s", (kind) => {
  test("is posted once, by whichever process is first, also for one that was submitted at the command line", async () => {
    const room = await aBroadcastRoom(kind);
    await room.subscribe(1);
    const { broadcastCards } = room.stores;
    const draft = await room.broadcasts.draft(ANA, { texts: TEXTS, places: ["tijuana"] });
    expect(await broadcastCards.take("slack", EVERY_MS, "en")).toEqual([]);
    await room.broadcasts.submit(ANA, draft.broadcastId);
    const taken = await Promise.all([1, 2, 3].map(() => broadcastCards.take("slack", EVERY_MS, "en")));
    expect(taken.flat()).toEqual([{ broadcastId: draft.broadcastId, locale: "en" }]);
    // Another platform has a card of its own.
    expect(await broadcastCards.take("discord", EVERY_MS, "es")).toEqual([
      { broadcastId: draft.broadcastId, locale: "es" },
    ]);
    // Whoever took it died before it was posted: a minute later it is another's.
    room.clock.advance(59_000);
    expect(await broadcastCards.take("slack", EVERY_MS, "en")).toEqual([]);
    room.clock.advance(1_000);
    expect(await broadcastCards.take("slack", EVERY_MS, "en")).toHaveLength(1);
    await broadcastCards.keep(draft.broadcastId, "slack", "C0/1");
    room.clock.advance(EVERY_MS);
    expect(await broadcastCards.take("slack", EVERY_MS, "en")).toEqual([
      { broadcastId: draft.broadcastId, locale: "en", place: "C0/1" },
    ]);
    await broadcastCards.close(draft.broadcastId, "slack");
    room.clock.advance(EVERY_MS);
    expect(await broadcastCards.take("slack", EVERY_MS, "en")).toEqual([]);
  });

  test("is in the language of who submitted it", async () => {
    const room = await aBroadcastRoom(kind);
    await room.subscribe(1);
    const { broadcastId } = await room.broadcasts.draft(ANA, { texts: TEXTS, places: ["tijuana"] });
    await room.broadcasts.submit(ANA, broadcastId);
    await room.stores.broadcastCards.open(broadcastId, "slack", "es");
    expect(await room.stores.broadcastCards.take("slack", EVERY_MS, "en")).toEqual([{ broadcastId, locale: "es" }]);
  });
});

test("a card changes when there is something new, is tried again where it could not be posted, and rests after the end", async () => {
  const room = await aBroadcastRoom("sqlite");
  await room.subscribe(3);
  const { room: content, shown, reach } = aRoom();
  const { logger } = recorder();
  const cards = createCards({
    cards: room.stores.broadcastCards,
    rooms: [content],
    find: room.stores.broadcasts.find,
    locale: () => "en",
    clock: room.clock,
    logger,
    async view(broadcastId, locale) {
      const { state, hash } = await room.broadcasts.find(ANA, broadcastId);
      const { waiting } = await room.broadcasts.progress(ANA, broadcastId);
      const words = { facts: [], texts: [], figures: [], concerns: [], progress: [String(waiting)], actions: [] };
      return { ...words, broadcastId, state, locale, title: state, seal: hash.slice(0, 16) };
    },
  });
  const later = async (ms = EVERY_MS) => {
    room.clock.advance(ms);
    await cards.refresh();
  };
  reach(false);
  const { broadcastId } = await room.broadcasts.draft(ANA, { texts: TEXTS, places: ["tijuana"] });
  await room.broadcasts.submit(ANA, broadcastId);
  expect(await cards.post(broadcastId, "en")).toBe(false);
  reach(true);
  await later(60_000);
  expect(shown.map(({ place, view }) => [place, view.title])).toEqual([[undefined, "awaiting-approval"]]);
  await later();
  await later();
  expect(shown).toHaveLength(1);
  await room.broadcasts.cancel(ANA, broadcastId);
  await later();
  expect(shown.map(({ place, view }) => [place, view.title]).at(-1)).toEqual(["C0/1", "cancelled"]);
  await later(11 * 60_000);
  await later();
  expect(shown).toHaveLength(2);
  expect(await room.stores.broadcastCards.take("slack", 0, "en")).toEqual([]);
});
