import type { Asides, Lexicon } from "../content/tree.ts";
import type { Examples } from "./examples.ts";
import type { Random } from "./random.ts";

/** How often a question comes with something before it, and with something after it; else with both. */
const SHARE = { before: 0.45, after: 0.4 };

/**
 * The examples, and each once more with something said beside it: "estoy en reynosa, ...", "... i am from ghana". So
 * matching learns to look past where somebody is, where they come from and with whom.
 */
export function withAsides({ labels, texts, classes, locales }: Examples, lexicon: Lexicon, random: Random): Examples {
  const more = texts.flatMap((text, index) => {
    const locale = locales[index];
    const asides = locale === undefined ? undefined : lexicon.asides?.[locale];
    return asides === undefined ? [] : [{ text: withAside(text, asides, random), of: index, locale }];
  });
  return {
    labels,
    texts: [...texts, ...more.map(({ text }) => text)],
    classes: Uint16Array.from([...classes, ...more.map(({ of }) => classes[of] ?? 0)]),
    locales: [...locales, ...more.map(({ locale }) => locale)],
  };
}

function withAside(text: string, { before, after, names }: Asides, random: Random): string {
  const pick = (list: readonly string[]) => list[Math.floor(random() * list.length)] ?? "";
  const one = (list: readonly string[]) =>
    pick(list).replace(/\{(\w+)\}/g, (_, name: string) => pick(names[name] ?? []));
  const dice = random();
  if (dice < SHARE.before) return `${one(before)} ${text}`;
  if (dice < SHARE.before + SHARE.after) return `${text} ${one(after)}`;
  return `${one(before)} ${text} ${one(after)}`;
}
