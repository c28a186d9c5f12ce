import { footer, statusLines } from "../../core/card-sheet.ts";
import type { Card } from "../../core/reply.ts";
import type { Look, Showing } from "../../core/sheet.ts";

/** Everything that a card shows, for notifications and screen readers, which see no blocks. */
export function cardText(look: Look, shown: Showing & { readonly card: Card }): string {
  const { card, extras, locale, message } = shown;
  const say = (key: string, values?: Record<string, string | number>) => look.translate(locale, key, values);
  const phone = extras?.byPhone;
  return [
    card.title,
    ...card.notices,
    ...(card.current ? bodyLines(card) : [message.text]),
    ...(card.wordsToSay.length > 0 ? [say("room.card.words"), ...card.wordsToSay] : []),
    ...(phone === undefined ? [] : [say("room.card.byPhone", { code: phone.code, number: phone.number })]),
    ...statusLines(look, card, locale),
    footer(look, locale),
  ].join("\n");
}

function bodyLines({ blocks }: Card): string[] {
  const line = (inlines: readonly { readonly text: string }[]) => inlines.map(({ text }) => text).join("");
  return blocks.flatMap((block) =>
    block.kind === "paragraph"
      ? [line(block.inlines)]
      : block.items.map((item, index) => `${block.ordered ? `${index + 1}.` : "-"} ${line(item)}`),
  );
}
