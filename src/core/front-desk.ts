import type { FlagOutcome } from "./desk.ts";
import type { AnswerStatus, OldAnswer, Reply, Target } from "./reply.ts";
import type { DeliveryStatus } from "./status.ts";
import type { Locale, TopicId } from "./words.ts";

/** Where the team works. */
export type Platform = "slack" | "discord";

/** Somebody in a room, as the platform has authenticated them. */
export interface Visitor {
  readonly platform: Platform;
  readonly id: string;
  /** Guests of a workspace and people of other organisations get answers, and nothing else. */
  readonly outsider: boolean;
}

/** Why a question had better not stand in a room. */
export type PrivateMatter = "phone" | "a-number" | "story";

/** A reply as a room shows it. */
export interface Shown {
  readonly reply: Reply;
  /** With a card. */
  readonly extras?: CardExtras;
}

/** What stands on a volunteer's card besides the answer. */
export interface CardExtras {
  /** People who have called it wrong or outdated, and whom nobody has answered yet. */
  readonly flags: number;
  /** How guests get it on their own phone: nobody types a number. Absent where no phone channel is on. */
  readonly byPhone?: { readonly code: string; readonly number: string; readonly qrUrl?: string };
  /** Somebody has been named who may send it to a number. */
  readonly canSend: boolean;
}

interface FlagReport {
  readonly topic: TopicId;
  readonly locale: Locale;
  readonly why: string;
  readonly source?: string;
}

interface SendRequest {
  readonly topic: TopicId;
  readonly locale: Locale;
  /** As typed. It is in no error, no log and no answer. */
  readonly number: string;
  /** The volunteer has said that the guest is 18 or older and asked for it. */
  readonly confirmed: boolean;
}

/** An editor's word on a flagged answer. */
export type Judgement = "hold" | "restore" | "dismiss";

/** The front page of the desk: what there is to browse, and how the answers are. */
export interface HomePage {
  readonly sections: readonly { readonly section: string; readonly title: string; readonly answers: number }[];
  readonly notices: readonly string[];
  readonly health: Readonly<Record<AnswerStatus, number>>;
  /** Current answers that expire within 30 days, the next first. */
  readonly expiring: readonly { readonly topic: TopicId; readonly title: string; readonly validUntil: string }[];
  /** Answers that are not current. */
  readonly stopped: readonly { readonly topic: TopicId; readonly title: string; readonly status: AnswerStatus }[];
  /** The visitor's own flags and what became of them, newest first. */
  readonly flags: readonly { readonly title: string; readonly outcome?: FlagOutcome }[];
}

/** What happened at the desk, for the content room and for those it concerns. Holds no number and no guest's words. */
export type DeskNews =
  | {
      readonly kind: "flagged";
      readonly topic: TopicId;
      readonly title: string;
      readonly locale: Locale;
      readonly by: string;
      readonly open: number;
      readonly held: boolean;
      /** Absent where it may tell something about a person. */
      readonly why?: string;
      readonly source?: string;
    }
  | { readonly kind: "gap"; readonly by: string; readonly question: string; readonly locale: Locale }
  | {
      readonly kind: "judged";
      readonly topic: TopicId;
      readonly title: string;
      readonly locale: Locale;
      readonly outcome: FlagOutcome;
    };

/** A platform's way to reach the team. Both resolve to false where it could not. */
export interface DeskRoom {
  readonly platform: Platform;
  /** Tells the content room. */
  announce(news: DeskNews): Promise<boolean>;
  /** Tells one person. */
  tell(platformId: string, news: DeskNews): Promise<boolean>;
}

/** What visitors can do, by name: for refusals that come before anything is typed. */
export type DeskAction = "flag" | "hold" | "restore" | "dismiss" | "send" | "report-gap" | "open-old";

/**
 * The desk as Slack and Discord see it. What a visitor may not or cannot do throws a `RefusedError` that says why and
 * who can.
 */
export interface FrontDesk {
  readonly locales: readonly Locale[];
  screen(text: string): PrivateMatter | undefined;
  /** Answers one question from nothing: no conversation, nothing stored but the day's count. */
  ask(platform: Platform, question: string, locale?: Locale): Promise<Shown>;
  /** Answers for what has been typed so far, the likeliest first. Counts and keeps nothing of it. */
  suggest(typed: string, locale: Locale): readonly { readonly topic: TopicId; readonly title: string }[];
  /** Where a button of a reply leads. A topic that is gone gives the menu. */
  follow(platform: Platform, target: Target, locale: Locale): Promise<Shown>;
  extras(topic: TopicId, locale: Locale): Promise<CardExtras>;
  /** Lets it pass, or throws. */
  demand(visitor: Visitor, action: DeskAction): void;
  openOld(visitor: Visitor, topic: TopicId, locale: Locale): OldAnswer;
  flag(visitor: Visitor, report: FlagReport): Promise<{ readonly held: boolean; readonly announced: boolean }>;
  judge(visitor: Visitor, judgement: Judgement, topic: TopicId, why: string, locale: Locale): Promise<void>;
  /** Takes a question without an answer to the content team. */
  reportGap(visitor: Visitor, question: string, locale: Locale): Promise<void>;
  /** Sends a first text that tells nothing. Resolves to the id by which its fate can be asked for. */
  send(visitor: Visitor, request: SendRequest): Promise<number>;
  sendStatus(visitor: Visitor, sendId: number): Promise<DeliveryStatus | undefined>;
  home(visitor: Visitor, locale: Locale): Promise<HomePage>;
  /** From now on news goes there too. */
  join(room: DeskRoom): void;
  close(): Promise<void>;
}
