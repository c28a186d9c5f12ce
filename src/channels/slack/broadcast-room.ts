import type { BroadcastRoom, BroadcastView } from "../../core/broadcast-desk.ts";
import { broadcastSheet } from "../../core/broadcast-sheet.ts";
import type { Logger } from "../../core/ports.ts";
import type { Look } from "../../core/sheet.ts";
import type { SlackClient } from "./client.ts";
import { isRoomGone, slackCode } from "./errors.ts";
import { renderNews } from "./news.ts";
import type { Visitors } from "./visitors.ts";

/** Shows broadcasts in the content room, and tells the team by direct message. */
export function createBroadcastRoom(options: {
  /** Patient: nobody waits for it, and a rate limit passes. */
  readonly client: SlackClient;
  readonly look: Look;
  readonly contentRoom: string | undefined;
  readonly visitors: Visitors;
  readonly logger: Logger;
}): BroadcastRoom {
  const { client, look, contentRoom, visitors, logger } = options;
  const message = (view: BroadcastView) => ({
    ...renderNews(broadcastSheet(look, view)),
    unfurl_links: false,
    unfurl_media: false,
  });

  return {
    platform: "slack",
    hasContentRoom: contentRoom !== undefined,

    async show(view, place) {
      if (contentRoom === undefined) return undefined;
      const [channel = contentRoom, ts] = place?.split("/") ?? [];
      try {
        if (ts === undefined) {
          const posted = await client.chat.postMessage({ channel, ...message(view) });
          return posted.ts === undefined ? undefined : `${posted.channel ?? channel}/${posted.ts}`;
        }
        const { text, blocks } = message(view);
        await client.chat.update({ channel, ts, text, blocks });
        return place;
      } catch (error) {
        const code = slackCode(error);
        logger.error("slack.not-told", { place: "content-room", code });
        // Deleted, or another room is the content room now: it is shown there.
        const gone = code === "message_not_found" || isRoomGone(code);
        return ts !== undefined && gone ? this.show(view, undefined) : undefined;
      }
    },

    async tell(to, words) {
      try {
        if ("person" in to) {
          // Posting to a user's id opens the direct message (docs.slack.dev/reference/methods/chat.postMessage).
          const locale = await visitors.localeOf(to.person);
          await client.chat.postMessage({ channel: to.person, ...message(words(locale)) });
          return true;
        }
        if (contentRoom === undefined) return false;
        const locale = look.locales.find((one) => one === "en") ?? look.locales[0] ?? "en";
        await client.chat.postMessage({ channel: contentRoom, ...message(words(locale)) });
        return true;
      } catch (error) {
        logger.error("slack.not-told", { place: "person" in to ? "person" : "content-room", code: slackCode(error) });
        return false;
      }
    },
  };
}
