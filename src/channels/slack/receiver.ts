import { type App, isValidSlackRequest, type Receiver, type ReceiverEvent } from "@slack/bolt";
import type { Clock, Counter, Route, RouteRequest, RouteResponse } from "../../core/ports.ts";

/** Slack's largest payload here is a submitted form; a message is at most 40,000 characters. */
const BODY_LIMIT = 256 * 1024;
/** Slack's own window for a request's age, applied to the future as well: clocks differ, but not by more. */
const WINDOW_S = 5 * 60;

export interface HttpReceiver {
  readonly receiver: Receiver;
  readonly route: Route;
}

/**
 * Bolt's receiver as a route of our own server: one port, one log and one shutdown for every vendor. What is not signed
 * with the secret, too old, or from the future, is refused before anything of it is looked at.
 */
export function createHttpReceiver(options: {
  readonly signingSecret: string;
  readonly clock: Clock;
  readonly counter: Counter;
}): HttpReceiver {
  const { signingSecret, clock, counter } = options;
  let app: App | undefined;

  async function handle(request: RouteRequest): Promise<RouteResponse> {
    const raw = typeof request.body === "string" ? request.body : "";
    if (!isSigned(request, raw, signingSecret, clock.now())) {
      counter.count("webhook_refused", { vendor: "slack" });
      return { status: 401, body: "" };
    }
    const body = parse(raw, String(request.headers["content-type"] ?? ""));
    if (body === undefined) {
      counter.count("webhook_undecodable", { vendor: "slack" });
      return { status: 400, body: "" };
    }
    if (body["ssl_check"] !== undefined) return { status: 200, body: "" };
    if (body["type"] === "url_verification") return answer({ challenge: body["challenge"] });
    if (app === undefined) return { status: 503, body: "" };
    const retryNum = Number(request.headers["x-slack-retry-num"]);
    return dispatch(app, body, Number.isNaN(retryNum) ? {} : { retryNum });
  }

  return {
    receiver: {
      init(started) {
        app = started;
      },
      start: async () => {},
      stop: async () => {},
    },
    route: { method: "POST", path: "/slack/events", listener: "public", bodyLimit: BODY_LIMIT, rawBody: true, handle },
  };
}

/** Runs a payload through Bolt and answers as soon as a handler does; an event only once it has been handled. */
async function dispatch(
  app: App,
  body: Record<string, unknown>,
  retry: Pick<ReceiverEvent, "retryNum">,
): Promise<RouteResponse> {
  return new Promise((resolve) => {
    const event = {
      body,
      ...retry,
      ack: async (response?: unknown) => resolve(answer(response)),
    };
    // Nobody answered: Slack need not wait for its own timeout. Slack repeats an event that failed, and nothing else.
    processEvent(app, event).then(
      () => resolve({ status: 200, body: "" }),
      () => resolve({ status: body["event"] === undefined ? 400 : 500, body: "" }),
    );
  });
}

/**
 * Bolt answers events before their handlers run. Here an event is answered after: what a crash takes away in between
 * Slack sends again, and what is stored by then is not asked for twice.
 */
export async function processEvent(app: Pick<App, "processEvent">, event: ReceiverEvent): Promise<void> {
  if (event.body["event"] === undefined) return app.processEvent(event);
  await app.processEvent({ ...event, ack: async () => {} });
  await event.ack();
}

function isSigned(request: RouteRequest, body: string, signingSecret: string, now: number): boolean {
  const { "x-slack-signature": signature, "x-slack-request-timestamp": timestamp } = request.headers;
  if (typeof signature !== "string" || typeof timestamp !== "string" || !/^\d+$/.test(timestamp)) return false;
  // The SDK refuses what is stale, and takes any future for now.
  if (Number(timestamp) > now / 1000 + WINDOW_S) return false;
  return isValidSlackRequest({
    signingSecret,
    body,
    headers: { "x-slack-signature": signature, "x-slack-request-timestamp": Number(timestamp) },
    nowMilliseconds: now,
  });
}

/** JSON, a form, or a form with JSON in its field `payload`. Undefined for what is none of these. */
function parse(raw: string, contentType: string): Record<string, unknown> | undefined {
  try {
    const form = contentType.includes("x-www-form-urlencoded") ? new URLSearchParams(raw) : undefined;
    const payload = form?.get("payload");
    const body: unknown =
      form === undefined ? JSON.parse(raw) : payload == null ? Object.fromEntries(form) : JSON.parse(payload);
    return isRecord(body) && (body["event"] === undefined || isRecord(body["event"])) ? body : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function answer(response: unknown): RouteResponse {
  if (response === undefined || response === "") return { status: 200, body: "" };
  if (typeof response === "string") return { status: 200, headers: { "content-type": "text/plain" }, body: response };
  return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(response) };
}
