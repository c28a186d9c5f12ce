import type { APIModalSubmission } from "discord.js";
import type { BroadcastDesk } from "../../core/broadcast-desk.ts";
import type { FrontDesk } from "../../core/front-desk.ts";
import { judgedSheet } from "../../core/news-sheet.ts";
import { FIELD, sendResultSheet } from "../../core/room-forms.ts";
import { type Look, showing } from "../../core/sheet.ts";
import type { Asker } from "./askers.ts";
import { submitBroadcast } from "./broadcasts.ts";
import { fieldsOf } from "./forms.ts";
import { type Message, noteMessage, replyMessage, sheetMessage } from "./message.ts";
import { decodePress } from "./presses.ts";

/** What came of a sent dialogue. */
export interface Submitted {
  /** For the person alone. */
  readonly told: Message;
  /** What the message that led to the dialogue is from now on. */
  readonly changed?: () => Promise<Message>;
}

/** What each dialogue does. */
export async function submit(
  under: { readonly desk: FrontDesk; readonly broadcastDesk: BroadcastDesk; readonly look: Look },
  asker: Asker,
  data: APIModalSubmission,
): Promise<Submitted> {
  const { desk, look } = under;
  const { visitor, locale: own, surface, ownsMessage } = asker;
  const press = decodePress(data.custom_id);
  const { text, ticked } = fieldsOf(data);
  const locale = desk.locales.find((one) => one === press?.locale) ?? own;
  const told = (key: string) => noteMessage(look, locale, look.translate(locale, key));
  switch (press?.kind) {
    case "flag": {
      const { topic } = press;
      const [why, source] = [text(FIELD.why), text(FIELD.source)];
      const { held, announced } = await desk.flag(visitor, { topic, locale, why, ...(source !== "" && { source }) });
      const shownAnew = async () =>
        replyMessage(
          look,
          showing(await desk.follow("discord", { kind: "topic", topic }, locale)),
          ownsMessage ? surface : "post",
        );
      return {
        told: told(held ? "room.flag.held" : announced ? "room.flag.done" : "room.flag.doneUnannounced"),
        changed: shownAnew,
      };
    }
    case "judge": {
      const { topic, judgement } = press;
      await desk.judge(visitor, judgement, topic, text(FIELD.why), locale);
      const changed = async () => {
        const { reply } = await desk.follow("discord", { kind: "topic", topic }, locale);
        const title = reply.card?.title ?? topic;
        const parts = judgedSheet(look, { judgement, topic, locale, title, userId: visitor.id });
        return sheetMessage(look, locale, parts);
      };
      return { told: told(`room.judge.done.${judgement}`), changed };
    }
    case "gap":
      await desk.reportGap(visitor, text(FIELD.question), locale);
      return { told: told("room.gap.done") };
    case "send": {
      const { topic } = press;
      const request = { topic, locale, number: text(FIELD.number), confirmed: ticked(FIELD.adult) };
      const sendId = await desk.send(visitor, request);
      const status = await desk.sendStatus(visitor, sendId);
      return { told: sheetMessage(look, locale, sendResultSheet(look, { sendId, locale }, status)) };
    }
    case "new-broadcast":
    case "broadcast":
      return { told: await submitBroadcast(under, asker, press, data) };
    default:
      return { told: told("room.unknownButton") };
  }
}
