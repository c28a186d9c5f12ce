import { RefusedError, type Sentence } from "../locale/sentence.ts";
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
 * Lets an action pass or says who can do it. Whoever is in no people file is refused like anybody who may not.
 *
 * @throws RefusedError
 */
export function demand(people: People, person: Person | undefined, action: Action): Person {
  if (person !== undefined && can(person, action)) return person;
  const what = { key: `desk.action.${action}` } as const;
  const able = whoCan(people, action);
  if (able.length === 0) throw new RefusedError("desk.refused.nobody", { what, roles: ALLOWED[action].join(", ") });
  const key = person === undefined ? "desk.refused.askUnknown" : "desk.refused.ask";
  throw new RefusedError(key, { what, people: namesOf(able) });
}

/** Put where a sentence says who can. */
export function namesOf(persons: readonly Person[]): string | Sentence {
  return persons.length === 0 ? { key: "desk.refused.nobodyNamed" } : persons.map(({ name }) => name).join(", ");
}
