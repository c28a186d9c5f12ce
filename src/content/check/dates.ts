import type { Finding } from "../finding.ts";
import { addDays, answerStatus, dayOf } from "../state.ts";
import { answersOf, type Rule, warning } from "./rule.ts";

/** How long before its end an answer is announced. */
const NOTICE_DAYS = 14;
/** A directory entry's evidence is old after this long. */
const EVIDENCE_DAYS = 550;

/**
 * Answers that are out of date or about to be, and contact details nobody has seen for long. Warnings: a check must
 * not begin to fail because a day has come. For a release they are errors (`checkContent`).
 */
export const checkDates: Rule = (content, now) => [
  ...answersOf(content).flatMap(({ topic, locale, file }): Finding[] => {
    const { status, validUntil } = answerStatus(content.tree, topic, locale, now);
    if (status === "draft") return [];
    if (status === "expired") {
      return [
        warning(
          "dates",
          file.file,
          1,
          `The answer is out of date since ${validUntil}: people get only its "always". Check it against its sources and set checkedOn.`,
        ),
      ];
    }
    if (validUntil <= addDays(dayOf(now), NOTICE_DAYS)) {
      return [
        warning(
          "dates",
          file.file,
          1,
          `The answer is valid until ${validUntil}. Check it against its sources before that and set checkedOn.`,
        ),
      ];
    }
    return [];
  }),
  ...content.shared.directory.value.flatMap(({ name, seen, phone }, index): Finding[] => {
    const { directory } = content.shared;
    if (seen === undefined || phone === undefined || addDays(`${seen}-28`, EVIDENCE_DAYS) >= dayOf(now)) return [];
    return [
      warning(
        "dates",
        directory.file,
        directory.lineOf([index, "seen"]),
        `The number of ${name} was last seen in ${seen}. Call it and set verifiedOn, or find a newer page.`,
      ),
    ];
  }),
];
