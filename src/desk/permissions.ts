import { OperatorError } from "../core/errors.ts";
import type { People, Person, Role } from "./people.ts";

/** What each thing needs one of. Taking an answer away is easier than putting it back. */
const ALLOWED = {
  "read-old-answer": ["volunteer", "editor", "organizer", "admin"],
  flag: ["volunteer", "editor", "organizer", "admin"],
  "report-gap": ["volunteer", "editor", "organizer", "admin"],
  /** Named one by one: whoever sends to a number answers for it. */
  "send-to-phone": ["sender"],
  "dismiss-flags": ["editor"],
  hold: ["editor", "admin"],
  withdraw: ["editor", "admin"],
  restore: ["editor"],
  "draft-notice": ["organizer", "editor"],
  "approve-notice": ["organizer", "editor"],
  /** A notice about law, ports, deadlines, fees or papers that leads to no answer of ours. */
  "approve-legal-notice": ["editor"],
  "end-notice": ["organizer", "editor", "admin"],
  "read-broadcasts": ["organizer", "editor", "admin"],
  "draft-broadcast": ["organizer"],
  "approve-broadcast": ["organizer", "editor"],
  /** A broadcast about law, ports, deadlines, fees or papers that leads to no answer of ours. */
  "approve-legal-broadcast": ["editor"],
  /** Going on is a decision about what goes out; stopping is not. */
  "resume-broadcast": ["organizer"],
  "stop-broadcast": ["organizer", "editor", "admin"],
} as const satisfies Record<string, readonly Role[]>;

export type Action = keyof typeof ALLOWED;

/** Said after "may not" and "can". */
const NAMES: Readonly<Record<Action, string>> = {
  "read-old-answer": "open an answer that is not current",
  flag: "flag an answer",
  "report-gap": "ask the content team for an answer",
  "send-to-phone": "send to a number",
  "dismiss-flags": "dismiss flags",
  hold: "hold an answer",
  withdraw: "withdraw an answer",
  restore: "restore an answer",
  "draft-notice": "write a notice",
  "approve-notice": "approve a notice",
  "approve-legal-notice": "approve a notice that speaks of law and leads to no answer",
  "end-notice": "end a notice",
  "read-broadcasts": "see broadcasts",
  "draft-broadcast": "write a broadcast",
  "approve-broadcast": "approve a broadcast",
  "approve-legal-broadcast": "approve a broadcast that speaks of law and leads to no answer",
  "resume-broadcast": "let a broadcast go on",
  "stop-broadcast": "pause or cancel a broadcast",
};

/** Somebody who is in no people file may ask, and nothing else. */
export function can(person: Person | undefined, action: Action): boolean {
  const allowed: readonly Role[] = ALLOWED[action];
  return person?.roles.some((role) => allowed.includes(role)) ?? false;
}

/** Everybody who may, for a refusal that says whom to ask. */
export function whoCan(people: People, action: Action): readonly Person[] {
  return people.all.filter((person) => can(person, action));
}

/**
 * Lets an action pass or says who can do it.
 *
 * @throws OperatorError
 */
export function demand(people: People, person: Person, action: Action): void {
  if (can(person, action)) return;
  const able = whoCan(people, action).map(({ name }) => name);
  const roles: readonly Role[] = ALLOWED[action];
  const who = able.length > 0 ? able.join(", ") : `nobody yet; it needs the role ${roles.join(" or ")} in PEOPLE_FILE`;
  throw new OperatorError(`${person.name} may not ${NAMES[action]}. Who can: ${who}.`);
}
