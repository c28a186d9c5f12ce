/**
 * Where a delivery stands. `queued`, `skipped` belong to the delivery alone; the others are its newest attempt's, and
 * only rise, so receipts may come first, twice or days late.
 */
export const ATTEMPT_STATUSES = ["sending", "unknown", "sent", "failed", "delivered", "read"] as const;
export type AttemptStatus = (typeof ATTEMPT_STATUSES)[number];
export type DeliveryStatus = "queued" | "skipped" | AttemptStatus;

/** The higher of two attempt statuses: the only way a status moves. */
export function laterStatus(a: AttemptStatus, b: AttemptStatus): AttemptStatus {
  return ATTEMPT_STATUSES.indexOf(a) >= ATTEMPT_STATUSES.indexOf(b) ? a : b;
}
