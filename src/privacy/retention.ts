import type { PurgeRule } from "../core/stores.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** When something goes: after an age (the sweep's rule), or with something else that the texts name (`until`). */
type Keep = { readonly rule: PurgeRule; readonly afterMs: number } | "until";

/** One kind of thing that is stored. What it is, why and who can read it is said in `locales/<locale>.privacy.json`. */
export interface RetentionEntry {
  /** Names its texts. */
  readonly id: string;
  /** The table and, where it is not the whole row, the columns. */
  readonly where: string;
  /** Who can read it: one of the usual sentences (`readers` in the texts), or one of its own. */
  readonly readBy: "program" | "database" | "fingerprint" | "numbered" | "own";
  /** Whichever comes first. */
  readonly keep: readonly Keep[];
}

/**
 * What Puente stores and for how long: the one place that decides it. The sweep carries it out; the public page on
 * privacy and docs/privacy.md are made from it.
 */
export const RETENTION: readonly RetentionEntry[] = [
  {
    id: "utterance",
    where: "inbox, spool folder",
    readBy: "program",
    keep: ["until", { rule: "inbox", afterMs: 3 * DAY_MS }],
  },
  {
    id: "context",
    where: "conversations.context",
    readBy: "program",
    keep: [{ rule: "context", afterMs: 30 * MINUTE_MS }],
  },
  {
    id: "contact",
    where: "contacts, conversations.state",
    readBy: "program",
    keep: ["until", { rule: "contacts", afterMs: 90 * DAY_MS }, { rule: "erased-contacts", afterMs: HOUR_MS }],
  },
  {
    id: "reply-text",
    where: "deliveries.text",
    readBy: "program",
    keep: ["until", { rule: "reply-text", afterMs: 30 * MINUTE_MS }],
  },
  {
    id: "reply-topic",
    where: "deliveries.topic",
    readBy: "numbered",
    keep: [{ rule: "reply-topic", afterMs: DAY_MS }],
  },
  {
    id: "deliveries",
    where: "deliveries, attempts",
    readBy: "numbered",
    keep: [{ rule: "deliveries", afterMs: 7 * DAY_MS }],
  },
  {
    id: "seen-messages",
    where: "seen_messages",
    readBy: "database",
    keep: [{ rule: "seen-messages", afterMs: 35 * DAY_MS }],
  },
  { id: "opt-outs", where: "opt_outs", readBy: "fingerprint", keep: ["until"] },
  {
    id: "erase-marks",
    where: "erase_marks",
    readBy: "fingerprint",
    keep: [{ rule: "erase-marks", afterMs: 2 * DAY_MS }],
  },
  {
    id: "vendor-erasures",
    where: "vendor_erasures",
    readBy: "own",
    keep: [{ rule: "vendor-erasures", afterMs: 15 * DAY_MS }],
  },
  { id: "costs", where: "costs", readBy: "database", keep: [{ rule: "costs", afterMs: 730 * DAY_MS }] },
  { id: "limits", where: "limits", readBy: "fingerprint", keep: [{ rule: "limits", afterMs: 0 }] },
  {
    id: "shared-texts",
    where: "shared_texts",
    readBy: "program",
    // Counted from the end of the broadcast.
    keep: ["until", { rule: "shared-texts", afterMs: DAY_MS }],
  },
  { id: "counts", where: "counts", readBy: "database", keep: [{ rule: "counts", afterMs: 730 * DAY_MS }] },
  { id: "flags", where: "flags", readBy: "own", keep: [{ rule: "closed-flags", afterMs: 180 * DAY_MS }] },
  {
    id: "phone-sends",
    where: "phone_sends",
    readBy: "own",
    keep: ["until", { rule: "phone-send-links", afterMs: DAY_MS }, { rule: "phone-sends", afterMs: 180 * DAY_MS }],
  },
  { id: "desk", where: "holds, notices, versions", readBy: "own", keep: ["until"] },
  {
    id: "subscriptions",
    where: "subscriptions",
    readBy: "numbered",
    keep: ["until", { rule: "ended-subscriptions", afterMs: 30 * MINUTE_MS }],
  },
  { id: "consents", where: "consents", readBy: "numbered", keep: ["until"] },
  {
    id: "kept-answers",
    where: "kept_answers",
    readBy: "numbered",
    keep: [{ rule: "kept-answers", afterMs: 30 * DAY_MS }],
  },
  {
    id: "recipients",
    where: "broadcast_recipients, broadcast_lanes, senders, template_hours",
    readBy: "numbered",
    keep: [{ rule: "recipients", afterMs: DAY_MS }],
  },
  {
    id: "broadcasts",
    where: "broadcasts, broadcast_approvals, broadcast_events, broadcast_cards",
    readBy: "own",
    keep: ["until"],
  },
  { id: "keys", where: "keys", readBy: "program", keep: ["until", { rule: "retired-keys", afterMs: DAY_MS }] },
];
