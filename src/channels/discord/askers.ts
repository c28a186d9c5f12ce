import { type APIInteraction, MessageFlags } from "discord.js";
import type { Visitor } from "../../core/front-desk.ts";
import type { Surface } from "../../core/sheet.ts";
import type { Locale } from "../../core/words.ts";

/** Who has typed a command or pressed a button, where, and in which language they use Discord. */
export interface Asker {
  readonly visitor: Visitor;
  readonly locale: Locale;
  /** What answers for this person alone look like. */
  readonly surface: Surface;
  /** The message with the button is this person's own, so that something else may take its place. */
  readonly ownsMessage: boolean;
}

export function askerOf(interaction: APIInteraction, locales: readonly Locale[]): Asker | undefined {
  const user = interaction.member?.user ?? interaction.user;
  if (user === undefined) return undefined;
  const direct = interaction.guild_id === undefined;
  const flags = "message" in interaction ? (interaction.message?.flags ?? 0) : 0;
  return {
    // Discord has no guests: whoever is in people.yaml is the same person in every server.
    visitor: { platform: "discord", id: user.id, outsider: user.bot === true },
    locale: spoken("locale" in interaction ? interaction.locale : undefined, locales),
    surface: direct ? "thread" : "private",
    ownsMessage: direct || (flags & MessageFlags.Ephemeral) !== 0,
  };
}

/** "es-419" and "es-ES" are Spanish; a language that Puente does not speak is English, or the first there is. */
function spoken(named: string | undefined, locales: readonly Locale[]): Locale {
  const language = named?.split("-")[0] ?? "";
  return [language, "en"].find((locale) => locales.includes(locale)) ?? locales[0] ?? "en";
}
