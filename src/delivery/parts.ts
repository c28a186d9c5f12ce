import { foldForSms } from "../core/fold.ts";
import type { RoomPart } from "../core/ports.ts";
import type { Block, Inline, Reply, ReplyMessage } from "../core/reply.ts";
import { splitText } from "../core/segments.ts";
import type { ChannelName } from "../core/words.ts";

/** A message goes out in parts of two billed segments: phones and carriers join those reliably. */
const SMS_PART = { maxSegments: 2 } as const;
/** WhatsApp's limit for a message with choices (Meta, interactive messages). Plain text could be four times as long. */
const WHATSAPP_PART = { maxUnits: 1024 } as const;
/** A page of the full answer: two SMS parts, or one WhatsApp message, with room for the line that offers the next. */
const PAGE = { sms: { maxUnits: 560 }, whatsapp: { maxUnits: 960 } } as const;

/** Channels that show a reply as a card with buttons. */
const ROOMS: readonly ChannelName[] = ["slack", "discord"];

/**
 * What a room shows of a reply, with the same as plain text for notifications and screen readers. Undefined on channels
 * without rooms. A card shows its notices itself, so the message of notices before it is left out.
 */
export function roomPartsOf(
  reply: Reply,
  channel: ChannelName,
  thread: string,
): { readonly text: string; readonly room: RoomPart }[] | undefined {
  if (!ROOMS.includes(channel)) return undefined;
  const { kind, card } = reply;
  const answer = card === undefined || card.notices.length === 0 ? 0 : 1;
  return reply.messages.slice(answer).map((message, index) => ({
    text: messageParts(message, channel).join("\n"),
    room: { thread, kind, message, ...(card !== undefined && index === 0 && { card }) },
  }));
}

/** The parts of a reply, in the order they must arrive, as the channel's own text. */
export function partsOf(reply: Reply, channel: ChannelName): string[] {
  return phonePartsOf(reply, channel).map(({ text }) => text);
}

/** The parts of a reply to a phone. Where it can show buttons, the part with the numbered choices carries their labels. */
export function phonePartsOf(
  reply: Reply,
  channel: ChannelName,
): { readonly text: string; readonly choices?: readonly string[] }[] {
  return reply.messages.flatMap((message) => {
    const texts = messageParts(message, channel);
    const labels = message.choices.map(({ label }) => label);
    return texts.map((text, index) => {
      const isLast = index === texts.length - 1;
      return channel === "whatsapp" && isLast && labels.length > 0 ? { text, choices: labels } : { text };
    });
  });
}

function messageParts(message: ReplyMessage, channel: ChannelName): string[] {
  const choices = message.choices.map(({ label }, index) => `${index + 1} ${label}`);
  const text = [message.text, ...choices, message.closing]
    .filter((line) => line !== undefined && line !== "")
    .join("\n");
  if (channel === "sms") return splitText(foldForSms(text), SMS_PART).map((part) => part.trim());
  if (channel === "whatsapp") return splitText(text, WHATSAPP_PART).map((part) => part.trim());
  return [text];
}

/** The full answer in pages that MORE goes through, each one message. Channels with room get it whole. */
export function pagesOf(blocks: readonly Block[], channel: ChannelName): string[] {
  const text = plainText(blocks, channel);
  if (channel === "sms") return splitText(foldForSms(text), PAGE.sms).map((page) => page.trim());
  if (channel === "whatsapp") return splitText(text, PAGE.whatsapp).map((page) => page.trim());
  return [text];
}

/** Blocks as text. SMS is charged by the character: no blank lines, no marks. WhatsApp shows *bold*. */
function plainText(blocks: readonly Block[], channel: ChannelName): string {
  const inline = (inlines: readonly Inline[]) => inlines.map((part) => plainInline(part, channel)).join("");
  const lines = blocks.map((block) =>
    block.kind === "paragraph"
      ? inline(block.inlines)
      : block.items.map((item, index) => `${block.ordered ? `${index + 1}.` : "-"} ${inline(item)}`).join("\n"),
  );
  return lines.join(channel === "sms" ? "\n" : "\n\n");
}

function plainInline({ text, bold, href }: Inline, channel: ChannelName): string {
  const shown = bold && channel === "whatsapp" ? `*${text}*` : text;
  if (href === undefined) return shown;
  const address = href.replace(/^https?:\/\//, "").replace(/\/$/, "");
  return text.includes(address) ? shown : `${shown} (${address})`;
}
