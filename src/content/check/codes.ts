import { error, type Rule } from "./rule.ts";

/** A code (FEAR4, MIEDO4) leads to one topic, in every language. */
export const checkCodes: Rule = ({ topics }) => {
  const owners = new Map<string, string>();
  return topics.flatMap(({ id, yaml }) =>
    Object.entries(yaml.value?.code ?? {}).flatMap(([locale, code]) => {
      const owner = owners.get(code) ?? id;
      owners.set(code, owner);
      if (owner === id) return [];
      return [
        error(
          "codes",
          yaml.file,
          yaml.lineOf(["code", locale]),
          `The code ${code} is already that of ${owner}. Give this topic the next free number.`,
        ),
      ];
    }),
  );
};
