import type { BroadcastCards, BroadcastRecord } from "../core/broadcast.ts";
import type { BroadcastRoom, BroadcastView } from "../core/broadcast-desk.ts";
import { PROGRESS_EVERY_MS } from "../core/broadcast-sheet.ts";
import type { Clock, Logger } from "../core/ports.ts";
import type { Locale } from "../core/words.ts";

/** Receipts still come in after the end: so long a report is kept up to date. */
const AFTER_END_MS = 10 * 60_000;
const OVER = ["finished", "cancelled", "expired"];

export interface CardsOptions {
  readonly cards: BroadcastCards;
  /** Others may join later. */
  readonly rooms: readonly BroadcastRoom[];
  readonly find: (broadcastId: number) => Promise<BroadcastRecord | undefined>;
  readonly view: (broadcastId: number, locale: Locale) => Promise<BroadcastView>;
  /** The language of a card that nobody has asked for in another one. */
  readonly locale: () => Locale;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The cards of broadcasts in the content rooms: posted, kept up to date, and left alone when it is over. */
export interface Cards {
  /** Posts it where it is not posted yet. False where no room could be reached. */
  post(broadcastId: number, locale: Locale): Promise<boolean>;
  /** Shows one as it now is, where it is posted. */
  show(broadcastId: number): Promise<void>;
  /** Looks after all cards that are due. Any number of processes may do so. */
  refresh(): Promise<void>;
}

export function createCards(options: CardsOptions): Cards {
  const { cards, rooms, find, view, locale, clock, logger } = options;
  /** What a card said last, by room and broadcast: what says the same is not sent again. */
  const said = new Map<string, string>();
  let refreshing: Promise<void> | undefined;
  let notBefore = 0;

  async function showIn(room: BroadcastRoom, broadcastId: number, place: string | undefined, language: Locale) {
    const key = `${room.platform} ${broadcastId}`;
    const now = await view(broadcastId, language);
    const words = JSON.stringify(now);
    if (place !== undefined && said.get(key) === words) return true;
    const stands = await room.show(now, place);
    if (stands === undefined) return false;
    said.set(key, words);
    if (stands !== place) await cards.keep(broadcastId, room.platform, stands);
    return true;
  }

  /** Between approvals nothing moves: only a change of the record is worth counting an audience for. */
  async function isSettled(room: BroadcastRoom, record: BroadcastRecord): Promise<boolean> {
    if (record.state === "running") return false;
    const key = `${room.platform} ${record.broadcastId} record`;
    const words = JSON.stringify(record);
    if (said.get(key) === words && !OVER.includes(record.state)) return true;
    said.set(key, words);
    return false;
  }

  async function refreshOnce(): Promise<void> {
    for (const room of rooms) {
      for (const card of await cards.take(room.platform, PROGRESS_EVERY_MS, locale())) {
        const { broadcastId, place } = card;
        const record = await find(broadcastId);
        if (record === undefined || (place !== undefined && (await isSettled(room, record)))) continue;
        await showIn(room, broadcastId, place, card.locale);
        const { state, finishedAt = 0 } = record;
        if (OVER.includes(state) && clock.now() - finishedAt > AFTER_END_MS) {
          await cards.close(broadcastId, room.platform);
          said.delete(`${room.platform} ${broadcastId}`);
          said.delete(`${room.platform} ${broadcastId} record`);
        }
      }
    }
  }

  async function refresh(): Promise<void> {
    if (refreshing !== undefined) return refreshing;
    const from = clock.now();
    if (from < notBefore) return;
    refreshing = refreshOnce().finally(() => {
      refreshing = undefined;
      // Counting a large audience takes time: never more than a quarter of it.
      notBefore = clock.now() + 3 * (clock.now() - from);
    });
    return refreshing;
  }

  return {
    refresh,

    async post(broadcastId, language) {
      for (const room of rooms) await cards.open(broadcastId, room.platform, language);
      await refreshing;
      notBefore = 0;
      await refresh();
      const found = await Promise.all(rooms.map((room) => cards.find(broadcastId, room.platform)));
      return found.some((card) => card?.place !== undefined);
    },

    async show(broadcastId) {
      for (const room of rooms) {
        const card = await cards.find(broadcastId, room.platform);
        if (card?.place === undefined) continue;
        const shown = await showIn(room, broadcastId, card.place, card.locale);
        if (!shown) logger.warn("broadcast.card-not-shown", { broadcastId, platform: room.platform });
      }
    },
  };
}
