import type { Tree } from "../content/tree.ts";
import type { Clock } from "../core/ports.ts";
import type { Reply } from "../core/reply.ts";
import { countSegments } from "../core/segments.ts";
import { type ContactView, type ConversationState, type Effect, NEW_CONVERSATION } from "../core/turn.ts";
import type { ChannelName, Locale, Utterance } from "../core/words.ts";
import { partsOf } from "../delivery/parts.ts";
import type { Respond } from "./respond.ts";

/** One part as the phone shows it, and what it would cost to send. */
interface SessionMessage {
  readonly text: string;
  readonly encoding: "GSM-7" | "UCS-2";
  readonly segments: number;
}

export interface SessionTurn {
  readonly reply: Reply | undefined;
  readonly messages: readonly SessionMessage[];
}

/** A conversation that lives in memory alone: the simulator, `chat` and `ask`. Nothing of it is stored or sent. */
export interface Session {
  say(utterance: Utterance, channel: ChannelName): SessionTurn;
}

export interface SessionOptions {
  readonly respond: Respond;
  readonly tree: () => Tree;
  readonly clock: Clock;
  /** To begin in a language rather than find it out. */
  readonly locale?: Locale;
  /** The welcome is left out: `ask` answers one question. */
  readonly welcomed?: boolean;
}

export function createSession({ respond, tree, clock, locale, welcomed }: SessionOptions): Session {
  const start: ConversationState = {
    ...NEW_CONVERSATION,
    ...(locale !== undefined && { locale }),
    ...(welcomed && { welcomed }),
  };
  let state = start;
  let contact: ContactView = { optedOut: false, subscriptions: [] };
  return {
    say(utterance, channel) {
      const result = respond({ state, utterance, now: clock.now(), tree: tree(), contact, channel });
      state = result.state;
      for (const effect of result.effects) contact = after(contact, effect);
      const parts = result.reply === undefined ? [] : partsOf(result.reply, channel);
      const messages = parts.map((text) => {
        const { encoding, segments } = countSegments(text);
        return { text, encoding, segments };
      });
      return { reply: result.reply, messages };
    },
  };
}

/** What the stores would know of the contact after an effect. */
function after(contact: ContactView, effect: Effect): ContactView {
  switch (effect.kind) {
    case "opt-out":
      return { ...contact, optedOut: true };
    case "opt-in":
      return { ...contact, optedOut: false };
    case "erase":
      return { optedOut: false, subscriptions: [] };
    case "unsubscribe":
      return { ...contact, subscriptions: [] };
    case "subscribe":
      return { ...contact, subscriptions: [...contact.subscriptions, effect] };
    default:
      return contact;
  }
}
