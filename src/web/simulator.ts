import { z } from "zod";
import type { Tree } from "../content/tree.ts";
import type { Clock, Route, RouteRequest, RouteResponse } from "../core/ports.ts";
import type { Utterance } from "../core/words.ts";
import type { Translate } from "../locale/translate.ts";
import { assetRoutes } from "./assets.ts";
import { pageLocale } from "./page-locale.ts";
import { answerOf, type SimulatorAnswer } from "./simulator-answer.ts";
import { simulatorPage } from "./simulator-page.ts";
import { createSimulatorSessions, type SimulatedConversation } from "./simulator-sessions.ts";

/** What the page is made of. */
// biome-ignore format: a list reads better in lines
const ASSETS = [
  "base.css", "simulator.css", "simulator.js", "element.js", "bubbles.js", "texts.js", "why.js", "bridge.svg", "span.svg",
];
const JSON_TYPE = "application/json; charset=utf-8";

export interface SimulatorOptions {
  /** Begins a conversation in memory. */
  start(): SimulatedConversation;
  /** Its languages are the page's, its titles name the topics. */
  tree(): Tree;
  readonly translate: Translate;
  readonly clock: Clock;
}

/** A form or JSON. A voice note and the like come without their bytes: Puente never has those. */
const messageSchema = z.object({
  session: z.string().optional(),
  channel: z.enum(["sms", "whatsapp"]),
  text: z.string().default(""),
  media: z.enum(["voice", "image", "sticker"]).optional(),
  lat: z.coerce.number().min(-90).max(90).optional(),
  lon: z.coerce.number().min(-180).max(180).optional(),
});
const resetSchema = z.object({ session: z.string() });

/** A page that looks and behaves like a phone, for this machine alone. Nothing is sent, and nothing is stored. */
export function createSimulatorRoutes({ start, tree, translate, clock }: SimulatorOptions): Route[] {
  const sessions = createSimulatorSessions(start, clock);

  function say(body: unknown): RouteResponse {
    const message = messageSchema.safeParse(body);
    if (!message.success) return { status: 400, body: "Refused." };
    const { session, channel } = message.data;
    const found = session === undefined ? undefined : sessions.find(session);
    const { id, conversation } = found === undefined ? sessions.begin() : { id: session ?? "", conversation: found };
    const { reply, messages } = conversation.say(utteranceOf(message.data), channel);
    const answer: SimulatorAnswer = {
      session: id,
      began: found === undefined,
      ...answerOf(messages, reply, tree()),
    };
    return {
      status: 200,
      headers: { "content-type": JSON_TYPE, "cache-control": "no-store" },
      body: JSON.stringify(answer),
    };
  }

  function reset(body: unknown): RouteResponse {
    const parsed = resetSchema.safeParse(body);
    if (!parsed.success) return { status: 400, body: "Refused." };
    sessions.end(parsed.data.session);
    return { status: 204, body: "" };
  }

  function page(request: RouteRequest): RouteResponse {
    const { locales } = tree();
    const body = simulatorPage({ locale: pageLocale(request, locales), locales, translate });
    return { status: 200, headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" }, body };
  }

  const route = (method: Route["method"], path: string, handle: Route["handle"]): Route => ({
    method,
    path,
    listener: "local",
    handle,
  });
  return [
    route("GET", "/", async () => ({ status: 302, headers: { location: "/simulator" }, body: "" })),
    route("GET", "/simulator", async (request) => page(request)),
    ...assetRoutes("/simulator", ASSETS),
    route("POST", "/simulator/messages", async ({ body }) => say(body)),
    route("POST", "/simulator/reset", async ({ body }) => reset(body)),
  ];
}

function utteranceOf({ text, media, lat, lon }: z.infer<typeof messageSchema>): Utterance {
  if (lat !== undefined && lon !== undefined) return { text, media: "location", location: { lat, lon } };
  return { text, ...(media !== undefined && { media }) };
}
