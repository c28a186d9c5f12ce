import type { Approval, BroadcastRecord } from "../core/broadcast.ts";
import type { People } from "../desk/people.ts";
import { can, namesOf, whoCan } from "../desk/permissions.ts";
import type { Sentence } from "../locale/sentence.ts";
import type { Verdict } from "./rules.ts";

/** What is still missing before a broadcast may go out; empty when it may. */
export function missingApprovals(
  people: People,
  record: BroadcastRecord,
  approvals: readonly Approval[],
  verdict: Verdict,
): Sentence[] {
  const approvers = approvals.flatMap(({ by }) => people.find(by) ?? []);
  const missing: Sentence[] = [];
  const needed = record.emergency ? 2 : 1;
  const able = whoCan(people, "approve-broadcast").filter(
    ({ id }) => id !== record.author && !approvers.some((one) => one.id === id),
  );
  const count = needed - approvers.length;
  if (count > 0) missing.push({ key: "broadcast.missing.more", values: { count, people: namesOf(able) } });
  if (verdict.needsEditor && !approvers.some((one) => can(one, "approve-legal-broadcast"))) {
    const editors = able.filter((one) => can(one, "approve-legal-broadcast"));
    missing.push({ key: "broadcast.missing.editor", values: { people: namesOf(editors) } });
  }
  return missing;
}
