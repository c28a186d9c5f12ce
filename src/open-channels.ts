import type { OpenBroadcastDesk } from "./broadcast/broadcast-desk.ts";
import type { Discord } from "./channels/discord/discord.ts";
import type { Slack } from "./channels/slack/slack.ts";
import type { Twilio, TwilioParts } from "./channels/twilio/open.ts";
import type { Config } from "./config.ts";
import type { Receive } from "./conversation/receive.ts";
import type { Respond } from "./conversation/respond.ts";
import type { Templates } from "./core/broadcast.ts";
import type { BroadcastDesk } from "./core/broadcast-desk.ts";
import { OperatorError } from "./core/errors.ts";
import type { FrontDesk } from "./core/front-desk.ts";
import type { Checkpoint, Clock, Counter, Lease, Logger, Receipt, Spool } from "./core/ports.ts";
import type { Stores } from "./core/stores.ts";
import { createReceipts, type Receipts } from "./delivery/receipts.ts";
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
    readonly receiptSpool: Spool<Receipt>;
  },
): Promise<Twilio & { readonly receipts: Receipts }> {
  const { twilio, publicUrl, whatsappTemplates: templates, organisation } = config;
  if (twilio === undefined || publicUrl === undefined) throw new OperatorError("Twilio needs PUBLIC_URL.");
  const { openTwilio: open } = await import("./channels/twilio/open.ts");
  const receipts = createReceipts({ ...app, spool: app.receiptSpool });
  const opened = await open({
    ...app,
    settings: {
      ...{ ...twilio, publicUrl },
      ...(templates && { templates: { sids: templates.sids, name: organisation.name } }),
    },
    accept: app.receive.accept,
    receipt: receipts.take,
    listButton: (locale) => app.translate(locale, "menu.choose"),
  });
  return { ...opened, receipts };
}

/** What the channels of a team are made of, besides their settings. */
interface RoomParts {
  readonly desk: FrontDesk;
  readonly broadcastDesk: BroadcastDesk;
  readonly receive: Receive;
  readonly clock: Clock;
  readonly counter: Counter;
  readonly logger: Logger;
  readonly translate: Translate;
}

/** What the desks behind them are made of. */
interface DeskParts {
  readonly stores: Stores;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly translate: Translate;
  readonly live: LiveTree;
  readonly wake: () => void;
}

/** The desk behind Slack and Discord: one for both, so that what is told in one is told in the other. Loaded with them. */
export async function openDesk(config: Config, app: DeskParts & { readonly respond: Respond }): Promise<FrontDesk> {
  const { publicUrl, allowedCountries } = config;
  const { stores, clock, live } = app;
  const { createFrontDesk } = await import("./desk/front-desk.ts");
  const people = await loadPeople(config.peopleFile);
  const phone = numberToText(config);
  return createFrontDesk({
    ...app,
    desk: { stores, people, tree: live.tree, clock },
    refresh: live.refresh,
    allowedCountries,
    ...(phone !== undefined && { phone }),
    ...(publicUrl !== undefined && { publicUrl }),
  });
}

/** Broadcasts in Slack and Discord: one for both, as the desk is. */
export async function openBroadcastDesk(config: Config, app: DeskParts): Promise<OpenBroadcastDesk> {
  const { createBroadcasts } = await import("./broadcast/broadcasts.ts");
  const { createBroadcastDesk } = await import("./broadcast/broadcast-desk.ts");
  const people = await loadPeople(config.peopleFile);
  const { name } = config.organisation;
  const common = { ...app, people, tree: app.live.tree };
  const broadcasts = createBroadcasts({
    ...common,
    name,
    rates: broadcastRates(config),
    ...broadcastTemplates(config),
  });
  return createBroadcastDesk({ ...common, broadcasts });
}

export async function openSlack({ slack, organisation }: Config, app: RoomParts): Promise<Slack> {
  if (slack === undefined) throw new OperatorError("Slack needs SLACK_BOT_TOKEN.");
  const { createSlack } = await import("./channels/slack/slack.ts");
  return createSlack({ ...slack, ...app, organisation, accept: app.receive.accept });
}

export async function openDiscord(
  { discord, organisation }: Config,
  app: RoomParts & { readonly lease: Lease },
): Promise<Discord> {
  if (discord === undefined) throw new OperatorError("Discord needs DISCORD_TOKEN and DISCORD_APPLICATION_ID.");
  const { createDiscord } = await import("./channels/discord/discord.ts");
  return createDiscord({ ...discord, ...app, organisation, accept: app.receive.accept });
}

/** How fast broadcasts may leave, on each channel that is on. */
export function broadcastRates({ twilio, perSecond }: Config): Readonly<Partial<Config["perSecond"]>> {
  const sms = twilio?.smsFrom !== undefined || twilio?.messagingServiceSid !== undefined;
  return { ...(sms && { sms: perSecond.sms }), ...(twilio?.whatsappFrom && { whatsapp: perSecond.whatsapp }) };
}

/** The WhatsApp templates that broadcasts may use. */
export function broadcastTemplates({ twilio, whatsappTemplates }: Config): { readonly templates?: Templates } {
  if (twilio?.whatsappFrom === undefined || whatsappTemplates === undefined) return {};
  const { sids, marketing, dailyLimit } = whatsappTemplates;
  return { templates: { locales: Object.keys(sids), marketing, dailyLimit } };
}

/** The number guests text. A Messaging Service chooses its own, which nobody could read off a card. */
export function numberToText({ twilio }: Config): { readonly number: string; readonly sms: boolean } | undefined {
  const sms = twilio?.smsFrom !== undefined || twilio?.messagingServiceSid !== undefined;
  const number = twilio?.smsFrom ?? twilio?.whatsappFrom;
  return number === undefined ? undefined : { number, sms };
}
