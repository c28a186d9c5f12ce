import type { Route } from "../core/ports.ts";

/** `/healthz`: the process lives. `/readyz`: it can take messages. Neither says anything about anybody. */
export function createHealthRoutes(isReady: () => boolean): Route[] {
  const get = (path: string, ok: () => boolean): Route => ({
    method: "GET",
    path,
    listener: "public",
    handle: async () => ({ status: ok() ? 200 : 503, body: ok() ? "ok" : "not ready" }),
  });
  return [get("/healthz", () => true), get("/readyz", isReady)];
}
