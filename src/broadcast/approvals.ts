import type { Approval, BroadcastRecord } from "../core/broadcast.ts";
import type { People, Person } from "../desk/people.ts";
import { can, whoCan } from "../desk/permissions.ts";
import type { Verdict } from "./rules.ts";

/** What is still missing before a broadcast may go out, in words; empty when it may. */
export function missingApprovals(
  people: People,
  record: BroadcastRecord,
  approvals: readonly Approval[],
  verdict: Verdict,
): string[] {
  const approvers = approvals.flatMap(({ by }) => people.find(by) ?? []);
  const missing: string[] = [];
  const needed = record.emergency ? 2 : 1;
  const able = whoCan(people, "approve-broadcast").filter(
    ({ id }) => id !== record.author && !approvers.some((one) => one.id === id),
  );
  if (approvers.length < needed)
    missing.push(`${needed - approvers.length} more to approve. Who can: ${namesOf(able)}.`);
  if (verdict.needsEditor && !approvers.some((one) => can(one, "approve-legal-broadcast")))
    missing.push(
      `It speaks of law and leads to no answer that is current: a content editor approves it. Who can: ${namesOf(able.filter((one) => can(one, "approve-legal-broadcast")))}.`,
    );
  return missing;
}

function namesOf(persons: readonly Person[]): string {
  return persons.length === 0 ? "nobody yet; PEOPLE_FILE names them" : persons.map(({ name }) => name).join(", ");
}
