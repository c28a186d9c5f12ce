import type { Slack } from "./channels/slack/slack.ts";
import type { Twilio, TwilioParts } from "./channels/twilio/open.ts";
import type { Config } from "./config.ts";
import type { Receive } from "./conversation/receive.ts";
import type { Respond } from "./conversation/respond.ts";
import { OperatorError } from "./core/errors.ts";
import type { Checkpoint, Clock, Counter, Logger } from "./core/ports.ts";
import type { Stores } from "./core/stores.ts";
import { createReceipts } from "./delivery/receipts.ts";
import { createFrontDesk } from "./desk/front-desk.ts";
import type { LiveTree } from "./desk/live.ts";
import { loadPeople } from "./desk/people.ts";
import type { Translate } from "./locale/translate.ts";

/** Twilio, both ways. A vendor's SDK costs memory and time to load: it is imported only when its channel is configured. */
export async function openTwilio(
  config: Config,
  app: Omit<TwilioParts, "settings" | "accept" | "receipt" | "listButton"> & {
    readonly stores: Stores;
    readonly receive: Receive;
    readonly translate: Translate;
    readonly checkpoint: Checkpoint;
  },
): Promise<Twilio> {
  const { twilio, publicUrl } = config;
  if (twilio === undefined || publicUrl === undefined) throw new OperatorError("Twilio needs PUBLIC_URL.");
  const { openTwilio: open } = await import("./channels/twilio/open.ts");
  return open({
    ...app,
    settings: { ...twilio, publicUrl },
    accept: app.receive.accept,
    receipt: createReceipts(app),
    listButton: (locale) => app.translate(locale, "menu.choose"),
  });
}

/** Slack, with the desk behind it. */
export async function openSlack(
  config: Config,
  app: {
    readonly stores: Stores;
    readonly receive: Receive;
    readonly clock: Clock;
    readonly counter: Counter;
    readonly logger: Logger;
    readonly translate: Translate;
    readonly respond: Respond;
    readonly live: LiveTree;
    readonly wake: () => void;
  },
): Promise<Slack> {
  const { slack, organisation, publicUrl, allowedCountries } = config;
  if (slack === undefined) throw new OperatorError("Slack needs SLACK_BOT_TOKEN.");
  const { stores, clock, live } = app;
  const [people, { createSlack }] = await Promise.all([
    loadPeople(config.peopleFile),
    import("./channels/slack/slack.ts"),
  ]);
  const phone = numberToText(config);
  const desk = createFrontDesk({
    ...app,
    desk: { stores, people, tree: live.tree, clock },
    refresh: live.refresh,
    allowedCountries,
    ...(phone !== undefined && { phone }),
    ...(publicUrl !== undefined && { publicUrl }),
  });
  const opened = createSlack({ ...slack, ...app, desk, organisation, accept: app.receive.accept });
  return {
    ...opened,
    async stop() {
      await opened.stop();
      await desk.close();
    },
  };
}

/** How fast broadcasts may leave, on each channel that is on. */
export function broadcastRates({ twilio, perSecond }: Config): Readonly<Partial<Config["perSecond"]>> {
  const sms = twilio?.smsFrom !== undefined || twilio?.messagingServiceSid !== undefined;
  return { ...(sms && { sms: perSecond.sms }), ...(twilio?.whatsappFrom && { whatsapp: perSecond.whatsapp }) };
}

/** The number guests text. A Messaging Service chooses its own, which nobody could read off a card. */
export function numberToText({ twilio }: Config): { readonly number: string; readonly sms: boolean } | undefined {
  const sms = twilio?.smsFrom !== undefined || twilio?.messagingServiceSid !== undefined;
  const number = twilio?.smsFrom ?? twilio?.whatsappFrom;
  return number === undefined ? undefined : { number, sms };
}
