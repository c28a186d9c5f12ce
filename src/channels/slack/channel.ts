import type { FrontDesk } from "../../core/front-desk.ts";
import type { Channel, OutboundPart } from "../../core/ports.ts";
import type { Look } from "../../core/sheet.ts";
import type { SlackClient } from "./client.ts";
import { isRoomGone, toSendError } from "./errors.ts";
import { type Rendered, render } from "./reply.ts";
import { isDirect, type Where, whereOf } from "./threads.ts";

export interface SlackChannelOptions {
  /** Impatient: deliveries have their own retries. */
  readonly client: SlackClient;
  readonly look: Look;
  readonly desk: Pick<FrontDesk, "extras">;
}

/** The way out to Slack: answers to mentions and direct messages, as cards in their thread. */
export function createSlackChannel({ client, look, desk }: SlackChannelOptions): Channel {
  async function rendered({ room, locale, text }: OutboundPart, leads: readonly string[]): Promise<Rendered> {
    const message = room?.message ?? { text, choices: [] };
    const { card, kind = "command" as const, lead } = room ?? {};
    const extras = card && (await desk.extras(card.topic, locale));
    const before = lead === undefined ? leads : [lead, ...leads];
    const shown = { kind, locale, message, leads: before, ...(card && { card }), ...(extras && { extras }) };
    return render(look, shown, "thread");
  }

  async function directly(user: string): Promise<Where> {
    const { channel } = await client.conversations.open({ users: user });
    return { channel: channel?.id ?? "", privately: false };
  }

  async function post(where: Where, user: string, message: Rendered): Promise<string> {
    const thread = where.threadTs === undefined ? {} : { thread_ts: where.threadTs };
    const call = { channel: where.channel, ...message, ...thread };
    if (where.privately) return (await client.chat.postEphemeral({ ...call, user })).message_ts ?? "";
    const { ts } = await client.chat.postMessage({ ...call, unfurl_links: false, unfurl_media: false });
    return ts ?? "";
  }

  return {
    name: "slack",
    async send(part) {
      const say = (key: string) => look.translate(part.locale, key);
      try {
        const where = part.room === undefined ? await directly(part.to) : whereOf(part.room.thread);
        try {
          const leads = where.privately ? [say("desk.private.room")] : [];
          return { externalId: `${where.channel}/${await post(where, part.to, await rendered(part, leads))}` };
        } catch (error) {
          if (!isRoomGone(toSendError(error).code) || isDirect(where.channel)) throw error;
          // The room was archived or the app removed from it meanwhile: the person still gets the answer.
          const own = await directly(part.to);
          const message = await rendered(part, [say("slack.roomGone")]);
          return { externalId: `${own.channel}/${await post(own, part.to, message)}` };
        }
      } catch (error) {
        throw toSendError(error);
      }
    },
  };
}
