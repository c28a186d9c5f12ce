import type { Evidence } from "../core/reply.ts";
import type { Command, Locale, TopicId } from "../core/words.ts";

/** What matching decides about a question. Thresholds and method: docs/answering.md. */
export type Match =
  | { readonly kind: "answer"; readonly topic: TopicId; readonly evidence: Evidence }
  | { readonly kind: "clarify"; readonly topics: readonly TopicId[]; readonly evidence: Evidence }
  | {
      readonly kind: "none";
      readonly reason: "unknown" | "out-of-scope";
      readonly outOfScope?: string;
      readonly evidence: Evidence;
    };

/** Deterministic, from the content tree alone. */
export interface Matcher {
  match(text: string, locale: Locale | undefined, context: { readonly topic?: TopicId }): Match;
  /** "tf-idf" until a trained model is there. */
  readonly method: string;
}

/** A command recognised in an utterance. `sure` is false when it may be something else: stop first and ask once. */
export interface CommandFound {
  readonly command: Command;
  readonly sure: boolean;
  /** What followed the word: "ABOGADO tijuana". */
  readonly rest: string;
  /** The language of the word, where it tells ("ALTO" but not "STOP"). */
  readonly locale?: Locale;
}
