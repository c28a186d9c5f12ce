import { z } from "zod";
import type { PrivateMatter } from "../../core/front-desk.ts";
import type { InboundMessage } from "../../core/ports.ts";
import type { MediaKind } from "../../core/words.ts";
import { threadOf } from "./threads.ts";

/** The fields Puente reads (docs.slack.dev/reference/events/message). Slack adds fields without notice. */
const envelope = z.object({
  event_id: z.string().min(1),
  team_id: z.string().min(1),
  event: z.object({
    type: z.enum(["message", "app_mention"]),
    channel: z.string().min(1),
    channel_type: z.string().optional(),
    user: z.string().min(1),
    text: z.string().default(""),
    ts: z.string().min(1),
    thread_ts: z.string().optional(),
    subtype: z.string().optional(),
    bot_id: z.string().optional(),
    edited: z.unknown().optional(),
    hidden: z.boolean().optional(),
    files: z.array(z.object({ mimetype: z.string().default("") })).optional(),
  }),
});

export interface DecodeOptions {
  readonly screen: (text: string) => PrivateMatter | undefined;
  /** Our own user in this workspace, where it is known. */
  readonly botUserId: string | undefined;
  readonly receivedAt: number;
}

export interface Decoded {
  readonly message: InboundMessage;
  readonly user: string;
  readonly channel: string;
  readonly matter: PrivateMatter | undefined;
}

/**
 * A message somebody wrote to Puente: in a direct message, or by naming it in a room. Undefined for everything else
 * Slack sends under the same events: other bots, our own echoes, edits, deletions, joins.
 *
 * In a room every thread is a conversation of its own; a mention outside a thread opens one.
 */
export function decodeMessage(body: unknown, { screen, botUserId, receivedAt }: DecodeOptions): Decoded | undefined {
  const parsed = envelope.safeParse(body);
  if (!parsed.success) return undefined;
  const { event, event_id, team_id } = parsed.data;
  const { type, channel, user, ts, thread_ts, subtype, bot_id, edited, hidden, files = [] } = event;
  if (bot_id !== undefined || edited !== undefined || hidden === true || user === botUserId) return undefined;
  if (subtype !== undefined && subtype !== "file_share") return undefined;
  const direct = event.channel_type === "im";
  if (type === "message" && !direct) return undefined;

  const text = plainText(event.text, botUserId);
  const matter = screen(text);
  const threadTs = direct ? thread_ts : (thread_ts ?? ts);
  const where = { channel, privately: matter !== undefined && !direct, ...(threadTs !== undefined && { threadTs }) };
  const media = mediaKind(files[0]?.mimetype);
  return {
    user,
    channel,
    matter,
    message: {
      channel: "slack",
      // Slack repeats an event under its id; the number of the retry says nothing about what arrived before.
      externalId: event_id,
      from: { id: `${team_id}:${user}`, address: user },
      thread: threadOf(where),
      utterance: { text, ...(media !== undefined && { media }) },
      receivedAt,
    },
  };
}

/** Slack's escapes and references as people read them; our own name is taken away. */
export function plainText(text: string, botUserId?: string): string {
  return text
    .replace(/<@([A-Z0-9]+)(?:\|[^>]*)?>/g, (_, id: string) => (id === botUserId ? " " : "@"))
    .replace(/<#[A-Z0-9]+(?:\|([^>]*))?>/g, (_, name: string | undefined) => `#${name ?? ""}`)
    .replace(/<!([^>|]*)(?:\|[^>]*)?>/g, " ")
    .replace(/<([^>|]+)(?:\|([^>]*))?>/g, (_, url: string, label: string | undefined) => label ?? url)
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .trim();
}

function mediaKind(mimetype: string | undefined): MediaKind | undefined {
  if (mimetype === undefined) return undefined;
  const kind = mimetype.split("/")[0];
  if (kind === "audio") return "voice";
  return kind === "image" || kind === "video" ? kind : "document";
}
