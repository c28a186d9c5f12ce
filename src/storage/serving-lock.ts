import { hostname } from "node:os";
import { DatabaseSync } from "node:sqlite";
import { OperatorError } from "../core/errors.ts";
import type { Clock } from "../core/ports.ts";

const SQLITE_BUSY = 5;

/**
 * Makes this the one serving process of a database file. The lock is SQLite's own lock on a small file beside it, which
 * the system drops when the process dies however it dies, also in another container on the same machine; so there is
 * no stale lock to clean up, and a reused process id cannot mislead. The file says who holds it.
 *
 * @returns what gives the lock back.
 * @throws OperatorError naming the holder when another process serves this database.
 */
export function takeServingLock(databasePath: string, clock: Clock): () => void {
  const file = new DatabaseSync(`${databasePath}.lock`, { timeout: 0 });
  try {
    file.exec("begin immediate; create table if not exists holder (pid integer, host text, since integer)");
    file.exec("delete from holder");
    file.prepare("insert into holder values (?, ?, ?)").run(process.pid, hostname(), clock.now());
    // Held for as long as we serve: others can read who we are and cannot begin.
    file.exec("commit; begin immediate");
    return () => file.close();
  } catch (error) {
    const holder = whoHolds(file);
    file.close();
    if (!(error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY)) throw error;
    throw new OperatorError(
      `The database ${databasePath} is already served by ${holder}. Stop that process first; for several processes at once use Postgres (DATABASE_URL).`,
    );
  }
}

function whoHolds(file: DatabaseSync): string {
  try {
    const row = file.prepare("select pid, host from holder").get();
    if (row !== undefined) return `process ${row["pid"]} on ${row["host"]}`;
  } catch {
    // The holder is just writing its name.
  }
  return "another process";
}
