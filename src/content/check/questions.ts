import type { Finding } from "../finding.ts";
import { error, type Rule, warning } from "./rule.ts";

/** Matching learns from how people really ask. Fewer than this and an answer is seldom found. */
const ENOUGH = 50;

/** Every topic has enough questions in every language, and no question belongs to two topics. */
export const checkQuestions: Rule = ({ topics, tree: { locales } }) => {
  const owners = new Map<string, string>();
  return topics.flatMap(({ id, questions }): Finding[] => {
    if (questions.isEmpty)
      return [
        warning(
          "questions",
          questions.file,
          1,
          "The topic has no questions, so it is hard to find. Write how people really ask it.",
        ),
      ];
    return locales.flatMap((locale) => {
      const asked = questions.value?.[locale] ?? [];
      const few =
        asked.length < ENOUGH
          ? [
              warning(
                "questions",
                questions.file,
                questions.lineOf([locale]),
                `There are ${asked.length} questions in ${locale}; ${ENOUGH} or more let people be understood. Add some.`,
              ),
            ]
          : [];
      const shared = asked.flatMap((question, index) => {
        const key = question
          .toLowerCase()
          .replace(/[^\p{L}\p{N}]+/gu, " ")
          .trim();
        const owner = owners.get(key) ?? id;
        owners.set(key, owner);
        if (owner === id) return [];
        return [
          error(
            "questions",
            questions.file,
            questions.lineOf([locale, index]),
            `This question is also in ${owner}. It can have one answer: keep it where that serves best.`,
          ),
        ];
      });
      return [...few, ...shared];
    });
  });
};
