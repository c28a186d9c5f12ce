import { dump } from "js-yaml";
import { OperatorError } from "../core/errors.ts";
import type { Locale, TopicId } from "../core/words.ts";
import { addDays, dayOf } from "./state.ts";
import type { SignOff, Tree } from "./tree.ts";

export interface Signature {
  readonly topic: TopicId;
  readonly locale: Locale;
  readonly reviewer: string;
  readonly role: string;
  readonly validDays: number;
}

/**
 * The line of the ledger that says who has reviewed a text as it stands today.
 *
 * @throws OperatorError when there is no such answer, or the signature lacks a person, a role or an end.
 */
export function signOff(tree: Tree, signature: Signature, now: number): SignOff {
  const { topic, locale, reviewer, role, validDays } = signature;
  const text = tree.topics.get(topic)?.texts[locale];
  if (text === undefined) {
    throw new OperatorError(`There is no answer ${topic} in ${locale} to sign. A draft must become "checked" first.`);
  }
  if (reviewer.trim() === "" || role.trim() === "") throw new OperatorError("A sign-off names a reviewer and a role.");
  if (!Number.isInteger(validDays) || validDays < 1) throw new OperatorError("A sign-off is valid for 1 day or more.");
  const on = dayOf(now);
  return { topic, locale, sha256: text.sha256, reviewer, role, on, validUntil: addDays(on, validDays) };
}

/** The text of `sign-offs.yaml` with one more line at its end. What stands there stays as it is. */
export function appendSignOff(ledger: string, line: SignOff): string {
  return `${ledger.trimEnd()}\n${dump([line], { lineWidth: -1 })}`;
}
