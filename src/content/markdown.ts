import { Marked, type MarkedToken, type Token, type Tokens } from "marked";
import type { Block, Inline } from "../core/reply.ts";
import type { Finding } from "./finding.ts";

/** The plain text of one paragraph or list item, and the line it starts on. */
export interface Passage {
  readonly line: number;
  readonly text: string;
  readonly inlines: readonly Inline[];
  readonly kind: "paragraph" | "step" | "item";
}

export interface ParsedBody {
  readonly blocks: readonly Block[];
  readonly passages: readonly Passage[];
  readonly findings: readonly Finding[];
}

/** What an editor is told about Markdown that phones cannot show. */
const OUTSIDE: Readonly<Record<string, string>> = {
  heading: "A heading (#) cannot be shown on a phone. Make it a paragraph, in **bold** if needed.",
  blockquote: "A quotation (>) is not used here. Write it as a paragraph, words to say in straight double quotes.",
  code: "Indented or fenced text is not used here. Remove the spaces or the ``` before it.",
  codespan: "Text between ` marks is not used here. Remove the marks.",
  html: "HTML is not used here. Write plain text.",
  hr: "A line (---) is not used here. Remove it.",
  image: "A picture cannot be sent. Describe it in words.",
  em: "Italics are not used here. Use **bold** or plain words.",
  entity: "A character written as &name; is not used here. Write the character itself.",
  br: "A forced line break is not used here. Start a new paragraph or a list.",
};
const OUTSIDE_DEFAULT =
  "This Markdown is not used here. Use paragraphs, lists, **bold** and [links](https://...) only.";

const ENTITY = /&(?:[a-z][a-z0-9]*|#x?[0-9a-f]+);/i;

/** CommonMark, without what GitHub adds to it: an address without brackets is text. */
const markdown = new Marked({ gfm: false });

/**
 * Reads the body of an answer in the small Markdown subset that every channel can show: paragraphs, one level of
 * lists, bold, links. Anything else is a finding with its line. `firstLine` is the body's line in the file.
 */
export function parseBody(file: string, body: string, firstLine: number): ParsedBody {
  const findings: Finding[] = [];
  const reject = (type: string, line: number, message = OUTSIDE[type] ?? OUTSIDE_DEFAULT) => {
    findings.push({ file, line, rule: "format", message, severity: "error" });
  };

  const inlinesOf = (tokens: readonly Token[] | undefined, firstLine: number, marks: Omit<Inline, "text"> = {}) =>
    withLines(tokens, firstLine).flatMap(([token, line]): Inline[] => {
      if (token.type === "text" || token.type === "escape") {
        if (ENTITY.test(token.raw)) reject("entity", line);
        return [{ text: token.text.replace(/\s*\n\s*/g, " "), ...marks }];
      }
      if (token.type === "strong") return inlinesOf(token.tokens, line, { ...marks, bold: true });
      if (token.type === "link") {
        const { href } = token;
        if (!href.startsWith("https://"))
          reject("link", line, "A link must begin with https://. Write the whole address.");
        return inlinesOf(token.tokens, line, { ...marks, href });
      }
      reject(token.type, line);
      return [];
    });
  const passageOf = (kind: Passage["kind"], tokens: readonly Token[] | undefined, line: number): Passage => {
    const inlines = joined(inlinesOf(tokens, line));
    return { line, text: textOf(inlines), inlines, kind };
  };
  const itemOf = (item: Tokens.ListItem, kind: Passage["kind"], line: number): Passage => {
    const [first, ...more] = withLines(item.tokens, line).filter(([{ type }]) => type !== "space");
    for (const [{ type }, line] of more) {
      reject(type, line, "A list item holds one paragraph here, with no list inside. Make it two items or shorten it.");
    }
    if (first?.[0].type === "text" || first?.[0].type === "paragraph") return passageOf(kind, first[0].tokens, line);
    if (first !== undefined) reject(first[0].type, line);
    return passageOf(kind, [], line);
  };

  const blocks: Block[] = [];
  const passages: Passage[] = [];
  for (const [token, line] of withLines(markdown.lexer(body), firstLine)) {
    if (token.type === "paragraph") {
      const passage = passageOf("paragraph", token.tokens, line);
      blocks.push({ kind: "paragraph", inlines: passage.inlines });
      passages.push(passage);
    } else if (token.type === "list") {
      const kind = token.ordered ? "step" : "item";
      const items = withLines(token.items, line).flatMap(([item, line]) =>
        item.type === "list_item" ? [itemOf(item, kind, line)] : [],
      );
      blocks.push({ kind: "list", ordered: token.ordered, items: items.map(({ inlines }) => inlines) });
      passages.push(...items);
    } else if (token.type !== "space") {
      reject(token.type, line);
    }
  }
  return { blocks, passages, findings };
}

/** Tokens with the line each begins on: what they were read from lies end to end. */
function withLines(tokens: readonly Token[] | undefined, firstLine: number): (readonly [MarkedToken, number])[] {
  let line = firstLine;
  return (tokens ?? []).map((token) => {
    const start = line;
    line += token.raw.split("\n").length - 1;
    // Without extensions of the library there is no other kind.
    return [token as MarkedToken, start] as const;
  });
}

/** Runs with the same marks as one: an escaped character is a token of its own. */
function joined(inlines: readonly Inline[]): Inline[] {
  const runs: Inline[] = [];
  for (const inline of inlines) {
    const last = runs.at(-1);
    if (last !== undefined && last.bold === inline.bold && last.href === inline.href)
      runs[runs.length - 1] = { ...last, text: last.text + inline.text };
    else runs.push(inline);
  }
  return runs;
}

/** The words of a run of text, without its marks. */
export function textOf(inlines: readonly Inline[]): string {
  return inlines.map(({ text }) => text).join("");
}
