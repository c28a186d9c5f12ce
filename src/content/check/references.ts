import type { Content } from "../assemble.ts";
import type { Finding } from "../finding.ts";
import { error, quoted, type Rule, warning } from "./rule.ts";

const MAX_RELATED = 2;

/** Everything that names a topic, a place or an answer names one that exists; nothing lies unread in the folder. */
export const checkReferences: Rule = (content) => [
  ...related(content),
  ...choices(content),
  ...places(content),
  ...signOffs(content),
  ...unread(content),
];

function related({ topics }: Content): Finding[] {
  return topics.flatMap(({ id, yaml }) => {
    const links = yaml.value?.related ?? [];
    const line = yaml.lineOf(["related"]);
    const findings = links.flatMap((link): Finding[] => {
      if (link === id) return [error("related", yaml.file, line, "The topic is related to itself. Name another.")];
      const target = topics.find((topic) => topic.id === link);
      if (target === undefined)
        return [
          error("related", yaml.file, line, `There is no topic '${link}'. Correct the spelling or name another.`),
        ];
      if (target.yaml.value?.state === "draft" && yaml.value?.state !== "draft") {
        return [
          warning("related", yaml.file, line, `'${link}' is a draft, so it is not offered. Finish it or name another.`),
        ];
      }
      return [];
    });
    if (links.length > MAX_RELATED)
      findings.push(
        error(
          "related",
          yaml.file,
          line,
          `There are ${links.length} related topics; ${MAX_RELATED} are shown. Keep the two most useful.`,
        ),
      );
    if (new Set(links).size < links.length)
      findings.push(error("related", yaml.file, line, "A related topic is named twice. Keep one."));
    return findings;
  });
}

function choices({ topics, shared: { outOfScope } }: Content): Finding[] {
  const ids = new Set(topics.map(({ id }) => id));
  return outOfScope.value.flatMap((entry, index) =>
    entry.choices
      .filter((id) => !ids.has(id))
      .map((id) =>
        error(
          "related",
          outOfScope.file,
          outOfScope.lineOf([index, "choices"]),
          `There is no topic '${id}'. Correct the spelling or name another.`,
        ),
      ),
  );
}

function places({ tree, shared: { directory, places: file } }: Content): Finding[] {
  const ids = new Set(file.value.map(({ id }) => id));
  const unknown = directory.value.flatMap((entry, index) => {
    const dead = entry.places.filter((id) => !ids.has(id));
    if (dead.length === 0) return [];
    return [
      error(
        "places",
        directory.file,
        directory.lineOf([index, "places"]),
        `places.yaml has no ${quoted(dead)}. Correct the spelling or add the place there.`,
      ),
    ];
  });
  const owners = new Map<string, string>();
  const shared = file.value.flatMap(({ id, aliases }, index) =>
    tree.locales.flatMap((locale) =>
      (aliases[locale] ?? []).flatMap((alias) => {
        const owner = owners.get(alias) ?? id;
        owners.set(alias, owner);
        if (owner === id) return [];
        return [
          error(
            "places",
            file.file,
            file.lineOf([index, "aliases", locale]),
            `'${alias}' is already a name of '${owner}'. A name leads to one place: keep it in one of them.`,
          ),
        ];
      }),
    ),
  );
  return [...unknown, ...shared];
}

function signOffs({ topics, shared: { signOffs: ledger } }: Content): Finding[] {
  return ledger.value.flatMap((line, index) => {
    const text = topics.find(({ id }) => id === line.topic)?.texts.get(line.locale)?.text;
    const at = ledger.lineOf([index]);
    if (text === undefined)
      return [
        warning(
          "sign-offs",
          ledger.file,
          at,
          `There is no answer ${line.topic} in ${line.locale} any more. The line is kept as a record and counts for nothing.`,
        ),
      ];
    if (text.sha256 !== line.sha256) {
      return [
        warning(
          "sign-offs",
          ledger.file,
          at,
          `${line.topic} (${line.locale}) was changed after ${line.role} signed it on ${line.on}: the sign-off is void. Have the new text signed.`,
        ),
      ];
    }
    return [];
  });
}

function unread({ unread: files }: Content): Finding[] {
  const known = new Set(["people.example.yaml", "README.md", "LICENSE"]);
  return files
    .filter((file) => !known.has(file))
    .map((file) =>
      warning(
        "files",
        file,
        1,
        "Nothing reads this file. Check its name (topic.yaml, questions.yaml, en.md ...) or remove it.",
      ),
    );
}
