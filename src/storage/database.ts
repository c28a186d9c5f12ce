import { existsSync } from "node:fs";
import {
  Kysely,
  PostgresDialect,
  type RawBuilder,
  type SelectQueryBuilder,
  type SqlBool,
  SqliteDialect,
  sql,
} from "kysely";
import { OperatorError } from "../core/errors.ts";
import type { Clock, Lease } from "../core/ports.ts";
import { EMBEDDED_LEASE } from "./lease.ts";
import { type Dialect, type MigrationStatus, migrate, statusOfMigrations } from "./migrate.ts";
import { openPostgres } from "./postgres.ts";
import { takeServingLock } from "./serving-lock.ts";
import { createSharedCommits, type RunTransaction } from "./shared-commits.ts";
import { openSqlite } from "./sqlite.ts";
import type { Tables } from "./tables.ts";
import { createLocalWakeups, type Wakeups } from "./wakeups.ts";

/**
 * An open database whose tables are up to date. All that differs between databases is behind this; the stores use
 * portable queries only.
 */
export interface Database {
  readonly db: Kysely<Tables>;
  readonly transaction: RunTransaction;
  readonly locking: Locking;
  readonly wakeups: Wakeups;
  readonly lease: Lease;
  /** Whether a column holds one of these ids. Any number of them makes the same statement. */
  isAmong(column: string, ids: readonly number[]): RawBuilder<SqlBool>;
  /** Which table's rows point to which other's. */
  foreignKeys(): Promise<readonly { readonly child: string; readonly parent: string }[]>;
  /** The last id that each table gave out. */
  rowIds(): Promise<Readonly<Record<string, number>>>;
  /** Goes on after these. */
  setRowIds(tx: Kysely<Tables>, rowIds: Readonly<Record<string, number>>): Promise<void>;
  close(): Promise<void>;
}

/** What keeps processes apart. */
export interface Locking {
  /** One process serves this database: what another has leased, it has left behind when it died. */
  readonly alone: boolean;
  /** The rows of this query stay as they are until the transaction ends. */
  hold<T extends keyof Tables, O>(query: SelectQueryBuilder<Tables, T, O>): SelectQueryBuilder<Tables, T, O>;
  /** The same, leaving out rows that another transaction holds. */
  holdFree<T extends keyof Tables, O>(query: SelectQueryBuilder<Tables, T, O>): SelectQueryBuilder<Tables, T, O>;
  /** One transaction at a time goes past this: tables and keys are made once. */
  setUp(tx: Kysely<Tables>): Promise<void>;
  /** Whether a transaction failed only because it met another, so that it may be run again. */
  isCollision(error: unknown): boolean;
}

export interface OpenOptions {
  /** True for the process that serves; false for commands that may run beside it. */
  readonly serving: boolean;
  readonly clock: Clock;
}

const EXAMPLES = "for example sqlite:data/puente.db or postgres://user:password@host:5432/puente";

/**
 * Opens `sqlite:path`, `sqlite::memory:` or `postgres://...` and brings its tables up to date.
 *
 * @throws OperatorError with a sentence for every reason that an operator can put right.
 */
export async function openDatabase(url: string, options: OpenOptions): Promise<Database> {
  const { connection, dialect, lockTables, release } = connect(url, options);
  const close = async () => {
    await connection.close();
    release();
  };
  try {
    if (options.serving) lockTables();
    await migrate(connection.db, dialect, connection.locking, options.clock, lockTables);
    if (!options.serving) release();
  } catch (error) {
    await close();
    throw error;
  }
  return { ...connection, close };
}

/**
 * Which steps a database has taken and which it lacks. Changes nothing.
 *
 * @throws OperatorError as `openDatabase`.
 */
export async function readMigrations(url: string, clock: Clock): Promise<MigrationStatus> {
  const { connection } = connect(url, { serving: false, clock });
  try {
    return await statusOfMigrations(connection.db);
  } finally {
    await connection.close();
  }
}

/**
 * Opens a database as it is, for a command that only reads. Tables may lack steps.
 *
 * @returns undefined where there is none yet.
 * @throws OperatorError as `openDatabase`.
 */
export function openToRead(url: string, clock: Clock): Database | undefined {
  if (url.startsWith("sqlite:") && !existsSync(url.slice("sqlite:".length))) return undefined;
  return connect(url, { serving: false, clock }).connection;
}

/** A connection whose tables nobody has looked at yet. */
interface Connected {
  readonly connection: Database;
  readonly dialect: Dialect;
  /** Before tables are changed, and for as long as one process must be alone. */
  lockTables(): void;
  release(): void;
}

function connect(url: string, options: OpenOptions): Connected {
  if (url.startsWith("sqlite:")) return connectSqlite(url.slice("sqlite:".length), options);
  if (/^postgres(ql)?:\/\//.test(url)) return connectPostgres(url);
  throw new OperatorError(`DATABASE_URL must begin with "sqlite:" or "postgres://", ${EXAMPLES}.`);
}

/** Kysely runs one transaction at a time on SQLite's one connection, and everything else waits, so no row needs a lock. */
const SQLITE_LOCKING: Locking = {
  alone: true,
  hold: (query) => query,
  holdFree: (query) => query,
  setUp: async () => {},
  isCollision: () => false,
};

const DELETE_BY_LANES = sql`delete from broadcast_recipients where "contactId" = old."contactId"
  and ("broadcastId", lane) in (select "broadcastId", lane from broadcast_lanes)`;

const SQLITE_TABLES: Dialect = {
  addRowId: (table, column) => table.addColumn(column, "integer", (built) => built.primaryKey().autoIncrement()),
  async cascadeByTrigger(db) {
    await sql`create trigger contacts_recipients after delete on contacts begin
      delete from broadcast_recipients where "contactId" = old."contactId"; end`.execute(db);
  },
  async cascadeByLanes(db) {
    await sql`drop trigger contacts_recipients`.execute(db);
    await sql`create trigger contacts_recipients after delete on contacts begin ${DELETE_BY_LANES}; end`.execute(db);
  },
};

function connectSqlite(path: string, { clock }: OpenOptions): Connected {
  if (path === "") throw new OperatorError(`DATABASE_URL names no file: write ${EXAMPLES}.`);
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: openSqlite(path) }) });
  let held: (() => void) | undefined;
  return {
    connection: {
      db,
      transaction: createSharedCommits(db),
      locking: SQLITE_LOCKING,
      wakeups: createLocalWakeups(),
      lease: EMBEDDED_LEASE,
      isAmong: (column, ids) => sql`${sql.ref(column)} in (select value from json_each(${JSON.stringify(ids)}))`,
      async foreignKeys() {
        const { rows } = await sql<{ child: string; parent: string }>`
          select tables.name as child, keys."table" as parent
          from sqlite_master as tables, pragma_foreign_key_list(tables.name) as keys where tables.type = 'table'`.execute(
          db,
        );
        return rows;
      },
      async rowIds() {
        const { rows } = await sql<{ name: string; seq: number }>`select name, seq from sqlite_sequence`.execute(db);
        return Object.fromEntries(rows.map(({ name, seq }) => [name, seq]));
      },
      async setRowIds(tx, rowIds) {
        for (const [name, seq] of Object.entries(rowIds)) {
          await sql`delete from sqlite_sequence where name = ${name}`.execute(tx);
          await sql`insert into sqlite_sequence (name, seq) values (${name}, ${seq})`.execute(tx);
        }
      },
      close: () => db.destroy(),
    },
    dialect: SQLITE_TABLES,
    /** Tables are not changed under a service that runs. */
    lockTables() {
      if (path !== ":memory:") held ??= takeServingLock(path, clock);
    },
    release() {
      held?.();
      held = undefined;
    },
  };
}

/** Any number, the same for every process: the name of the lock under which tables and keys are made. */
const SET_UP_LOCK = 7_786_833;
/** Serialization failure and deadlock (Postgres manual, appendix A). */
const COLLISIONS = new Set<unknown>(["40001", "40P01"]);

const POSTGRES_LOCKING: Locking = {
  alone: false,
  hold: (query) => query.forUpdate(),
  holdFree: (query) => query.forUpdate().skipLocked(),
  setUp: async (tx) => {
    await sql`select pg_advisory_xact_lock(${SET_UP_LOCK})`.execute(tx);
  },
  isCollision: (error) => error instanceof Error && "code" in error && COLLISIONS.has(error.code),
};

const POSTGRES_TABLES: Dialect = {
  addRowId: (table, column) =>
    table.addColumn(column, "bigint", (built) => built.primaryKey().generatedByDefaultAsIdentity()),
  async cascadeByTrigger(db) {
    // Each step of a freeze holds its broadcast's row. Waiting for it, the deletion sees what the step has written, and
    // the next step no longer sees the contact.
    await sql`create function delete_recipients() returns trigger language plpgsql as $$ begin
      perform 1 from broadcasts where state = 'running' and "frozenAt" is null for share;
      delete from broadcast_recipients where "contactId" = old."contactId";
      return null; end $$`.execute(db);
    await sql`create trigger contacts_recipients after delete on contacts
      for each row execute function delete_recipients()`.execute(db);
  },
  async cascadeByLanes(db) {
    await sql`create or replace function delete_recipients() returns trigger language plpgsql as $$ begin
      perform 1 from broadcasts where state = 'running' and "frozenAt" is null for share;
      ${DELETE_BY_LANES};
      return null; end $$`.execute(db);
  },
};

function connectPostgres(url: string): Connected {
  const postgres = openPostgres(url);
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: postgres.pool }) });
  return {
    connection: {
      db,
      transaction: (work) => db.transaction().execute(work),
      locking: POSTGRES_LOCKING,
      wakeups: postgres.wakeups,
      lease: postgres.lease,
      // One search of an index for all of them, which joined to a list of values it makes for each.
      isAmong: (column, ids) => sql`${sql.ref(column)} = any(${ids}::bigint[])`,
      async foreignKeys() {
        const { rows } = await sql<{ child: string; parent: string }>`
          select child.relname as child, parent.relname as parent from pg_constraint as link
          join pg_class as child on child.oid = link.conrelid join pg_class as parent on parent.oid = link.confrelid
          where link.contype = 'f'`.execute(db);
        return rows;
      },
      async rowIds() {
        const { rows } = await sql<{ name: string; seq: number }>`
          select tables.relname as name, coalesce(pg_sequence_last_value(sequences.oid), 0) as seq
          from pg_class as sequences join pg_depend as link on link.objid = sequences.oid and link.deptype = 'i'
          join pg_class as tables on tables.oid = link.refobjid where sequences.relkind = 'S'`.execute(db);
        return Object.fromEntries(rows.map(({ name, seq }) => [name, seq]));
      },
      async setRowIds(tx, rowIds) {
        for (const [name, seq] of Object.entries(rowIds)) {
          if (seq === 0) continue;
          await sql`select setval(pg_get_serial_sequence(${`"${name}"`}, columns.column_name), ${seq})
            from information_schema.columns as columns
            where columns.table_name = ${name} and columns.is_identity = 'YES'`.execute(tx);
        }
      },
      async close() {
        await postgres.close();
        await db.destroy();
      },
    },
    dialect: POSTGRES_TABLES,
    lockTables() {},
    release() {},
  };
}
