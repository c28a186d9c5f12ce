import type { Content } from "../assemble.ts";
import type { Finding } from "../finding.ts";
import { loadContent } from "../load.ts";
import { checkBudgets } from "./budgets.ts";
import { checkClaims } from "./claims.ts";
import { checkCodes } from "./codes.ts";
import { checkContacts } from "./contacts.ts";
import { checkDates } from "./dates.ts";
import { checkFolding } from "./folding.ts";
import { checkForbidden } from "./forbidden.ts";
import { checkMenus } from "./menus.ts";
import { checkParity } from "./parity.ts";
import { checkQuestions } from "./questions.ts";
import { checkReach } from "./reach.ts";
import { checkReadingLevel } from "./reading-level.ts";
import { checkReferences } from "./references.ts";
import type { Rule } from "./rule.ts";
import { checkWording } from "./wording.ts";

const RULES: readonly Rule[] = [
  checkClaims,
  checkParity,
  checkReadingLevel,
  checkBudgets,
  checkMenus,
  checkFolding,
  checkForbidden,
  checkContacts,
  checkReach,
  checkReferences,
  checkCodes,
  checkQuestions,
  checkWording,
  checkDates,
];

export interface CheckOptions {
  /** For a release, what is out of date is an error. */
  readonly release?: boolean;
}

/** Everything about a content folder that can be proved wrong, in the order of files and lines. */
export async function checkContent(directory: string, now: number, options: CheckOptions = {}): Promise<Finding[]> {
  return checkLoaded(await loadContent(directory), now, options);
}

/** The same for content that is loaded already. */
export function checkLoaded(content: Content, now: number, { release = false }: CheckOptions = {}): Finding[] {
  const findings = RULES.flatMap((rule) => rule(content, now));
  return [...content.findings, ...findings]
    .map((finding): Finding => (release && finding.rule === "dates" ? { ...finding, severity: "error" } : finding))
    .sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
}
