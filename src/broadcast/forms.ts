import type { BroadcastChannel, BroadcastContent, BroadcastForm, Templates } from "../core/broadcast.ts";
import { foldForSms } from "../core/fold.ts";
import { countSegments } from "../core/segments.ts";
import type { Locale } from "../core/words.ts";
import type { Sentence } from "../locale/sentence.ts";
import type { Translate } from "../locale/translate.ts";

/** A full text with the organisation's name and the way out takes two segments at most: phones join those reliably. */
export const FULL_BUDGET = 306;

/** The announcement as those see it who chose to have its text on the screen. */
export function fullText(translate: Translate, name: string, text: string, locale: Locale): string {
  return translate(locale, "updates.fullForm", { name, text });
}

export interface FormOptions {
  readonly translate: Translate;
  /** The organisation's. */
  readonly name: string;
  /** On WhatsApp; absent where none is approved. */
  readonly templates?: Templates;
}

/** All texts that can leave by a channel, with what one of each costs: a WhatsApp message counts as one. */
export function formsOf(
  { texts, audience }: Pick<BroadcastContent, "texts" | "audience">,
  channel: BroadcastChannel,
  { translate, name, templates }: FormOptions,
): readonly BroadcastForm[] {
  const words = audience.locales.flatMap((locale) =>
    [false, true].map((full) => {
      const written = full
        ? fullText(translate, name, texts[locale] ?? "", locale)
        : translate(locale, "updates.neutral");
      const text = channel === "sms" ? foldForSms(written) : written;
      return { locale, full, text, segments: channel === "sms" ? countSegments(text).segments : 1 };
    }),
  );
  if (channel !== "whatsapp" || templates === undefined) return words;
  const approved = audience.locales
    .filter((locale) => templates.locales.includes(locale))
    .map((locale) => {
      const text = translate(locale, "updates.template", { name });
      return { locale, full: false, template: true as const, text, segments: 1 };
    });
  return [...words, ...approved];
}

/** WhatsApp's limit for what is put into a template is that of the whole text; a name that long is none. */
const NAME_AT_MOST = 60;

/**
 * Why a name cannot stand in a template, for whoever set it; undefined where it can. Meta refuses what is empty,
 * has line breaks or tabs, or more than four spaces in a row (Twilio errors 21656 and 63013).
 */
export function problemInTemplate(name: string): Sentence | undefined {
  if (name.trim() === "") return { key: "broadcast.rule.nameEmpty" };
  if (/[\n\r\t]/.test(name)) return { key: "broadcast.rule.nameLines" };
  if (/ {4,}/.test(name)) return { key: "broadcast.rule.nameSpaces" };
  if (name.length <= NAME_AT_MOST) return undefined;
  return { key: "broadcast.rule.nameLong", values: { n: name.length, most: NAME_AT_MOST } };
}
