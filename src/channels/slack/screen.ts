import type { RespondArguments } from "@slack/bolt";
import type { Shown } from "../../core/front-desk.ts";
import type { Logger } from "../../core/ports.ts";
import { type Look, type Surface, showing } from "../../core/sheet.ts";
import type { Locale } from "../../core/words.ts";
import { failure, RefusedError } from "../../locale/sentence.ts";
import type { SlackClient } from "./client.ts";
import { slackCode } from "./errors.ts";
import { type Modal, noteModal, replyModal } from "./modals.ts";
import { render } from "./reply.ts";
import { isDirect } from "./threads.ts";

/** What Slack says of the place where a button was pressed, as far as it is used. */
export interface Place {
  readonly triggerId: string;
  readonly responseUrl?: string;
  readonly view?: { readonly id: string; readonly type: string };
  readonly channel?: string;
  readonly threadTs?: string;
  readonly ephemeral: boolean;
}

/** Shows things where somebody has pressed a button: in a message, a dialogue or the Home tab. */
export interface Screen {
  /** What the button's message is: one person's own, or a room's. */
  surface(place: Place): Surface;
  /** `replace` shows it in place of what was there; `beside` adds it, for the one who asked alone in a room. */
  show(place: Place, shown: Shown, how: "replace" | "beside"): Promise<void>;
  /** A dialogue over whatever there is. */
  open(place: Place, modal: Modal): Promise<void>;
  update(viewId: string, modal: Modal): Promise<void>;
  note(place: Place, locale: Locale, text: string): Promise<void>;
  /** Uses a response address: five times in 30 minutes, in any room, without a scope. */
  respond(url: string, message: RespondArguments): Promise<void>;
  /** Tells the person that it did not work: a refusal in its own words, anything else as a failure of ours. */
  failed(place: Place, locale: Locale, error: unknown): Promise<void>;
}

export interface ScreenOptions {
  /** Impatient: a dialogue must open within 3 s of the click. */
  readonly client: SlackClient;
  readonly look: Look;
  readonly logger: Logger;
  readonly fetch: typeof fetch;
}

export function createScreen({ client, look, logger, fetch }: ScreenOptions): Screen {
  const screen: Screen = {
    surface({ view, ephemeral }) {
      return view !== undefined ? "modal" : ephemeral ? "private" : "thread";
    },

    async show(place, shown, how) {
      const { view, responseUrl, channel = "", threadTs } = place;
      const what = showing(shown);
      if (view?.type === "modal") return screen.update(view.id, replyModal(look, what));
      if (view !== undefined || responseUrl === undefined) return screen.open(place, replyModal(look, what));
      // In a room what somebody looks up beside a card is their own.
      const own = place.ephemeral || (how === "beside" && !isDirect(channel));
      await screen.respond(responseUrl, {
        ...render(look, what, own ? "private" : "thread"),
        response_type: own ? "ephemeral" : "in_channel",
        replace_original: how === "replace",
        ...(threadTs !== undefined && { thread_ts: threadTs }),
      });
    },

    async open({ triggerId, view: under }, view) {
      const call = { trigger_id: triggerId, view };
      await (under?.type === "modal" ? client.views.push(call) : client.views.open(call));
    },

    async update(viewId, view) {
      await client.views.update({ view_id: viewId, view });
    },

    async note(place, locale, text) {
      const { responseUrl, threadTs } = place;
      if (place.view !== undefined || responseUrl === undefined)
        return screen.open(place, noteModal(look, locale, text));
      const thread = threadTs === undefined ? {} : { thread_ts: threadTs };
      await screen.respond(responseUrl, { text, response_type: "ephemeral", replace_original: false, ...thread });
    },

    async respond(url, message) {
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(message),
      });
      if (!response.ok) throw Object.assign(new Error("the response address refused"), { statusCode: response.status });
    },

    async failed(place, locale, error) {
      if (!(error instanceof RefusedError)) logger.warn("slack.handler-failed", { code: slackCode(error) });
      await screen.note(place, locale, failure(look.translate, locale, error)).catch((again: unknown) => {
        logger.warn("slack.person-not-told", { code: slackCode(again) });
      });
    },
  };
  return screen;
}
