import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { isJson, type Json } from "./discord-components.ts";
import {
  APPLICATION_ID,
  BOT_TOKEN,
  CONTENT_ROOM,
  FRONT_DESK,
  GUILD,
  guildObject,
  memberObject,
  messageObject,
  userObject,
} from "./discord-objects.ts";
import { createFakeGateway, type FakeGateway, INTENTS } from "./fake-discord-gateway.ts";
import { createPeople, type People, STRANGER, until, VOLUNTEER } from "./fake-discord-people.ts";
import { createFakeRest } from "./fake-discord-rest.ts";
import type { State } from "./fake-discord-state.ts";

/**
 * What to do with a request instead of answering it. `lost-answer` does what it asks for and never answers, `cut` breaks the
 * line before, `hang` never answers.
 */
export type Failure =
  | "lost-answer"
  | "hang"
  | "cut"
  | { readonly status: number; readonly code?: number; readonly message?: string }
  | { readonly retryAfter: number; readonly global?: boolean };

export interface FakeDiscord extends State, People {
  /** For DISCORD_API_URL. */
  readonly url: string;
  /** For the `api` option of the REST client. */
  readonly apiUrl: string;
  readonly gateway: FakeGateway;
  /** Every request with its answer's status, and when it came (`performance.now`). */
  readonly requests: {
    readonly method: string;
    readonly path: string;
    readonly body: Json;
    readonly at: number;
    status: number;
  }[];
  /** False: the token is refused everywhere. */
  tokenValid: boolean;
  /** Does this with the next requests whose "METHOD path" matches. */
  fail(match: RegExp, failure: Failure, times?: number): void;
  until: typeof until;
  close(): Promise<void>;
}

interface FakeDiscordOptions {
  readonly token?: string;
  readonly port?: number;
  readonly now?: () => number;
}

/**
 * Discord on loopback, with state: REST API, gateway, and people who use commands, buttons, lists, dialogues and direct
 * messages. What the bot sends is checked against Discord's limits (`discord-rules.ts`).
 */
export async function startFakeDiscord(options: FakeDiscordOptions = {}): Promise<FakeDiscord> {
  const { token = BOT_TOKEN, now = Date.now } = options;
  const failures: { readonly match: RegExp; readonly failure: Failure; left: number }[] = [];
  const hanging = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    void serve(request, response).catch(() => response.destroy());
  });
  const origin = () => `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const state: State = {
    users: new Map([
      [VOLUNTEER, { name: "ana" }],
      [STRANGER, { name: "luis", locale: "es-419" }],
    ]),
    rooms: new Map([
      [FRONT_DESK, "writable"],
      [CONTENT_ROOM, "writable"],
    ]),
    messages: [],
    interactions: [],
    commands: [],
    violations: [],
    installed: true,
    application: {
      id: APPLICATION_ID,
      name: "Puente",
      icon: null,
      description: "",
      bot_public: true,
      bot_require_code_grant: false,
      verify_key: "00",
      flags: 0,
      interactions_endpoint_url: null,
      bot: userObject(APPLICATION_ID),
    },
    sessions: { total: 1000, remaining: 1000 },
    now,
    gatewayUrl: () => `ws://${origin()}/gateway`,
    announce(message) {
      const isDirect = !state.rooms.has(message.channelId);
      const readable =
        isDirect || message.author === APPLICATION_ID || message.content.includes(`<@${APPLICATION_ID}>`);
      const author = state.users.get(message.author);
      const mentions = message.content.includes(`<@${APPLICATION_ID}>`) ? [userObject(APPLICATION_ID)] : [];
      gateway.dispatch(
        "MESSAGE_CREATE",
        {
          ...messageObject(message, author, readable),
          mentions,
          channel_type: isDirect ? 1 : 0,
          ...(!isDirect && { guild_id: GUILD, member: memberObject(message.author, author) }),
        },
        isDirect ? INTENTS.directMessages : INTENTS.guildMessages,
      );
    },
  };
  const gateway = createFakeGateway(server, {
    token,
    url: state.gatewayUrl,
    ready: () => {
      state.sessions.remaining -= 1;
      return {
        user: userObject(APPLICATION_ID),
        guilds: [{ id: GUILD, unavailable: true }],
        application: { id: APPLICATION_ID, flags: 0 },
        shard: [0, 1],
      };
    },
    first: (intents) => ((intents & INTENTS.guilds) === 0 ? [] : [["GUILD_CREATE", guildObject(state.rooms)]]),
  });
  const perform = createFakeRest(state);

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "" } = request;
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const path = decodeURIComponent(url.pathname).replace(/^\/api\/v10\//, "");
    const { body, files } = await bodyOf(request);
    const noted = { method, path, body, at: performance.now(), status: 0 };
    fake.requests.push(noted);
    const answer = (status: number, content?: unknown, headers: Record<string, string> = {}) => {
      noted.status = status;
      const type = { "content-type": "application/json", ...headers };
      response
        .writeHead(status, content === undefined ? headers : type)
        .end(content === undefined ? undefined : JSON.stringify(content));
    };
    const failing = failures.find(({ match, left }) => left > 0 && match.test(`${method} ${path}`));
    if (failing !== undefined) {
      failing.left -= 1;
      const { failure } = failing;
      if (failure === "cut") return void response.destroy();
      if (failure === "hang") return void hanging.add(response);
      if (failure !== "lost-answer" && "retryAfter" in failure) return limited(failure, answer);
      if (failure !== "lost-answer")
        return answer(failure.status, { message: failure.message ?? "refused by the test", code: failure.code ?? 0 });
      hanging.add(response);
    }
    const isOurs = fake.tokenValid && request.headers.authorization === `Bot ${token}`;
    const result = perform(method, path, isOurs, { query: url.searchParams, body, files });
    if (failing === undefined) answer(result.status, result.body);
  }

  function limited(
    { retryAfter, global = false }: { readonly retryAfter: number; readonly global?: boolean },
    answer: (status: number, body: unknown, headers: Record<string, string>) => void,
  ): void {
    const scope = global
      ? { "x-ratelimit-global": "true", "x-ratelimit-scope": "global" }
      : {
          "x-ratelimit-scope": "user",
          "x-ratelimit-limit": "5",
          "x-ratelimit-remaining": "0",
          "x-ratelimit-reset-after": String(retryAfter),
          "x-ratelimit-bucket": "fake",
        };
    answer(
      429,
      { message: "You are being rate limited.", retry_after: retryAfter, global },
      { "retry-after": String(Math.ceil(retryAfter)), ...scope },
    );
  }

  const fake: FakeDiscord = Object.assign(state, createPeople(state, gateway), {
    until,
    url: "",
    apiUrl: "",
    gateway,
    requests: [],
    tokenValid: true,

    fail: (match: RegExp, failure: Failure, times = 1) => void failures.push({ match, failure, left: times }),

    async close() {
      for (const response of hanging) response.destroy();
      gateway.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  return Object.assign(fake, { url: `http://${origin()}`, apiUrl: `http://${origin()}/api` });
}

/** A JSON body, or the `payload_json` and file names of a form (Reference, Uploading Files). */
async function bodyOf(request: IncomingMessage): Promise<{ body: Json; files: string[] }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const raw = Buffer.concat(chunks);
  const type = request.headers["content-type"] ?? "";
  if (!type.startsWith("multipart/form-data")) return { body: objectOf(raw.toString()), files: [] };
  const form = await new Response(raw, { headers: { "content-type": type } }).formData();
  const files = [...form.values()].flatMap((value) => (typeof value === "string" ? [] : [value.name]));
  return { body: objectOf(String(form.get("payload_json") ?? "")), files };
}

function objectOf(text: string): Json {
  if (text === "") return {};
  const parsed: unknown = JSON.parse(text);
  return isJson(parsed) ? parsed : { list: parsed };
}
