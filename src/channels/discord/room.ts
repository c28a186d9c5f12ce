import type { REST } from "discord.js";
import type { DeskNews, DeskRoom } from "../../core/front-desk.ts";
import { newsSheet } from "../../core/news-sheet.ts";
import type { Logger } from "../../core/ports.ts";
import type { Look } from "../../core/sheet.ts";
import { discordCode } from "./errors.ts";
import { sheetMessage } from "./message.ts";
import { directChannel, postMessage } from "./rest.ts";

/** Tells the content room and members of the team what happened at the desk. */
export function createDeskRoom(options: {
  /** Patient: nobody waits for it, and a rate limit passes. */
  readonly rest: REST;
  readonly look: Look;
  readonly contentRoom: string | undefined;
  readonly logger: Logger;
}): DeskRoom {
  const { rest, look, contentRoom, logger } = options;

  async function post(news: DeskNews, place: "content-room" | "person", channel: () => Promise<string>) {
    try {
      await postMessage(rest, await channel(), sheetMessage(look, news.locale, newsSheet(look, news)));
      return true;
    } catch (error) {
      // DISCORD_CONTENT_ROOM names a channel that is gone, or that the app does not see.
      logger.error("discord.not-told", { place, code: discordCode(error) });
      return false;
    }
  }

  return {
    platform: "discord",
    announce: async (news) => contentRoom !== undefined && post(news, "content-room", async () => contentRoom),
    tell: (platformId, news) => post(news, "person", () => directChannel(rest, platformId)),
  };
}
