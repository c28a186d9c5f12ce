import { accessSync, closeSync, constants, mkdirSync, openSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import type { SqliteDatabase, SqliteStatement } from "kysely";
import { OperatorError } from "../core/errors.ts";

/** How long a write waits for a command that runs beside the service. Calls are synchronous: nothing else runs meanwhile. */
const BUSY_MS = 5_000;
/** Prepared statements kept. Bulk inserts of different lengths must not pile up. */
const STATEMENTS_KEPT = 200;

/**
 * Opens a SQLite file, or `:memory:`, with the settings that hold the promises of storage: a commit survives a power
 * cut (`synchronous=FULL`), deleted rows are overwritten (`secure_delete`), rows go with their contact (foreign keys).
 *
 * @throws OperatorError when the folder cannot be written, the file is no database or is damaged, or the disk is full.
 */
export function openSqlite(path: string): SqliteDatabase {
  if (path !== ":memory:") makeFile(path);
  return guard(path, () => {
    const database = new DatabaseSync(path, { timeout: BUSY_MS, enableForeignKeyConstraints: true });
    try {
      database.exec("pragma journal_mode = wal; pragma synchronous = full; pragma secure_delete = on");
    } catch (error) {
      database.close();
      throw error;
    }
    return adapt(database, path);
  });
}

/** Creates folder and file readable by this user alone; SQLite gives the files beside it the same rights. */
function makeFile(path: string): void {
  const folder = dirname(resolve(path));
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
    closeSync(openSync(path, "a", 0o600));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    if (code === "ENOSPC") throw new OperatorError(full(path));
    throw new OperatorError(
      `The database ${path} cannot be written (${code}). Give the user who runs Puente the right to write to ${folder}, or name another file in DATABASE_URL.`,
    );
  }
}

/** The part of better-sqlite3 that Kysely's SqliteDialect uses, over `node:sqlite`. */
function adapt(database: DatabaseSync, path: string): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>();

  function prepare(sql: string): SqliteStatement {
    // A transaction that reads first and writes later would fail when another process has written in between.
    const statement = database.prepare(sql === "begin" ? "begin immediate" : sql);
    return {
      reader: statement.columns().length > 0,
      all: (values) => guard(path, () => statement.all(...(values as SQLInputValue[]))),
      run: (values) => guard(path, () => statement.run(...(values as SQLInputValue[]))),
      iterate: (values) => guard(path, () => statement.iterate(...(values as SQLInputValue[]))),
    };
  }

  return {
    prepare(sql) {
      // After a full disk SQLite has rolled back by itself; a second rollback would hide the reason.
      if (sql === "rollback" && !database.isTransaction) return prepare("select 1");
      const kept = statements.get(sql);
      if (kept !== undefined) return kept;
      const made = guard(path, () => prepare(sql));
      if (statements.size >= STATEMENTS_KEPT) statements.clear();
      statements.set(sql, made);
      return made;
    },
    close: () => database.close(),
  };
}

function guard<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const sentence = sentenceFor(error, path);
    throw sentence === undefined ? error : new OperatorError(sentence);
  }
}

/** Result codes: https://www.sqlite.org/rescode.html; the low byte is the primary one. */
function sentenceFor(error: unknown, path: string): string | undefined {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number") return undefined;
  switch (error.errcode & 0xff) {
    case 5:
      return `The database ${path} is busy: another program has held it for more than ${BUSY_MS / 1000} s. End that program and try again.`;
    case 8:
      return `The database ${path} is read-only. Give the user who runs Puente the right to write to it and to its folder.`;
    case 10:
      return `The disk failed while reading or writing the database ${path}. Look at the system's log and the disk before starting again.`;
    case 13:
      return full(path);
    case 14:
      return `The database ${path} cannot be opened. Look whether its folder exists and may be written, or name another file in DATABASE_URL.`;
    case 11:
    case 26:
      return `The file ${path} is damaged or is no Puente database. Put back a backup, or move the file away to begin with an empty one.`;
    default:
      return undefined;
  }
}

function full(path: string): string {
  return `The disk that holds the database ${path} is full. Make room; nothing that was accepted before is lost.`;
}
