import type { Content, TopicFiles } from "../assemble.ts";
import type { Finding } from "../finding.ts";
import { error, quoted, type Rule, warning } from "./rule.ts";

/** Every answer has claims, every claim names sources, every source is listed; and the dates are honest about them. */
export const checkClaims: Rule = (content) => [
  ...content.topics.flatMap((topic) => topicClaims(content, topic)),
  ...repeatedIds(content),
];

function topicClaims({ tree: { sources } }: Content, { yaml }: TopicFiles): Finding[] {
  const topic = yaml.value;
  if (topic === undefined) return [];
  const { file } = yaml;
  if (topic.claims.length === 0) {
    return [
      error(
        "claims",
        file,
        yaml.lineOf(["claims"]),
        "The answer has no claims. List each statement of the answer with the sources it rests on.",
      ),
    ];
  }
  const findings = topic.claims.flatMap((claim, index): Finding[] => {
    const line = yaml.lineOf(["claims", index]);
    if (claim.sources.length === 0) {
      return [
        error(
          "claims",
          file,
          line,
          "This claim names no source. Name one of sources.yaml, or take the statement out of the answer.",
        ),
      ];
    }
    const unknown = claim.sources.filter((id) => !sources.has(id));
    if (unknown.length === 0) return [];
    return [
      error(
        "claims",
        file,
        line,
        `sources.yaml has no ${quoted(unknown)}. Correct the spelling or add the source there.`,
      ),
    ];
  });
  if (topic.factsTo > topic.checkedOn) {
    findings.push(
      error(
        "claims",
        file,
        yaml.lineOf(["factsTo"]),
        "factsTo is later than checkedOn. It is the date of the newest source, which was read on checkedOn or before.",
      ),
    );
  }
  const dates = topic.claims.flatMap((claim) => claim.sources).flatMap((id) => sources.get(id)?.date ?? []);
  const newest = dates.sort().at(-1);
  if (newest !== undefined && topic.factsTo.slice(0, newest.length) > newest) {
    findings.push(
      warning(
        "claims",
        file,
        yaml.lineOf(["factsTo"]),
        `factsTo is ${topic.factsTo}, but the newest dated source cited is of ${newest}. Give the date of the newest source, or cite the newer one.`,
      ),
    );
  }
  return findings;
}

function repeatedIds({ shared }: Content): Finding[] {
  return [shared.sources, shared.directory, shared.places, shared.outOfScope, shared.urgent, shared.forbidden].flatMap(
    (file) => {
      const seen = new Set<string>();
      return file.value.flatMap(({ id }, index) => {
        if (!seen.has(id)) {
          seen.add(id);
          return [];
        }
        return [
          error(
            "ids",
            file.file,
            file.lineOf([index]),
            `The id '${id}' is used twice in this file. Give one of the two another id.`,
          ),
        ];
      });
    },
  );
}
