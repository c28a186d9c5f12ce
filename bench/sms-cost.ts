import { resolve } from "node:path";
import { loadConfig } from "../src/config.ts";
import { composeAnswer } from "../src/content/answer.ts";
import { loadTree } from "../src/content/load.ts";
import { foldForSms } from "../src/core/fold.ts";
import { countSegments, nonGsmCharacters } from "../src/core/segments.ts";
import { partsOf } from "../src/delivery/parts.ts";
import { loadLocales } from "../src/locale/translate.ts";
import { heading, line, ratio } from "./measure.ts";

/** USD a segment: Twilio's list price from a U.S. number, without carrier fees. Another one: `SMS_PRICE`. */
const PRICE = Number(process.env["SMS_PRICE"] ?? 0.0083);

/**
 * What every answer costs as SMS in three ways: as written; as Twilio's Smart Encoding would send it, which replaces
 * typography but no letters (twilio.com/docs/messaging/services, Smart Encoding); as Puente sends it.
 */
export async function benchSmsCost(): Promise<void> {
  const { contentDir, contentRequire } = loadConfig({});
  const [tree, { translate }] = await Promise.all([
    loadTree(contentDir, contentRequire),
    loadLocales(resolve(import.meta.dirname, "../locales")),
  ]);
  heading(`sms (whole tree, USD ${PRICE} a segment, without carrier fees)`);
  for (const locale of tree.locales) {
    let answers = 0;
    const sums = { unfolded: 0, smart: 0, puente: 0 };
    let worst = { topic: "", segments: 0 };
    for (const topic of tree.topics.keys()) {
      const reply = composeAnswer(tree, topic, locale, Date.now(), { kind: "answer", translate });
      // A channel that neither folds nor cuts shows the text as it was written.
      const written = partsOf(reply, "console");
      const puente = sum(partsOf(reply, "sms"));
      answers += 1;
      sums.unfolded += sum(written);
      sums.smart += sum(written.map(smartEncoded));
      sums.puente += puente;
      if (puente > worst.segments) worst = { topic, segments: puente };
    }
    const cost = (segments: number) =>
      `${(segments / answers).toFixed(2)} segments, ${((segments / answers) * PRICE).toFixed(4)} USD an answer, ${ratio(segments, sums.unfolded)} of unfolded`;
    line(`${locale}: ${answers} answers, unfolded`, cost(sums.unfolded));
    line(`${locale}: Twilio's Smart Encoding`, cost(sums.smart));
    line(`${locale}: Puente`, cost(sums.puente));
    line(`${locale}: the longest`, `${worst.segments} segments, ${worst.topic}`);
  }
}

function sum(texts: readonly string[]): number {
  return texts.reduce((segments, text) => segments + countSegments(text).segments, 0);
}

/** Typography only, and only where nothing else keeps the message out of GSM-7. */
function smartEncoded(text: string): string {
  const replaced = [...text]
    .map((character) => (/\p{L}/u.test(character) ? character : foldForSms(character)))
    .join("");
  return nonGsmCharacters(replaced).length === 0 ? replaced : text;
}
