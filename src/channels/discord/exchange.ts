import {
  type APIInteraction,
  InteractionResponseType,
  type InteractionResponseType as Kind,
  MessageFlags,
  type REST,
  Routes,
} from "discord.js";
import type { Message } from "./message.ts";

/** An answer that takes longer is announced: Discord waits 3 s, and the way there takes its part of them. */
const DEFER_AFTER_MS = 1_200;

/** What an interaction leads to. */
export type Outcome =
  /** For the one who asked alone. More than one where a text is longer than a message. */
  | { readonly kind: "beside"; readonly messages: readonly Message[] }
  /** In place of the message with the button. */
  | { readonly kind: "replace"; readonly message: Message }
  /** For everyone in the room, in place of the message that only one person saw. */
  | { readonly kind: "share"; readonly message: Message }
  /** A dialogue, or the choices for what is being typed. */
  | { readonly kind: "open"; readonly type: Kind; readonly data: object };

/** The way an interaction is answered: the first answer within 3 s, everything else within 15 minutes. */
export interface Exchange {
  /** Answers with what comes of the work; if that takes long, first says that an answer will come. */
  answer(work: Promise<Outcome>, how: "beside" | "replace"): Promise<void>;
  /**
   * Says at once that an answer will come, and only then begins the work: what has an effect is done by the one process
   * that was first to answer.
   */
  first<T>(work: () => Promise<T>): Promise<T>;
  /** After `first`: one message for the person alone. */
  tell(message: Message): Promise<void>;
  /** After `first`: what the message with the button is from now on. */
  change(message: Message): Promise<void>;
}

export function createExchange(rest: REST, applicationId: string, interaction: APIInteraction): Exchange {
  const { id, token } = interaction;
  const auth = false;
  const callback = (type: Kind, data?: object) =>
    rest.post(Routes.interactionCallback(id, token), { auth, body: { type, ...(data && { data }) } });
  const followUp = (body: Message) => rest.post(Routes.webhook(applicationId, token), { auth, body });
  const original = Routes.webhookMessage(applicationId, token, "@original");
  // Who sees a message is settled when it is made.
  const edit = (message: Message) =>
    rest.patch(original, { auth, body: { ...message, flags: (message.flags ?? 0) & ~MessageFlags.Ephemeral } });
  const announce = (how: "beside" | "replace") =>
    how === "replace"
      ? callback(InteractionResponseType.DeferredMessageUpdate)
      : callback(InteractionResponseType.DeferredChannelMessageWithSource, { flags: MessageFlags.Ephemeral });

  async function give(outcome: Outcome, announced: "beside" | "replace" | undefined): Promise<void> {
    switch (outcome.kind) {
      case "open":
        await callback(outcome.type, outcome.data);
        return;
      case "share":
        if (announced !== "replace") await announce("replace");
        await followUp(outcome.message);
        await rest.delete(original, { auth });
        return;
      case "replace":
        if (announced === undefined) await callback(InteractionResponseType.UpdateMessage, outcome.message);
        else await edit(outcome.message);
        return;
      case "beside": {
        const [one, ...others] = outcome.messages.map(alone);
        if (one === undefined) return;
        if (announced === undefined) await callback(InteractionResponseType.ChannelMessageWithSource, one);
        else if (announced === "beside") await edit(one);
        else await followUp(one);
        for (const message of others) await followUp(message);
      }
    }
  }

  return {
    async answer(work, how) {
      const timer = Promise.withResolvers<undefined>();
      const timeout = setTimeout(() => timer.resolve(undefined), DEFER_AFTER_MS);
      try {
        const soon = await Promise.race([work, timer.promise]);
        if (soon !== undefined) return await give(soon, undefined);
      } finally {
        clearTimeout(timeout);
      }
      await announce(how);
      await give(await work, how);
    },
    async first(work) {
      await announce("message" in interaction && interaction.message !== undefined ? "replace" : "beside");
      return work();
    },
    async tell(message) {
      await followUp(alone(message));
    },
    async change(message) {
      await edit(message);
    },
  };
}

/** For the one who asked alone. */
function alone(message: Message): Message {
  return { ...message, flags: (message.flags ?? 0) | MessageFlags.Ephemeral };
}
