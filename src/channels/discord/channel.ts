import type { REST } from "discord.js";
import type { FrontDesk } from "../../core/front-desk.ts";
import type { Channel, OutboundPart } from "../../core/ports.ts";
import type { Look } from "../../core/sheet.ts";
import { toSendError } from "./errors.ts";
import { type Message, noteMessage, replyMessage } from "./message.ts";
import { directChannel, postMessage } from "./rest.ts";

export interface DiscordChannelOptions {
  /** Impatient: deliveries have their own retries. */
  readonly rest: REST;
  readonly look: Look;
  readonly desk: Pick<FrontDesk, "extras">;
}

/** The way out to Discord: answers to direct messages, as cards. */
export function createDiscordChannel({ rest, look, desk }: DiscordChannelOptions): Channel {
  async function rendered({ room, locale, text }: OutboundPart): Promise<Message> {
    if (room === undefined) return noteMessage(look, locale, ...text.split("\n"));
    const { card, kind, lead, message } = room;
    const extras = card && (await desk.extras(card.topic, locale));
    const leads = lead === undefined ? [] : [lead];
    const shown = { kind, locale, message, leads, ...(card && { card }), ...(extras && { extras }) };
    return replyMessage(look, shown, "thread");
  }

  return {
    name: "discord",
    async send(part) {
      try {
        const channelId = part.room?.thread ?? (await directChannel(rest, part.to));
        const message = await rendered(part);
        // Discord takes the same nonce once in a few minutes: what is sent again after a call without an answer, and had
        // arrived, comes back as the message it already is.
        const { id } = await postMessage(rest, channelId, {
          ...message,
          nonce: `puente-${part.deliveryId}`,
          enforce_nonce: true,
        });
        return { externalId: `${channelId}/${id}` };
      } catch (error) {
        throw toSendError(error);
      }
    },
  };
}
