import type { DeskNews, DeskRoom } from "../../core/front-desk.ts";
import { newsSheet } from "../../core/news-sheet.ts";
import type { Logger } from "../../core/ports.ts";
import type { Look } from "../../core/sheet.ts";
import type { SlackClient } from "./client.ts";
import { slackCode } from "./errors.ts";
import { renderNews } from "./news.ts";

/** Tells the content room and members of the team what happened at the desk. */
export function createDeskRoom(options: {
  /** Patient: nobody waits for it, and a rate limit passes. */
  readonly client: SlackClient;
  readonly look: Look;
  readonly contentRoom: string | undefined;
  readonly logger: Logger;
}): DeskRoom {
  const { client, look, contentRoom, logger } = options;

  async function post(channel: string, news: DeskNews, place: "content-room" | "person"): Promise<boolean> {
    try {
      await client.chat.postMessage({
        channel,
        ...renderNews(newsSheet(look, news)),
        unfurl_links: false,
        unfurl_media: false,
      });
      return true;
    } catch (error) {
      // SLACK_CONTENT_ROOM names a room that is gone, or that the app was not invited to.
      logger.error("slack.not-told", { place, code: slackCode(error) });
      return false;
    }
  }

  return {
    platform: "slack",
    async announce(news) {
      return contentRoom !== undefined && post(contentRoom, news, "content-room");
    },
    async tell(platformId, news) {
      // Posting to a user's id opens the direct message (docs.slack.dev/reference/methods/chat.postMessage).
      return post(platformId, news, "person");
    },
  };
}
