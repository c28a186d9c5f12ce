import {
  type APIInteraction,
  GatewayDispatchEvents,
  type GatewayDispatchPayload,
  InteractionResponseType,
  InteractionType,
} from "discord.js";
import type { BroadcastDesk } from "../../core/broadcast-desk.ts";
import type { FrontDesk } from "../../core/front-desk.ts";
import type { Organisation } from "../../core/organisation.ts";
import type { Channel, Clock, Counter, InboundMessage, Lease, Logger } from "../../core/ports.ts";
import type { Look } from "../../core/sheet.ts";
import type { Locale } from "../../core/words.ts";
import { failure, RefusedError } from "../../locale/sentence.ts";
import type { Translate } from "../../locale/translate.ts";
import { act } from "./actions.ts";
import { type Asker, askerOf } from "./askers.ts";
import { ask, suggest } from "./asking.ts";
import { createBroadcastRoom } from "./broadcast-room.ts";
import { createDiscordChannel } from "./channel.ts";
import { localeOfCommand } from "./commands.ts";
import { discordCode, isTooLate } from "./errors.ts";
import { createExchange, type Exchange, type Outcome } from "./exchange.ts";
import { createGateway } from "./gateway.ts";
import { checkIdentity } from "./identity.ts";
import { decodeMessage } from "./inbound.ts";
import { noteMessage } from "./message.ts";
import { decodePress } from "./presses.ts";
import { createRest, postMessage } from "./rest.ts";
import { createDeskRoom } from "./room.ts";
import { submit } from "./submissions.ts";

/** What is under way when the service ends gets this long. */
const FINISH_MS = 3_000;
/** The name under which one process holds the gateway. */
const GATEWAY = "discord-gateway";

export interface DiscordOptions {
  readonly token: string;
  readonly applicationId: string;
  /** Id of the channel where flags and missing answers are told. */
  readonly contentRoom?: string;
  /** Another origin than discord.com: a loopback stand-in. */
  readonly apiUrl?: string;
  readonly desk: FrontDesk;
  readonly broadcastDesk: BroadcastDesk;
  readonly accept: (message: InboundMessage) => Promise<unknown>;
  readonly lease: Lease;
  readonly translate: Translate;
  readonly organisation: Organisation;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly counter: Counter;
}

export interface Discord {
  readonly channel: Channel;
  /** @throws OperatorError when Discord refuses the token. A Discord that cannot be reached is only logged. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Discord: commands, buttons and direct messages over the gateway, everything else by REST. */
export function createDiscord(options: DiscordOptions): Discord {
  const { token, applicationId, apiUrl, desk, accept, lease, translate, organisation, clock, logger, counter } =
    options;
  const rest = createRest({ token, apiUrl, patience: "impatient", logger });
  const patient = createRest({ token, apiUrl, patience: "patient", logger });
  const look: Look = { translate, organisation, locales: desk.locales, shareKey: "discord.button.share" };
  const under = { desk, broadcastDesk: options.broadcastDesk, look };
  const handling = new Set<Promise<void>>();

  function note(locale: Locale, error: unknown): Outcome {
    if (!(error instanceof RefusedError)) logger.warn("discord.handler-failed", { code: discordCode(error) });
    return { kind: "beside", messages: [noteMessage(look, locale, failure(translate, locale, error))] };
  }

  /** Handles and answers. What fails in the handling is told to the person; what fails in the telling goes to the caller. */
  async function answer(interaction: APIInteraction, asker: Asker, exchange: Exchange): Promise<void> {
    switch (interaction.type) {
      case InteractionType.ApplicationCommand: {
        const work = ask(under, asker, interaction);
        const locale = localeOfCommand(interaction.data.name) ?? asker.locale;
        return exchange.answer(
          work.catch((error) => note(locale, error)),
          "beside",
        );
      }
      case InteractionType.ApplicationCommandAutocomplete: {
        const none = { kind: "open", type: InteractionResponseType.ApplicationCommandAutocompleteResult } as const;
        const work = Promise.try(() => suggest(desk, interaction));
        return exchange.answer(
          work.catch(() => ({ ...none, data: { choices: [] } })),
          "beside",
        );
      }
      case InteractionType.MessageComponent: {
        const press = decodePress(interaction.data.custom_id);
        const work = act(under, asker, press);
        return exchange.answer(
          work.catch((error) => note(press?.locale ?? asker.locale, error)),
          asker.ownsMessage ? "replace" : "beside",
        );
      }
      case InteractionType.ModalSubmit: {
        const { data } = interaction;
        const locale = decodePress(data.custom_id)?.locale ?? asker.locale;
        await exchange.first(async () => {
          try {
            const { told, changed } = await submit(under, asker, data);
            await exchange.tell(told);
            if (changed !== undefined && interaction.message !== undefined) await exchange.change(await changed());
          } catch (error) {
            const outcome = note(locale, error);
            if (outcome.kind === "beside") for (const message of outcome.messages) await exchange.tell(message);
          }
        });
      }
    }
  }

  async function onInteraction(interaction: APIInteraction): Promise<void> {
    const asker = askerOf(interaction, desk.locales);
    if (asker === undefined) return;
    try {
      await answer(interaction, asker, createExchange(patient, applicationId, interaction));
    } catch (error) {
      if (isTooLate(error)) counter.count("interaction_missed", { channel: "discord" });
      logger.warn("discord.not-answered", { code: discordCode(error) });
    }
  }

  async function onMessage(message: InboundMessage | undefined): Promise<void> {
    if (message === undefined) return;
    const { thread = "", utterance } = message;
    try {
      const accepted = await accept(message);
      const matter = desk.screen(utterance.text);
      if (accepted === "repeated" || matter === undefined) return;
      // Nobody else sees a direct message, but it stays there: the wish that it go is sent beside the answer.
      const lines = desk.locales.map((locale) => translate(locale, `desk.private.${matter}`));
      await postMessage(patient, thread, noteMessage(look, desk.locales[0] ?? "en", ...lines));
    } catch (error) {
      logger.error("discord.message-failed", { code: discordCode(error) });
    }
  }

  function onEvent(event: GatewayDispatchPayload): void {
    const work =
      event.t === GatewayDispatchEvents.InteractionCreate
        ? onInteraction(event.d)
        : event.t === GatewayDispatchEvents.MessageCreate
          ? onMessage(decodeMessage(event.d, clock.now()))
          : undefined;
    if (work === undefined) return;
    const one: Promise<void> = work.finally(() => handling.delete(one));
    handling.add(one);
  }

  const gateway = createGateway({ token, apiUrl, onEvent, logger });
  let release: (() => Promise<void>) | undefined;
  const { contentRoom } = options;
  desk.join(createDeskRoom({ rest: patient, look, contentRoom, logger }));
  options.broadcastDesk.join(createBroadcastRoom({ rest: patient, look, contentRoom, logger }));

  return {
    channel: createDiscordChannel({ rest, look, desk }),
    async start() {
      await checkIdentity(rest, applicationId, logger);
      release = lease.keep(GATEWAY, { taken: () => gateway.open(), lost: () => gateway.close() });
    },
    async stop() {
      await release?.();
      await gateway.close();
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, FINISH_MS);
      await Promise.race([Promise.all(handling), promise]);
      clearTimeout(timer);
    },
  };
}
