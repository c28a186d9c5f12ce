import { foldForSms } from "../core/fold.ts";
import type { Organisation } from "../core/organisation.ts";
import type { Translate } from "../locale/translate.ts";

/** A reply that Twilio sends by itself, to be entered under Opt-Out Management of a Messaging Service. */
export interface CarrierText {
  readonly keyword: "HELP" | "STOP" | "START";
  readonly locale: string;
  readonly text: string;
}

/** The same words Puente would say, so that a person hears one voice; folded, as they travel as SMS. */
export function carrierTexts(
  translate: Translate,
  locales: readonly string[],
  organisation: Organisation,
): CarrierText[] {
  return locales.flatMap((locale) => {
    const say = (key: string, values = {}) => translate(locale, `command.${key}`, values);
    const { name, phone } = organisation;
    const from = phone === undefined ? say("helpFromNobody") : say("helpFrom", { name, phone });
    const texts: Record<CarrierText["keyword"], string> = {
      HELP: `${say("help")} ${from} ${say("helpClosing")}`,
      STOP: say("stop"),
      START: say("start"),
    };
    return Object.entries(texts).map(([keyword, text]) => ({
      keyword: keyword as CarrierText["keyword"],
      locale,
      text: foldForSms(text),
    }));
  });
}
