import type { DeliveryStatus } from "./status.ts";
import type { Locale, TopicId } from "./words.ts";

/** The id of someone in `people.yaml`: volunteers, editors, organizers, admins. Never somebody who asks. */
export type PersonId = string;

/** An answer taken out of service. It is in force until it is lifted. */
export interface Hold {
  readonly topic: TopicId;
  /** `held` while it is looked at; `withdrawn` when an editor has judged it wrong: then nobody opens the old text. */
  readonly status: "held" | "withdrawn";
  /** Two volunteers' flags hold an answer as an editor does. */
  readonly cause: "editor" | "flags";
  readonly by: PersonId;
  readonly why: string;
  readonly at: number;
}

/** How a hold ended. */
interface Lifted {
  readonly by: PersonId;
  readonly why: string;
  readonly at: number;
}

export interface Holds {
  /** Takes an answer out of service; a hold in force before is lifted in the same moment. */
  put(hold: Omit<Hold, "at">): Promise<void>;
  /** Puts it back. Returns what was lifted, or undefined when nothing was in force. */
  lift(topic: TopicId, by: PersonId, why: string): Promise<Hold | undefined>;
  /** What is out of service now. */
  current(): Promise<readonly Hold[]>;
  /** All that ever happened to an answer, newest first. */
  history(topic: TopicId): Promise<readonly (Hold & { readonly lifted?: Lifted })[]>;
}

/** What became of a flag: the answer was right, was taken away, or was put right and is back. */
export type FlagOutcome = "dismissed" | "withdrawn" | "restored";

/** Somebody's "wrong or outdated" about an answer. */
export interface Flag {
  readonly flagId: number;
  readonly topic: TopicId;
  readonly locale?: Locale;
  readonly by: PersonId;
  readonly at: number;
  /** In the person's own words: stored sealed, for it may say more than it should. */
  readonly why: string;
  /** Where the person has it from. */
  readonly source?: string;
  readonly outcome?: FlagOutcome;
  readonly closedBy?: PersonId;
  readonly closedAt?: number;
}

export interface Flags {
  /** Adds a flag. A person has one open flag per answer: a second one replaces the words of the first. */
  add(flag: Pick<Flag, "topic" | "locale" | "by" | "why" | "source">): Promise<number>;
  /** Flags nobody has judged yet, of one answer or of all, oldest first. */
  open(topic?: TopicId): Promise<readonly Flag[]>;
  /** Closes the open flags of an answer. Returns them as closed, so that those who flagged can be told. */
  close(topic: TopicId, outcome: FlagOutcome, by: PersonId): Promise<readonly Flag[]>;
  /** A person's own flags and what became of them, newest first. */
  by(person: PersonId): Promise<readonly Flag[]>;
}

/** A dated line before answers: written by one person, approved by another, gone after its end. */
export interface NoticeRecord {
  readonly noticeId: number;
  /** The line in every language of the tree, without its date. */
  readonly texts: Readonly<Record<Locale, string>>;
  readonly topics: readonly TopicId[];
  readonly places: readonly string[];
  /** The last moment at which it is shown. */
  readonly until: number;
  /** An https address: where it can be read. */
  readonly source?: string;
  readonly draftedBy: PersonId;
  readonly draftedAt: number;
  readonly approvedBy?: PersonId;
  readonly approvedAt?: number;
  readonly endedBy?: PersonId;
  readonly endedAt?: number;
}

export interface Notices {
  draft(notice: Pick<NoticeRecord, "texts" | "topics" | "places" | "until" | "source" | "draftedBy">): Promise<number>;
  find(noticeId: number): Promise<NoticeRecord | undefined>;
  /** False when it was approved or ended before: then nothing is changed. */
  approve(noticeId: number, by: PersonId): Promise<boolean>;
  /** False when it had ended before. */
  end(noticeId: number, by: PersonId): Promise<boolean>;
  /** Newest first. */
  list(): Promise<readonly NoticeRecord[]>;
}

/** Tells cheaply whether the desk has changed anything since one last looked, in whatever process. */
export interface DeskVersion {
  /** A number that rises with every change of holds, flags and notices. */
  current(): Promise<number>;
}

/** Why nothing may be sent to a number. */
export type SendRefusal = "opted-out" | "erased" | "minor" | "number-limit" | "sender-limit";

/** Who may be sent an answer by a volunteer, and what waits for them until they reply READ. */
export interface PhoneSends {
  /**
   * Finds or makes the contact of a mobile number on SMS, or says why nothing may be sent there: STOP and DELETE win,
   * nobody under 18, one send a number and `sendsADay` a sender in 24 hours.
   */
  contactFor(
    phone: string,
    by: PersonId,
    sendsADay: number,
  ): Promise<{ readonly contactId: number } | { readonly refused: SendRefusal }>;
  /** Records who sent what. The link to the contact goes when it is read, erased or a day old. */
  record(send: {
    readonly contactId: number;
    readonly deliveryId: number;
    readonly by: PersonId;
    readonly topic: TopicId;
    readonly locale: Locale;
  }): Promise<number>;
  /** Clears what waits for a contact: it was read. */
  read(contactId: number): Promise<void>;
  /** How the first text of a send stands. Undefined for another sender's, and once it is forgotten. */
  status(sendId: number, by: PersonId): Promise<DeliveryStatus | undefined>;
}

/** What volunteers, editors and organizers decide. Every change is stored with who made it and when. */
export interface DeskStores {
  readonly holds: Holds;
  readonly flags: Flags;
  readonly notices: Notices;
  readonly deskVersion: DeskVersion;
  readonly phoneSends: PhoneSends;
}
