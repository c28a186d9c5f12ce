import { TEMPLATE_GROUP } from "../core/broadcast.ts";
import type { OutboundPart } from "../core/ports.ts";
import type { ClaimedDelivery } from "../core/stores.ts";
import { validFor } from "./late.ts";

/**
 * WhatsApp takes free text only within 24 hours of the person's last message. A reply is always within them. Otherwise
 * only the day of that message is known, no closer time is kept of anybody: on the same day (UTC) the window is surely
 * open, on any other it counts as closed.
 */
export function isWindowOpen(delivery: ClaimedDelivery, now: number): boolean {
  const { channel, kind, lastWroteOn } = delivery;
  return (
    channel !== "whatsapp" ||
    kind === "reply" ||
    isTemplate(delivery) ||
    lastWroteOn === new Date(now).toISOString().slice(0, 10)
  );
}

/** A template that Meta has approved goes out at any time. */
function isTemplate({ kind, groupId }: ClaimedDelivery): boolean {
  return kind === "broadcast" && groupId.endsWith(TEMPLATE_GROUP);
}

/** A room shows the reply itself, unless something else is said in its place. */
export function partOf(delivery: ClaimedDelivery, text: string, now: number): OutboundPart {
  const { deliveryId, attempt, to, locale, room, choices } = delivery;
  // The line for a late answer has no choices.
  const offered = choices !== undefined && text.endsWith(delivery.text) && { choices };
  const template = isTemplate(delivery) && { template: true as const };
  const part = { deliveryId, attempt, to, text, locale, validForMs: validFor(delivery, now), ...offered, ...template };
  if (room === undefined) return part;
  if (!text.endsWith(delivery.text))
    return { ...part, room: { thread: room.thread, kind: "none", message: { text, choices: [] } } };
  const lead = text.slice(0, -delivery.text.length).trim();
  return { ...part, room: lead === "" ? room : { ...room, lead } };
}
