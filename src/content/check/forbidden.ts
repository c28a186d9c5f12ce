import type { Locale } from "../../core/words.ts";
import type { Finding } from "../finding.ts";
import type { Forbidden } from "../tree.ts";
import { answersOf, error, piecesOf, type Rule } from "./rule.ts";

/** Nothing people can read in the tree says what `forbidden.yaml` rules out. */
export const checkForbidden: Rule = (content) => {
  const { forbidden } = content.tree;
  const find = (text: string, locale: Locale, file: string, line: number): Finding[] =>
    findForbidden(forbidden, text, locale).map(({ rule, found }) =>
      error(
        "forbidden",
        file,
        line,
        `'${found}' must not be said: ${rule.why.en ?? Object.values(rule.why)[0]} Take it out or word it as the law is (forbidden.yaml, '${rule.id}').`,
      ),
    );
  const { outOfScope, directory } = content.shared;
  return [
    ...answersOf(content).flatMap((answer) =>
      piecesOf(answer).flatMap(({ text, line }) => find(text, answer.locale, answer.file.file, line)),
    ),
    ...outOfScope.value.flatMap(({ reply }, index) =>
      Object.entries(reply).flatMap(([locale, text]) =>
        find(text, locale, outOfScope.file, outOfScope.lineOf([index, "reply", locale])),
      ),
    ),
    ...directory.value.flatMap(({ note }, index) =>
      Object.entries(note ?? {}).flatMap(([locale, text]) =>
        find(text, locale, directory.file, directory.lineOf([index, "note", locale])),
      ),
    ),
  ];
};

/** What of a text is forbidden in its language. Patterns run without case and accents, on text with single spaces. */
export function findForbidden<Rule extends Pick<Forbidden, "patterns">>(
  rules: readonly Rule[],
  text: string,
  locale: Locale,
): { readonly rule: Rule; readonly found: string }[] {
  const plain = text
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "")
    .replace(/\s+/g, " ");
  return rules.flatMap((rule) => {
    const pattern = compiled(rule).get(locale);
    const found = pattern?.exec(plain)?.[0];
    return found === undefined ? [] : [{ rule, found }];
  });
}

const cache = new WeakMap<Pick<Forbidden, "patterns">, ReadonlyMap<Locale, RegExp>>();

function compiled(rule: Pick<Forbidden, "patterns">): ReadonlyMap<Locale, RegExp> {
  const known = cache.get(rule);
  if (known !== undefined) return known;
  const patterns = new Map(
    Object.entries(rule.patterns)
      .filter(([, list]) => list.length > 0)
      .map(([locale, list]) => [locale, new RegExp(list.map((pattern) => `(?:${pattern})`).join("|"), "iu")]),
  );
  cache.set(rule, patterns);
  return patterns;
}
