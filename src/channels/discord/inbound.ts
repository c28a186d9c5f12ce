import { type GatewayMessageCreateDispatchData, MessageFlags, MessageType } from "discord.js";
import type { InboundMessage } from "../../core/ports.ts";
import type { MediaKind } from "../../core/words.ts";

/**
 * A direct message somebody wrote to Puente. Undefined for everything else that comes under the same event: what is said
 * in a server, other bots, our own echoes, what Discord itself notes down.
 */
export function decodeMessage(
  { id, guild_id, channel_id, author, type, content, webhook_id, ...message }: GatewayMessageCreateDispatchData,
  receivedAt: number,
): InboundMessage | undefined {
  if (guild_id !== undefined || author.bot === true || author.system === true || webhook_id !== undefined)
    return undefined;
  if (type !== MessageType.Default && type !== MessageType.Reply) return undefined;
  const media = mediaKind(message);
  return {
    channel: "discord",
    externalId: id,
    from: { id: author.id, address: author.id },
    thread: channel_id,
    utterance: { text: content, ...(media !== undefined && { media }) },
    receivedAt,
  };
}

function mediaKind(
  message: Pick<GatewayMessageCreateDispatchData, "attachments" | "sticker_items" | "flags">,
): MediaKind | undefined {
  if (((message.flags ?? 0) & MessageFlags.IsVoiceMessage) !== 0) return "voice";
  if ((message.sticker_items ?? []).length > 0) return "sticker";
  const [attachment] = message.attachments;
  if (attachment === undefined) return undefined;
  const kind = attachment.content_type?.split("/")[0];
  if (kind === "audio") return "voice";
  return kind === "image" || kind === "video" ? kind : "document";
}
