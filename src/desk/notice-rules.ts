import { phonesOf } from "../content/check/contacts.ts";
import { addressesIn, digitsOf, factsOf, longPhonesIn, plainAddress } from "../content/check/facts.ts";
import { findForbidden } from "../content/check/forbidden.ts";
import { noticeLine } from "../content/notices.ts";
import type { PerLocale, Tree } from "../content/tree.ts";
import { foldForSms } from "../core/fold.ts";
import { countSegments } from "../core/segments.ts";
import type { Locale } from "../core/words.ts";
import type { Sentence, TextKey } from "../locale/sentence.ts";

/** Septets of a line with its date: two of them still fit one message of two segments (2 x 153). */
const BUDGET = 150;

/** What a notice or a broadcast never says, whoever approves it. Run without case and accents. */
const NEVER: readonly { readonly why: TextKey; readonly patterns: PerLocale<readonly string[]> }[] = [
  {
    why: "desk.rule.goNow",
    patterns: {
      en: [
        String.raw`\b(?:go|come|cross|leave|head|hurry|line up|present yourself|get to)\b[^.!?]{0,40}\b(?:now|today|tonight|tomorrow|right away|immediately|as soon as)\b`,
        String.raw`\b(?:the )?(?:port|bridge|border|gate) (?:is|will be) open\b`,
      ],
      es: [
        String.raw`\b(?:vaya|venga|cruce|salga|corra|presentese|formese|apurese|dirijase|acuda)n?(?:se)?\b[^.!?]{0,40}\b(?:ya|ahora|hoy|manana|esta noche|de inmediato|cuanto antes|lo antes posible)\b`,
        String.raw`\b(?:el puente|la garita|el puerto|la frontera) (?:esta|estara) abiert[oa]\b`,
      ],
    },
  },
  {
    why: "desk.rule.meeting",
    patterns: {
      en: [String.raw`\b(?:meet(?:ing)?|gather|assemble|wait for us|see you|join us)\b[^.!?]*\d`],
      es: [
        String.raw`\b(?:nos vemos|reunion|reunan?se|junten?se|punto de encuentro|l[eo]s? esperamos|acompanenos)\b[^.!?]*\d`,
      ],
    },
  },
  {
    why: "desk.rule.transport",
    patterns: {
      en: [String.raw`\b(?:bus|buses|van|truck|ride|rides|shuttle|taxi|flight|transport(?:ation)?|pick you up)\b`],
      es: [
        String.raw`\b(?:autobus(?:es)?|camion(?:es)?|camioneta|transporte|traslados?|aventon|raite|taxi|vuelo|l[eo]s? recogemos)\b`,
      ],
    },
  },
  {
    why: "desk.rule.address",
    patterns: {
      en: [String.raw`\b\d{1,5} (?:[\w.]+ ){1,4}(?:street|st|avenue|ave|road|rd|drive|dr|boulevard|blvd|lane|ln)\b`],
      es: [String.raw`\b(?:calle|avenida|av|colonia|col|boulevard|blvd)\b\.? [^.!?]{1,40}?(?:#|num|no\.|,)? ?\d+`],
    },
  },
  {
    why: "desk.rule.payment",
    patterns: {
      en: [
        String.raw`\b(?:pay us|send (?:us )?money|deposit|wire transfer|zelle|paypal|venmo|western union|bitcoin|gift cards?|donate)\b`,
      ],
      es: [
        String.raw`\b(?:paguenos|mande dinero|envie dinero|deposite|transfiera|zelle|paypal|venmo|western union|bitcoin|tarjetas? de regalo|done)\b`,
      ],
    },
  },
  {
    why: "desk.rule.data",
    patterns: {
      en: [
        String.raw`\b(?:send|text|tell|give|share|write)(?: us)? (?:your|the) (?:full )?(?:name|a-?number|passport|photo|picture|address|location|phone|number|date of birth|birthday|country|case)\b`,
      ],
      es: [
        String.raw`\b(?:mande|envie|diga|de|comparta|escriba)(?:nos)? (?:su|sus|el|la) (?:nombre|numero|pasaporte|foto|direccion|ubicacion|telefono|fecha de nacimiento|pais|caso)\b`,
      ],
    },
  },
];

/** Words with which a notice speaks of law, ports, deadlines, fees or papers. */
const LEGAL: Readonly<Record<Locale, RegExp>> = {
  en: /\b(?:laws?|legal|courts?|judges?|ruling|rules?|asylum|ports?|bridges?|borders?|cbp|ice|uscis|eoir|appointments?|deadlines?|days?|fees?|costs?|pay|papers?|forms?|documents?|i-\d+|interviews?|parole|bond|deport\w*|detention|hearings?|visas?|permits?)\b/iu,
  es: /\b(?:ley|leyes|legal(?:es)?|cortes?|jue[zc]\w*|fallo|reglas?|asilo|puertos?|puentes?|garitas?|fronteras?|cbp|ice|uscis|citas?|plazos?|dias?|tarifas?|cuotas?|costos?|pag\w+|papeles?|formularios?|documentos?|i-\d+|entrevistas?|parole|fianzas?|deport\w*|detencion|audiencias?|visas?|permisos?)\b/iu,
};

export interface NoticeVerdict {
  /** Each is a reason why it cannot be shown, for the one who writes it. */
  readonly problems: readonly Sentence[];
  /** True when it speaks of law, ports, deadlines, fees or papers. */
  readonly legal: boolean;
}

/** What the rules need to know of a kind of text. */
export interface Announcement {
  readonly texts: Readonly<Record<Locale, string>>;
  /** The languages it must have. */
  readonly locales: readonly Locale[];
  /** Says of a language that its text is missing. */
  readonly missing: TextKey;
  /** The text as a phone gets it, with what is put around it. */
  asSent(text: string, locale: Locale): string;
  /** Septets of it as sent. */
  readonly budget: number;
}

/** A notice as it is shown: under its date, beside another in one message. */
export function judgeNotice(tree: Tree, texts: Readonly<Record<Locale, string>>, day: string): NoticeVerdict {
  const asSent = (text: string, locale: Locale) => noticeLine(day, text, locale);
  const missing = "desk.notice.textMissing";
  return judgeAnnouncement(tree, { texts, locales: tree.locales, missing, asSent, budget: BUDGET });
}

/**
 * Holds what a person on the team writes against the rules: never what `NEVER` or `forbidden.yaml` names, contacts of
 * the directory alone, the same facts in every language, and short enough for a phone.
 */
export function judgeAnnouncement(tree: Tree, announcement: Announcement): NoticeVerdict {
  const { texts, locales, missing } = announcement;
  const problems: Sentence[] = [];
  for (const locale of locales) {
    const text = texts[locale];
    if (text === undefined || text.trim() === "")
      problems.push({ key: missing, values: { language: { language: locale } } });
    else problems.push(...problemsIn(tree, text, locale, announcement).map((what) => inText(locale, what)));
  }
  for (const locale of Object.keys(texts))
    if (!tree.locales.includes(locale)) problems.push({ key: "desk.rule.notOurs", values: { locale } });
  problems.push(...differences(tree, texts));
  const legal = Object.entries(texts).some(([locale, text]) => LEGAL[locale]?.test(plain(text)) ?? true);
  return { problems, legal };
}

/** What is said of the text in one language. */
export function inText(locale: Locale, what: Sentence): Sentence {
  return { key: "desk.rule.inText", values: { language: { language: locale }, what } };
}

function problemsIn(tree: Tree, text: string, locale: Locale, { asSent, budget }: Announcement): Sentence[] {
  const problems: Sentence[] = [];
  if (LEGAL[locale] === undefined) problems.push({ key: "desk.rule.noRules" });
  if (/\n/.test(text)) problems.push({ key: "desk.rule.oneLine" });
  const { encoding, units } = countSegments(foldForSms(asSent(text, locale)));
  if (encoding !== "GSM-7") problems.push({ key: "desk.rule.notPlain" });
  else if (units > budget) problems.push({ key: "desk.rule.tooLong", values: { units, budget } });
  const never = [
    ...findForbidden(NEVER, text, locale).map(({ rule, found }) => ({ found, why: { key: rule.why } })),
    ...findForbidden(tree.forbidden, text, locale).map(({ rule, found }) => ({ found, why: { texts: rule.why } })),
  ];
  problems.push(...never.map((values) => ({ key: "desk.rule.never", values }) as const));
  const phones = new Set(tree.directory.flatMap(phonesOf).map(digitsOf));
  for (const phone of longPhonesIn(text))
    if (!phones.has(digitsOf(phone))) problems.push({ key: "desk.rule.phone", values: { phone } });
  const urls = [...tree.directory, ...tree.sources.values()].flatMap(({ url }) => url ?? []);
  const addresses = new Set(urls.map(plainAddress));
  for (const address of addressesIn(text))
    if (!addresses.has(address)) problems.push({ key: "desk.rule.link", values: { address } });
  return problems;
}

function differences(tree: Tree, texts: Readonly<Record<Locale, string>>): Sentence[] {
  const [first, ...others] = tree.locales.flatMap((locale) => {
    const text = texts[locale];
    return text === undefined ? [] : [{ locale, facts: factsOf(text, locale) }];
  });
  if (first === undefined) return [];
  return others.flatMap(({ locale, facts }) =>
    (["phones", "links", "dates", "numbers"] as const)
      .filter((kind) => facts[kind].symmetricDifference(first.facts[kind]).size > 0)
      .map((kind): Sentence => {
        const values = { language: { language: locale }, other: { language: first.locale } };
        return { key: `desk.rule.differ.${kind}`, values };
      }),
  );
}

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{Mn}/gu, "");
}
