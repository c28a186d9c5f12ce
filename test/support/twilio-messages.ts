import { randomBytes } from "node:crypto";
import { countSegments } from "../../src/core/segments.ts";
import type { Rendered } from "./twilio-contents.ts";
import { pageOf } from "./twilio-pages.ts";

/** A message as Twilio keeps it (Messages resource, API 2010-04-01). */
export interface FakeMessage {
  readonly sid: string;
  readonly direction: "inbound" | "outbound-api";
  readonly to: string;
  readonly from: string;
  readonly createdAt: number;
  readonly statusCallback: string | undefined;
  readonly validityPeriod: number | undefined;
  readonly buttons: Rendered["buttons"];
  readonly segments: number;
  /** What the phone shows, whatever became of the body. */
  readonly said: string;
  body: string;
  media: string[];
  status: string;
  errorCode: number | undefined;
}

/** Nothing more becomes of these, except that somebody may read what was delivered. */
const FINAL = new Set(["delivered", "undelivered", "failed", "read", "received", "canceled"]);
/** What Twilio takes for a segment here; the real prices are in docs/twilio.md. */
const PRICE = 0.0083;

/** Words that Twilio acts on by itself (its guide, twilio.com/docs/messaging/tutorials/advanced-opt-out). */
export const STOP_WORDS = new Set(["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"]);
export const START_WORDS = new Set(["START", "YES", "UNSTOP"]);

export const isFinal = ({ status }: FakeMessage): boolean => FINAL.has(status);

/** What a create call makes of its form. `filled`: the content it names, with its variables. */
export function outboundMessage(form: URLSearchParams, filled: Rendered | undefined, createdAt: number): FakeMessage {
  const to = form.get("To") ?? "";
  const body = filled?.body ?? form.get("Body") ?? "";
  const validity = form.get("ValidityPeriod");
  return {
    sid: `SM${randomBytes(16).toString("hex")}`,
    direction: "outbound-api",
    to,
    from: form.get("From") ?? form.get("MessagingServiceSid") ?? "",
    said: body,
    body: form.get("ContentRetention") === "discard" ? "" : body,
    createdAt,
    statusCallback: form.get("StatusCallback") ?? undefined,
    validityPeriod: validity === null ? undefined : Number(validity),
    buttons: filled?.buttons ?? [],
    segments: to.startsWith("whatsapp:") ? 1 : countSegments(body).segments,
    media: [],
    status: "queued",
    errorCode: undefined,
  };
}

/** The code of Twilio's error pages for a create call that the description forbids; 20001 where it has none of its own. */
export function createRefusal(form: URLSearchParams): number {
  if (!form.has("To")) return 21604;
  if (!form.has("From") && !form.has("MessagingServiceSid")) return 21603;
  if ([...(form.get("Body") ?? "")].length > 1600) return 21617;
  return (form.get("Body") ?? "") === "" && !form.has("ContentSid") ? 21602 : 20001;
}

/** A message from a phone, with so many media. */
export function inboundMessage(
  { sid, to, from, text }: { readonly sid: string; readonly to: string; readonly from: string; readonly text: string },
  media: number,
  createdAt: number,
): FakeMessage {
  return {
    ...{ sid, to, from, createdAt, direction: "inbound", said: text, body: text, status: "received", segments: 1 },
    ...{ statusCallback: undefined, validityPeriod: undefined, errorCode: undefined, buttons: [] },
    media: Array.from({ length: media }, () => `ME${randomBytes(16).toString("hex")}`),
  };
}

/** The answer to a list call: newest first, by the page it asks for. */
export function messageList(messages: Iterable<FakeMessage>, url: URL, accountSid: string): object {
  const query = url.searchParams;
  const [to, from] = [query.get("To"), query.get("From")];
  const after = Date.parse(query.get("DateSent>") ?? "") || 0;
  const before = Date.parse(query.get("DateSent<") ?? "") || Number.POSITIVE_INFINITY;
  const listed = [...messages]
    .filter((message) => (to === null || message.to === to) && (from === null || message.from === from))
    .filter(({ createdAt }) => createdAt >= after && createdAt <= before)
    .sort((a, b) => b.createdAt - a.createdAt);
  return pageOf("messages", listed, url, (message) => messageResource(message, accountSid));
}

/** `api.v2010.account.message` of the description. */
export function messageResource(message: FakeMessage, accountSid: string): object {
  const { sid, to, from, body, status, direction, media, errorCode, segments } = message;
  const isFromService = from.startsWith("MG");
  const isQueued = status === "queued";
  const at = new Date(message.createdAt).toUTCString().replace("GMT", "+0000");
  const uri = `/2010-04-01/Accounts/${accountSid}/Messages/${sid}`;
  return {
    ...{ sid, account_sid: accountSid, to, body, status, direction, api_version: "2010-04-01" },
    from: isFromService ? null : from,
    messaging_service_sid: isFromService ? from : null,
    ...{ date_created: at, date_sent: isQueued ? null : at, date_updated: at },
    ...{ error_code: errorCode ?? null, error_message: null, num_media: String(media.length) },
    // "For messages sent via a Messaging Service, num_segments is initially 0, since a sender hasn't yet been assigned."
    num_segments: String(isFromService && isQueued ? 0 : segments),
    ...{ price: isFinal(message) ? (-PRICE * segments).toFixed(5) : null, price_unit: isQueued ? null : "USD" },
    ...{ uri: `${uri}.json`, subresource_uris: { media: `${uri}/Media.json` } },
  };
}
