import formbody from "@fastify/formbody";
import helmet from "@fastify/helmet";
import fastify, { type FastifyInstance } from "fastify";
import type { Logger, Route, RouteRequest } from "../core/ports.ts";
import { createLoopbackGuard } from "./loopback-guard.ts";

/** No route of ours takes more than a page of form. */
const BODY_LIMIT = 64 * 1024;
/** A vendor gives up after 15 s; nothing here may take longer. */
const REQUEST_TIMEOUT_MS = 10_000;

export interface ServerOptions {
  readonly routes: readonly Route[];
  readonly logger: Logger;
  /** Given for a listener that only this machine may use: refuses other Hosts and Origins without the token. */
  readonly loopbackOnly?: { readonly token?: string };
}

/** One listener with the routes it was handed. It knows no page and no vendor. */
export interface Server {
  /** Resolves to the address it listens on, like `http://127.0.0.1:3000`. Port 0 takes a free one. */
  listen(host: string, port: number): Promise<string>;
  close(): Promise<void>;
  /** For tests: a request without a socket. */
  readonly inject: FastifyInstance["inject"];
}

/**
 * Mounts routes. Bodies are limited, headers hardened, and an error is answered with its status alone: what was in the
 * request appears neither in the answer nor in a log.
 */
export async function createServer({ routes, logger, loopbackOnly }: ServerOptions): Promise<Server> {
  const app = fastify({
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    logger: false,
    trustProxy: false,
    exposeHeadRoutes: true,
    // No route of ours has a JSON schema, so fastify's compilers for them, half of its code, are not loaded.
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
  });
  await app.register(helmet, {
    // What our pages use and nothing else. Not the defaults of helmet, which let fonts and styles come from anywhere.
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: loopbackOnly === undefined,
  });
  await app.register(formbody, { bodyLimit: BODY_LIMIT });
  if (loopbackOnly) app.addHook("onRequest", createLoopbackGuard(loopbackOnly.token));

  app.setErrorHandler((error: { statusCode?: number; code?: string }, request, reply) => {
    const status = error.statusCode ?? 500;
    // The code only: an error's message may quote the body.
    if (status >= 500) logger.error("http.failed", { route: request.routeOptions.url, code: error.code });
    return reply
      .code(status)
      .type("text/plain")
      .send(status >= 500 ? "Something failed on this server." : "Refused.");
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).type("text/plain").send("Not found."));

  // A signature is computed over the bytes that came, so such routes get them unparsed, whatever their type.
  await app.register(async (raw) => {
    raw.removeAllContentTypeParsers();
    raw.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
    for (const route of routes) if (route.rawBody) mount(raw, route);
  });
  for (const route of routes) if (!route.rawBody) mount(app, route);

  function mount(to: Pick<FastifyInstance, "route">, route: Route): void {
    to.route({
      method: route.method,
      url: route.path,
      ...(route.bodyLimit !== undefined && { bodyLimit: route.bodyLimit }),
      async handler(request, reply) {
        const answer = await route.handle({
          method: request.method,
          url: request.url,
          query: request.query as RouteRequest["query"],
          headers: request.headers,
          body: request.body,
        });
        return reply
          .code(answer.status)
          .headers(answer.headers ?? {})
          .send(answer.body);
      },
    });
  }

  return {
    listen: (host, port) => app.listen({ host, port }),
    close: () => app.close(),
    inject: app.inject.bind(app),
  };
}

function noSchemas(): never {
  throw new Error("a route has a JSON schema, for which nothing is loaded");
}
