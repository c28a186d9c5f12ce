import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { loadConfig } from "../config.ts";
import { loadTree } from "../content/load.ts";
import { OperatorError } from "../core/errors.ts";
import { findPlace } from "../intent/place.ts";
import { loadLocales } from "../locale/translate.ts";
import { posterFile } from "../web/poster.ts";

const LOCALES_DIR = resolve(import.meta.dirname, "../../locales");

/** `poster`: writes the sheet from which people subscribe, as one HTML file to print. */
export async function poster({ place: named, out }: { readonly place: string; readonly out?: string }): Promise<void> {
  const config = loadConfig();
  const [tree, { translate }] = await Promise.all([
    loadTree(config.contentDir, config.contentRequire),
    loadLocales(LOCALES_DIR),
  ]);
  const place = tree.places.find(({ id }) => id === named) ?? findPlace(named, tree.places);
  if (place === undefined) throw new OperatorError(`There is no place "${named}" in places.yaml.`);
  const { smsFrom: sms, whatsappFrom: whatsapp } = config.twilio ?? {};
  if (sms === undefined && whatsapp === undefined)
    throw new OperatorError(
      "There is no number to print: set TWILIO_SMS_FROM or TWILIO_WHATSAPP_FROM. A Messaging Service's number goes into TWILIO_SMS_FROM too.",
    );
  const locales = tree.locales.toSorted((a, b) => Number(b === "es") - Number(a === "es"));
  const file = out ?? `poster-${place.id}.html`;
  await writeFile(
    file,
    posterFile({
      ...{ place, locales, translate, organisation: config.organisation },
      ...(sms !== undefined && { sms }),
      ...(whatsapp !== undefined && { whatsapp }),
    }),
  );
  console.log(`${file} is written. Open it in a browser and print it.`);
}
