import { composeAnswer } from "../content/answer.ts";
import { phonesOf } from "../content/check/contacts.ts";
import { noticeLine } from "../content/notices.ts";
import { inLocale, type Tree } from "../content/tree.ts";
import type { Flag, FlagOutcome, SendRefusal } from "../core/desk.ts";
import type {
  CardExtras,
  DeskAction,
  DeskNews,
  DeskRoom,
  FrontDesk,
  Platform,
  PrivateMatter,
  Shown,
  Visitor,
} from "../core/front-desk.ts";
import type { Logger } from "../core/ports.ts";
import type { Target } from "../core/reply.ts";
import type { Stores } from "../core/stores.ts";
import { type ConversationState, NEW_CONVERSATION, type Turn, type TurnResult } from "../core/turn.ts";
import type { Locale, TopicId } from "../core/words.ts";
import { RefusedError } from "../locale/sentence.ts";
import type { Translate } from "../locale/translate.ts";
import type { Desk } from "./desk.ts";
import { dismissFlags, flagAnswer } from "./flags.ts";
import { contentHealth } from "./health.ts";
import { holdAnswer, restoreAnswer } from "./holds.ts";
import type { Person } from "./people.ts";
import { type Action, demand, whoCan } from "./permissions.ts";
import { lastDigits, screenText } from "./screen.ts";
import { readMobile, SENDS_A_DAY, sendToPhone } from "./send-to-phone.ts";
import { suggestTopics } from "./suggest.ts";
import { createTally } from "./tally.ts";

export interface FrontDeskOptions {
  readonly desk: Omit<Desk, "stores"> & {
    readonly stores: Desk["stores"] & Pick<Stores, "counts" | "phoneSends">;
  };
  readonly respond: (turn: Turn<Tree>) => TurnResult;
  readonly translate: Translate;
  readonly logger: Logger;
  /** The number guests text, on SMS where there is one. Absent where no phone channel is on. */
  readonly phone?: { readonly number: string; readonly sms: boolean };
  /** Where the picture of a code can be fetched. */
  readonly publicUrl?: string;
  readonly allowedCountries: readonly string[];
  /** Says that a delivery was queued. */
  readonly wake: () => void;
  /** Takes what was just decided into the tree, rather than half a second later. */
  readonly refresh: () => Promise<void>;
}

/** What a visitor does, as the desk's own permissions name it. */
const ACTIONS: Readonly<Record<DeskAction, Action>> = {
  flag: "flag",
  hold: "hold",
  restore: "restore",
  dismiss: "dismiss-flags",
  send: "send-to-phone",
  "report-gap": "report-gap",
  "open-old": "read-old-answer",
};

const MENU: Target = { kind: "command", command: "menu" };
/** Orders about one's own phone: in a room without a conversation there is nothing that they could change. */
const PHONE_ONLY = /^command (?:stop|start|delete|updates|notify|read|yes|no|more|sources)$/;

/** The desk as the rooms of Slack and Discord use it. */
export function createFrontDesk(options: FrontDeskOptions): FrontDesk {
  const { desk, respond, translate, logger, phone, publicUrl } = options;
  const { stores, people, clock } = desk;
  const rooms: DeskRoom[] = [];
  const tally = createTally(stores.counts, logger);
  /** Open flags by topic, as of a state of the desk: every change of it makes a new tree. */
  const flagged = new WeakMap<Tree, Promise<ReadonlyMap<TopicId, number>>>();

  function openFlags(): Promise<ReadonlyMap<TopicId, number>> {
    const tree = desk.tree();
    const known = flagged.get(tree);
    if (known !== undefined) return known;
    const counted = stores.flags.open().then((flags) => {
      const byTopic = Map.groupBy(flags, ({ topic }) => topic);
      return new Map([...byTopic].map(([topic, { length }]) => [topic, length]));
    });
    flagged.set(tree, counted);
    counted.catch(() => flagged.delete(tree));
    return counted;
  }

  function screen(text: string): PrivateMatter | undefined {
    return screenText(text, new Set(desk.tree().directory.flatMap(phonesOf).map(lastDigits)));
  }

  function personOf({ platform, id, outsider }: Visitor): Person | undefined {
    return outsider ? undefined : people.on(platform, id);
  }

  function demandOf(visitor: Visitor, action: DeskAction): Person {
    if (action === "send" && whoCan(people, "send-to-phone").length === 0)
      throw new RefusedError("desk.refused.sendOff");
    return demand(people, personOf(visitor), ACTIONS[action]);
  }

  function turn(platform: Platform, state: ConversationState, text: string): TurnResult {
    const contact = { optedOut: false, subscriptions: [] };
    return respond({ state, utterance: { text }, now: clock.now(), tree: desk.tree(), contact, channel: platform });
  }

  async function show(platform: Platform, { reply, effects }: TurnResult): Promise<Shown> {
    for (const effect of effects) {
      if (effect.kind !== "count") continue;
      const { kind: _, ...count } = effect;
      tally.add({ ...count, channel: platform });
    }
    if (reply === undefined) throw new Error("a turn without a vendor's answer has a reply");
    return reply.card === undefined ? { reply } : { reply, extras: await extras(reply.card.topic, reply.locale) };
  }

  function follow(platform: Platform, target: Target, locale: Locale): Promise<Shown> {
    const gone = target.kind === "topic" && !desk.tree().topics.has(target.topic);
    const choice = { label: "", target: gone ? MENU : target };
    // As if it were the one line of a menu, chosen by its number.
    const context = { at: clock.now(), choices: [choice], pagesSent: 0 };
    return show(platform, turn(platform, { ...NEW_CONVERSATION, welcomed: true, locale, context }, "1"));
  }

  async function extras(topic: TopicId, locale: Locale): Promise<CardExtras> {
    const code = desk.tree().topics.get(topic)?.codes[locale];
    const qrUrl = publicUrl === undefined || code === undefined ? undefined : `${publicUrl}/qr.png?code=${code}`;
    return {
      flags: (await openFlags()).get(topic) ?? 0,
      ...(phone !== undefined &&
        code !== undefined && { byPhone: { code, number: phone.number, ...(qrUrl !== undefined && { qrUrl }) } }),
      canSend: phone?.sms === true && whoCan(people, "send-to-phone").length > 0,
    };
  }

  function titleOf(topic: TopicId, locale: Locale): string {
    const texts = desk.tree().topics.get(topic)?.texts;
    return texts === undefined ? topic : inLocale(texts, locale).title;
  }

  async function announce(news: DeskNews): Promise<boolean> {
    const told = await Promise.all(rooms.map((room) => room.announce(news)));
    return told.includes(true);
  }

  /** Those who flagged hear what became of it, wherever they are reached. */
  async function tellReporters(flags: readonly Flag[], outcome: FlagOutcome, locale: Locale): Promise<void> {
    for (const { by, topic, locale: read = locale } of flags) {
      const person = people.find(by);
      const news = { kind: "judged", topic, title: titleOf(topic, read), locale: read, outcome } as const;
      for (const room of rooms) {
        const id = person?.[room.platform];
        if (id !== undefined) await room.tell(id, news);
      }
    }
  }

  return {
    locales: desk.tree().locales,
    screen,
    follow,
    extras,
    demand: demandOf,

    async ask(platform, question, locale) {
      const state = { ...NEW_CONVERSATION, welcomed: true, ...(locale !== undefined && { locale }) };
      const result = turn(platform, state, question);
      const menu = question.trim() === "" || PHONE_ONLY.test(result.reply?.evidence?.decidedBy ?? "");
      return menu ? follow(platform, MENU, result.reply?.locale ?? "en") : show(platform, result);
    },

    suggest(typed, locale) {
      const candidates =
        typed.trim() === ""
          ? []
          : (turn("discord", { ...NEW_CONVERSATION, locale }, typed).reply?.evidence?.candidates ?? []);
      const likely = candidates.toSorted((a, b) => b.score - a.score).map(({ topic }) => topic);
      return suggestTopics(desk.tree(), typed, likely, locale);
    },

    openOld(visitor, topic, locale) {
      demandOf(visitor, "open-old");
      const tree = desk.tree();
      const known = tree.topics.has(topic);
      const { card } = known
        ? composeAnswer(tree, topic, locale, clock.now(), { kind: "answer", translate, audience: "volunteer" })
        : {};
      if (card?.old === undefined) throw new RefusedError("desk.refused.noOld");
      return card.old;
    },

    async flag(visitor, report) {
      const person = demandOf(visitor, "flag");
      const { held } = await flagAnswer(desk, person, report);
      await options.refresh();
      const { topic, locale, why, source } = report;
      const open = (await stores.flags.open(topic)).length;
      const announced = await announce({
        ...{ kind: "flagged", topic, title: titleOf(topic, locale), locale, by: person.name, open, held },
        ...(screen(why) === undefined && { why }),
        ...(source !== undefined && screen(source) === undefined && { source }),
      });
      return { held, announced };
    },

    async judge(visitor, judgement, topic, why, locale) {
      const person = demandOf(visitor, judgement);
      if (judgement === "hold") {
        await holdAnswer(desk, person, topic, why);
        return options.refresh();
      }
      const [closed, outcome] =
        judgement === "restore"
          ? ([await restoreAnswer(desk, person, topic, why), "restored"] as const)
          : ([await dismissFlags(desk, person, topic, why), "dismissed"] as const);
      await options.refresh();
      await tellReporters(closed, outcome, locale);
    },

    async reportGap(visitor, question, locale) {
      const person = demandOf(visitor, "report-gap");
      const matter = screen(question);
      if (matter !== undefined) throw new RefusedError(`desk.private.${matter}`);
      if (!(await announce({ kind: "gap", by: person.name, question, locale })))
        throw new RefusedError("desk.refused.noRoom");
    },

    async send(visitor, { topic, locale, number, confirmed }) {
      const person = demandOf(visitor, "send");
      const refuse = (why: SendRefusal | "off" | "unconfirmed" | "gone" | "not-mobile" | "country") =>
        new RefusedError(`desk.send.${why}`, { most: SENDS_A_DAY });
      if (phone?.sms !== true) throw refuse("off");
      if (!confirmed) throw refuse("unconfirmed");
      if (!desk.tree().topics.has(topic)) throw refuse("gone");
      const read = readMobile(number, options.allowedCountries);
      if ("refused" in read) throw refuse(read.refused);
      const text = translate(locale, "desk.send.first");
      const sent = await sendToPhone(stores, person, { phone: read.phone, topic, locale, text }, clock.now());
      if ("refused" in sent) throw refuse(sent.refused);
      logger.info("desk.sent-to-phone", { sendId: sent.sendId, by: person.id });
      options.wake();
      return sent.sendId;
    },

    async sendStatus(visitor, sendId) {
      const person = personOf(visitor);
      return person && stores.phoneSends.status(sendId, person.id);
    },

    async home(visitor, locale) {
      const tree = desk.tree();
      const now = clock.now();
      const person = personOf(visitor);
      const own = person === undefined ? [] : await stores.flags.by(person.id);
      return {
        sections: tree.sections.map(({ id, title, topics }) => ({
          section: id,
          title: inLocale(title, locale),
          answers: topics.length,
        })),
        notices: tree.notices
          .filter(({ until }) => now <= until)
          .toSorted((a, b) => (a.on < b.on ? 1 : -1))
          .map(({ on, text }) => noticeLine(on, inLocale(text, locale), locale)),
        ...contentHealth(tree, locale, now),
        flags: own.map(({ topic, outcome }) => ({
          title: titleOf(topic, locale),
          ...(outcome !== undefined && { outcome }),
        })),
      };
    },

    join: (room) => void rooms.push(room),
    close: tally.close,
  };
}
