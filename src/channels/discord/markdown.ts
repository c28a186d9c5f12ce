import type { Block, Inline } from "../../core/reply.ts";

/** What Discord reads as markup within a line, and at its beginning (support.discord.com, Markdown Text 101). */
const WITHIN = /[\\*_~`|[\]<]/g;
const AT_START = /^(\s*)([#>+-]|\d+(?=[.)]))/gm;
const ADDRESS = /https?:\/\/[^\s<>]+/g;

/** Text in which nothing is read as markup or calls anybody; addresses stay as they are, and can be followed. */
export function escaped(text: string): string {
  let from = 0;
  let result = "";
  for (const { 0: address, index } of text.matchAll(ADDRESS)) {
    result += mark(text.slice(from, index)) + address;
    from = index + address.length;
  }
  return (result + mark(text.slice(from))).replace(AT_START, (_, space: string, sign: string) =>
    /\d/.test(sign) ? `${space}${sign}\\` : `${space}\\${sign}`,
  );
}

function mark(text: string): string {
  return text.replace(WITHIN, "\\$&").replace(/@(?=everyone|here)/g, "@\u200b");
}

export function bold(text: string): string {
  return text.trim() === "" ? text : `**${escaped(text)}**`;
}

export function link(text: string, url: string): string {
  return `[${escaped(text)}](${url.replaceAll("(", "%28").replaceAll(")", "%29")})`;
}

/** A line that begins with a mark of its own stays one line. */
export function line(marker: string, text: string): string {
  return `${marker} ${escaped(text.replace(/\s*\n\s*/g, " "))}`;
}

export function blockText(block: Block): string {
  if (block.kind === "paragraph") return inlineText(block.inlines);
  return block.items.map((item, index) => `${block.ordered ? `${index + 1}.` : "-"} ${inlineText(item)}`).join("\n");
}

function inlineText(inlines: readonly Inline[]): string {
  return inlines
    .map(({ text, bold: isBold, href }) =>
      href !== undefined ? link(text, href) : isBold ? bold(text) : escaped(text),
    )
    .join("");
}
