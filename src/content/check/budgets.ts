import { foldForSms } from "../../core/fold.ts";
import { countSegments, nonGsmCharacters } from "../../core/segments.ts";
import type { Content } from "../assemble.ts";
import type { Finding } from "../finding.ts";
import { type Answer, answersOf, error, type Rule } from "./rule.ts";

/** Characters: what fits a line of a menu, and a heading. */
const LABEL = 20;
const TITLE = 60;
/** Room of a `short` or `always`, after folding: two segments less the numbered choices. */
const TEXT = { "GSM-7": 255, "UCS-2": 112 } as const;
/** A whole message, choices included: two chained segments (3GPP TS 23.040). */
const SEGMENTS = 2;

/** What an SMS may hold, counted after folding; lengths of labels and titles. */
export const checkBudgets: Rule = (content) => [
  ...answersOf(content).flatMap((answer) => [
    ...lengths(answer),
    ...textBudgets(answer),
    ...wholeMessage(content, answer),
  ]),
  ...sectionTitles(content),
  ...redirects(content),
];

function lengths({ file, text }: Answer): Finding[] {
  const findings: Finding[] = [];
  if (text.title.length > TITLE) {
    findings.push(
      error(
        "budgets",
        file.file,
        file.lineOf("title"),
        `The title has ${text.title.length} characters; ${TITLE} is the limit. Shorten it.`,
      ),
    );
  }
  if (text.label.length > LABEL) {
    findings.push(
      error(
        "budgets",
        file.file,
        file.lineOf("label"),
        `The label has ${text.label.length} characters; a menu line holds ${LABEL}. Shorten it.`,
      ),
    );
  }
  return findings;
}

function textBudgets({ file, text }: Answer): Finding[] {
  return (["short", "always"] as const).flatMap((field) =>
    overBudget(file.file, file.lineOf(field), field, text[field]),
  );
}

/** Letters that GSM-7 lacks and a language needs (ã, ç) make the text UCS-2, with less room; other characters need not be there. */
function overBudget(file: string, line: number, field: string, text: string): Finding[] {
  const folded = foldForSms(text);
  const strange = nonGsmCharacters(folded).filter((character) => !/\p{L}/u.test(character));
  const { encoding, units } = countSegments(folded);
  const findings: Finding[] = [];
  if (strange.length > 0) {
    findings.push(
      error(
        "budgets",
        file,
        line,
        `"${field}" holds ${strange.join(" ")}, which halves the room of an SMS. Use plain punctuation and no emoji.`,
      ),
    );
  }
  if (units > TEXT[encoding]) {
    const why = encoding === "UCS-2" ? ` (it is less because of ${nonGsmCharacters(folded).join(" ")})` : "";
    findings.push(
      error(
        "budgets",
        file,
        line,
        `"${field}" takes ${units} units of an SMS; ${TEXT[encoding]} is the limit${why}. Shorten it by ${units - TEXT[encoding]}.`,
      ),
    );
  }
  return findings;
}

/** `short` with its numbered choices, as it goes out. */
function wholeMessage({ tree }: Content, { topic, locale, file, text }: Answer): Finding[] {
  const labels = topic.related.flatMap((id) => tree.topics.get(id)?.texts[locale]?.label ?? []);
  const lines = [text.short, ...labels.map((label, index) => `${index + 1} ${label}`)];
  const { segments } = countSegments(foldForSms(lines.join("\n")));
  if (segments <= SEGMENTS) return [];
  return [
    error(
      "budgets",
      file.file,
      file.lineOf("short"),
      `"short" with its choices (${labels.join(", ")}) takes ${segments} SMS segments; ${SEGMENTS} is the limit. Shorten it.`,
    ),
  ];
}

function sectionTitles({ sections }: Content): Finding[] {
  return sections.flatMap(({ yaml }) =>
    Object.entries(yaml.value?.title ?? {})
      .filter(([, title]) => title.length > LABEL)
      .map(([locale, title]) =>
        error(
          "budgets",
          yaml.file,
          yaml.lineOf(["title", locale]),
          `The menu title '${title}' has ${title.length} characters; a menu line holds ${LABEL}. Shorten it.`,
        ),
      ),
  );
}

function redirects({ tree, shared: { outOfScope } }: Content): Finding[] {
  return outOfScope.value.flatMap(({ reply, choices }, index) =>
    Object.entries(reply).flatMap(([locale, text]) => {
      const labels = choices.flatMap((id) => tree.topics.get(id)?.texts[locale]?.label ?? []);
      const lines = [text, ...labels.map((label, at) => `${at + 1} ${label}`)];
      const { segments } = countSegments(foldForSms(lines.join("\n")));
      if (segments <= SEGMENTS) return [];
      return [
        error(
          "budgets",
          outOfScope.file,
          outOfScope.lineOf([index, "reply", locale]),
          `This reply with its choices takes ${segments} SMS segments; ${SEGMENTS} is the limit. Shorten it.`,
        ),
      ];
    }),
  );
}
