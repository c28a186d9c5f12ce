import { resolve } from "node:path";
import { onTestFinished } from "vitest";
import { createBroadcasts } from "../../src/broadcast/broadcasts.ts";
import { createBroadcastWorker } from "../../src/broadcast/worker.ts";
import { loadTree } from "../../src/content/load.ts";
import type { Tree } from "../../src/content/tree.ts";
import type { BroadcastRecord, Templates } from "../../src/core/broadcast.ts";
import { SendError } from "../../src/core/errors.ts";
import type { Channel, Checkpoint, OutboundPart } from "../../src/core/ports.ts";
import { createDelivery } from "../../src/delivery/deliver.ts";
import type { People, Person, Role } from "../../src/desk/people.ts";
import { loadLocales } from "../../src/locale/translate.ts";
import { openDatabase } from "../../src/storage/database.ts";
import { makeFixture } from "../storage/fixture.ts";
import { testClock } from "../support/clock.ts";
import { type DatabaseKind, emptyDatabase } from "../support/databases.ts";
import { recorder } from "../support/recorder.ts";

const { translate } = await loadLocales(resolve(import.meta.dirname, "../../locales"));
export const tree = await loadTree(resolve(import.meta.dirname, "../../content"), "checked");
export { translate };

/** A Saturday noon in Tijuana. */
const NOON = Date.UTC(2026, 10, 21, 20, 0, 0);
const NAME = "Example shelter";

/** Says nothing of law: no editor needed. */
export const TEXTS = {
  es: "La linea de ayuda cambio de horario. Escriba MENU para ver los temas.",
  en: "The help line has new hours. Text MENU to see the topics.",
};

const person = (id: string, ...roles: Role[]): Person => ({ id, name: id, roles });
export const ANA = person("ana", "organizer");
export const BEA = person("bea", "organizer");
export const EDI = person("edi", "editor");
export const VOL = person("vol", "volunteer");
const all = [ANA, BEA, EDI, VOL];
const people: People = {
  all,
  find: (id) => all.find((one) => one.id === id),
  on: () => undefined,
  atMachine: () => ANA,
};

/** What a sender does with one message. */
export type Sends = (part: OutboundPart) => void | Promise<void>;

/** Everything from a draft to the vendor's door, on a real database, with a clock in hand. */
export async function aBroadcastRoom(
  kind: DatabaseKind,
  more: {
    readonly tree?: Tree;
    readonly checkpoint?: Checkpoint;
    readonly templates?: Templates;
    readonly name?: string;
  } = {},
) {
  const clock = testClock(NOON);
  const database = await openDatabase(await emptyDatabase(kind), { serving: true, clock });
  onTestFinished(() => database.close());
  const storage = await makeFixture(database, clock);
  const { stores } = storage;
  const { logger, counter } = recorder();
  const sent: OutboundPart[] = [];
  let sends: Sends = () => {};
  let served = more.tree ?? tree;
  let tells = true;
  let ids = 0;
  const channel = (name: "sms" | "whatsapp"): Channel => ({
    name,
    async send(part) {
      await sends(part);
      sent.push(part);
      ids += 1;
      return { externalId: `SM${ids}` };
    },
  });
  const channels = new Map([channel("sms"), channel("whatsapp")].map((one) => [one.name, one] as const));
  const rates = { sms: 100, whatsapp: 50 };
  const { name = NAME, templates } = more;
  const common = { stores, tree: () => served, translate, name, clock, rates, ...(templates && { templates }) };
  const checkpoint = more.checkpoint ?? (async () => {});
  const announced: number[] = [];
  const broadcasts = createBroadcasts({ ...common, people });
  const worker = createBroadcastWorker({
    ...common,
    logger,
    counter,
    checkpoint,
    announce: async ({ broadcastId }) => {
      announced.push(broadcastId);
      return tells;
    },
    wake: () => {},
  });
  const delivery = createDelivery({ ...common, channels, logger, counter, checkpoint, timeZone: "America/Tijuana" });
  let phones = 0;

  return {
    ...{ storage, stores, database, clock, broadcasts, worker, delivery, sent, announced },
    sending: (how: Sends) => {
      sends = how;
    },
    /** Whether anybody of the team can be told. */
    telling: (reached: boolean) => {
      tells = reached;
    },
    serve: (other: Tree) => {
      served = other;
    },
    /** So many people who asked for updates about a place. */
    async subscribe(
      count: number,
      more: { place?: string; locale?: string; full?: boolean; channel?: "sms" | "whatsapp"; phone?: string } = {},
    ): Promise<number[]> {
      const contactIds: number[] = [];
      for (let n = 0; n < count; n += 1) {
        phones += 1;
        const phone = more.phone ?? `+1202555${String(1000 + phones)}`;
        const address = more.channel === "whatsapp" ? `whatsapp:${phone}` : phone;
        const { inboxId, contactId } = await storage.arrive({
          channel: more.channel ?? "sms",
          externalId: `IN${phones}`,
          from: { id: address, phone, address },
        });
        await stores.inbox.finish(inboxId);
        await stores.subscriptions.add(contactId, { place: more.place ?? "tijuana", locale: more.locale ?? "es" });
        if (more.full) await stores.subscriptions.setFull(contactId, true);
        contactIds.push(contactId);
      }
      return contactIds;
    },
    /** Written, asked for and approved. */
    async approved(change: Partial<Parameters<typeof broadcasts.draft>[1]> = {}): Promise<BroadcastRecord> {
      const { broadcastId, hash } = await broadcasts.draft(ANA, { texts: TEXTS, places: ["tijuana"], ...change });
      await broadcasts.submit(ANA, broadcastId);
      await broadcasts.approve(BEA, broadcastId, hash, "slack");
      return broadcasts.find(ANA, broadcastId);
    },
    /** Lets both workers go on until nothing more happens, the clock with them. */
    async run(seconds = 60): Promise<void> {
      for (let n = 0; n < seconds * 4; n += 1) {
        await worker.tick();
        const handled = await delivery.run();
        clock.advance(250);
        if (handled > 0) continue;
        const active = await stores.broadcasts.active();
        if (active.every(({ state }) => state === "paused")) break;
      }
    },
  };
}

export const refuse =
  (errorClass: ConstructorParameters<typeof SendError>[0], code: string): Sends =>
  () => {
    throw new SendError(errorClass, code);
  };
