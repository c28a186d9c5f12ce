import { App } from "@slack/bolt";
import type { BroadcastDesk } from "../../core/broadcast-desk.ts";
import { asksForBroadcasts } from "../../core/broadcast-sheet.ts";
import { OperatorError } from "../../core/errors.ts";
import type { FrontDesk, PrivateMatter } from "../../core/front-desk.ts";
import type { Organisation } from "../../core/organisation.ts";
import type { Channel, Clock, Counter, InboundMessage, Logger, Route } from "../../core/ports.ts";
import { type Look, showing } from "../../core/sheet.ts";
import type { Locale } from "../../core/words.ts";
import type { Translate } from "../../locale/translate.ts";
import { createActions } from "./actions.ts";
import { createBroadcastRoom } from "./broadcast-room.ts";
import { createBroadcastSurface } from "./broadcasts.ts";
import { createSlackChannel } from "./channel.ts";
import { createClient, fetchWithin, quietLogger } from "./client.ts";
import { slackCode } from "./errors.ts";
import { listenToEvents } from "./events.ts";
import { homeView } from "./home.ts";
import { createIdentity } from "./identity.ts";
import { plainText } from "./inbound.ts";
import { createHttpReceiver } from "./receiver.ts";
import { type Rendered, render } from "./reply.ts";
import { createDeskRoom } from "./room.ts";
import { createScreen } from "./screen.ts";
import { createSocketReceiver } from "./socket.ts";
import { createSubmissions, type SubmissionAnswer } from "./submissions.ts";
import { createVisitors } from "./visitors.ts";

/** `/asylum` and its Spanish name. */
const COMMAND = /^\/(?:asylum|asilo)$/;
/** A click is remembered this long: what comes again within it is a replay. */
const REMEMBER_MS = 10 * 60_000;

export interface SlackOptions {
  readonly botToken: string;
  /** For HTTP on `/slack/events`. */
  readonly signingSecret?: string;
  /** For Socket Mode, which then is used instead of HTTP. */
  readonly appToken?: string;
  /** Id of the room where flags and missing answers are told. */
  readonly contentRoom?: string;
  /** Another origin than slack.com: a loopback stand-in. */
  readonly apiUrl?: string;
  readonly desk: FrontDesk;
  readonly broadcastDesk: BroadcastDesk;
  readonly accept: (message: InboundMessage) => Promise<unknown>;
  readonly translate: Translate;
  readonly organisation: Organisation;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly counter: Counter;
}

export interface Slack {
  readonly channel: Channel;
  /** For HTTP; empty with Socket Mode. */
  readonly routes: readonly Route[];
  /** @throws OperatorError when Slack refuses a token. A Slack that cannot be reached is only logged. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Slack, by HTTP or Socket Mode: the same Bolt app behind both. */
export function createSlack(options: SlackOptions): Slack {
  const { botToken, signingSecret, appToken, apiUrl, contentRoom, organisation } = options;
  const { desk, broadcastDesk, translate, clock, logger, counter } = options;
  const boltLogger = quietLogger(logger);
  const client = createClient(botToken, apiUrl, boltLogger, "impatient");
  const patient = createClient(botToken, apiUrl, boltLogger, "patient");
  const look: Look = { translate, organisation, locales: desk.locales, shareKey: "slack.post" };
  const identity = createIdentity(client, logger);
  const teamId = async () => (await identity.get())?.teamId;
  const visitors = createVisitors({ client, teamId, locales: desk.locales, clock, logger });
  const screen = createScreen({ client, look, logger, fetch: fetchWithin });

  const http = signingSecret === undefined ? undefined : createHttpReceiver({ signingSecret, clock, counter });
  const socket = appToken === undefined ? undefined : createSocketReceiver({ appToken, apiUrl, boltLogger, logger });
  const receiver = socket?.receiver ?? http?.receiver;
  if (receiver === undefined) throw new OperatorError("Slack needs SLACK_SIGNING_SECRET or SLACK_APP_TOKEN.");

  const app: App = new App({
    receiver,
    logger: boltLogger,
    // One workspace and one token; what Slack says of us is asked once, by `identity`.
    authorize: async () => ({ botToken }),
    ignoreSelf: false,
    convoStore: false,
  });
  // What fails in a handler of an event goes back to the receiver: the event is not acknowledged.
  app.error(async (error) => {
    logger.error("slack.handler-broke", { code: slackCode(error.original ?? error) });
    throw error;
  });
  app.use(createReplayGuard(clock, counter));

  const publishHome = async (userId: string, locale: Locale) => {
    const page = await desk.home(await visitors.find(userId), locale);
    const mayRead = broadcastDesk.mayRead(await visitors.find(userId));
    await patient.views.publish({ user_id: userId, view: homeView(look, page, locale, mayRead) });
  };
  const broadcasts = createBroadcastSurface({ broadcastDesk, look, screen, visitors, logger });
  const act = createActions({ desk, look, screen, visitors, publishHome, broadcasts: broadcasts.handlers });
  const submit = createSubmissions({ desk, look, screen, visitors, logger });

  /** One question, answered to the one who asked. */
  async function answer(text: string, locale: Locale | undefined, lead: "private" | "shortcut"): Promise<Rendered> {
    const matter = desk.screen(text);
    const shown = await desk.ask("slack", text, locale);
    const leads = matter === undefined ? [] : [translate(shown.reply.locale, leadKey(lead, matter))];
    return render(look, showing(shown, leads), "private");
  }

  listenToEvents(app, { ...options, look, client: patient, identity, visitors, publishHome });

  app.command(/.*/, async ({ command, ack }) => {
    const spanish = command.command === "/asilo";
    const locale = desk.locales.find((one) => one === (spanish ? "es" : "en")) ?? desk.locales[0] ?? "en";
    if (!COMMAND.test(command.command))
      return ack({ response_type: "ephemeral", text: translate(locale, "slack.unknownCommand") });
    const text = plainText(command.text);
    if (asksForBroadcasts(text)) {
      await ack();
      const place = { triggerId: command.trigger_id, responseUrl: command.response_url, ephemeral: true };
      return broadcasts
        .open(place, command.user_id, locale)
        .catch((error: unknown) => screen.failed(place, locale, error));
    }
    try {
      // The answer itself acknowledges: one round trip, and nobody else sees it.
      await ack({ response_type: "ephemeral", ...(await answer(text, text === "" ? locale : undefined, "private")) });
    } catch (error) {
      logger.warn("slack.handler-failed", { code: slackCode(error) });
      await ack({ response_type: "ephemeral", text: translate(locale, "room.failed") });
    }
  });

  app.action(/.*/, async ({ body, ack }) => {
    await ack();
    await act(body);
  });

  app.view(/.*/, async ({ body, ack }) => {
    const broadcast = await broadcasts.submit(body);
    if (broadcast !== undefined) {
      await (ack as (answer: SubmissionAnswer) => Promise<void>)(broadcast.answer);
      return broadcast.after?.();
    }
    const { answer: reply, after } = await submit(body);
    await (reply === undefined ? ack() : (ack as (answer: SubmissionAnswer) => Promise<void>)(reply));
    await after;
  });

  app.shortcut(/.*/, async ({ body, ack }) => {
    await ack();
    if (body.type !== "message_action" || body.callback_id !== "ask_puente") return;
    const place = { triggerId: body.trigger_id, responseUrl: body.response_url, ephemeral: true };
    try {
      const text = plainText(typeof body.message["text"] === "string" ? body.message["text"] : "");
      const message = await answer(text, undefined, "shortcut");
      await screen.respond(body.response_url, { ...message, response_type: "ephemeral", replace_original: false });
    } catch (error) {
      await screen.failed(place, await visitors.localeOf(body.user.id), error);
    }
  });

  desk.join(createDeskRoom({ client: patient, look, contentRoom, logger }));
  broadcastDesk.join(createBroadcastRoom({ client: patient, look, contentRoom, visitors, logger }));

  return {
    channel: createSlackChannel({ client, look, desk }),
    routes: http === undefined || socket !== undefined ? [] : [http.route],
    async start() {
      await identity.check();
      await socket?.start();
    },
    async stop() {
      await socket?.stop();
    },
  };
}

/** Beside somebody else's message the wish is that its author delete it. */
function leadKey(lead: "private" | "shortcut", matter: PrivateMatter): string {
  return lead === "private" ? `desk.private.${matter}` : "desk.private.others";
}

/**
 * Commands, clicks and dialogues carry an id of their own: the same one a second time is answered and does nothing.
 * Events have their own id, which the inbox knows.
 */
function createReplayGuard(clock: Clock, counter: Counter): Parameters<App["use"]>[0] {
  const seen = new Map<string, number>();
  return async ({ body, next, ...rest }) => {
    const id = "trigger_id" in body && typeof body.trigger_id === "string" ? body.trigger_id : undefined;
    if (id === undefined) return next();
    const now = clock.now();
    for (const [old, at] of seen) {
      if (now - at < REMEMBER_MS) break;
      seen.delete(old);
    }
    if (!seen.has(id)) {
      seen.set(id, now);
      return next();
    }
    counter.count("message_repeated", { channel: "slack" });
    if ("ack" in rest && typeof rest.ack === "function") await (rest.ack as () => Promise<void>)();
  };
}
