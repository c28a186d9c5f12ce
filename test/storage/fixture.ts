import type { InboundMessage } from "../../src/core/ports.ts";
import type { NewDelivery, Stores } from "../../src/core/stores.ts";
import type { Database } from "../../src/storage/database.ts";
import { type Keys, openKeys } from "../../src/storage/keys.ts";
import { createStores } from "../../src/storage/stores.ts";
import { NOON, testClock } from "../support/clock.ts";

export const START = NOON;
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const SECRET = Buffer.alloc(32, 7).toString("base64");
export const PHONE = "+12025550142";
export const UTTERANCE = "me estan regresando en el puente";
export const ANSWER = "Diga al oficial que tiene miedo de volver.";

export interface Fixture {
  readonly database: Database;
  readonly keys: Keys;
  readonly stores: Stores;
  readonly clock: ReturnType<typeof testClock>;
  /** Accepts a message and gives its contact. */
  arrive(change?: Partial<InboundMessage>): Promise<{ inboxId: number; contactId: number }>;
  /** So many people, by their contacts' numbers. */
  arrivals<N extends number>(count: N): Promise<Tuple<N>>;
  /** Enqueues one delivery and gives its id. */
  enqueue(contactId: number, change?: Partial<NewDelivery>): Promise<number>;
  /** Announces something to these contacts, as far as the queue. */
  announce(contactIds: readonly number[], text?: string): Promise<{ readonly broadcastId: number }>;
  /** Claims what is due and begins the first. */
  begin(): Promise<{ deliveryId: number; attempt: number }>;
  /** Long enough for a lease on a waiting message to run out. */
  retake(): void;
  /** Where a delivery stands. */
  row(deliveryId: number): Promise<{ status: string; text: string | null; topic: string | null } | undefined>;
  /** How many rows each table has. */
  sizes(): Promise<Record<(typeof PERSONAL_TABLES)[number], number>>;
}

type Tuple<N extends number, T extends number[] = []> = T["length"] extends N ? T : Tuple<N, [...T, number]>;

const PERSONAL_TABLES = ["contacts", "inbox", "conversations", "deliveries", "attempts"] as const;

export async function makeFixture(database: Database, clock = testClock()): Promise<Fixture> {
  const keys = await openKeys({ database, secret: SECRET, clock });
  const stores = createStores({ database, keys, clock });
  let messages = 0;
  let groups = 0;
  async function arrive(change: Partial<InboundMessage> = {}) {
    messages += 1;
    const accepted = await stores.inbox.accept(
      message({ externalId: `SM${messages}`, receivedAt: clock.now(), ...change }),
    );
    if (accepted === undefined) throw new Error("not accepted");
    return accepted;
  }
  return {
    database,
    keys,
    stores,
    clock,
    arrive,
    async arrivals<N extends number>(count: N) {
      const contactIds: number[] = [];
      for (let n = 0; n < count; n += 1) {
        const phone = `+12025550${150 + n}`;
        contactIds.push((await arrive({ from: { id: phone, phone, address: phone } })).contactId);
      }
      return contactIds as Tuple<N>;
    },
    async enqueue(contactId, change = {}) {
      groups += 1;
      const [deliveryId] = await stores.deliveries.enqueue([
        delivery(contactId, { groupId: `group ${groups}`, notBefore: clock.now(), ...change }),
      ]);
      if (deliveryId === undefined) throw new Error("not enqueued");
      return deliveryId;
    },
    async announce(contactIds, text = ANSWER) {
      for (const contactId of contactIds) await stores.subscriptions.add(contactId, { place: "tijuana", locale: "es" });
      const { broadcasts } = stores;
      const audience = { places: ["tijuana"], locales: ["es"], channels: ["sms" as const] };
      const texts = { es: text, en: text };
      const broadcastId = await broadcasts.create({ texts, audience, emergency: true, hash: "h", author: "ana" });
      await broadcasts.move(broadcastId, { from: ["draft"], to: "running", event: "started" });
      while (!(await broadcasts.freeze(broadcastId, 2)));
      await broadcasts.release({
        ...{ broadcastId, lane: 0, channel: "sms", limit: 100, perSecond: 100, expiresAt: clock.now() + HOUR },
        forms: [{ locale: "es", full: false, text, segments: 1 }],
      });
      return { broadcastId };
    },
    async begin() {
      const [claimed] = await stores.deliveries.claim(1, 30_000);
      if (claimed === undefined) throw new Error("nothing to begin");
      return claimed;
    },
    retake: () => clock.advance(20_000),
    row: (deliveryId) =>
      database.db
        .selectFrom("deliveries")
        .select(["status", "text", "topic"])
        .where("deliveryId", "=", deliveryId)
        .executeTakeFirst(),
    async sizes() {
      const sizes = { contacts: 0, inbox: 0, conversations: 0, deliveries: 0, attempts: 0 };
      for (const table of PERSONAL_TABLES) {
        const { n } = await database.db
          .selectFrom(table)
          .select((eb) => eb.fn.countAll<number>().as("n"))
          .executeTakeFirstOrThrow();
        sizes[table] = Number(n);
      }
      return sizes;
    },
  };
}

export function message(change: Partial<InboundMessage> = {}): InboundMessage {
  return {
    channel: "sms",
    externalId: "SM0",
    from: { id: PHONE, phone: PHONE, address: PHONE },
    utterance: { text: UTTERANCE },
    receivedAt: START,
    ...change,
  };
}

export function delivery(contactId: number, change: Partial<NewDelivery> = {}): NewDelivery {
  return {
    kind: "reply",
    contactId,
    groupId: "group",
    part: 1,
    parts: 1,
    text: ANSWER,
    locale: "es",
    topic: "port-of-entry/turned-back",
    notBefore: START,
    askedAt: START,
    ...change,
  };
}

/** The same person on WhatsApp. */
export const ON_WHATSAPP: Partial<InboundMessage> = {
  channel: "whatsapp",
  from: { id: `whatsapp:${PHONE}`, phone: PHONE, address: `whatsapp:${PHONE}` },
};
