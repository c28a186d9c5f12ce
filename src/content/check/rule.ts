import type { Locale } from "../../core/words.ts";
import type { Content, TopicFiles } from "../assemble.ts";
import type { Finding } from "../finding.ts";
import type { TextFile } from "../text-file.ts";

/** One concern of `content check`. `now` is handed in: no rule knows the day. */
export type Rule = (content: Content, now: number) => Finding[];

export function error(rule: string, file: string, line: number, message: string): Finding {
  return { file, line, rule, message, severity: "error" };
}

export function warning(rule: string, file: string, line: number, message: string): Finding {
  return { file, line, rule, message, severity: "warning" };
}

/** An answer in one language whose files could be understood. */
export interface Answer {
  readonly topic: NonNullable<TopicFiles["topic"]>;
  readonly locale: Locale;
  readonly file: TextFile;
  readonly text: NonNullable<TextFile["text"]>;
}

/** Every answer of the tree in every language, drafts included: a draft is checked before it is served. */
export function answersOf(content: Content): Answer[] {
  return content.topics.flatMap(({ topic, texts }) =>
    topic === undefined
      ? []
      : [...texts].flatMap(([locale, file]) =>
          file.text === undefined ? [] : [{ topic, locale, file, text: file.text }],
        ),
  );
}

/** A piece of an answer that people read, and its line. */
export interface Piece {
  readonly field: "title" | "label" | "short" | "always" | "body";
  readonly text: string;
  readonly line: number;
}

/** Front matter first, then the body's paragraphs and list items. */
export function piecesOf({ file, text }: Answer): Piece[] {
  const fields = (["title", "label", "short", "always"] as const).map((field) => ({
    field,
    text: text[field],
    line: file.lineOf(field),
  }));
  return [...fields, ...file.passages.map(({ text, line }) => ({ field: "body" as const, text, line }))];
}

/** A list for a sentence: 'a', 'b'. */
export function quoted(items: Iterable<string>): string {
  return [...items].map((item) => `'${item}'`).join(", ");
}
