import {
  type APIApplicationCommandAutocompleteInteraction,
  type APIApplicationCommandInteraction,
  type ApplicationCommandOptionType,
  ApplicationCommandType,
  InteractionResponseType,
} from "discord.js";
import type { BroadcastDesk } from "../../core/broadcast-desk.ts";
import { asksForBroadcasts } from "../../core/broadcast-sheet.ts";
import type { FrontDesk } from "../../core/front-desk.ts";
import { type Look, showing } from "../../core/sheet.ts";
import type { Locale } from "../../core/words.ts";
import type { Asker } from "./askers.ts";
import { actOnBroadcast } from "./broadcasts.ts";
import { ASK, BROWSE } from "./commands.ts";
import type { Outcome } from "./exchange.ts";
import { noteMessage, replyMessage } from "./message.ts";

/** What a chosen suggestion begins with: then it is the answer's id, and nothing is left to match. */
const CHOSEN = "#";
/** Discord's limits of a suggestion, in characters, and of their number. */
const LIMITS = { name: 100, value: 100, choices: 25 } as const;

interface Asking {
  readonly desk: FrontDesk;
  readonly broadcastDesk: BroadcastDesk;
  readonly look: Look;
}

/** A command, or the entry in a message's menu: answered to the one who used it. */
export async function ask(under: Asking, asker: Asker, { data }: APIApplicationCommandInteraction): Promise<Outcome> {
  const { desk, look } = under;
  const { surface, locale: own } = asker;
  const show = (shown: Awaited<ReturnType<FrontDesk["ask"]>>, leads: readonly string[] = []): Outcome => ({
    kind: "beside",
    messages: [replyMessage(look, showing(shown, leads), surface)],
  });
  const menu = (locale: Locale) => desk.follow("discord", { kind: "command", command: "menu" }, locale);
  const answer = async (text: string, locale: Locale, leadOf: (matter: string) => string) => {
    if (text.trim() === "") return show(await menu(locale));
    const matter = desk.screen(text);
    const shown = await desk.ask("discord", text, locale);
    return show(
      shown,
      matter === undefined ? [] : [look.translate(shown.reply.locale, `desk.private.${leadOf(matter)}`)],
    );
  };
  if (data.type === ApplicationCommandType.Message)
    return answer(data.resolved.messages[data.target_id]?.content ?? "", own, () => "others");

  const browse = BROWSE[data.name];
  if (browse !== undefined) return show(await menu(browse));
  const asks = ASK[data.name];
  if (asks === undefined || data.type !== ApplicationCommandType.ChatInput)
    return { kind: "beside", messages: [noteMessage(look, own, look.translate(own, "room.unknownButton"))] };
  const text = typedIn(data.options);
  if (text.startsWith(CHOSEN))
    return show(await desk.follow("discord", { kind: "topic", topic: text.slice(CHOSEN.length) }, asks.locale));
  if (asksForBroadcasts(text)) return actOnBroadcast(under, asker, { kind: "broadcasts", locale: asks.locale });
  return answer(text, asks.locale, (matter) => matter);
}

/** Topics for what has been typed so far. Nothing of it is counted or kept. */
export function suggest(desk: FrontDesk, { data }: APIApplicationCommandAutocompleteInteraction): Outcome {
  const locale = ASK[data.name]?.locale ?? "en";
  const choices = desk
    .suggest(typedIn(data.options), locale)
    .filter(({ topic }) => topic.length < LIMITS.value)
    .slice(0, LIMITS.choices)
    .map(({ topic, title }) => ({ name: title.slice(0, LIMITS.name), value: CHOSEN + topic }));
  return { kind: "open", type: InteractionResponseType.ApplicationCommandAutocompleteResult, data: { choices } };
}

function typedIn(options: readonly { readonly type: ApplicationCommandOptionType }[] | undefined): string {
  const [option] = options ?? [];
  return option !== undefined && "value" in option && typeof option.value === "string" ? option.value : "";
}
