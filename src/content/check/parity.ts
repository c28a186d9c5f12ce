import type { Locale } from "../../core/words.ts";
import type { Content, TopicFiles } from "../assemble.ts";
import type { Finding } from "../finding.ts";
import type { TextFile } from "../text-file.ts";
import { type Facts, factsOf, linksIn, plainAddress } from "./facts.ts";
import { error, quoted, type Rule } from "./rule.ts";

/**
 * Every language says the same facts: words to say, phones, links, dates, numbers, as sets, over `short` and the full
 * answer, and the same number of steps and list items; words to say and phones also in `always`. The tree's first
 * language is what the others are held against.
 */
export const checkParity: Rule = (content) => content.topics.flatMap((topic) => topicParity(content, topic));

function topicParity({ tree: { locales } }: Content, { texts }: TopicFiles): Finding[] {
  const [first, ...others] = locales.flatMap((locale) => {
    const file = texts.get(locale);
    return file === undefined ? [] : [{ locale, file }];
  });
  if (first === undefined) return [];
  return others.flatMap((other) => compare(first, other));
}

interface Side {
  readonly locale: Locale;
  readonly file: TextFile;
}

function compare(first: Side, other: Side): Finding[] {
  const names = `${first.file.file} and ${other.file.file}`;
  const wholeFindings = differences(wholeFacts(first), wholeFacts(other)).map(([what, mine, theirs]) =>
    error(
      "parity",
      other.file.file,
      1,
      `The ${what} differ between the languages (${first.locale}: ${mine}; here: ${theirs}). Make ${names} say the same.`,
    ),
  );
  const a = factsOf(first.file.text?.always ?? "", first.locale);
  const b = factsOf(other.file.text?.always ?? "", other.locale);
  const alwaysFindings = differences(a, b)
    .filter(([what]) => what === "words to say" || what === "phones")
    .map(([what, mine, theirs]) =>
      error(
        "parity",
        other.file.file,
        other.file.lineOf("always"),
        `In "always" the ${what} differ between the languages (${first.locale}: ${mine}; here: ${theirs}). Make ${names} say the same.`,
      ),
    );
  const shapeFindings = (["step", "item"] as const).flatMap((kind) => {
    const count = ({ file }: Side) => file.passages.filter((passage) => passage.kind === kind).length;
    if (count(first) === count(other)) return [];
    const what = kind === "step" ? "numbered steps" : "list items";
    return [
      error(
        "parity",
        other.file.file,
        1,
        `There are ${count(other)} ${what} here and ${count(first)} in ${first.file.file}. Give both the same.`,
      ),
    ];
  });
  return [...wholeFindings, ...alwaysFindings, ...shapeFindings];
}

function wholeFacts({ file, locale }: Side): Facts {
  const text = [file.text?.short ?? "", ...file.passages.map((passage) => passage.text)].join("\n");
  const facts = factsOf(text, locale);
  return { ...facts, links: new Set([...facts.links, ...linksIn(file.text?.blocks ?? []).map(plainAddress)]) };
}

function differences(a: Facts, b: Facts): [keyof Facts, string, string][] {
  return (Object.keys(a) as (keyof Facts)[]).flatMap((what) => {
    const onlyA = [...a[what]].filter((item) => !b[what].has(item));
    const onlyB = [...b[what]].filter((item) => !a[what].has(item));
    if (onlyA.length === 0 && onlyB.length === 0) return [];
    const shown = (items: readonly string[]) => (items.length === 0 ? "nothing else" : `only ${quoted(items)}`);
    return [[what, shown(onlyA), shown(onlyB)]];
  });
}
