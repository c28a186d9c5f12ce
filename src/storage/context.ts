import type { Kysely } from "kysely";
import type { Clock } from "../core/ports.ts";
import type { Database, Locking } from "./database.ts";
import type { Keys } from "./keys.ts";
import type { Tables } from "./tables.ts";

/** What every store works with. */
export interface StoreContext {
  readonly keys: Keys;
  readonly clock: Clock;
  readonly locking: Locking;
  readonly isAmong: Database["isAmong"];
  /** Told of a row that cannot be opened. What the reader does then is written where it happens. */
  damaged(table: keyof Tables): void;
  /** For a single statement. Throws where only the stores of an open transaction may be used. */
  db(): Kysely<Tables>;
  /** For several: all or nothing. Joins the transaction that is open, if there is one. */
  atomic<T>(work: (db: Kysely<Tables>, scope: TransactionScope) => Promise<T>): Promise<T>;
  /** For many calls of one kind: those that come at the same time share a transaction. In an open one each is done at once. */
  together<T, R>(atMost: number, work: WorkOnMany<T, R>): (item: T) => Promise<R>;
}

/** All or nothing of the items. Results in the same order. */
export type WorkOnMany<T, R> = (
  db: Kysely<Tables>,
  scope: TransactionScope,
  items: readonly T[],
) => Promise<readonly R[]>;

/** What one transaction has to remember until it commits. */
export interface TransactionScope {
  /** Deliveries enqueued in it: an erasure spares them, for one of them says that it is done. */
  readonly enqueued: Set<number>;
  /** Contacts that go at the commit, unless a last word to them is still on its way. */
  readonly leaving: Set<number>;
}

/** The UTC day of a moment, as tables hold it: YYYY-MM-DD. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
