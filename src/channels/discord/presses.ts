import { z } from "zod";
import { BROADCAST_ACTIONS } from "../../core/broadcast-desk.ts";
import type { Press, TopicPress } from "../../core/sheet.ts";
import { COMMANDS } from "../../core/words.ts";

/** The next piece of an answer that is longer than a message. `old` is the text behind the warning. */
interface PagePress extends TopicPress {
  readonly kind: "page";
  /** From 0. */
  readonly page: number;
}

/** A choice of a menu leads on in its place; the same target elsewhere is shown beside. */
export type DiscordPress =
  | Press
  | PagePress
  | (Omit<Press & { readonly kind: "go" }, "kind"> & { readonly kind: "step" });

/** Discord gives a button 100 characters for what it does (docs.discord.com/developers/components/reference). */
const SEPARATOR = "|";

/**
 * What a button does, in its `custom_id`. Only Discord sends it back, but a message outlives the program that posted it:
 * `decodePress` checks it like any input.
 */
export function encodePress(press: DiscordPress): string {
  return wordsOf(press).join(SEPARATOR);
}

function wordsOf(press: DiscordPress): readonly (string | number)[] {
  switch (press.kind) {
    case "go":
    case "step": {
      const { kind, target, locale } = press;
      if (target.kind === "topic") return [kind, locale, "topic", target.topic];
      if (target.kind === "section") return [kind, locale, "section", target.section, target.page ?? 0];
      return [kind, locale, "command", target.command, ...(target.place === undefined ? [] : [target.place])];
    }
    case "gap":
      return [press.kind, press.locale];
    case "send-status":
      return [press.kind, press.locale, press.sendId];
    case "judge":
      return [press.kind, press.locale, press.topic, press.judgement];
    case "page":
      return [press.kind, press.locale, press.topic, press.page];
    case "broadcasts":
    case "new-broadcast":
      return [press.kind, press.locale];
    case "open-broadcast":
      return [press.kind, press.locale, press.broadcastId];
    case "broadcast":
      return [press.kind, press.locale, press.action, press.broadcastId, press.seal];
    default:
      return [press.kind, press.locale, press.topic];
  }
}

const page = z.coerce.number().int().min(0);
const target = z.union([
  z.tuple([z.literal("topic"), z.string()]).transform(([kind, topic]) => ({ kind, topic })),
  z.tuple([z.literal("section"), z.string(), page]).transform(([kind, section, at]) => ({ kind, section, page: at })),
  z
    .tuple([z.literal("command"), z.enum(COMMANDS), z.string().optional()])
    .transform(([kind, command, place]) => ({ kind, command, ...(place !== undefined && { place }) })),
]);
const press: z.ZodType<DiscordPress> = z.union([
  z.tuple([z.enum(["go", "step"]), z.string()], z.string()).transform(([kind, locale, ...words], { issues }) => {
    const led = target.safeParse(words);
    if (led.success) return { kind, locale, target: led.data };
    issues.push({ code: "custom", message: "leads nowhere", input: words });
    return z.NEVER;
  }),
  z
    .tuple([z.enum(["gap", "broadcasts", "new-broadcast"]), z.string()])
    .transform(([kind, locale]) => ({ kind, locale })),
  z
    .tuple([z.literal("open-broadcast"), z.string(), page])
    .transform(([kind, locale, broadcastId]) => ({ kind, locale, broadcastId })),
  z
    .tuple([z.literal("broadcast"), z.string(), z.enum(BROADCAST_ACTIONS), page, z.string()])
    .transform(([kind, locale, action, broadcastId, seal]) => ({ kind, locale, action, broadcastId, seal })),
  z
    .tuple([z.literal("send-status"), z.string(), page])
    .transform(([kind, locale, sendId]) => ({ kind, locale, sendId })),
  z
    .tuple([z.literal("judge"), z.string(), z.string(), z.enum(["hold", "restore", "dismiss"])])
    .transform(([kind, locale, topic, judgement]) => ({ kind, locale, topic, judgement })),
  z
    .tuple([z.literal("page"), z.string(), z.string(), page])
    .transform(([kind, locale, topic, at]) => ({ kind, locale, topic, page: at })),
  z
    .tuple([z.enum(["language", "post", "flag", "old", "phone", "send"]), z.string(), z.string()])
    .transform(([kind, locale, topic]) => ({ kind, locale, topic })),
]);

/** Undefined for what no button of ours does any more. */
export function decodePress(customId: string): DiscordPress | undefined {
  return press.safeParse(customId.split(SEPARATOR)).data;
}
