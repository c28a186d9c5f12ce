import type { App } from "@slack/bolt";
import type { FrontDesk } from "../../core/front-desk.ts";
import type { Clock, InboundMessage, Logger } from "../../core/ports.ts";
import type { Look } from "../../core/sheet.ts";
import type { Locale } from "../../core/words.ts";
import type { SlackClient } from "./client.ts";
import { slackCode } from "./errors.ts";
import type { IdentitySource } from "./identity.ts";
import { decodeMessage } from "./inbound.ts";
import { isDirect } from "./threads.ts";
import type { Visitors } from "./visitors.ts";

export interface EventOptions {
  readonly desk: FrontDesk;
  readonly look: Look;
  readonly client: SlackClient;
  readonly identity: IdentitySource;
  readonly visitors: Visitors;
  readonly accept: (message: InboundMessage) => Promise<unknown>;
  readonly publishHome: (userId: string, locale: Locale) => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What Slack tells without being asked: messages to Puente, the Home tab, the assistant's pane, an uninstall. */
export function listenToEvents(app: App, options: EventOptions): void {
  const { desk, look, client, identity, visitors, accept, publishHome, clock, logger } = options;

  async function onMessage(body: unknown): Promise<void> {
    const botUserId = (await identity.get())?.botUserId;
    const decoded = decodeMessage(body, { screen: desk.screen, botUserId, receivedAt: clock.now() });
    if (decoded === undefined) return;
    const { message, matter, channel, user } = decoded;
    // Throws where it cannot be stored: then the event is not acknowledged, and Slack sends it again.
    const accepted = await accept(message);
    if (accepted === "repeated" || matter === undefined || !isDirect(channel)) return;
    // Nobody else sees a direct message, but it stays there: the wish that it go is sent beside the answer.
    const locale = await visitors.localeOf(user);
    await quietly(
      client.chat.postMessage({ channel, text: look.translate(locale, `desk.private.${matter}`), unfurl_links: false }),
    );
  }

  async function quietly(work: Promise<unknown>): Promise<void> {
    await work.catch((error: unknown) => logger.warn("slack.call-failed", { code: slackCode(error) }));
  }

  app.event("message", async ({ body }) => onMessage(body));
  app.event("app_mention", async ({ body }) => onMessage(body));

  /** First questions, above the field where one writes. Without the agents' pane a question is a message like any other. */
  async function suggest(userId: string, channelId: string, threadTs?: string): Promise<void> {
    const locale = await visitors.localeOf(userId);
    const prompts = (["1", "2", "3"] as const).map((number) => {
      const message = look.translate(locale, `slack.prompt.${number}`);
      return { title: message, message };
    });
    const [first, ...others] = prompts;
    if (first === undefined) return;
    const thread = threadTs === undefined ? {} : { thread_ts: threadTs };
    const call = { channel_id: channelId, ...thread, prompts: [first, ...others] as [typeof first, ...typeof others] };
    // Not every plan has the pane, and nothing is lost without it.
    await client.assistant.threads.setSuggestedPrompts(call).catch((error: unknown) => {
      logger.debug("slack.no-suggestions", { code: slackCode(error) });
    });
  }

  app.event("app_home_opened", async ({ event }) => {
    const { user, channel, tab } = event;
    if (tab === "home") await quietly(visitors.localeOf(user).then((locale) => publishHome(user, locale)));
    else await suggest(user, channel);
  });

  // The pane of apps that were made before agents moved to the Messages tab (docs.slack.dev/ai/migrating-to-agent-messaging).
  app.event("assistant_thread_started", async ({ event }) => {
    const { channel_id, thread_ts, user_id } = event.assistant_thread;
    await suggest(user_id, channel_id, thread_ts);
  });

  for (const gone of ["app_uninstalled", "tokens_revoked"] as const)
    app.event(gone, async () => logger.error("slack.app-removed", { event: gone }));
}
