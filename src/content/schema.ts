import { z } from "zod";

// What each file of the content tree holds. docs/content.md says the same to editors.

const text = z.string().trim().min(1);
const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "use lower-case letters, digits and hyphens");
const topicId = z.string().regex(/^[a-z0-9-]+\/[a-z0-9-]+$/, 'name a topic as "section/topic"');
const day = z.iso.date();
const month = z.string().regex(/^\d{4}-\d{2}$/, "write a month as 2026-07, in quotes");
const url = z.url({ protocol: /^https$/ });
const country = z.enum(["US", "MX"]);
/** YYYY, YYYY-MM or YYYY-MM-DD; a bare year may come without quotes. */
const roughDate = z
  .union([z.string(), z.number()])
  .transform(String)
  .pipe(z.string().regex(/^\d{4}(-\d{2}(-\d{2})?)?$/, "write a date as 2026, 2026-07 or 2026-07-15"));

function perLocale<T extends z.ZodType>(value: T) {
  return z.record(z.string().regex(/^[a-z]{2,3}(-[A-Za-z]+)?$/, "name a language by its code, as en or es"), value);
}
const textPerLocale = perLocale(text);
const textsPerLocale = perLocale(z.array(text));

/** Front matter of `<locale>.md`. */
export const frontMatterSchema = z.strictObject({ title: text, label: text, short: text, always: text });

export const topicSchema = z.strictObject({
  state: z.enum(["draft", "checked"]),
  code: perLocale(z.string().regex(/^[A-Z]+\d+$/, "write a code as capital letters and a number, as PORT3")),
  inFlux: z.boolean(),
  factsTo: day,
  checkedOn: day,
  validDays: z.int().positive(),
  validUntil: day.exactOptional(),
  danger: z.boolean().exactOptional(),
  related: z.array(topicId),
  claims: z.array(z.strictObject({ claim: text, sources: z.array(id), at: text.exactOptional() })),
});

export const sectionSchema = z.strictObject({
  title: textPerLocale,
  topics: z.array(id),
  /** Place in the top menu. Sections without one come last. */
  order: z.int().exactOptional(),
});

export const questionsSchema = textsPerLocale;

export const sourcesSchema = z.array(
  z.strictObject({
    id,
    title: text,
    kind: text,
    url: z.url({ protocol: /^https?$/ }).exactOptional(),
    date: roughDate.exactOptional(),
  }),
);

export const directorySchema = z.array(
  z.strictObject({
    id,
    name: text,
    kind: text,
    places: z.array(id),
    phone: text.exactOptional(),
    phoneFromMexico: text.exactOptional(),
    sms: z.strictObject({ to: text, text: text.exactOptional() }).exactOptional(),
    whatsapp: text.exactOptional(),
    url: url.exactOptional(),
    email: z.email().exactOptional(),
    languages: z.array(text).exactOptional(),
    hours: textPerLocale.exactOptional(),
    reachableFrom: z.array(country).min(1),
    cost: textPerLocale.exactOptional(),
    seen: month.exactOptional(),
    showDate: z.boolean().exactOptional(),
    verifiedOn: day.exactOptional(),
    note: textPerLocale.exactOptional(),
  }),
);

export const placesSchema = z
  .array(
    z.strictObject({
      id,
      kind: z.enum(["port", "city"]),
      country,
      names: textPerLocale,
      aliases: textsPerLocale,
      timeZone: z.string().refine(isTimeZone, "use a time zone's IANA name, as America/Tijuana"),
      lat: z.number().min(-90).max(90),
      lon: z.number().min(-180).max(180),
    }),
  )
  .min(1);

export const outOfScopeSchema = z.array(
  z.strictObject({ id, reply: textPerLocale, choices: z.array(topicId), examples: textsPerLocale }),
);

export const urgentSchema = z.array(
  z.strictObject({ id, topic: topicId, phrases: textsPerLocale, unless: textsPerLocale.exactOptional() }),
);

export const lexiconSchema = z.strictObject({
  replace: z.record(text, text),
  concepts: z.record(id, z.array(text)),
  asides: z
    .record(
      text,
      z
        .strictObject({ before: z.array(text), after: z.array(text), names: z.record(id, z.array(text).min(1)) })
        .refine(
          ({ before, after, names }) =>
            [...before, ...after].every((aside) =>
              [...aside.matchAll(/\{(\w+)\}/g)].every(([, name = ""]) => name in names),
            ),
          "A {name} stands in an aside that has no list under `names`.",
        ),
    )
    .exactOptional(),
});

export const unsupportedLanguagesSchema = z.array(
  z.strictObject({
    id: text,
    name: textPerLocale,
    scripts: z.array(text).exactOptional(),
    words: z.array(text).exactOptional(),
    samples: z.array(text).exactOptional(),
    line: text.exactOptional(),
  }),
);

/** `id`, `why` and then, per locale, regular expressions. */
export const forbiddenSchema = z.array(
  z
    .object({ id, why: textPerLocale })
    .catchall(
      z.array(text.refine(isPattern, "is not a regular expression that can be read; look for a missing bracket")),
    )
    .transform(({ id, why, ...patterns }) => ({ id, why, patterns: patterns as Record<string, string[]> })),
);

export const signOffsSchema = z.array(
  z.strictObject({
    topic: topicId,
    locale: text,
    sha256: z.string().regex(/^[0-9a-f]{64}$/, "this is the text's hash; `content sign` writes it"),
    reviewer: text,
    role: text,
    on: day,
    validUntil: day,
  }),
);

const timeZones = new Map<string, boolean>();

/** Remembers its answers: making a formatter is slow and heavy, and places share a handful of zones. */
function isTimeZone(name: string): boolean {
  const known = timeZones.get(name);
  if (known !== undefined) return known;
  const valid = succeeds(() => new Intl.DateTimeFormat("en", { timeZone: name }));
  timeZones.set(name, valid);
  return valid;
}

function isPattern(pattern: string): boolean {
  return succeeds(() => new RegExp(pattern, "iu"));
}

function succeeds(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}
