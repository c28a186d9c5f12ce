import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import twilio from "twilio";
import { countSegments } from "../../src/core/segments.ts";
import { createFakeAccount, type FakeAccount } from "./twilio-account.ts";
import { type FakeContent, makeContent, type Rendered, render } from "./twilio-contents.ts";
import { RULES, type Rule, violationsOf } from "./twilio-rules.ts";

export const ACCOUNT_SID = `AC${"a1".repeat(16)}`;
export const AUTH_TOKEN = "0123456789abcdef0123456789abcdef";
const OURS = "+12025550100";

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

/**
 * What the stand-in does with one create call. `lost-answer` accepts the message and never answers, `reset` accepts it and
 * cuts the line, `cut` cuts the line before.
 */
export type Behaviour =
  | "accept"
  | "lost-answer"
  | "never-answer"
  | "reset"
  | "cut"
  | { readonly status: number; readonly code: number; readonly retryAfter?: number };

export interface FakeTwilio {
  readonly url: string;
  /** Every message accepted for sending, in order: the vendor's own log. What is deleted through the API stays in it. */
  readonly messages: FakeMessage[];
  /** Messages that came in through `inbound`. */
  readonly received: FakeMessage[];
  /** What the API still shows, by SID. */
  readonly stored: Map<string, FakeMessage>;
  readonly contents: FakeContent[];
  /** Numbers, services, senders and countries: what the set-up looks at. */
  readonly account: FakeAccount;
  /** Who has said STOP, as the vendor keeps it. */
  readonly optedOut: Set<string>;
  /** Operations called, in order. */
  readonly calls: string[];
  /** Requests that do not hold against the published description. */
  readonly violations: string[];
  /** Decides about each create call; default: accept. */
  behave: (form: URLSearchParams, call: number) => Behaviour;
  /** Posts a signed status callback for a message, as Twilio does. */
  callback(message: FakeMessage, status: string, errorCode?: number): Promise<number>;
  /**
   * A message from a phone: kept, and posted to `webhook` unless that is left out, as when the webhook is lost. One of
   * Twilio's own opt-out words on SMS is obeyed first.
   */
  inbound(text: string, options?: InboundOptions): Promise<{ readonly sid: string; readonly status?: number }>;
  close(): Promise<void>;
}

interface InboundOptions {
  readonly webhook?: string;
  readonly from?: string;
  readonly to?: string;
  readonly media?: readonly string[];
  readonly more?: Readonly<Record<string, string>>;
  /** Advanced Opt-Out: the vendor answers STOP itself and says so in the form. */
  readonly advancedOptOut?: boolean;
}

/** Words that Twilio acts on by itself (twilio.com/docs/messaging/tutorials/advanced-opt-out). */
const STOP_WORDS = new Set(["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"]);
const START_WORDS = new Set(["START", "YES", "UNSTOP"]);
const FINAL = new Set(["delivered", "undelivered", "failed", "read", "received", "canceled"]);

/**
 * Twilio on loopback, with state: it checks every request against the published description (`twilio-rules.ts`), and
 * what it accepts can be listed, redacted and deleted later.
 */
export async function startFakeTwilio(
  options: { readonly port?: number; readonly authToken?: string; readonly now?: () => number } = {},
): Promise<FakeTwilio> {
  const authToken = options.authToken ?? AUTH_TOKEN;
  const now = options.now ?? Date.now;
  const messages: FakeMessage[] = [];
  const received: FakeMessage[] = [];
  const contents: FakeContent[] = [];
  const optedOut = new Set<string>();
  const account = createFakeAccount(ACCOUNT_SID);
  const calls: string[] = [];
  const violations: string[] = [];
  let creates = 0;
  const hanging = new Set<ServerResponse>();
  const stored = new Map<string, FakeMessage>();

  const server = createServer((request, response) => {
    void handle(request, response).catch(() => response.destroy());
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = (status: number, body?: object, headers: Record<string, string> = {}) => {
      response
        .writeHead(status, { "content-type": "application/json", ...headers })
        .end(body === undefined ? undefined : JSON.stringify(body));
    };
    const refuse = (status: number, code: number, message: string, headers?: Record<string, string>) =>
      answer(status, { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status }, headers);
    const expected = `Basic ${Buffer.from(`${ACCOUNT_SID}:${authToken}`).toString("base64")}`;
    const raw = await bodyOf(request);
    if (request.headers.authorization !== expected) return refuse(401, 20003, "Authenticate");
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const rule = RULES.find(({ method, path }) => method === request.method && path.test(url.pathname));
    if (rule === undefined) {
      violations.push(`no such operation: ${request.method} ${url.pathname}`);
      return refuse(404, 20404, "Not found");
    }
    calls.push(rule.operation);
    const isForm = rule.json === undefined && request.method === "POST";
    const parameters = isForm ? new URLSearchParams(raw) : url.searchParams;
    const problems = violationsOf(rule, parameters);
    if (problems.length > 0) {
      violations.push(...problems);
      return refuse(400, codeFor(rule, parameters), problems.join("; "));
    }

    const [sid = ""] = /(SM|MM|HX)[0-9a-f]{32}/.exec(url.pathname) ?? [];
    const message = stored.get(sid);
    switch (rule.operation) {
      case "CreateMessage":
        return create(parameters, response, answer, refuse);
      case "ListMessage":
        return answer(200, list(parameters, url.pathname));
      case "FetchMessage":
        return message ? answer(200, toResource(message)) : refuse(404, 20404, "Not found");
      case "UpdateMessage":
      case "DeleteMessage":
        if (message === undefined) return refuse(404, 20404, "Not found");
        if (!FINAL.has(message.status)) return refuse(400, 20009, "delivery is not complete");
        if (rule.operation === "DeleteMessage") {
          stored.delete(sid);
          return answer(204);
        }
        message.body = "";
        return answer(200, toResource(message));
      case "ListMedia":
        if (message === undefined) return refuse(404, 20404, "Not found");
        return answer(200, { media_list: message.media.map((one) => ({ sid: one })), ...lastPage(url.pathname) });
      case "DeleteMedia":
        if (message !== undefined) message.media = message.media.filter((one) => !url.pathname.includes(one));
        return answer(204);
      case "ListContent":
        return answer(200, { contents, meta: { ...lastPage(url.pathname), key: "contents", next_page_url: null } });
      case "CreateContent": {
        const made = makeContent(JSON.parse(raw));
        if (typeof made !== "string") contents.push(made);
        else violations.push(`CreateContent: ${made}`);
        return typeof made === "string" ? refuse(400, 60400, made) : answer(201, made);
      }
      case "FetchApprovalFetch":
        return answer(200, { sid, whatsapp: contents.find((one) => one.sid === sid)?.approval ?? {} });
      case "CreateApprovalCreate": {
        const content = contents.find((one) => one.sid === sid);
        if (content === undefined) return refuse(404, 20404, "Not found");
        content.approval = { ...JSON.parse(raw), status: "received" };
        return answer(201, content.approval);
      }
      default: {
        const shown = account.handle(rule.operation, url, isForm ? parameters : raw);
        return shown === undefined ? refuse(404, 20404, "Not found") : answer(200, shown);
      }
    }
  }

  function create(
    form: URLSearchParams,
    response: ServerResponse,
    answer: (status: number, body?: object) => void,
    refuse: (status: number, code: number, message: string, headers?: Record<string, string>) => void,
  ) {
    const to = form.get("To") ?? "";
    const contentSid = form.get("ContentSid");
    const content = contents.find(({ sid }) => sid === contentSid);
    const filled = content && render(content, form.get("ContentVariables"));
    if (contentSid !== null && content === undefined) return refuse(400, 20404, "no such content");
    if (typeof filled === "number") {
      violations.push(`ContentVariables: ${filled}`);
      return refuse(400, filled, "the content cannot be filled in");
    }
    creates += 1;
    const behaviour = fake.behave(form, creates);
    if (typeof behaviour === "object") {
      const headers = behaviour.retryAfter === undefined ? {} : { "retry-after": String(behaviour.retryAfter) };
      return refuse(behaviour.status, behaviour.code, "refused by the test", headers);
    }
    if (behaviour === "never-answer") return void hanging.add(response);
    if (behaviour === "cut") return void response.destroy();
    if (optedOut.has(to)) return refuse(400, 21610, "Attempt to send to unsubscribed recipient");
    const body = filled?.body ?? form.get("Body") ?? "";
    const validity = form.get("ValidityPeriod");
    const message: FakeMessage = {
      sid: `SM${randomBytes(16).toString("hex")}`,
      direction: "outbound-api",
      to,
      from: form.get("From") ?? form.get("MessagingServiceSid") ?? "",
      said: body,
      body: form.get("ContentRetention") === "discard" ? "" : body,
      createdAt: now(),
      statusCallback: form.get("StatusCallback") ?? undefined,
      validityPeriod: validity === null ? undefined : Number(validity),
      buttons: filled?.buttons ?? [],
      segments: to.startsWith("whatsapp:") ? 1 : countSegments(body).segments,
      media: [],
      status: "queued",
      errorCode: undefined,
    };
    messages.push(message);
    stored.set(message.sid, message);
    if (behaviour === "lost-answer") return void hanging.add(response);
    if (behaviour === "reset") return void response.destroy();
    answer(201, toResource(message));
  }

  function list(query: URLSearchParams, path: string): object {
    const to = query.get("To");
    const after = Date.parse(query.get("DateSent>") ?? "") || 0;
    const listed = [...stored.values()]
      .filter((message) => (to === null || message.to === to) && message.createdAt >= after)
      .sort((a, b) => b.createdAt - a.createdAt);
    const size = Number(query.get("PageSize") ?? 50);
    const page = Number(query.get("Page") ?? 0);
    const next = new URLSearchParams(query);
    next.set("Page", String(page + 1));
    return {
      ...lastPage(path),
      messages: listed.slice(page * size, (page + 1) * size).map(toResource),
      next_page_uri: listed.length > (page + 1) * size ? `${path}?${next}` : null,
    };
  }

  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  const fake: FakeTwilio = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    messages,
    received,
    stored,
    contents,
    account,
    optedOut,
    calls,
    violations,
    behave: () => "accept",
    async callback(message, status, errorCode) {
      if (message.statusCallback === undefined) throw new Error("this message has no status callback");
      // What is final here stays so, whatever order receipts are posted in.
      if (!FINAL.has(message.status) || status === "read") message.status = status;
      if (errorCode !== undefined) message.errorCode = errorCode;
      return postSigned(message.statusCallback, {
        AccountSid: ACCOUNT_SID,
        MessageSid: message.sid,
        MessageStatus: status,
        To: message.to,
        From: message.from,
        ...(errorCode !== undefined && { ErrorCode: String(errorCode) }),
      });
    },
    async inbound(text, { webhook, from = "+12025550123", to = OURS, media = [], more = {}, advancedOptOut } = {}) {
      const form = inboundForm(text, { From: from, To: to, NumMedia: String(media.length), ...more });
      media.forEach((type, index) => {
        form[`MediaContentType${index}`] = type;
      });
      const sid = form["MessageSid"] ?? "";
      const message: FakeMessage = {
        sid,
        direction: "inbound",
        to,
        from,
        said: text,
        body: text,
        createdAt: now(),
        statusCallback: undefined,
        validityPeriod: undefined,
        buttons: [],
        segments: 1,
        media: media.map(() => `ME${randomBytes(16).toString("hex")}`),
        status: "received",
        errorCode: undefined,
      };
      received.push(message);
      stored.set(sid, message);
      const word = text.trim().toUpperCase();
      if (!from.startsWith("whatsapp:") && STOP_WORDS.has(word)) optedOut.add(from);
      if (START_WORDS.has(word)) optedOut.delete(from);
      if (advancedOptOut && STOP_WORDS.has(word)) form["OptOutType"] = "STOP";
      return { sid, ...(webhook !== undefined && { status: await postSigned(webhook, form) }) };
    },
    async close() {
      for (const response of hanging) response.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return fake;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** The code Twilio gives for a create call that breaks a rule; 20001 for any other. */
function codeFor({ operation }: Rule, parameters: URLSearchParams): number {
  if (operation !== "CreateMessage") return 20001;
  if (!parameters.has("To")) return 21604;
  if (!parameters.has("From") && !parameters.has("MessagingServiceSid")) return 21603;
  if ([...(parameters.get("Body") ?? "")].length > 1600) return 21617;
  return (parameters.get("Body") ?? "") === "" && !parameters.has("ContentSid") ? 21602 : 20001;
}

function lastPage(path: string): object {
  return { page: 0, page_size: 50, next_page_uri: null, previous_page_uri: null, uri: path };
}

/** What Twilio takes for a segment here; the real prices are in docs/twilio.md. */
const PRICE = 0.0083;

function toResource(message: FakeMessage): object {
  const service = message.from.startsWith("MG");
  const outbound = message.direction === "outbound-api";
  const at = new Date(message.createdAt).toUTCString();
  return {
    sid: message.sid,
    account_sid: ACCOUNT_SID,
    to: message.to,
    from: service ? null : message.from,
    messaging_service_sid: service ? message.from : null,
    body: message.body,
    status: message.status,
    direction: message.direction,
    date_created: at,
    date_sent: outbound && message.status === "queued" ? null : at,
    date_updated: at,
    error_code: message.errorCode ?? null,
    error_message: null,
    num_media: String(message.media.length),
    num_segments: String(message.segments),
    price: FINAL.has(message.status) ? (-PRICE * message.segments).toFixed(5) : null,
    price_unit: "USD",
    api_version: "2010-04-01",
    subresource_uris: {},
    uri: `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages/${message.sid}.json`,
  };
}

/** Posts a form signed as Twilio signs it, with the SDK's own function. Resolves to the status code. */
export async function postSigned(
  url: string,
  form: Readonly<Record<string, string>>,
  options: { readonly authToken?: string; readonly signedUrl?: string; readonly signature?: string } = {},
): Promise<number> {
  const { authToken = AUTH_TOKEN, signedUrl = url } = options;
  const signature = options.signature ?? twilio.getExpectedTwilioSignature(authToken, signedUrl, form);
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", "x-twilio-signature": signature },
    body: new URLSearchParams(form),
  });
  await response.arrayBuffer();
  return response.status;
}

/** The form Twilio posts for an inbound message. Numbers are fictional. */
export function inboundForm(text: string, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    MessageSid: `SM${randomBytes(16).toString("hex")}`,
    AccountSid: ACCOUNT_SID,
    From: "+12025550123",
    To: OURS,
    Body: text,
    NumMedia: "0",
    NumSegments: "1",
    ApiVersion: "2010-04-01",
    ...more,
  };
}
