import { fromMarkdown } from "mdast-util-from-markdown";
import type { Block, Inline } from "../core/reply.ts";
import type { Finding } from "./finding.ts";

type RootContent = ReturnType<typeof fromMarkdown>["children"][number];
type PhrasingContent = Extract<RootContent, { type: "paragraph" }>["children"][number];
type ListItem = Extract<RootContent, { type: "listItem" }>;

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
  inlineCode: "Text between ` marks is not used here. Remove the marks.",
  html: "HTML is not used here. Write plain text.",
  thematicBreak: "A line (---) is not used here. Remove it.",
  image: "A picture cannot be sent. Describe it in words.",
  emphasis: "Italics are not used here. Use **bold** or plain words.",
  break: "A forced line break is not used here. Start a new paragraph or a list.",
};
const OUTSIDE_DEFAULT =
  "This Markdown is not used here. Use paragraphs, lists, **bold** and [links](https://...) only.";

/**
 * Reads the body of an answer in the small Markdown subset that every channel can show: paragraphs, one level of
 * lists, bold, links. Anything else is a finding with its line. `firstLine` is the body's line in the file.
 */
export function parseBody(file: string, body: string, firstLine: number): ParsedBody {
  const findings: Finding[] = [];
  const reject = (node: RootContent, message = OUTSIDE[node.type] ?? OUTSIDE_DEFAULT) => {
    findings.push({ file, line: lineOf(node), rule: "format", message, severity: "error" });
  };
  const lineOf = (node: RootContent) => (node.position?.start.line ?? 1) + firstLine - 1;

  const inlinesOf = (nodes: readonly PhrasingContent[], bold: boolean, href?: string): Inline[] =>
    nodes.flatMap((node): Inline[] => {
      if (node.type === "text") {
        const text = node.value.replace(/\s*\n\s*/g, " ");
        return [{ text, ...(bold && { bold }), ...(href !== undefined && { href }) }];
      }
      if (node.type === "strong") return inlinesOf(node.children, true, href);
      if (node.type === "link") {
        if (!node.url.startsWith("https://")) reject(node, "A link must begin with https://. Write the whole address.");
        return inlinesOf(node.children, bold, node.url);
      }
      reject(node);
      return [];
    });

  const blocks: Block[] = [];
  const passages: Passage[] = [];
  const itemOf = (node: ListItem): Inline[] => {
    const [first, ...more] = node.children;
    for (const extra of more) {
      reject(extra, "A list item holds one paragraph here, with no list inside. Make it two items or shorten it.");
    }
    if (first?.type === "paragraph") return inlinesOf(first.children, false);
    if (first !== undefined) reject(first);
    return [];
  };
  for (const node of fromMarkdown(body).children) {
    if (node.type === "paragraph") {
      const inlines = inlinesOf(node.children, false);
      blocks.push({ kind: "paragraph", inlines });
      passages.push({ line: lineOf(node), text: textOf(inlines), inlines, kind: "paragraph" });
    } else if (node.type === "list") {
      const ordered = node.ordered === true;
      const items = node.children.map((item) => ({ line: lineOf(item), inlines: itemOf(item) }));
      blocks.push({ kind: "list", ordered, items: items.map(({ inlines }) => inlines) });
      for (const { line, inlines } of items)
        passages.push({ line, text: textOf(inlines), inlines, kind: ordered ? "step" : "item" });
    } else {
      reject(node);
    }
  }
  return { blocks, passages, findings };
}

/** The words of a run of text, without its marks. */
export function textOf(inlines: readonly Inline[]): string {
  return inlines.map(({ text }) => text).join("");
}
