import { type APIMessage, type REST, Routes } from "discord.js";
import type { BroadcastRoom, BroadcastView } from "../../core/broadcast-desk.ts";
import type { Logger } from "../../core/ports.ts";
import type { Look } from "../../core/sheet.ts";
import type { Locale } from "../../core/words.ts";
import { broadcastMessage } from "./broadcasts.ts";
import { discordCode } from "./errors.ts";
import { directChannel, postMessage } from "./rest.ts";

/** Shows broadcasts in the content room, and tells the team by direct message. */
export function createBroadcastRoom(options: {
  /** Patient: nobody waits for it, and a rate limit passes. */
  readonly rest: REST;
  readonly look: Look;
  readonly contentRoom: string | undefined;
  readonly logger: Logger;
}): BroadcastRoom {
  const { rest, look, contentRoom, logger } = options;
  // Discord tells nobody's language but that of whoever presses a button.
  const locale: Locale = look.locales.find((one) => one === "en") ?? look.locales[0] ?? "en";

  async function post(view: BroadcastView, channel: string): Promise<string> {
    const { id } = await postMessage(rest, channel, broadcastMessage(look, view));
    return `${channel}/${id}`;
  }

  return {
    platform: "discord",
    hasContentRoom: contentRoom !== undefined,

    async show(view, place) {
      if (contentRoom === undefined) return undefined;
      const [channel = contentRoom, id] = place?.split("/") ?? [];
      try {
        if (id === undefined) return await post(view, channel);
        await (rest.patch(Routes.channelMessage(channel, id), {
          body: broadcastMessage(look, view),
        }) as Promise<APIMessage>);
        return place;
      } catch (error) {
        const code = discordCode(error);
        logger.error("discord.not-told", { place: "content-room", code });
        // 10008: deleted; 10003 and 50001: another room is the content room now. It is shown there.
        const gone = ["10008", "10003", "50001"].includes(code) && id !== undefined;
        return gone ? this.show(view, undefined) : undefined;
      }
    },

    async tell(to, words) {
      const place = "person" in to ? "person" : "content-room";
      try {
        const channel = "person" in to ? await directChannel(rest, to.person) : contentRoom;
        if (channel === undefined) return false;
        await post(words(locale), channel);
        return true;
      } catch (error) {
        logger.error("discord.not-told", { place, code: discordCode(error) });
        return false;
      }
    },
  };
}
