import { inLocale, type Tree } from "../content/tree.ts";
import type { BroadcastRecord, BroadcastState } from "../core/broadcast.ts";
import type { BroadcastAction, BroadcastDesk, BroadcastRoom, BroadcastView } from "../core/broadcast-desk.ts";
import type { Visitor } from "../core/front-desk.ts";
import type { Clock, Logger } from "../core/ports.ts";
import type { Stores } from "../core/stores.ts";
import type { Locale } from "../core/words.ts";
import type { People, Person } from "../desk/people.ts";
import { type Action, can, demand } from "../desk/permissions.ts";
import { RefusedError } from "../locale/sentence.ts";
import type { Translate } from "../locale/translate.ts";
import type { Broadcasts } from "./broadcasts.ts";
import { type Cards, createCards } from "./cards.ts";
import { createDescribe, type Describe, type Look } from "./describe.ts";
import { requestOf, typedOf } from "./request.ts";

/** Of a hash, what a button carries: enough that nobody finds another content with the same. */
const SEAL = 16;
/** Shown in a list. */
const LISTED = 10;

const NEEDS: Readonly<Record<BroadcastAction, Action>> = {
  edit: "draft-broadcast",
  test: "draft-broadcast",
  submit: "draft-broadcast",
  approve: "approve-broadcast",
  pause: "stop-broadcast",
  resume: "resume-broadcast",
  cancel: "stop-broadcast",
};

const POSSIBLE: Readonly<Record<BroadcastState, readonly BroadcastAction[]>> = {
  draft: ["edit", "test", "submit", "cancel"],
  "awaiting-approval": ["approve", "edit", "test", "cancel"],
  scheduled: ["edit", "cancel"],
  running: ["pause", "cancel"],
  paused: ["resume", "cancel"],
  finished: [],
  cancelled: [],
  expired: [],
};
/** Once it has begun, the words do not change any more: what became of it counts. */
const BEGUN: readonly BroadcastState[] = ["running", "paused", "finished", "cancelled", "expired"];

export interface BroadcastDeskOptions {
  readonly broadcasts: Broadcasts;
  readonly stores: Pick<Stores, "broadcasts" | "broadcastCards">;
  readonly people: People;
  readonly tree: () => Tree;
  readonly translate: Translate;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Says that deliveries were queued. */
  readonly wake: () => void;
}

/** The desk, and what the service does with it by itself. */
export interface OpenBroadcastDesk extends BroadcastDesk, Pick<Cards, "refresh"> {
  /**
   * Tells every organizer and admin, and the content rooms, that a broadcast is about to go out. False where somebody
   * could be told and nobody was.
   */
  announce(record: BroadcastRecord): Promise<boolean>;
}

/** Broadcasts for the rooms of Slack and Discord: who acts is a person of the people file, whatever the platform. */
export function createBroadcastDesk(options: BroadcastDeskOptions): OpenBroadcastDesk {
  const { broadcasts, stores, people, tree, translate, clock, logger } = options;
  const rooms: BroadcastRoom[] = [];
  /** An earlier look at a running broadcast, for its rate. */
  const looks = new Map<number, Look>();

  const describe = (locale: Locale): Describe => createDescribe({ translate, locale, tree: tree(), people });

  function personOf({ platform, id, outsider }: Visitor): Person | undefined {
    return outsider ? undefined : people.on(platform, id);
  }

  const demandOf = (visitor: Visitor, action: Action): Person => demand(people, personOf(visitor), action);

  async function viewFor(
    person: Person,
    broadcastId: number,
    locale: Locale,
  ): Promise<{ readonly record: BroadcastRecord; readonly view: BroadcastView }> {
    const words = describe(locale);
    const preview = await broadcasts.preview(person, broadcastId);
    const { record } = preview;
    const { hash, state } = record;
    const begun = BEGUN.includes(state);
    const { title, facts, texts, figures, concerns } = words.preview(preview);
    const view = {
      ...{ broadcastId, state, locale, title, facts, texts },
      seal: hash.slice(0, SEAL),
      figures: begun ? [] : figures,
      concerns: begun ? [] : concerns,
      progress: begun && record.startedAt !== undefined ? await progressOf(person, record, words) : [],
      actions: POSSIBLE[state],
    };
    return { record, view };
  }

  async function progressOf(person: Person, record: BroadcastRecord, words: Describe): Promise<string[]> {
    const { broadcastId, state } = record;
    const report = await broadcasts.report(person, broadcastId);
    if (state !== "running") looks.delete(broadcastId);
    const { line, reasons, done } = words.progress(record, report.progress, clock.now(), looks.get(broadcastId));
    if (state === "running" && !looks.has(broadcastId)) looks.set(broadcastId, { at: clock.now(), done });
    return state === "running" || state === "paused"
      ? [...words.pause(record), line, ...reasons]
      : [line, ...words.report(report)];
  }

  const cards = createCards({
    ...{ rooms, clock, logger, locale: localeOf },
    cards: stores.broadcastCards,
    find: stores.broadcasts.find,
    view: async (broadcastId, locale) => (await viewFor(PUENTE, broadcastId, locale)).view,
  });

  function localeOf(): Locale {
    const { locales } = tree();
    return locales.find((one) => one === "en") ?? locales[0] ?? "en";
  }

  /** To one person only what they may do is offered. */
  async function own(person: Person, broadcastId: number, locale: Locale, lead?: string): Promise<BroadcastView> {
    const { record, view } = await viewFor(person, broadcastId, locale);
    const actions = view.actions.filter(
      (action) => can(person, NEEDS[action]) && (action !== "approve" || record.author !== person.id),
    );
    return { ...view, actions, ...(lead !== undefined && { lead }) };
  }

  return {
    mayRead: (visitor) => can(personOf(visitor), "read-broadcasts"),

    async list(visitor, locale) {
      const all = await broadcasts.list(demandOf(visitor, "read-broadcasts"));
      const words = describe(locale);
      return all.slice(0, LISTED).map((record) => {
        const who = people.find(record.author)?.name ?? record.author;
        const line = translate(locale, "broadcast.listed", { title: words.title(record), who });
        return { broadcastId: record.broadcastId, line, text: words.summary(record) };
      });
    },

    choices(visitor, locale) {
      demandOf(visitor, "draft-broadcast");
      const { locales, places, sections, topics } = tree();
      return {
        locales,
        places: places.map(({ id, names, country }) => ({ id, name: inLocale(names, locale), country })),
        sections: sections.map(({ title, topics: ids }) => ({
          title: inLocale(title, locale),
          topics: ids.flatMap((topic) => {
            const texts = topics.get(topic)?.texts;
            return texts === undefined ? [] : [{ topic, title: inLocale(texts, locale).title }];
          }),
        })),
      };
    },

    async typed(visitor, broadcastId) {
      const person = demandOf(visitor, "draft-broadcast");
      return typedOf(tree(), await broadcasts.find(person, broadcastId));
    },

    async write(visitor, typed, broadcastId) {
      const person = demandOf(visitor, "draft-broadcast");
      const request = requestOf(tree(), typed);
      if (broadcastId === undefined) return (await broadcasts.draft(person, request)).broadcastId;
      await broadcasts.edit(person, broadcastId, request);
      await cards.show(broadcastId);
      return broadcastId;
    },

    async view(visitor, broadcastId, locale) {
      return own(demandOf(visitor, "read-broadcasts"), broadcastId, locale);
    },

    async test(visitor, broadcastId, phone) {
      const sent = await broadcasts.test(demandOf(visitor, "draft-broadcast"), broadcastId, phone);
      options.wake();
      return sent;
    },

    async act(visitor, action, { broadcastId, seal }, locale) {
      const person = demandOf(visitor, NEEDS[action]);
      let done: string = action;
      if (action === "approve") {
        const { hash } = await broadcasts.find(person, broadcastId);
        if (seal.length !== SEAL || !hash.startsWith(seal))
          throw new RefusedError("broadcast.refused.changed", { id: broadcastId });
        const missing = await broadcasts.approve(person, broadcastId, hash, visitor.platform);
        if (missing.length === 0) done = "approveReady";
      } else await broadcasts[action](person, broadcastId);
      if (action === "submit" && !(await cards.post(broadcastId, locale))) done = "submitUntold";
      await cards.show(broadcastId);
      return own(person, broadcastId, locale, translate(locale, `broadcast.done.${done}`));
    },

    join: (room) => void rooms.push(room),

    async announce(record) {
      const { broadcastId } = record;
      const views = new Map<Locale, BroadcastView>();
      for (const locale of tree().locales) {
        const { view } = await viewFor(PUENTE, broadcastId, locale);
        views.set(locale, { ...view, lead: translate(locale, "broadcast.about"), actions: ["cancel"] });
      }
      const words = (locale: Locale) => {
        const view = views.get(locale) ?? views.get(localeOf());
        if (view === undefined) throw new Error("a service speaks at least one language");
        return view;
      };
      const team = people.all.filter(({ roles }) => roles.includes("admin") || roles.includes("organizer"));
      const told = new Set<string>();
      let roomsTold = 0;
      let tellable = false;
      for (const room of rooms) {
        const known = team.flatMap((person) => {
          const id = person[room.platform];
          return id === undefined ? [] : [{ person, id }];
        });
        tellable ||= room.hasContentRoom || known.length > 0;
        if (room.hasContentRoom && (await room.tell({ room: true }, words))) roomsTold += 1;
        await Promise.all(
          known.map(async ({ person, id }) => {
            if (await room.tell({ person: id }, words)) told.add(person.id);
          }),
        );
      }
      const reached = told.size + roomsTold > 0;
      const ids = { broadcastId, people: told.size, of: team.length, rooms: roomsTold };
      if (!tellable) logger.warn("broadcast.nobody-to-tell", ids);
      else if (reached) logger.info("broadcast.team-told", ids);
      else logger.error("broadcast.team-not-told", ids);
      return reached || !tellable;
    },

    refresh: cards.refresh,
  };
}

/** Puente itself, which reads what it shows and does nothing else. */
const PUENTE: Person = { id: "puente", name: "Puente", roles: ["admin"] };
