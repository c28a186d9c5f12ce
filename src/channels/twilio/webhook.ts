import twilio from "twilio";
import { z } from "zod";
import type { Counter, InboundMessage, Receipt, Route, RouteRequest, RouteResponse } from "../../core/ports.ts";
import type { MediaKind } from "../../core/words.ts";
import { statusOf } from "./channel.ts";
import { classOfCode } from "./errors.ts";
import { channelOf, senderOf } from "./sender.ts";

/** Twilio's forms are a few kB; a message is at most 1,600 characters. */
const BODY_LIMIT = 32 * 1024;

export interface TwilioWebhookOptions {
  readonly publicUrl: string;
  /** Any of these may have signed: two while tokens are being rotated. */
  readonly authTokens: readonly string[];
  readonly accept: (message: InboundMessage) => Promise<unknown>;
  readonly receipt: (receipt: Receipt, channel: "sms" | "whatsapp") => Promise<void>;
  /** Called when a message failed that had buttons. */
  readonly buttonsRefused: () => void;
  readonly counter: Counter;
  readonly now: () => number;
}

/** The routes Twilio calls. What is not signed by the account is refused before anything of it is looked at. */
export function createTwilioRoutes(options: TwilioWebhookOptions): Route[] {
  const { accept, receipt, counter, now } = options;
  const signed = (handle: (request: RouteRequest) => Promise<RouteResponse>) => async (request: RouteRequest) => {
    if (!isSigned(request, options)) {
      counter.count("webhook_refused", { vendor: "twilio" });
      return { status: 403, body: "" };
    }
    return handle(request);
  };
  const undecodable = (): RouteResponse => {
    counter.count("webhook_undecodable", { vendor: "twilio" });
    return { status: 400, body: "" };
  };

  return [
    {
      method: "POST",
      path: "/twilio/messages",
      listener: "public",
      bodyLimit: BODY_LIMIT,
      handle: signed(async (request) => {
        const message = decodeMessage(request.body, now());
        if (message === undefined) return undecodable();
        await accept(message);
        // Empty: the answer goes out through the API, where it has a row, a receipt and a retry.
        return { status: 200, headers: { "content-type": "text/xml" }, body: "<Response/>" };
      }),
    },
    {
      method: "POST",
      path: "/twilio/status",
      listener: "public",
      bodyLimit: BODY_LIMIT,
      handle: signed(async (request) => {
        const decoded = decodeReceipt(request.query, request.body);
        if (decoded === undefined) return undecodable();
        const { hadButtons, channel, ...came } = decoded;
        if (came.error !== undefined)
          counter.count("receipt_failed", { code: came.error.code, class: came.error.class });
        if (hadButtons && came.error !== undefined) options.buttonsRefused();
        await receipt(came, channel);
        return { status: 204, body: "" };
      }),
    },
  ];
}

/** The SDK's own check, against the configured public address: never the Host that a caller sent. */
function isSigned(request: RouteRequest, { publicUrl, authTokens }: TwilioWebhookOptions): boolean {
  const signature = request.headers["x-twilio-signature"];
  if (typeof signature !== "string" || !isForm(request.body)) return false;
  const { body } = request;
  return authTokens.some((token) => twilio.validateRequest(token, signature, publicUrl + request.url, body));
}

function isForm(body: unknown): body is Record<string, unknown> {
  return typeof body === "object" && body !== null;
}

const choiceNumber = z
  .string()
  .regex(/^\d{1,2}$/)
  .optional()
  .catch(undefined);
const degrees = z.coerce.number().min(-180).max(180);

/** The fields Puente reads (twilio.com/docs/messaging/guides/webhook-request). Twilio adds fields without notice. */
const messageForm = z.object({
  MessageSid: z.string().regex(/^(SM|MM)[0-9a-f]{32}$/),
  From: z.string().min(1).max(120),
  Body: z.string().default(""),
  NumMedia: z.coerce.number().int().min(0).catch(0),
  MediaContentType0: z.string().optional(),
  Latitude: degrees.optional(),
  Longitude: degrees.optional(),
  OptOutType: z.enum(["STOP", "START", "HELP"]).optional().catch(undefined),
  /** The id of a tapped quick-reply button or list row: the number that Puente gave it. Any other is not ours. */
  ButtonPayload: choiceNumber,
  ListId: choiceNumber,
  /** WhatsApp's own id of a person who hides the number. */
  ExternalUserId: z.string().min(1).max(200).optional(),
});

/** A signed form as a message, or undefined when it is not one. `at`: when it came in. */
export function decodeMessage(form: unknown, at: number): InboundMessage | undefined {
  const parsed = messageForm.safeParse(form);
  if (!parsed.success) return undefined;
  const { MessageSid, From, Body, NumMedia, MediaContentType0, Latitude, Longitude, OptOutType, ExternalUserId } =
    parsed.data;
  const located = Latitude !== undefined && Longitude !== undefined;
  const number = parsed.data.ButtonPayload ?? parsed.data.ListId;
  return {
    channel: channelOf(From),
    externalId: MessageSid,
    from: senderOf(From, ExternalUserId),
    utterance: {
      // A tapped button or row is the number of its choice, as if the person had typed it; its words come as the body.
      text: number ?? Body,
      ...(number !== undefined && { pressed: Body }),
      ...(located && { location: { lat: Latitude, lon: Longitude } }),
      ...((NumMedia > 0 || located) && { media: located ? "location" : mediaKind(MediaContentType0) }),
    },
    receivedAt: at,
    ...(OptOutType && { answeredByVendor: OptOutType.toLowerCase() as "stop" | "start" | "help" }),
  };
}

function mediaKind(contentType = ""): MediaKind {
  const kind = contentType.split("/")[0];
  if (kind === "audio") return "voice";
  // WhatsApp sends every sticker as WebP, and pictures as JPEG or PNG.
  if (contentType === "image/webp") return "sticker";
  if (kind === "image" || kind === "video") return kind;
  if (contentType.includes("vcard")) return "contact";
  return kind === "application" ? "document" : "other";
}

const receiptForm = z.object({
  To: z.string().default(""),
  MessageSid: z.string().regex(/^(SM|MM)[0-9a-f]{32}$/),
  MessageStatus: z.string(),
  ErrorCode: z
    .string()
    .regex(/^\d{1,6}$/)
    .optional()
    .catch(undefined),
});
const receiptQuery = z.object({
  delivery: z.coerce.number().int().positive(),
  attempt: z.coerce.number().int().positive(),
  buttons: z.literal("1").optional().catch(undefined),
});

interface DecodedReceipt extends Receipt {
  readonly channel: "sms" | "whatsapp";
  /** True for a message that failed because of its buttons. */
  readonly hadButtons: boolean;
}

/** A signed status callback as a receipt, or undefined when it is none of ours. */
export function decodeReceipt(query: unknown, form: unknown): DecodedReceipt | undefined {
  const names = receiptQuery.safeParse(query);
  const parsed = receiptForm.safeParse(form);
  const status = parsed.success ? statusOf(parsed.data.MessageStatus) : undefined;
  if (!names.success || !parsed.success || status === undefined) return undefined;
  const { MessageSid, ErrorCode, To } = parsed.data;
  const code = ErrorCode ?? "none";
  // A message that failed for its buttons goes out again without them.
  const again = names.data.buttons !== undefined && classOfCode(code) === "message";
  return {
    deliveryId: names.data.delivery,
    attempt: names.data.attempt,
    externalId: MessageSid,
    status,
    channel: channelOf(To),
    hadButtons: again,
    ...(status === "failed" && { error: { class: again ? "carrier-transient" : classOfCode(code), code } }),
  };
}
