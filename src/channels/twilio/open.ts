import type { Channel, Clock, Counter, InboundMessage, Logger, Receipt, Route } from "../../core/ports.ts";
import type { Stores } from "../../core/stores.ts";
import type { Locale } from "../../core/words.ts";
import { createTwilioChannels } from "./channel.ts";
import { createTwilioClient } from "./client.ts";
import { createErasing } from "./erasing.ts";
import { createMissedSweep } from "./missed.ts";
import { createTwilioRoutes } from "./webhook.ts";

/** Twilio lets a message be redacted only once it is complete, which its receipt may run ahead of. */
const ERASE_AFTER_MS = 60_000;
/** Some carriers never confirm, and a crash forgets: what was not added after this long is erased all the same. */
const FORGOTTEN_AFTER_MS = 24 * 60 * 60_000;

export interface TwilioSettings {
  readonly accountSid: string;
  /** Of at least one. */
  readonly authTokens: readonly string[];
  readonly publicUrl: string;
  readonly smsFrom?: string;
  readonly messagingServiceSid?: string;
  readonly whatsappFrom?: string;
  readonly apiUrl?: string;
  readonly erase: "redact" | "delete" | "off";
  readonly discardContent: boolean;
  readonly templates?: { readonly sids: Readonly<Record<Locale, string>>; readonly name: string };
}

export interface TwilioParts {
  readonly settings: TwilioSettings;
  readonly stores: Pick<Stores, "inbox" | "vendorErasures" | "costs">;
  readonly accept: (message: InboundMessage) => Promise<unknown>;
  readonly receipt: (receipt: Receipt) => Promise<void>;
  readonly clock: Clock;
  readonly counter: Counter;
  readonly logger: Logger;
  readonly listButton: (locale: Locale) => string;
}

/** All of Twilio: two channels out, two routes in, and the jobs that clean up behind them. */
export interface Twilio {
  readonly channels: readonly Channel[];
  readonly routes: readonly Route[];
  /** Writes down what is to be erased later; every process that takes webhooks does it now and then. */
  noteErasures(): Promise<void>;
  /** Erases at Twilio what is due. Resolves to how many messages. */
  erase(): Promise<number>;
  /** Finds messages that no webhook brought. Resolves to how many. */
  findMissed(): Promise<number>;
  close(): Promise<void>;
}

/**
 * Puts Twilio together.
 *
 * @throws Error when there is no auth token, which the configuration has made sure of.
 */
export function openTwilio(parts: TwilioParts): Twilio {
  const { settings, stores, clock } = parts;
  const [authToken] = settings.authTokens;
  if (authToken === undefined) throw new Error("Twilio needs an auth token");
  const client = createTwilioClient({ ...settings, authToken });
  const { channels, buttonsRefused } = createTwilioChannels({ ...settings, ...parts, client });
  const mode = settings.erase;
  /**
   * Written together by the next `noteErasures`, so that no webhook and no receipt waits for a write of its own. What a crash
   * takes from here is found again: by the sweep of missed messages, which sees all that still has its words, and by
   * `addForgotten`.
   */
  let pending: Parameters<Stores["vendorErasures"]["add"]>[0][number][] = [];
  const eraseLater = (message: Omit<(typeof pending)[number], "dueAt">) => {
    if (mode !== "off") pending.push({ ...message, dueAt: clock.now() + ERASE_AFTER_MS });
  };
  async function writePending(): Promise<void> {
    const written = pending;
    pending = [];
    if (written.length > 0) await stores.vendorErasures.add(written);
  }

  /** Its words are ours now, so Twilio need not keep them. */
  const eraseInbound = ({ externalId, channel, utterance }: InboundMessage) =>
    eraseLater({ externalId, channel, direction: "in", media: utterance.media !== undefined });

  const erasing =
    mode === "off" ? undefined : createErasing({ ...parts, ...stores, erasures: stores.vendorErasures, client, mode });
  return {
    channels,
    routes: createTwilioRoutes({
      ...settings,
      ...parts,
      async accept(message) {
        const accepted = await parts.accept(message);
        eraseInbound(message);
        return accepted;
      },
      now: () => clock.now(),
      buttonsRefused,
      async receipt(receipt, channel) {
        await parts.receipt(receipt);
        const isFinal = receipt.status === "delivered" || receipt.status === "read" || receipt.status === "failed";
        if (isFinal && receipt.externalId !== undefined)
          eraseLater({ externalId: receipt.externalId, channel, direction: "out", media: false });
      },
    }),
    noteErasures: writePending,
    async erase() {
      if (erasing === undefined) return 0;
      await writePending();
      await stores.vendorErasures.addForgotten(clock.now() - FORGOTTEN_AFTER_MS);
      return erasing();
    },
    findMissed: createMissedSweep({
      ...settings,
      ...parts,
      ...stores,
      client,
      accept: parts.accept,
      stillThere: eraseInbound,
    }),
    async close() {
      await writePending();
      await client.close();
    },
  };
}
