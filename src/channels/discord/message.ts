import {
  type APIContainerComponent,
  type APIMessageTopLevelComponent,
  MessageFlags,
  type RESTPostAPIChannelMessageJSONBody,
} from "discord.js";
import { replySheet } from "../../core/reply-sheet.ts";
import type { Look, SheetPart, Showing, Surface, TopicPress } from "../../core/sheet.ts";
import type { Locale } from "../../core/words.ts";
import { pageOf } from "./components.ts";

/** A message as every endpoint takes it. It rings nobody, whatever its text holds. */
export interface Message extends RESTPostAPIChannelMessageJSONBody {
  readonly components: APIMessageTopLevelComponent[];
}

/** A reply, on the page asked for. */
export function replyMessage(look: Look, shown: Showing, surface: Surface, page = 0): Message {
  const of = shown.card && { topic: shown.card.topic, locale: shown.locale };
  return sheetMessage(look, shown.locale, replySheet(look, shown, surface), { page, ...(of && { of }) });
}

export function sheetMessage(
  look: Look,
  locale: Locale,
  parts: readonly SheetPart[],
  paging: { readonly page?: number; readonly of?: TopicPress } = {},
): Message {
  const label = (page: number, pages: number) => look.translate(locale, "discord.button.page", { page, pages });
  return messageOf(pageOf(parts, { ...paging, label }).container);
}

/** All pages of a sheet, each as a message. */
export function sheetMessages(look: Look, locale: Locale, parts: readonly SheetPart[]): Message[] {
  const label = () => "";
  const { pages } = pageOf(parts, { label });
  return Array.from({ length: pages }, (_, page) => sheetMessage(look, locale, parts, { page }));
}

/** One sentence: what was done, or why it was not. */
export function noteMessage(look: Look, locale: Locale, ...lines: readonly string[]): Message {
  return sheetMessage(
    look,
    locale,
    lines.map((text) => ({ kind: "paragraph", text })),
  );
}

function messageOf(container: APIContainerComponent): Message {
  return { flags: MessageFlags.IsComponentsV2, components: [container], allowed_mentions: { parse: [] } };
}
