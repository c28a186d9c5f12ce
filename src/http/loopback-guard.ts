import { timingSafeEqual } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * Lets in only requests of this machine's own browser: a Host that is not loopback is a name pointed here from outside
 * (DNS rebinding), an Origin that is not loopback is a page of somebody else's. A matching bearer token lets any in.
 */
export function createLoopbackGuard(token: string | undefined) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (token !== undefined && bearerMatches(request.headers.authorization, token)) return;
    const { host, origin } = request.headers;
    const own = isLoopback(`http://${host ?? ""}`) && (origin === undefined || isLoopback(origin));
    if (!own)
      await reply.code(403).type("text/plain").send("Only for this machine. Set ADMIN_TOKEN to reach it from another.");
  };
}

function isLoopback(address: string): boolean {
  return URL.canParse(address) && LOOPBACK.has(new URL(address).hostname);
}

function bearerMatches(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header?.replace(/^Bearer /, "") ?? "");
  const expected = Buffer.from(token);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
