import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import twilio from "twilio";
import { createFakeAccount, type FakeAccount } from "./twilio-account.ts";
import { contentResource, type FakeContent, makeContent, render, submit } from "./twilio-contents.ts";
import {
  createRefusal,
  type FakeMessage,
  inboundMessage,
  isFinal,
  messageList,
  messageResource,
  outboundMessage,
  START_WORDS,
  STOP_WORDS,
} from "./twilio-messages.ts";
import { metaPageOf, pageOf } from "./twilio-pages.ts";
import { RULES, type Rule, violationsOf } from "./twilio-rules.ts";

export type { FakeMessage };

export const ACCOUNT_SID = `AC${"a1".repeat(16)}`;
export const AUTH_TOKEN = "0123456789abcdef0123456789abcdef";
const OURS = "+12025550100";

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

/**
 * Twilio on loopback, with state: it checks every request against the published description (`twilio-rules.ts`), and
 * what it accepts can be listed, redacted and deleted later. What it posts itself, its error codes and that only a finished
 * message can be taken away are in Twilio's guides (twilio.com/docs/usage/webhooks, /api/errors, /messaging/api).
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
    const url = new URL(request.url ?? "/", fake.url);
    const rule = RULES.find(({ method, path }) => method === request.method && path.test(url.pathname));
    if (rule === undefined) {
      violations.push(`no such operation: ${request.method} ${url.pathname}`);
      return refuse(404, 20404, "Not found");
    }
    calls.push(rule.operation);
    const problems = violationsOf(rule, url.searchParams, raw, request.headers["content-type"]);
    if (problems.length > 0) {
      violations.push(...problems);
      const code = rule.operation === "CreateMessage" ? createRefusal(new URLSearchParams(raw)) : 20001;
      return refuse(400, code, problems.join("; "));
    }
    if (rule.operation === "CreateMessage") return create(new URLSearchParams(raw), response, answer, refuse);
    const shown = carryOut(rule, url, raw);
    if (shown === undefined) return refuse(404, 20404, "Not found");
    return "code" in shown ? refuse(400, shown.code, shown.why) : answer(rule.status, shown.body);
  }

  /** What an operation answers, or the code it is refused with. Undefined: there is no such thing. */
  function carryOut(
    { operation }: Rule,
    url: URL,
    raw: string,
  ): { readonly body?: object } | { readonly code: number; readonly why: string } | undefined {
    const [sid = ""] = /(SM|MM|HX)[0-9a-f]{32}/.exec(url.pathname) ?? [];
    const message = stored.get(sid);
    const content = contents.find((one) => one.sid === sid);
    switch (operation) {
      case "ListMessage":
        return { body: messageList(stored.values(), url, ACCOUNT_SID) };
      case "FetchMessage":
        return message && { body: messageResource(message, ACCOUNT_SID) };
      case "UpdateMessage":
      case "DeleteMessage":
        if (message === undefined) return undefined;
        if (!isFinal(message)) return { code: 20009, why: "delivery is not complete" };
        if (operation === "DeleteMessage") stored.delete(sid);
        if (new URLSearchParams(raw).has("Body")) message.body = "";
        return operation === "DeleteMessage" ? {} : { body: messageResource(message, ACCOUNT_SID) };
      case "ListMedia":
        return message && { body: pageOf("media_list", message.media, url, (one) => ({ sid: one, parent_sid: sid })) };
      case "DeleteMedia":
        if (message !== undefined) message.media = message.media.filter((one) => !url.pathname.includes(one));
        return message && {};
      case "ListContent":
        return { body: metaPageOf("contents", contents.map(contentResource), url) };
      case "CreateContent": {
        const made = makeContent(JSON.parse(raw));
        if (typeof made === "string") violations.push(`CreateContent: ${made}`);
        else contents.push(made);
        return typeof made === "string" ? { code: 60400, why: made } : { body: contentResource(made) };
      }
      case "FetchApprovalFetch":
        return content && { body: { sid, account_sid: ACCOUNT_SID, whatsapp: content.approval ?? {} } };
      case "CreateApprovalCreate": {
        const wrong = content && submit(content, JSON.parse(raw));
        if (wrong !== undefined) violations.push(`CreateApprovalCreate: ${wrong}`);
        return wrong === undefined ? content && { body: { ...content.approval } } : { code: 60400, why: wrong };
      }
      default: {
        const body = account.handle(operation, url, raw);
        return body && { body };
      }
    }
  }

  function create(
    form: URLSearchParams,
    response: ServerResponse,
    answer: (status: number, body?: object) => void,
    refuse: (status: number, code: number, message: string, headers?: Record<string, string>) => void,
  ) {
    const contentSid = form.get("ContentSid");
    const content = contents.find(({ sid }) => sid === contentSid);
    const filled = content && render(content, form.get("ContentVariables"));
    if (contentSid !== null && content === undefined) return refuse(400, 20404, "no such content");
    if (typeof filled === "number") {
      violations.push(`ContentVariables: ${filled}`);
      return refuse(400, filled, "the content cannot be filled in");
    }
    const behaviour = fake.behave(form, ++creates);
    if (typeof behaviour === "object") {
      const headers = behaviour.retryAfter === undefined ? {} : { "retry-after": String(behaviour.retryAfter) };
      return refuse(behaviour.status, behaviour.code, "refused by the test", headers);
    }
    if (behaviour === "never-answer") return void hanging.add(response);
    if (behaviour === "cut") return void response.destroy();
    if (optedOut.has(form.get("To") ?? "")) return refuse(400, 21610, "Attempt to send to unsubscribed recipient");
    const message = outboundMessage(form, filled, now());
    messages.push(message);
    stored.set(message.sid, message);
    if (behaviour === "lost-answer") return void hanging.add(response);
    if (behaviour === "reset") return void response.destroy();
    answer(201, messageResource(message, ACCOUNT_SID));
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
      if (!isFinal(message) || status === "read") message.status = status;
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
      const { MessageSid: sid = "" } = form;
      const message = inboundMessage({ sid, to, from, text }, media.length, now());
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
