import { z } from "zod";
import { BROADCAST_ACTIONS } from "../../core/broadcast-desk.ts";
import { COMMANDS } from "../../core/words.ts";

/**
 * What a button carries. Slack signs what comes back, but a message outlives the program that posted it: what an old
 * button says is checked like any input.
 */
const target = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("topic"), topic: z.string() }),
  z.strictObject({ kind: z.literal("section"), section: z.string(), page: z.number().exactOptional() }),
  z.strictObject({ kind: z.literal("command"), command: z.enum(COMMANDS), place: z.string().exactOptional() }),
]);

const goValue = z.strictObject({ target, locale: z.string() });
const topicValue = z.strictObject({
  topic: z.string(),
  locale: z.string(),
  /** Where the message with the button can be replaced for the next 30 minutes, and what it is shown as. */
  url: z.string().exactOptional(),
  surface: z.enum(["private", "thread", "modal", "post"]).exactOptional(),
});
const sendValue = z.strictObject({ sendId: z.number(), locale: z.string() });
const judgeValue = topicValue.extend({ judgement: z.enum(["hold", "restore", "dismiss"]) });
/** A form's: without a number for a new broadcast. */
const broadcastFormValue = z.strictObject({ broadcastId: z.number().exactOptional(), locale: z.string() });
const broadcastValue = z.strictObject({
  action: z.enum(BROADCAST_ACTIONS),
  broadcastId: z.number(),
  seal: z.string(),
  locale: z.string(),
});
const localeValue = z.strictObject({ locale: z.string() });

export type GoValue = z.infer<typeof goValue>;
export type TopicValue = z.infer<typeof topicValue>;
export type SendValue = z.infer<typeof sendValue>;
export type JudgeValue = z.infer<typeof judgeValue>;

export type BroadcastFormValue = z.infer<typeof broadcastFormValue>;
export type BroadcastValue = z.infer<typeof broadcastValue>;

export const encode = (
  value:
    | GoValue
    | TopicValue
    | SendValue
    | JudgeValue
    | BroadcastValue
    | BroadcastFormValue
    | { readonly locale: string },
): string => JSON.stringify(value);

function decoder<T>(schema: z.ZodType<T>): (text: string | undefined) => T | undefined {
  return (text) => {
    try {
      return schema.parse(JSON.parse(text ?? ""));
    } catch {
      return undefined;
    }
  };
}

export const decodeGo = decoder(goValue);
export const decodeTopic = decoder(topicValue);
export const decodeSend = decoder(sendValue);
export const decodeJudge = decoder(judgeValue);
export const decodeBroadcast = decoder(broadcastValue);
export const decodeBroadcastForm = decoder(broadcastFormValue);
export const decodeLocale = decoder(localeValue);

/** Action and callback ids: what a button or a modal is for. */
export const ACTION = {
  /** Leads to the target of a choice. */
  go: "go",
  /** Shows the same in another language, in place. */
  language: "language",
  post: "post",
  flag: "flag",
  old: "old",
  phone: "phone",
  sendForm: "send",
  sendStatus: "send-status",
  gap: "gap",
  judge: "judge",
  search: "search",
  homeLanguage: "home-language",
  /** The list of broadcasts, one of it, a new one, and what is done with the one that is shown. */
  broadcasts: "broadcasts",
  openBroadcast: "open-broadcast",
  newBroadcast: "new-broadcast",
  broadcast: "broadcast",
  broadcastTest: "broadcast-test",
} as const;
