import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import type { Route } from "../core/ports.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** The files of a page, which a browser reads as they lie in `assets/`: `<prefix>/<name>`, for this machine alone. */
export function assetRoutes(prefix: string, names: readonly string[]): Route[] {
  return names.map((name) => ({
    method: "GET",
    path: `${prefix}/${name}`,
    listener: "local",
    handle: async () => ({
      status: 200,
      headers: { "content-type": TYPES[extname(name)] ?? "text/plain", "cache-control": "no-cache" },
      body: await readFile(new URL(`./assets/${name}`, import.meta.url)),
    }),
  }));
}
