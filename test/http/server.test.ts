import { afterEach, expect, test } from "vitest";
import type { Route } from "../../src/core/ports.ts";
import { createServer, type Server } from "../../src/http/server.ts";
import { recorder } from "../support/recorder.ts";

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(route: Partial<Route>, loopbackOnly?: { token?: string }) {
  const { logger, lines } = recorder();
  const full: Route = {
    method: "POST",
    path: "/echo",
    listener: "public",
    handle: async ({ body }) => ({ status: 200, body: JSON.stringify(body) }),
    ...route,
  };
  const server = await createServer({ routes: [full], logger, ...(loopbackOnly && { loopbackOnly }) });
  servers.push(server);
  return { server, lines };
}

const form = { "content-type": "application/x-www-form-urlencoded" };

test("a form reaches its route, repeated fields as a list", async () => {
  const { server } = await serve({});
  const answer = await server.inject({ method: "POST", url: "/echo", headers: form, payload: "a=1&a=2&b=%C3%B1" });
  expect(answer.json()).toEqual({ a: ["1", "2"], b: "ñ" });
});

test("a body over the limit is refused", async () => {
  const { server } = await serve({ bodyLimit: 100 });
  const answer = await server.inject({ method: "POST", url: "/echo", headers: form, payload: `a=${"x".repeat(200)}` });
  expect(answer.statusCode).toBe(413);
});

test("a content type nobody reads is refused", async () => {
  const { server } = await serve({});
  const headers = { "content-type": "application/octet-stream" };
  expect((await server.inject({ method: "POST", url: "/echo", headers, payload: "x" })).statusCode).toBe(415);
});

test("an error tells neither the caller nor the log what was in the request", async () => {
  const { server, lines } = await serve({
    handle: async ({ body }) => {
      throw new Error(`broke on ${JSON.stringify(body)}`);
    },
  });
  const answer = await server.inject({ method: "POST", url: "/echo", headers: form, payload: "From=%2B12025550123" });
  expect(answer.statusCode).toBe(500);
  expect(answer.body + lines.join()).not.toContain("2025550123");
});

test("a page may load from its own address alone, and nobody may frame it", async () => {
  const { server } = await serve({ method: "GET" });
  const { headers } = await server.inject({ method: "GET", url: "/echo" });
  const sources = String(headers["content-security-policy"])
    .split(";")
    .flatMap((directive) => directive.split(" ").slice(1));
  expect(new Set(sources)).toEqual(new Set(["'none'", "'self'"]));
  expect(headers["content-security-policy"]).toMatch(/^default-src 'none';.*frame-ancestors 'none'/);
});

test("a local listener refuses a Host or an Origin from outside", async () => {
  const { server } = await serve({ method: "GET", handle: async () => ({ status: 200, body: "in" }) }, {});
  const status = async (headers: Record<string, string>) =>
    (await server.inject({ method: "GET", url: "/echo", headers })).statusCode;
  expect(await status({ host: "127.0.0.1:3001" })).toBe(200);
  expect(await status({ host: "localhost:3001", origin: "http://localhost:3001" })).toBe(200);
  expect(await status({ host: "evil.example" })).toBe(403);
  expect(await status({ host: "127.0.0.1.evil.example" })).toBe(403);
  expect(await status({ host: "127.0.0.1:3001", origin: "https://evil.example" })).toBe(403);
  expect(await status({ host: "127.0.0.1:3001", origin: "null" })).toBe(403);
});

test("the admin token opens a local listener from elsewhere, a wrong one does not", async () => {
  const token = "a-long-enough-token";
  const { server } = await serve({ method: "GET", handle: async () => ({ status: 200, body: "in" }) }, { token });
  const status = async (given: string) =>
    (
      await server.inject({
        method: "GET",
        url: "/echo",
        headers: { host: "puente.example", authorization: `Bearer ${given}` },
      })
    ).statusCode;
  expect(await status(token)).toBe(200);
  expect(await status("a-wrong-but-long-one")).toBe(403);
});
