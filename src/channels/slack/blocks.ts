import type { types } from "@slack/bolt";
import type { Block, Inline } from "../../core/reply.ts";

export type KnownBlock = types.KnownBlock;
type RichTextElement = types.RichTextSection["elements"][number];

/** Block Kit's limits (docs.slack.dev/reference/block-kit), in UTF-16 units and elements. */
export const LIMITS = {
  header: 150,
  button: 75,
  value: 2000,
  modalTitle: 24,
  actions: 25,
  section: 3000,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  option: 75,
} as const;

/** At most so many units, with an ellipsis for what is left out, and never half a surrogate pair. */
function clip(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text
    .slice(0, most - 1)
    .replace(/[\ud800-\udbff]$/u, "")
    .trimEnd()}…`;
}

export function plain(text: string, most: number = LIMITS.section): types.PlainTextElement {
  return { type: "plain_text", text: clip(text, most), emoji: false };
}

export function header(text: string): KnownBlock {
  return { type: "header", text: plain(text, LIMITS.header) };
}

/** A paragraph in which nothing is read as markup. */
export function paragraph(text: string, style?: { readonly bold: true }): KnownBlock {
  return richText([{ type: "rich_text_section", elements: [{ type: "text", text, ...(style && { style }) }] }]);
}

/** Small grey lines: dates, the footer. */
export function context(...lines: readonly string[]): KnownBlock {
  return { type: "context", elements: lines.map((line) => plain(line)) };
}

export function divider(): KnownBlock {
  return { type: "divider" };
}

/** The blocks of an answer as one rich text: lists are lists, links are links, and nobody's text becomes markup. */
export function body(blocks: readonly Block[]): KnownBlock {
  return richText(
    blocks.map((block) =>
      block.kind === "paragraph"
        ? section([...block.inlines.map(inline), { type: "text", text: "\n" }])
        : {
            type: "rich_text_list",
            style: block.ordered ? "ordered" : "bullet",
            elements: block.items.map((item) => section(item.map(inline))),
          },
    ),
  );
}

/** Words to say aloud, each apart from everything else. */
export function quotes(words: readonly string[]): KnownBlock {
  return richText(words.map((text) => ({ type: "rich_text_quote", elements: [{ type: "text", text }] })));
}

export function links(items: readonly { readonly text: string; readonly url?: string }[]): KnownBlock {
  return richText([
    {
      type: "rich_text_list",
      style: "bullet",
      elements: items.map(({ text, url }) => section([url === undefined ? { type: "text", text } : link(text, url)])),
    },
  ]);
}

export interface ButtonSpec {
  readonly text: string;
  readonly action: string;
  readonly value?: string;
  readonly style?: "primary" | "danger";
  readonly confirm?: { readonly text: string; readonly yes: string; readonly no: string };
}

/** A row of buttons; action ids are numbered, for they must differ within a block. */
export function buttons(blockId: string, specs: readonly ButtonSpec[]): KnownBlock[] {
  if (specs.length === 0) return [];
  return [
    {
      type: "actions",
      block_id: blockId,
      elements: specs.slice(0, LIMITS.actions).map(({ text, action, value, style, confirm }, index) => ({
        type: "button",
        text: plain(text, LIMITS.button),
        action_id: `${action}:${index}`,
        ...(value !== undefined && { value }),
        ...(style !== undefined && { style }),
        ...(confirm !== undefined && {
          confirm: {
            title: plain(text, LIMITS.confirmTitle),
            text: plain(confirm.text, LIMITS.confirmText),
            confirm: plain(confirm.yes, LIMITS.confirmButton),
            deny: plain(confirm.no, LIMITS.confirmButton),
          },
        }),
      })),
    },
  ];
}

function richText(elements: types.RichTextBlock["elements"]): KnownBlock {
  return { type: "rich_text", elements };
}

function section(elements: RichTextElement[]): types.RichTextSection {
  return { type: "rich_text_section", elements };
}

function inline({ text, bold, href }: Inline): RichTextElement {
  if (href !== undefined) return link(text, href);
  return { type: "text", text, ...(bold && { style: { bold } }) };
}

function link(text: string, url: string): RichTextElement {
  return { type: "link", url, text };
}
