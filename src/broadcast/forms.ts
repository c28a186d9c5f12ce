import type { BroadcastChannel, BroadcastContent, BroadcastForm } from "../core/broadcast.ts";
import { foldForSms } from "../core/fold.ts";
import { countSegments } from "../core/segments.ts";
import type { Locale } from "../core/words.ts";
import type { Translate } from "../locale/translate.ts";

/** A full text with the organisation's name and the way out takes two segments at most: phones join those reliably. */
export const FULL_BUDGET = 306;

/** The announcement as those see it who chose to have its text on the screen. */
export function fullText(translate: Translate, name: string, text: string, locale: Locale): string {
  return translate(locale, "updates.fullForm", { name, text });
}

/** All texts that can leave by a channel, with what one of each costs: a WhatsApp message counts as one. */
export function formsOf(
  { texts, audience }: Pick<BroadcastContent, "texts" | "audience">,
  channel: BroadcastChannel,
  { translate, name }: { readonly translate: Translate; readonly name: string },
): readonly BroadcastForm[] {
  return audience.locales.flatMap((locale) =>
    [false, true].map((full) => {
      const words = full
        ? fullText(translate, name, texts[locale] ?? "", locale)
        : translate(locale, "updates.neutral");
      const text = channel === "sms" ? foldForSms(words) : words;
      return { locale, full, text, segments: channel === "sms" ? countSegments(text).segments : 1 };
    }),
  );
}
