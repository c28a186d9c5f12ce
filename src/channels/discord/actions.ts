import { InteractionResponseType } from "discord.js";
import type { BroadcastDesk } from "../../core/broadcast-desk.ts";
import { oldSheet } from "../../core/card-sheet.ts";
import type { FrontDesk, Shown } from "../../core/front-desk.ts";
import type { Target } from "../../core/reply.ts";
import {
  type Form,
  flagForm,
  gapForm,
  judgeForm,
  phoneSheet,
  sendForm,
  sendResultSheet,
} from "../../core/room-forms.ts";
import { type Look, showing } from "../../core/sheet.ts";
import type { Locale, TopicId } from "../../core/words.ts";
import type { Asker } from "./askers.ts";
import { actOnBroadcast } from "./broadcasts.ts";
import type { Outcome } from "./exchange.ts";
import { formModal } from "./forms.ts";
import { noteMessage, replyMessage, sheetMessage, sheetMessages } from "./message.ts";
import type { DiscordPress } from "./presses.ts";

/** What each button does. A button that nobody knows any more, or that has lost its object, is answered as well. */
export async function act(
  under: { readonly desk: FrontDesk; readonly broadcastDesk: BroadcastDesk; readonly look: Look },
  asker: Asker,
  press: DiscordPress | undefined,
): Promise<Outcome> {
  const { desk, look } = under;
  const { visitor, surface, ownsMessage } = asker;
  const follow = (target: Target, locale: Locale) => desk.follow("discord", target, locale);
  const topic = (one: TopicId, locale: Locale) => follow({ kind: "topic", topic: one }, locale);
  /** On a message that everyone sees, what somebody looks up is their own. */
  const show = (shown: Shown, how: "replace" | "beside", page = 0): Outcome => {
    const message = replyMessage(look, showing(shown), surface, page);
    return how === "replace" && ownsMessage ? { kind: "replace", message } : { kind: "beside", messages: [message] };
  };
  const open = (form: Form, as: DiscordPress): Outcome => ({
    kind: "open",
    type: InteractionResponseType.Modal,
    data: formModal(form, as),
  });

  if (press === undefined || !desk.locales.includes(press.locale)) return gone(look, asker.locale);
  const { locale } = press;
  switch (press.kind) {
    case "go":
      return show(await follow(press.target, locale), "beside");
    case "step":
      return show(await follow(press.target, locale), "replace");
    case "language":
      return show(await topic(press.topic, locale), "replace");
    case "page":
      return show(await topic(press.topic, locale), "replace", press.page);
    case "post":
      return { kind: "share", message: replyMessage(look, showing(await topic(press.topic, locale)), "post") };
    case "flag":
      desk.demand(visitor, "flag");
      return open(flagForm(look, locale), press);
    case "gap":
      desk.demand(visitor, "report-gap");
      return open(gapForm(look, locale), press);
    case "send":
      desk.demand(visitor, "send");
      return open(sendForm(look, locale), press);
    case "judge":
      desk.demand(visitor, press.judgement);
      return open(judgeForm(look, locale, press.judgement), press);
    case "old": {
      const old = desk.openOld(visitor, press.topic, locale);
      const { reply } = await topic(press.topic, locale);
      const parts = oldSheet(look, reply.card?.title ?? press.topic, old, locale);
      return { kind: "beside", messages: sheetMessages(look, locale, parts) };
    }
    case "phone": {
      const { byPhone } = await desk.extras(press.topic, locale);
      if (byPhone === undefined) return gone(look, locale);
      return { kind: "beside", messages: [sheetMessage(look, locale, phoneSheet(look, locale, byPhone))] };
    }
    case "broadcasts":
    case "new-broadcast":
    case "open-broadcast":
    case "broadcast":
      return actOnBroadcast(under, asker, press);
    case "send-status": {
      const status = await desk.sendStatus(visitor, press.sendId);
      return { kind: "replace", message: sheetMessage(look, locale, sendResultSheet(look, press, status)) };
    }
  }
}

function gone(look: Look, locale: Locale): Outcome {
  return { kind: "beside", messages: [noteMessage(look, locale, look.translate(locale, "room.unknownButton"))] };
}
