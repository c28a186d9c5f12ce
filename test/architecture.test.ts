import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, test } from "vitest";

const SRC = resolve(import.meta.dirname, "../src");

/** What each room may import, from the ground up. A room that is not in the table has no place in `src/`. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  "config.ts": ["core"],
  "logger.ts": ["core"],
  /** The interface texts beside `src/`: their keys are a type. */
  locale: ["core", ".."],
  content: ["core", "locale"],
  intent: ["core", "locale", "content"],
  privacy: ["core"],
  delivery: ["core", "locale"],
  conversation: ["core", "locale", "content", "intent", "delivery"],
  desk: ["core", "locale", "content", "intent", "delivery"],
  subscription: ["core", "locale", "content", "delivery", "desk"],
  broadcast: ["core", "locale", "content", "delivery", "desk"],
  storage: ["core"],
  "channels/console": ["core", "locale"],
  "channels/twilio": ["core", "locale"],
  "channels/slack": ["core", "locale"],
  "channels/discord": ["core", "locale"],
  web: ["core", "locale", "content"],
  http: ["core"],
  "answering.ts": ["*"],
  "open-channels.ts": ["*"],
  "app.ts": ["*", "answering.ts", "open-channels.ts"],
  cli: ["*", "answering.ts", "open-channels.ts", "app.ts"],
  "main.ts": ["cli", "config.ts", "core"],
};

/** Rooms that "*" does not open: these put the others together, each above the one before. */
const TOP = ["answering.ts", "open-channels.ts", "app.ts", "cli", "main.ts"];

/** The rooms that may use a package. A vendor's SDK stays in its own folder; the core has none at all. */
const PACKAGE_ROOMS: Readonly<Record<string, readonly string[]>> = {
  twilio: ["channels/twilio"],
  undici: ["channels/twilio"],
  "libphonenumber-js": ["channels/twilio", "desk"],
  "@slack/bolt": ["channels/slack"],
  "@slack/web-api": ["channels/slack"],
  "@slack/socket-mode": ["channels/slack"],
  "discord.js": ["channels/discord"],
  pg: ["storage"],
  "lean-qr": ["web"],
  kysely: ["storage"],
  "rate-limiter-flexible": ["storage"],
  i18next: ["locale"],
  eld: ["locale"],
  "js-yaml": ["content"],
  marked: ["content"],
  fastify: ["http"],
  "@fastify/formbody": ["http"],
  "@fastify/helmet": ["http"],
  "prom-client": ["http"],
  ghtml: ["web"],
  pino: ["logger.ts"],
  commander: ["cli"],
  "@clack/prompts": ["cli"],
  zod: [
    "config.ts",
    "content",
    "intent",
    "channels/twilio",
    "channels/slack",
    "channels/discord",
    "desk",
    "web",
    "cli",
  ],
};

/** Folders where nothing reads the clock, the disk or the environment by itself. */
const PURE = ["core", "delivery", "conversation", "subscription", "broadcast"];

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));

function roomOf(file: string): string {
  const parts = file.split("/");
  return parts[0] === "channels" ? parts.slice(0, 2).join("/") : (parts[0] ?? file);
}

function importsOf(file: string): string[] {
  const source = readFileSync(join(SRC, file), "utf8");
  return [...source.matchAll(/(?:^|\s)(?:import|export)\s[^;]*?from\s+"([^"]+)"|import\(\s*"([^"]+)"\s*\)/g)].map(
    ([, from, lazy]) => from ?? lazy ?? "",
  );
}

function problemsOf(file: string): string[] {
  const room = roomOf(file);
  const allowed = MAY_IMPORT[room];
  if (allowed === undefined) return [`${file}: the room ${room} is not in the table`];
  return importsOf(file).flatMap((from) => {
    if (from.startsWith(".")) {
      const target = roomOf(relative(SRC, resolve(SRC, dirname(file), from)));
      const everything = allowed.includes("*") && !TOP.includes(target);
      return target === room || everything || allowed.includes(target) ? [] : [`${file} imports ${from}`];
    }
    if (from.startsWith("node:")) return room === "core" ? [`${file} imports ${from}`] : [];
    const name = from.startsWith("@") ? from.split("/").slice(0, 2).join("/") : (from.split("/")[0] ?? from);
    const rooms = PACKAGE_ROOMS[name];
    if (rooms === undefined) return [`${file} imports ${name}, which no room may use`];
    return rooms.includes(room) ? [] : [`${file} imports ${name}, which belongs to ${rooms.join(", ")}`];
  });
}

describe("the rooms of src", () => {
  test("import only what the table lets them", () => {
    expect(files.flatMap(problemsOf)).toEqual([]);
  });

  test("read the environment in one file", () => {
    const readers = files.filter((file) => readFileSync(join(SRC, file), "utf8").includes("process.env"));
    expect(readers).toEqual(["config.ts"]);
  });

  test("take the time from outside where the rules are", () => {
    const impure = files.filter(
      (file) => PURE.includes(roomOf(file)) && /Date\.now\(|new Date\(\)/.test(readFileSync(join(SRC, file), "utf8")),
    );
    expect(impure).toEqual([]);
  });

  test("declare no classes but errors, and no default exports", () => {
    const offenders = files.filter((file) => {
      const source = readFileSync(join(SRC, file), "utf8");
      return /^export default/m.test(source) || /^(?:export )?class (?!\w*Error\b)/m.test(source);
    });
    expect(offenders).toEqual([]);
  });
});
