import { closingOf, replySheet } from "../../core/reply-sheet.ts";
import type { Look, Showing, Surface } from "../../core/sheet.ts";
import type { KnownBlock } from "./blocks.ts";
import { cardText } from "./card.ts";
import { blocksOf } from "./sheet.ts";

/** A message as Slack takes it: blocks for the eye, the same as text for notifications and screen readers. */
export interface Rendered {
  readonly text: string;
  readonly blocks: KnownBlock[];
}

export function render(look: Look, shown: Showing, surface: Surface): Rendered {
  const { card, leads = [], message } = shown;
  const lines =
    card !== undefined && shown.kind !== "danger"
      ? [cardText(look, { ...shown, card })]
      : [message.text, ...message.choices.map(({ label }) => `- ${label}`), closingOf(look, shown)];
  return {
    text: [...leads, ...lines].filter((line) => line !== undefined && line !== "").join("\n"),
    blocks: blocksOf(replySheet(look, shown, surface)),
  };
}
