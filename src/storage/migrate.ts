import type { CreateTableBuilder, Kysely } from "kysely";
import { OperatorError } from "../core/errors.ts";
import type { Clock } from "../core/ports.ts";
import type { Locking } from "./database.ts";
import { first } from "./migrations/20261121T2200-first.ts";
import { desk } from "./migrations/20261121T2300-desk.ts";
import { manyProcesses } from "./migrations/20261121T2310-many-processes.ts";
import { phoneSends } from "./migrations/20261121T2330-phone-sends.ts";
import { vendor } from "./migrations/20261121T2345-vendor.ts";
import { broadcasts } from "./migrations/20261121T2355-broadcasts.ts";
import { broadcastCards } from "./migrations/20261122T0200-broadcast-cards.ts";
import { recipients } from "./migrations/20261122T0215-recipients.ts";
import { leanRows } from "./migrations/20261122T0540-lean-rows.ts";
import type { Tables } from "./tables.ts";

/** What a migration may need besides portable SQL. Given by `database.ts`. */
export interface Dialect {
  /** Adds the primary key: an integer that the database gives out rising and never again. */
  addRowId(table: CreateTableBuilder<string, never>, column: string): CreateTableBuilder<string, string>;
  /** Lets the rows of `broadcast_recipients` go with their contact, also from a list that is being made just now. */
  cascadeByTrigger(db: Kysely<Tables>): Promise<void>;
  /** The same, with one look into the list of each lane. */
  cascadeByLanes(db: Kysely<Tables>): Promise<void>;
}

/** One step forward. There is no way back: a backup is. */
export interface Migration {
  /** The file's name: UTC time, then what it does. */
  readonly name: string;
  up(db: Kysely<Tables>, dialect: Dialect): Promise<void>;
}

/** In order of time. A new file is added at the end and an old one is never changed. */
const MIGRATIONS: readonly Migration[] = [
  first,
  desk,
  manyProcesses,
  phoneSends,
  vendor,
  broadcasts,
  broadcastCards,
  recipients,
  leanRows,
];

/**
 * Brings the tables up to date, all steps in one transaction and one process at a time. `beforeWriting` runs only when
 * there is something to do.
 *
 * @throws OperatorError when the database was written by a newer program.
 */
export async function migrate(
  db: Kysely<Tables>,
  dialect: Dialect,
  locking: Pick<Locking, "setUp">,
  clock: Clock,
  beforeWriting: () => void = () => {},
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await locking.setUp(tx);
    await tx.schema
      .createTable("migrations")
      .ifNotExists()
      .addColumn("name", "text", (column) => column.primaryKey())
      .addColumn("at", "bigint", (column) => column.notNull())
      .execute();
    const done = (await tx.selectFrom("migrations").select("name").execute()).map(({ name }) => name);
    refuseNewer(done);
    const missing = MIGRATIONS.filter(({ name }) => !done.includes(name));
    if (missing.length > 0) beforeWriting();
    for (const { name, up } of missing) {
      await up(tx, dialect);
      await tx.insertInto("migrations").values({ name, at: clock.now() }).execute();
    }
  });
}

/** Steps taken, with their time, and steps that the next start will take. */
export interface MigrationStatus {
  readonly done: readonly { readonly name: string; readonly at: number }[];
  readonly missing: readonly string[];
}

/** @throws OperatorError when the database was written by a newer program. */
export async function statusOfMigrations(db: Kysely<Tables>): Promise<MigrationStatus> {
  const tables = await db.introspection.getTables();
  const isNew = !tables.some(({ name }) => name === "migrations");
  const done = isNew ? [] : await db.selectFrom("migrations").selectAll().orderBy("name").execute();
  refuseNewer(done.map(({ name }) => name));
  const missing = MIGRATIONS.flatMap(({ name }) => (done.some((one) => one.name === name) ? [] : name));
  return { done, missing };
}

function refuseNewer(done: readonly string[]): void {
  const unknown = done.find((name) => !MIGRATIONS.some((migration) => migration.name === name));
  if (unknown === undefined) return;
  throw new OperatorError(
    `The database was written by a newer Puente (it has the migration ${unknown}). Start that version or a later one, or put back the backup made before the update.`,
  );
}
