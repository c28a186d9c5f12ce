import type { Content } from "../assemble.ts";
import type { Finding } from "../finding.ts";
import { phonesOf } from "./contacts.ts";
import { type Answer, answersOf, error, type Rule } from "./rule.ts";

/** Section whose answers send people to someone who helps. */
const HELP_SECTION = "get-help";
/** On a screen that others can see, the first words of a danger text must not tell what it is about. */
const HIDDEN_CHARACTERS = 40;
const TELLING = /\b(?:asyl|asil)\p{L}*/iu;
const COUNTRIES = { US: "the United States", MX: "Mexico" } as const;

/**
 * The `always` of danger topics and of get-help holds a number that works from each country; a danger text begins
 * without telling; and what danger rules lead to is marked as danger and is never a draft.
 */
export const checkReach: Rule = (content) => [
  ...answersOf(content).flatMap((answer) => [...reachable(content, answer), ...discreet(answer)]),
  ...urgentTopics(content),
];

function reachable({ shared }: Content, { topic, file, text }: Answer): Finding[] {
  if (!topic.danger && topic.section !== HELP_SECTION) return [];
  return (["MX", "US"] as const)
    .filter((country) => {
      const numbers = shared.directory.value.filter((entry) => entry.reachableFrom.includes(country)).flatMap(phonesOf);
      return !numbers.some((number) => contains(text.always, number));
    })
    .map((country) =>
      error(
        "reach",
        file.file,
        file.lineOf("always"),
        `"always" holds no number that works from ${COUNTRIES[country]}. Add one of directory.yaml; 911 works in both countries.`,
      ),
    );
}

function contains(text: string, number: string): boolean {
  return new RegExp(`(?<![\\d-])${number.replace(/[^\d]/g, (mark) => `\\${mark}`)}(?![\\d-])`).test(text);
}

function discreet({ topic, file, text }: Answer): Finding[] {
  if (!topic.danger || !TELLING.test(text.always.slice(0, HIDDEN_CHARACTERS))) return [];
  return [
    error(
      "reach",
      file.file,
      file.lineOf("always"),
      `A danger text must not name asylum in its first ${HIDDEN_CHARACTERS} characters: someone else may see the screen. Begin with what to do.`,
    ),
  ];
}

function urgentTopics({ shared: { urgent }, topics, tree: { locales } }: Content): Finding[] {
  return urgent.value.flatMap(({ id, topic: topicId, phrases }, index) => {
    const line = urgent.lineOf([index]);
    const found = topics.find((candidate) => candidate.id === topicId);
    if (found === undefined) {
      return [
        error(
          "reach",
          urgent.file,
          line,
          `The danger rule '${id}' leads to '${topicId}', which does not exist. Correct the topic.`,
        ),
      ];
    }
    const topic = found.topic;
    const silent = locales.filter((locale) => (phrases[locale] ?? []).length === 0);
    return [
      ...(topic !== undefined && !topic.danger
        ? [
            error(
              "reach",
              found.yaml.file,
              1,
              `The danger rule '${id}' leads here. Add "danger: true" and make "always" the complete danger text.`,
            ),
          ]
        : []),
      ...(topic?.state === "draft"
        ? [
            error(
              "reach",
              found.yaml.file,
              1,
              "A topic that danger rules lead to cannot be a draft. Check it, or lead the rule elsewhere.",
            ),
          ]
        : []),
      ...silent.map((locale) =>
        error("reach", urgent.file, line, `The danger rule '${id}' has no phrases in ${locale}. Add some.`),
      ),
    ];
  });
}
