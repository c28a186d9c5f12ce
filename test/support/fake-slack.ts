import { createHmac, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { problemsOfMessage, problemsOfView } from "./block-kit.ts";
import { ownTime } from "./own-time.ts";

const TEAM = "T0PUENTE";
export const BOT_USER = "U0PUENTEBOT";
export const BOT_TOKEN = "xoxb-test";
export const APP_TOKEN = "xapp-test";
export const SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5";
/** A trigger opens a dialogue within 3 s of the click, and a response address answers 5 times. */
const TRIGGER_LASTS_MS = 3_000;
const RESPONSES = 5;
/** Nobody acknowledges after that. */
const ACK_WITHIN_MS = 60_000;

export type Json = Record<string, unknown>;

export interface FakeSlackMessage {
  readonly channel: string;
  readonly ts: string;
  readonly threadTs: string | undefined;
  /** The only one who sees it. */
  readonly onlyFor: string | undefined;
  text: string;
  blocks: Json[];
  deleted: boolean;
}

export interface FakeSlackView {
  readonly id: string;
  readonly user: string;
  view: Json;
  errors: Json | undefined;
  open: boolean;
}

interface FakeSlackUser {
  readonly team?: string;
  readonly locale?: string;
  readonly guest?: boolean;
  readonly stranger?: boolean;
}

/** What a payload was answered with: by HTTP or in the acknowledgement of a socket envelope. */
interface Ack {
  readonly status: number;
  readonly body: Json | string | undefined;
  /** How long it took, as `ownTime` counts. */
  readonly ms: number;
}

/** How payloads reach the app: posted and signed, or through its socket. */
type Transport = { readonly kind: "http"; readonly url: () => string } | { readonly kind: "socket" };

export interface FakeSlack {
  readonly url: string;
  transport: Transport;
  /** In order, deleted ones and those for one person included. */
  readonly messages: FakeSlackMessage[];
  readonly views: FakeSlackView[];
  readonly homes: Map<string, Json>;
  readonly prompts: Json[];
  /** Every call of the Web API by its method. */
  readonly calls: string[];
  /** Blocks that Slack would have refused; a test that expects none looks here. */
  readonly refused: string[];
  readonly users: Map<string, FakeSlackUser>;
  /** Rooms that exist and that the app is in. */
  readonly rooms: Set<string>;
  readonly scopes: Set<string>;
  /** Errors to give instead of an answer, by method: taken from the front. */
  readonly failures: Map<string, (string | { readonly retryAfter: number } | { readonly status: number })[]>;
  /** False: a token is refused. */
  tokenValid: boolean;
  readonly sockets: Set<WebSocket>;
  /** Sends a payload as Slack sends it. */
  deliver(payload: Json, as: "event" | "command" | "interactive", options?: DeliverOptions): Promise<Ack>;
  command(text: string, more?: Json): Promise<Ack>;
  event(event: Json, more?: Json): Promise<Ack>;
  /** Clicks the button with this text on a message, a dialogue or the Home tab. */
  click(where: FakeSlackMessage | FakeSlackView | { readonly home: string }, text: string, user?: string): Promise<Ack>;
  /** Uses the message shortcut on somebody's text. */
  shortcut(text: string, user?: string): Promise<Ack>;
  /** Enters a text in the Home tab's search. */
  search(user: string, text: string): Promise<Ack>;
  /** Sends a dialogue with these fields. */
  submit(view: FakeSlackView, fields: Readonly<Record<string, string | boolean | Json>>): Promise<Ack>;
  close(): Promise<void>;
}

interface DeliverOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly secret?: string;
  readonly timestamp?: number;
  readonly rawBody?: string;
}

const SCOPE_OF: Readonly<Record<string, string>> = {
  "chat.postMessage": "chat:write",
  "chat.postEphemeral": "chat:write",
  "chat.update": "chat:write",
  "chat.delete": "chat:write",
  "conversations.open": "im:write",
  "users.info": "users:read",
  "assistant.threads.setSuggestedPrompts": "assistant:write",
};

const ALL_SCOPES = [
  "app_mentions:read",
  "assistant:write",
  "chat:write",
  "commands",
  "im:history",
  "im:write",
  "users:read",
];

/** Slack on loopback, with state: its Web API, response addresses, dialogues, Socket Mode, and the payloads it sends. */
export async function startFakeSlack(): Promise<FakeSlack> {
  const triggers = new Map<string, { readonly user: string; readonly at: number }>();
  const responses = new Map<
    string,
    { readonly message?: FakeSlackMessage; readonly channel: string; readonly user: string; left: number }
  >();
  const waiting = new Map<string, { readonly on: WebSocket; take(body: Json | undefined): void; lose(): void }>();
  let last = 1_700_000_000;
  const nextTs = () => {
    last += 1;
    return `${last}.000100`;
  };
  const id = (prefix: string) => prefix + randomBytes(5).toString("hex").toUpperCase();

  function post(message: Omit<FakeSlackMessage, "ts" | "deleted">): FakeSlackMessage {
    const posted = { ...message, ts: nextTs(), deleted: false };
    fake.messages.push(posted);
    return posted;
  }

  function check(problems: readonly string[]): string | undefined {
    fake.refused.push(...problems);
    return problems.length > 0 ? "invalid_blocks" : undefined;
  }

  const dmOf = (user: string) => `D${user.slice(1)}`;
  const methods: Readonly<Record<string, (form: Json, token: string) => Json>> = {
    "auth.test": () => ({
      team_id: TEAM,
      team: "Shelter",
      user_id: BOT_USER,
      bot_id: "B0PUENTE",
      url: "https://x.slack.com/",
    }),
    "apps.connections.open": () => ({ url: `${fake.url.replace("http", "ws")}/link` }),
    "users.info": ({ user }) => {
      const known = fake.users.get(String(user));
      if (known === undefined) return { error: "user_not_found" };
      const { team = TEAM, locale = "en-US", guest = false, stranger = false } = known;
      return {
        user: {
          id: user,
          team_id: team,
          locale,
          is_restricted: guest,
          is_stranger: stranger,
          deleted: false,
          is_bot: false,
        },
      };
    },
    "conversations.open": ({ users }) => ({ channel: { id: dmOf(String(users)) } }),
    "chat.postMessage": (form) => {
      const named = String(form["channel"]);
      const channel = named.startsWith("U") ? dmOf(named) : named;
      if (!channel.startsWith("D") && !fake.rooms.has(channel)) return { error: "channel_not_found" };
      const error = check(problemsOfMessage(form));
      if (error !== undefined) return { error };
      const { ts } = post(messageOf(form, channel, undefined));
      return { channel, ts };
    },
    "chat.postEphemeral": (form) => {
      const channel = String(form["channel"]);
      if (!fake.rooms.has(channel)) return { error: "channel_not_found" };
      const error = check(problemsOfMessage(form));
      if (error !== undefined) return { error };
      return { message_ts: post(messageOf(form, channel, String(form["user"]))).ts };
    },
    "chat.update": (form) => {
      const { channel, ts } = form;
      const found = fake.messages.find((one) => one.channel === channel && one.ts === String(ts) && !one.deleted);
      if (found === undefined) return { error: "message_not_found" };
      const error = check(problemsOfMessage(form));
      if (error !== undefined) return { error };
      found.text = String(form["text"]);
      found.blocks = (form["blocks"] ?? []) as Json[];
      return { channel, ts };
    },
    "views.open": (form) => openView(form),
    "views.push": (form) => openView(form),
    "views.update": (form) => {
      const found = fake.views.find((one) => one.id === form["view_id"]);
      if (found === undefined) return { error: "not_found" };
      const error = check(problemsOfView(form["view"] as Json));
      if (error !== undefined) return { error };
      found.view = form["view"] as Json;
      return { view: { id: found.id } };
    },
    "views.publish": (form) => {
      const error = check(problemsOfView(form["view"] as Json));
      if (error !== undefined) return { error };
      fake.homes.set(String(form["user_id"]), form["view"] as Json);
      return { view: { id: "V0HOME" } };
    },
    "assistant.threads.setSuggestedPrompts": (form) => {
      fake.prompts.push(form);
      return {};
    },
  };

  function openView(form: Json): Json {
    const trigger = triggers.get(String(form["trigger_id"]));
    if (trigger === undefined) return { error: "invalid_trigger_id" };
    if (ownTime() - trigger.at > TRIGGER_LASTS_MS) return { error: "expired_trigger_id" };
    triggers.delete(String(form["trigger_id"]));
    const error = check(problemsOfView(form["view"] as Json));
    if (error !== undefined) return { error };
    const view = { id: id("V"), user: trigger.user, view: form["view"] as Json, errors: undefined, open: true };
    fake.views.push(view);
    return { view: { id: view.id } };
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const raw = Buffer.concat(chunks).toString();
    const [, kind, name = ""] = (request.url ?? "").split("/");
    const answer = (status: number, body: Json, headers: Record<string, string> = {}) => {
      const scopes = { "x-oauth-scopes": [...fake.scopes].join(",") };
      response
        .writeHead(status, { "content-type": "application/json", ...scopes, ...headers })
        .end(JSON.stringify(body));
    };
    if (kind === "response") {
      const error = respond(name, JSON.parse(raw) as Json);
      return answer(error === undefined ? 200 : 404, { ok: error === undefined, error });
    }
    fake.calls.push(name);
    const failure = fake.failures.get(name)?.shift();
    if (typeof failure === "object" && "retryAfter" in failure)
      return answer(429, { ok: false, error: "ratelimited" }, { "retry-after": String(failure.retryAfter) });
    if (typeof failure === "object") return answer(failure.status, {});
    if (failure !== undefined) return answer(200, { ok: false, error: failure });
    const token = String(request.headers.authorization ?? "").replace("Bearer ", "");
    const expected = name === "apps.connections.open" ? APP_TOKEN : BOT_TOKEN;
    if (token !== expected || !fake.tokenValid) return answer(200, { ok: false, error: "invalid_auth" });
    const scope = SCOPE_OF[name];
    if (scope !== undefined && !fake.scopes.has(scope))
      return answer(200, { ok: false, error: "missing_scope", needed: scope, provided: [...fake.scopes].join(",") });
    const result = methods[name]?.(decodeForm(raw), token) ?? { error: "unknown_method" };
    answer(200, { ok: result["error"] === undefined, ...result });
  }

  /** What is posted to a response address. */
  function respond(name: string, body: Json): string | undefined {
    const address = responses.get(name);
    if (address === undefined || address.left <= 0) return "used_url";
    address.left -= 1;
    const { message, channel, user } = address;
    if (body["delete_original"] === true) {
      if (message !== undefined) message.deleted = true;
      return undefined;
    }
    if (check(problemsOfMessage(body)) !== undefined) return "invalid_blocks";
    if (body["replace_original"] === true && message !== undefined) {
      message.text = String(body["text"]);
      message.blocks = (body["blocks"] ?? []) as Json[];
      return undefined;
    }
    post(messageOf(body, channel, body["response_type"] === "in_channel" ? undefined : user));
    return undefined;
  }

  const server = createServer((request, response) => {
    void serve(request, response).catch(() => response.destroy());
  });
  const link = new WebSocketServer({ server, path: "/link" });
  link.on("connection", (socket) => {
    fake.sockets.add(socket);
    socket.on("close", () => {
      fake.sockets.delete(socket);
      for (const { on, lose } of waiting.values()) if (on === socket) lose();
    });
    socket.on("message", (data) => {
      const { envelope_id, payload } = JSON.parse(data.toString()) as { envelope_id: string; payload?: Json };
      waiting.get(envelope_id)?.take(payload);
      waiting.delete(envelope_id);
    });
    socket.send(JSON.stringify({ type: "hello", num_connections: 1, connection_info: { app_id: "A0" } }));
  });

  async function postSigned(
    payload: Json,
    as: "event" | "command" | "interactive",
    options: DeliverOptions,
  ): Promise<Ack> {
    if (fake.transport.kind !== "http") throw new Error("not by HTTP");
    const body =
      options.rawBody ??
      (as === "event"
        ? JSON.stringify(payload)
        : new URLSearchParams(
            as === "interactive" ? { payload: JSON.stringify(payload) } : (payload as Record<string, string>),
          ).toString());
    const timestamp = String(options.timestamp ?? Math.floor(Date.now() / 1000));
    const from = ownTime();
    const response = await fetch(`${fake.transport.url()}/slack/events`, {
      method: "POST",
      headers: {
        "content-type": as === "event" ? "application/json" : "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": sign(body, timestamp, options.secret),
        ...options.headers,
      },
      body,
    });
    const text = await response.text();
    const ms = ownTime() - from;
    const json = response.headers.get("content-type")?.includes("json");
    return { status: response.status, body: text === "" ? undefined : json ? (JSON.parse(text) as Json) : text, ms };
  }

  async function sendThroughSocket(payload: Json, as: "event" | "command" | "interactive"): Promise<Ack> {
    const [socket] = fake.sockets;
    if (socket === undefined) throw new Error("no socket is open");
    const type = as === "event" ? "events_api" : as === "command" ? "slash_commands" : "interactive";
    const envelope_id = id("E");
    const from = ownTime();
    const acked = new Promise<Json | undefined>((resolve, reject) => {
      const lose = () => reject(new Error("the connection broke before it was acknowledged"));
      waiting.set(envelope_id, { on: socket, take: resolve, lose });
      setTimeout(() => reject(new Error("not acknowledged")), ACK_WITHIN_MS).unref();
    });
    socket.send(JSON.stringify({ type, envelope_id, payload, accepts_response_payload: as !== "event" }));
    const body = await acked;
    return {
      status: 200,
      body: body === undefined || Object.keys(body).length === 0 ? undefined : body,
      ms: ownTime() - from,
    };
  }

  function trigger(user: string): string {
    const trigger_id = id("TR");
    triggers.set(trigger_id, { user, at: ownTime() });
    return trigger_id;
  }

  function responseUrl(channel: string, user: string, message?: FakeSlackMessage): string {
    const name = id("R");
    responses.set(name, { channel, user, left: RESPONSES, ...(message && { message }) });
    return `${fake.url}/response/${name}`;
  }

  const fake: FakeSlack = {
    url: "",
    transport: { kind: "socket" },
    messages: [],
    views: [],
    homes: new Map(),
    prompts: [],
    calls: [],
    refused: [],
    users: new Map(),
    rooms: new Set(["C0FRONTDESK", "C0CONTENT"]),
    scopes: new Set(ALL_SCOPES),
    failures: new Map(),
    tokenValid: true,
    sockets: new Set(),

    deliver: (payload, as, options = {}) =>
      fake.transport.kind === "http" ? postSigned(payload, as, options) : sendThroughSocket(payload, as),

    async command(text, more = {}) {
      const user = String(more["user_id"] ?? "U0VOLUNTEER");
      const channel = String(more["channel_id"] ?? "C0FRONTDESK");
      const ack = await fake.deliver(
        {
          command: "/asylum",
          text,
          team_id: TEAM,
          user_id: user,
          channel_id: channel,
          trigger_id: trigger(user),
          response_url: responseUrl(channel, user),
          api_app_id: "A0",
          ...more,
        },
        "command",
      );
      if (typeof ack.body === "object") {
        check(problemsOfMessage(ack.body));
        post(messageOf(ack.body, channel, ack.body["response_type"] === "in_channel" ? undefined : user));
      }
      return ack;
    },

    event: (event, more = {}) =>
      fake.deliver(
        {
          type: "event_callback",
          event_id: id("Ev"),
          event_time: Math.floor(Date.now() / 1000),
          team_id: TEAM,
          api_app_id: "A0",
          authorizations: [{ team_id: TEAM, user_id: BOT_USER, is_bot: true, enterprise_id: null }],
          event,
          ...more,
        },
        "event",
      ),

    click(where, text, user = "U0VOLUNTEER") {
      const home = "home" in where ? fake.homes.get(where.home) : undefined;
      const blocks = "home" in where ? home?.["blocks"] : "blocks" in where ? where.blocks : where.view["blocks"];
      const found = (blocks as Json[]).flatMap((block) =>
        ((block["elements"] ?? []) as Json[])
          .filter((element) => element["type"] === "button" && (element["text"] as Json)["text"] === text)
          .map((element) => ({ ...element, block_id: block["block_id"] })),
      )[0];
      if (found === undefined) throw new Error(`there is no button "${text}"`);
      const common = {
        type: "block_actions",
        team: { id: TEAM },
        user: { id: user, team_id: TEAM },
        trigger_id: trigger(user),
        actions: [found],
      };
      if ("home" in where)
        return fake.deliver(
          { ...common, container: { type: "view" }, view: { id: "V0HOME", type: "home" } },
          "interactive",
        );
      if ("view" in where)
        return fake.deliver(
          { ...common, container: { type: "view" }, view: { id: where.id, type: "modal" } },
          "interactive",
        );
      const { channel, ts, threadTs, onlyFor } = where;
      const thread = threadTs === undefined ? {} : { thread_ts: threadTs };
      return fake.deliver(
        {
          ...common,
          container: {
            type: "message",
            message_ts: ts,
            channel_id: channel,
            is_ephemeral: onlyFor !== undefined,
            ...thread,
          },
          channel: { id: channel },
          response_url: responseUrl(channel, user, where),
          ...(onlyFor === undefined && { message: { ts, ...thread } }),
        },
        "interactive",
      );
    },

    shortcut: (text, user = "U0VOLUNTEER") =>
      fake.deliver(
        {
          type: "message_action",
          callback_id: "ask_puente",
          team: { id: TEAM },
          user: { id: user, team_id: TEAM },
          channel: { id: "C0FRONTDESK" },
          trigger_id: trigger(user),
          response_url: responseUrl("C0FRONTDESK", user),
          message: { type: "message", user: "U0SECOND", text, ts: "1700000000.000900" },
        },
        "interactive",
      ),

    search: (user, value) =>
      fake.deliver(
        {
          type: "block_actions",
          team: { id: TEAM },
          user: { id: user, team_id: TEAM },
          trigger_id: trigger(user),
          container: { type: "view" },
          view: { id: "V0HOME", type: "home" },
          actions: [{ type: "plain_text_input", action_id: "search", block_id: "search", value }],
        },
        "interactive",
      ),

    async submit(view, fields) {
      const values = Object.fromEntries(
        Object.entries(fields).map(([name, value]) => [name, { [name]: stateOf(value) }]),
      );
      const ack = await fake.deliver(
        {
          type: "view_submission",
          team: { id: TEAM },
          user: { id: view.user, team_id: TEAM },
          trigger_id: trigger(view.user),
          view: { id: view.id, type: "modal", ...view.view, state: { values } },
        },
        "interactive",
      );
      const body = typeof ack.body === "object" ? ack.body : undefined;
      if (body?.["response_action"] === "update") {
        check(problemsOfView(body["view"] as Json));
        view.view = body["view"] as Json;
      } else if (body?.["response_action"] === "errors") view.errors = body["errors"] as Json;
      else view.open = false;
      return ack;
    },

    async close() {
      for (const socket of link.clients) socket.terminate();
      link.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  Object.assign(fake, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  return fake;
}

/** `v0=` and the HMAC-SHA256 of `v0:timestamp:body` (docs.slack.dev/authentication/verifying-requests-from-slack). */
export function sign(body: string, timestamp: string, secret = SIGNING_SECRET): string {
  return `v0=${createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest("hex")}`;
}

/** The SDK posts forms with JSON in the fields that are objects. */
function decodeForm(raw: string): Json {
  return Object.fromEntries(
    [...new URLSearchParams(raw)].map(([name, value]) => {
      const json = /^[[{]/.test(value) || value === "true" || value === "false";
      return [name, json ? (JSON.parse(value) as unknown) : value];
    }),
  );
}

/** What a field holds: typed, ticked or, as an object, chosen in a way of its own. */
function stateOf(value: string | boolean | Json): Json {
  if (typeof value === "object") return value;
  return typeof value === "string" ? { value } : { selected_options: value ? [{ value: "yes" }] : [] };
}

function messageOf(form: Json, channel: string, onlyFor: string | undefined): Omit<FakeSlackMessage, "ts" | "deleted"> {
  return {
    channel,
    threadTs: typeof form["thread_ts"] === "string" ? form["thread_ts"] : undefined,
    onlyFor,
    text: String(form["text"] ?? ""),
    blocks: (form["blocks"] ?? []) as Json[],
  };
}
