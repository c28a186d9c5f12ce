import { cp, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { onTestFinished } from "vitest";
import { type Broadcasts, createBroadcasts } from "../../src/broadcast/broadcasts.ts";
import { loadConfig } from "../../src/config.ts";
import { loadTree } from "../../src/content/load.ts";
import type { Tree } from "../../src/content/tree.ts";
import type { People, Person } from "../../src/desk/people.ts";
import { type Locales, loadLocales } from "../../src/locale/translate.ts";
import { broadcastRates } from "../../src/open-channels.ts";
import { type Database, openDatabase } from "../../src/storage/database.ts";
import { openKeys } from "../../src/storage/keys.ts";
import { createStores } from "../../src/storage/stores.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const clock = { now: () => Date.now() };
const ROWS = 500;

export const AUTHOR: Person = { id: "ana", name: "ana", roles: ["organizer"] };
export const APPROVER: Person = { id: "bea", name: "bea", roles: ["organizer"] };
const people: People = {
  all: [AUTHOR, APPROVER, { id: "carl", name: "carl", roles: ["organizer"] }],
  find: (id) => people.all.find((person) => person.id === id),
  on: () => undefined,
  atMachine: () => AUTHOR,
};

/** Fictional numbers: 555-0100 to 555-0199 of as many area codes as needed. */
export function fictionalNumbers(count: number): string[] {
  return Array.from(
    { length: count },
    (_, n) => `+1${201 + Math.floor(n / 100)}55501${String(n % 100).padStart(2, "0")}`,
  );
}

/** The answers as they are, except that it is noon in every place: nobody sleeps while a test runs. */
export async function contentAtNoon(folder: string): Promise<string> {
  const directory = join(folder, "content");
  await cp(join(ROOT, "content"), directory, { recursive: true });
  const file = join(directory, "places.yaml");
  const ahead = 12 - new Date().getUTCHours();
  // POSIX signs: Etc/GMT-3 is three hours ahead of UTC.
  const zone = `Etc/GMT${ahead > 0 ? "-" : "+"}${Math.abs(ahead)}`;
  await writeFile(file, (await readFile(file, "utf8")).replaceAll(/timeZone: .*/g, `timeZone: ${zone}`));
  return directory;
}

export interface Organizers {
  readonly broadcasts: Broadcasts;
  readonly database: Database;
  close(): Promise<void>;
}

/** Read once: it takes seconds of a busy machine, in which every open transaction of this process would stand still. */
let texts: Promise<[Locales, Tree]> | undefined;

/** The organizers' side of a service that runs in other processes, as the command line opens it. */
export async function besideService(environment: Readonly<Record<string, string>>): Promise<Organizers> {
  const config = loadConfig(environment);
  texts ??= Promise.all([loadLocales(join(ROOT, "locales")), loadTree(config.contentDir, "checked")]);
  const [{ translate }, tree] = await texts;
  const database = await openDatabase(config.databaseUrl, { serving: false, clock });
  const keys = await openKeys({ database, secret: config.secret ?? "", clock });
  const stores = createStores({ database, keys, clock });
  const { name } = config.organisation;
  const rates = broadcastRates(config);
  const broadcasts = createBroadcasts({ stores, people, tree: () => tree, translate, name, clock, rates });
  return { broadcasts, database, close: () => database.close() };
}

/** Makes subscribers of a place in an empty database, faster than they could text. Everything is sealed as ever. */
export async function seedSubscribers(
  environment: Readonly<Record<string, string>>,
  numbers: readonly string[],
  place = "tijuana",
): Promise<void> {
  const config = loadConfig(environment);
  const database = await openDatabase(config.databaseUrl, { serving: false, clock });
  try {
    const keys = await openKeys({ database, secret: config.secret ?? "", clock });
    const seenOn = new Date().toISOString().slice(0, 10);
    for (let from = 0; from < numbers.length; from += ROWS) {
      const contacts = numbers.slice(from, from + ROWS).map((phone) => {
        const contactKey = keys.lookup("contact", "sms", phone);
        const address = keys.seal(phone, ["contacts", "address", contactKey]);
        return {
          contactKey,
          personKey: keys.lookup("person", phone),
          channel: "sms" as const,
          address,
          seenOn,
          erasedAt: null,
        };
      });
      await database.db.transaction().execute(async (tx) => {
        const made = await tx.insertInto("contacts").values(contacts).returning("contactId").execute();
        await tx
          .insertInto("subscriptions")
          .values(
            made.map(({ contactId }, index) => ({ contactId, place, locale: index % 5 === 0 ? "en" : "es", full: 0 })),
          )
          .execute();
      });
    }
  } finally {
    await database.close();
  }
}

/** Opens the organizers' side and closes it when the test ends. */
export async function organizersOf(environment: Readonly<Record<string, string>>): Promise<Organizers> {
  const organizers = await besideService(environment);
  onTestFinished(() => organizers.close());
  return organizers;
}
