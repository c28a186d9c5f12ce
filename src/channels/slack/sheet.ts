import type { Press, SheetButton, SheetPart } from "../../core/sheet.ts";
import {
  type ButtonSpec,
  body,
  buttons,
  context,
  divider,
  header,
  type KnownBlock,
  links,
  paragraph,
  plain,
  quotes,
} from "./blocks.ts";
import { encode } from "./values.ts";

/** A sheet as Block Kit. Slack's undocumented total is about 13,000 units a message; the longest answer has 5,000. */
export function blocksOf(parts: readonly SheetPart[]): KnownBlock[] {
  return parts.flatMap(blocksOfPart);
}

function blocksOfPart(part: SheetPart): KnownBlock[] {
  switch (part.kind) {
    case "heading":
      return [header(part.text)];
    case "paragraph":
      return [
        part.person === undefined ? paragraph(part.text, part.bold && { bold: true }) : named(part.text, part.person),
      ];
    case "small":
      return [context(...part.lines)];
    case "body":
      return [body(part.blocks)];
    case "quotes":
      return [quotes(part.words)];
    case "links":
      return [links(part.items)];
    case "picture": {
      const image = { type: "image", image_url: part.url, alt_text: part.alt } as const;
      return [part.text === undefined ? image : { type: "section", text: plain(part.text), accessory: image }];
    }
    case "divider":
      return [divider()];
    case "buttons":
      return buttons(part.row, part.buttons.map(buttonOf));
  }
}

function buttonOf({ press, ...button }: SheetButton): ButtonSpec {
  return { ...button, action: press.kind, value: encodedOf(press) };
}

function encodedOf({ kind: _, ...value }: Press): string {
  return encode(value);
}

function named(text: string, userId: string): KnownBlock {
  return {
    type: "rich_text",
    elements: [
      {
        type: "rich_text_section",
        elements: [
          { type: "text", text: `${text} ` },
          { type: "user", user_id: userId },
        ],
      },
    ],
  };
}
