import type { Tree } from "../content/tree.ts";
import type { Organisation } from "../core/organisation.ts";
import type { Choice, Evidence, Reply, ReplyKind, ReplyMessage } from "../core/reply.ts";
import type { Context, ConversationState, Turn, TurnResult } from "../core/turn.ts";
import type { Locale, TopicId } from "../core/words.ts";
import type { CommandWords } from "../intent/commands.ts";
import type { CommandFound, Matcher } from "../intent/intent.ts";
import { findPlace } from "../intent/place.ts";
import type { Detect, Detected } from "../locale/detect.ts";
import type { Translate } from "../locale/translate.ts";

/** What every turn is answered with. Nothing in it changes from turn to turn but the matcher, when a model is ready. */
export interface RespondOptions {
  readonly translate: Translate;
  readonly commandWords: CommandWords;
  readonly detect: Detect;
  readonly matcher: () => Matcher;
  readonly organisation: Organisation;
  /** Whether anybody here writes announcements: no consent is taken that nothing honours. */
  readonly updates: boolean;
}

/** One turn as the replies see it: the context that is still valid, the language, and ways to say things in it. */
export interface Scene {
  readonly turn: Turn<Tree>;
  readonly options: RespondOptions;
  /** The utterance, cleaned. */
  readonly text: string;
  readonly command: CommandFound | undefined;
  /** The language of the utterance. */
  readonly detected: Detected;
  /** The language of the reply. */
  readonly locale: Locale;
  /** False when the language is a guess: the reply then says how to switch. */
  readonly localeKnown: boolean;
  readonly state: ConversationState;
  /** Undefined when there is none or it is older than 30 minutes. */
  readonly context: Context | undefined;
  say(key: string, values?: Readonly<Record<string, string | number>>): string;
}

/** A reply that is not a vetted answer: a command's, a question back, a refusal. */
export function plainReply(
  scene: Scene,
  kind: ReplyKind,
  decidedBy: string | Evidence,
  message: ReplyMessage,
  topics: readonly TopicId[] = [],
): Reply {
  const evidence = typeof decidedBy === "string" ? { decidedBy, candidates: [] } : decidedBy;
  return { kind, locale: scene.locale, topics, messages: [message], evidence };
}

/** Ends a turn: remembers what a follow-up may lean on, and counts the outcome. */
export function endTurn(
  scene: Scene,
  reply: Reply,
  remember: {
    readonly topic?: TopicId;
    readonly choices?: readonly Choice[];
    readonly pagesSent?: number;
    readonly asked?: Context["asked"];
    readonly place?: string;
  } = {},
): TurnResult {
  const last = reply.messages.at(-1);
  const context: Context = {
    at: scene.turn.now,
    choices: remember.choices ?? last?.choices ?? [],
    pagesSent: remember.pagesSent ?? 0,
    ...(remember.topic !== undefined && { topic: remember.topic }),
    ...(remember.asked !== undefined && { asked: remember.asked }),
    ...(remember.place !== undefined && { place: remember.place }),
  };
  const [topic] = reply.topics;
  const place = placeOf(scene);
  return {
    state: { ...scene.state, context },
    reply,
    effects: [
      {
        kind: "count",
        outcome: reply.kind,
        locale: scene.locale,
        ...(topic !== undefined && (reply.kind === "answer" || reply.kind === "danger") && { topic }),
        ...(place !== undefined && { place }),
      },
    ],
  };
}

/** The place that was named, now or when the person asked for updates. Where somebody is, a shared location, is not counted. */
function placeOf({ text, turn }: Scene): string | undefined {
  const { subscriptions } = turn.contact;
  return findPlace(text, turn.tree.places)?.id ?? (subscriptions.length === 1 ? subscriptions[0]?.place : undefined);
}
