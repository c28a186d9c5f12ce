import twilio from "twilio";
import { Pool } from "undici";
import { SendError } from "../../core/errors.ts";

/** A call that takes longer counts as ambiguous. Under half of a delivery's lease (30 s). */
const CALL_TIMEOUT_MS = 12_000;
/** Connections to the API at a time. Twilio answers 429 over the account's own limit, which is obeyed. */
const CONNECTIONS = 50;

export interface TwilioAccount {
  readonly accountSid: string;
  readonly authToken: string;
  /** Another origin than Twilio's own, for all of its hosts: a loopback stand-in. */
  readonly apiUrl?: string;
}

type Sdk = ReturnType<typeof twilio>;

/** The real SDK's client over an undici pool, several times faster than the SDK's own HTTP client (docs/twilio.md). */
export interface TwilioClient extends Pick<Sdk, "messages" | "incomingPhoneNumbers"> {
  readonly accountSid: string;
  /** The account itself: is it open, is it a trial? */
  readonly account: () => ReturnType<ReturnType<Sdk["api"]["accounts"]>["fetch"]>;
  /** The time at Twilio, as its answers carry it (RFC 9110, 6.6.1). */
  readonly serverDate: () => Promise<string>;
  readonly contents: Sdk["content"]["v1"]["contents"];
  readonly services: Sdk["messaging"]["v1"]["services"];
  readonly senders: Sdk["messaging"]["v2"]["channelsSenders"];
  readonly countries: Sdk["accounts"]["v1"]["messagingGeopermissions"];
  close(): Promise<void>;
}

interface SdkRequest {
  readonly method: string;
  readonly uri: string;
  readonly username?: string;
  readonly password?: string;
  readonly headers?: Record<string, string>;
  readonly params?: object;
  readonly data?: object;
}

/** Opens a client for an account. Every call has a timeout. */
export function createTwilioClient({ accountSid, authToken, apiUrl }: TwilioAccount): TwilioClient {
  const pools = new Map<string, Pool>();
  const poolFor = (uri: URL): Pool => {
    const origin = apiUrl ?? uri.origin;
    const open = pools.get(origin);
    if (open !== undefined) return open;
    const pool = new Pool(origin, {
      connections: CONNECTIONS,
      connect: { timeout: CALL_TIMEOUT_MS / 2 },
      headersTimeout: CALL_TIMEOUT_MS,
      bodyTimeout: CALL_TIMEOUT_MS,
    });
    pools.set(origin, pool);
    return pool;
  };
  const request = (sent: SdkRequest) => send(poolFor(new URL(sent.uri)), sent);
  // The SDK asks only for `request`; the rest of its base class belongs to the HTTP client that this one replaces.
  const sdk = twilio(accountSid, authToken, { httpClient: { request } as unknown as twilio.RequestClient });
  return {
    accountSid,
    messages: sdk.messages,
    incomingPhoneNumbers: sdk.incomingPhoneNumbers,
    account: () => sdk.api.accounts(accountSid).fetch(),
    async serverDate() {
      const { headers } = await sdk.api.accounts(accountSid).fetchWithHttpInfo();
      return String((headers as Record<string, unknown>)["date"] ?? "");
    },
    // Each is a part of the SDK that is loaded when it is first used.
    get contents() {
      return sdk.content.v1.contents;
    },
    get services() {
      return sdk.messaging.v1.services;
    },
    get senders() {
      return sdk.messaging.v2.channelsSenders;
    },
    get countries() {
      return sdk.accounts.v1.messagingGeopermissions;
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };
}

/** The SDK's HTTP client contract: a request in its own words, the answer as status, text and headers. */
async function send(pool: Pool, request: SdkRequest) {
  const { pathname, search } = new URL(request.uri);
  const query = encodeForm(request.params);
  const credentials = Buffer.from(`${request.username ?? ""}:${request.password ?? ""}`).toString("base64");
  // The newer of Twilio's APIs (content, senders) take JSON, and the SDK says so.
  const json = request.headers?.["Content-Type"] === "application/json";
  const { "Content-Type": _, ...headers } = request.headers ?? {};
  const answer = await pool.request({
    method: request.method.toUpperCase() as "GET" | "POST" | "DELETE",
    path: `${pathname}${search}${query === "" ? "" : `${search === "" ? "?" : "&"}${query}`}`,
    headers: {
      ...headers,
      authorization: `Basic ${credentials}`,
      "content-type": json ? "application/json" : "application/x-www-form-urlencoded",
    },
    ...(request.data !== undefined && { body: json ? JSON.stringify(request.data) : encodeForm(request.data) }),
    signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
  });
  const text = await answer.body.text();
  if (answer.statusCode === 429) throw new SendError("throttled", "20429", retryAfterMs(answer.headers["retry-after"]));
  return {
    statusCode: answer.statusCode,
    body: text,
    headers: answer.headers,
    toString: () => `HTTP ${answer.statusCode}`,
  };
}

/** A form, with one field for each entry of an array: Twilio's `MediaUrl`. */
function encodeForm(fields: object | undefined): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) form.append(name, String(one));
  }
  return form.toString();
}

/** Retry-After as seconds (RFC 9110, 10.2.3). A date, which Twilio does not send, is ignored. */
function retryAfterMs(header: string | string[] | undefined): number | undefined {
  const seconds = Number(Array.isArray(header) ? header[0] : header);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
}
