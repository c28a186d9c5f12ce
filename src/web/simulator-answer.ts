import type { Tree } from "../content/tree.ts";
import type { AnswerStatus, CitedSource, Reply, ReplyKind } from "../core/reply.ts";
import { countSegments, type Segments } from "../core/segments.ts";
import type { Locale, TopicId } from "../core/words.ts";

interface NamedTopic {
  readonly id: TopicId;
  readonly title: string;
}

/** Why a reply is what it is, as the page shows it beside the phone. */
interface Why {
  readonly kind: ReplyKind;
  readonly decidedBy?: string;
  readonly topics: readonly NamedTopic[];
  /** 0 to 1. */
  readonly confidence?: number;
  readonly candidates: readonly (NamedTopic & { readonly score: number })[];
  /** Present when the reply is a vetted answer. */
  readonly answer?: {
    readonly status: AnswerStatus;
    readonly factsTo: string;
    readonly validUntil: string;
    readonly sources: readonly CitedSource[];
  };
}

/** What `POST /simulator/messages` answers. */
export interface SimulatorAnswer {
  readonly session: string;
  /** True when this message began the conversation, or the earlier one had ended. */
  readonly began: boolean;
  /** The language of the reply. */
  readonly locale?: Locale;
  readonly messages: readonly ({ readonly text: string } & Pick<Segments, "encoding" | "units" | "segments">)[];
  /** The numbered lines a phone may offer as buttons. */
  readonly choices: readonly { readonly number: number; readonly label: string }[];
  readonly why?: Why;
}

/** The runners-up that tell something; after them come topics that merely share a word. */
const MOST_CANDIDATES = 5;
const LEAST_SCORE = 0.01;

export function answerOf(
  texts: readonly { readonly text: string }[],
  reply: Reply | undefined,
  tree: Tree,
): Pick<SimulatorAnswer, "locale" | "messages" | "choices" | "why"> {
  const messages = texts.map(({ text }) => {
    const { encoding, units, segments } = countSegments(text);
    return { text, encoding, units, segments };
  });
  if (reply === undefined) return { messages, choices: [] };
  // Only the last menu of a reply can be answered with a number.
  const choices = reply.messages.findLast((message) => message.choices.length > 0)?.choices ?? [];
  return {
    locale: reply.locale,
    messages,
    choices: choices.map(({ label }, index) => ({ number: index + 1, label })),
    why: whyOf(reply, tree),
  };
}

function whyOf({ kind, locale, topics, card, evidence }: Reply, tree: Tree): Why {
  const named = (id: TopicId): NamedTopic => ({ id, title: tree.topics.get(id)?.texts[locale]?.title ?? id });
  return {
    kind,
    ...(evidence && { decidedBy: evidence.decidedBy }),
    topics: topics.map(named),
    ...(evidence?.confidence !== undefined && { confidence: evidence.confidence }),
    candidates: (evidence?.candidates ?? [])
      .filter(({ score }) => score >= LEAST_SCORE)
      .slice(0, MOST_CANDIDATES)
      .map(({ topic, score }) => ({ ...named(topic), score })),
    ...(card && {
      answer: {
        status: card.status,
        factsTo: card.factsTo,
        validUntil: card.validUntil,
        sources: card.sources,
      },
    }),
  };
}
