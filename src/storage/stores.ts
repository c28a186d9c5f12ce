import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout } from "node:timers/promises";
import type { Kysely } from "kysely";
import type { Clock } from "../core/ports.ts";
import type { Stores } from "../core/stores.ts";
import { createBroadcastCards } from "./broadcast-cards.ts";
import { createBroadcasts } from "./broadcasts.ts";
import { createConsents } from "./consents.ts";
import { createContacts } from "./contacts.ts";
import type { StoreContext, TransactionScope, WorkOnMany } from "./context.ts";
import { createConversations } from "./conversations.ts";
import { createCosts } from "./costs.ts";
import { createCounts } from "./counts.ts";
import type { Database } from "./database.ts";
import { createDeliveries } from "./deliveries.ts";
import { createFlags } from "./flags.ts";
import { gather } from "./gather.ts";
import { createHolds } from "./holds.ts";
import { createInbox } from "./inbox.ts";
import { createKeptAnswers } from "./kept-answers.ts";
import type { Keys } from "./keys.ts";
import { createNotices } from "./notices.ts";
import { createPhoneSends } from "./phone-sends.ts";
import { createRetention } from "./retention.ts";
import { createSubscriptions } from "./subscriptions.ts";
import type { Tables } from "./tables.ts";
import { createVendorErasures } from "./vendor-erasures.ts";
import { createDeskVersion } from "./versions.ts";

/** Of a transaction that another one got in the way of: nothing of it was kept. */
const TRIES = 3;
/** Before it tries again it waits up to this long for each try it had, or it would meet the same one at the same place. */
const PAUSE_MS = 20;

/**
 * All stores over one database.
 *
 * Inside `transaction(work)` only the stores handed to `work` may be used. SQLite has one connection, so the outer ones
 * would wait for the transaction and the transaction for them: they throw at once instead, also in work started there
 * and not awaited. `transaction` on the inner stores joins the open one. `work` should await nothing but stores: all
 * else waits meanwhile.
 */
export function createStores(options: {
  readonly database: Database;
  readonly keys: Keys;
  readonly clock: Clock;
  /** Told of rows that cannot be opened, by their table. */
  readonly onDamage?: (table: keyof Tables) => void;
}): Stores {
  const { database, keys, clock, onDamage = () => {} } = options;
  const common = { keys, clock, locking: database.locking, isAmong: database.isAmong, damaged: onDamage };
  const inTransaction = new AsyncLocalStorage<{ open: boolean }>();

  function outside(): Kysely<Tables> {
    if (inTransaction.getStore()?.open)
      throw new Error("inside a transaction, use the stores that the transaction hands out");
    return database.db;
  }

  async function atomic<T>(work: (db: Kysely<Tables>, scope: TransactionScope) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await once(work);
      } catch (error) {
        if (tries === TRIES || !database.locking.isCollision(error)) throw error;
        await setTimeout(Math.random() * PAUSE_MS * tries);
      }
    }
  }

  async function once<T>(work: (db: Kysely<Tables>, scope: TransactionScope) => Promise<T>): Promise<T> {
    outside();
    const marker = { open: true };
    try {
      return await database.transaction(async (tx) => {
        const scope: TransactionScope = { enqueued: new Set(), leaving: new Set() };
        const result = await inTransaction.run(marker, () => work(tx, scope));
        await seeOff(tx, scope);
        return result;
      });
    } finally {
      marker.open = false;
    }
  }

  function together<T, R>(atMost: number, work: WorkOnMany<T, R>): (item: T) => Promise<R> {
    const write = gather(atMost, (items: readonly T[]) => atomic((db, scope) => work(db, scope, items)));
    return async (item) => {
      // Said to this caller, and not to those it would be written with.
      outside();
      return write(item);
    };
  }

  const stores = storesOver({ ...common, db: outside, atomic, together });
  return {
    ...stores,
    transaction: (work) =>
      atomic(async (tx, scope) => {
        const inner = storesOver({
          ...common,
          db: () => tx,
          atomic: (nested) => nested(tx, scope),
          together:
            <T, R>(_atMost: number, nested: WorkOnMany<T, R>) =>
            async (item: T) =>
              (await nested(tx, scope, [item]))[0] as R,
        });
        const joined: Stores = { ...inner, transaction: (nested) => nested(joined) };
        return await work(joined);
      }),
  };
}

function storesOver(context: StoreContext): Omit<Stores, "transaction"> {
  return {
    inbox: createInbox(context),
    conversations: createConversations(context),
    contacts: createContacts(context),
    consents: createConsents(context),
    subscriptions: createSubscriptions(context),
    keptAnswers: createKeptAnswers(context),
    broadcasts: createBroadcasts(context),
    broadcastCards: createBroadcastCards(context),
    deliveries: createDeliveries(context),
    counts: createCounts(context),
    vendorErasures: createVendorErasures(context),
    costs: createCosts(context),
    retention: createRetention(context),
    holds: createHolds(context),
    flags: createFlags(context),
    notices: createNotices(context),
    phoneSends: createPhoneSends(context),
    deskVersion: createDeskVersion(context),
  };
}

/** Ends an erasure: the contact goes as soon as no last word to it is open. */
async function seeOff(db: Kysely<Tables>, { leaving }: TransactionScope): Promise<void> {
  if (leaving.size === 0) return;
  await db
    .deleteFrom("contacts")
    .where("contactId", "in", [...leaving])
    .where("erasedAt", "is not", null)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom("deliveries")
            .select("deliveries.deliveryId")
            .whereRef("deliveries.contactId", "=", "contacts.contactId")
            .where("deliveries.status", "in", ["queued", "sending", "unknown"]),
        ),
      ),
    )
    .execute();
}
