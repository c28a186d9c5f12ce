import { createReadStream, createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Kysely, sql } from "kysely";
import { OperatorError } from "../core/errors.ts";
import type { Database } from "./database.ts";
import type { Tables } from "./tables.ts";

const FORMAT = 1;
const ROWS_PER_INSERT = 500;

interface Header {
  readonly puente: number;
  /** Both sides must have taken the same steps. */
  readonly migrations: readonly string[];
  /** The last id that each table gave out: none is used twice, not even that of a row that is gone. */
  readonly rowIds: Readonly<Record<string, number>>;
}

type Row = Record<string, string | number | null>;
type Line = Header | { readonly table: string; readonly row: Row } | { readonly rows: number };

/**
 * Writes every row to a file of JSON lines, parents first. What is sealed stays sealed: the file says no more than the
 * database. Nobody may write meanwhile.
 *
 * @returns how many rows.
 */
export async function exportRows(database: Database, path: string): Promise<number> {
  let rows = 0;
  async function* lines(): AsyncGenerator<string> {
    yield toLine({ puente: FORMAT, migrations: await migrationsOf(database), rowIds: await database.rowIds() });
    for (const table of await tablesOf(database)) {
      for await (const row of database.db
        .selectFrom(table as never)
        .selectAll()
        .stream()) {
        rows += 1;
        yield toLine({ table, row: row as Row });
      }
    }
    yield toLine({ rows });
  }
  await pipeline(Readable.from(lines()), createWriteStream(path, { mode: 0o600, flags: "wx" }));
  return rows;
}

/**
 * Reads such a file into an empty database: all of it or nothing.
 *
 * @returns how many rows.
 * @throws OperatorError when the database is not empty, or the file is cut off or of another version.
 */
export async function importRows(database: Database, path: string): Promise<number> {
  // Asked before the transaction: SQLite has one connection, which would wait for itself.
  const tables = await tablesOf(database);
  const migrations = await migrationsOf(database);
  return database.db.transaction().execute(async (tx) => {
    await database.locking.setUp(tx);
    await refuseFull(tx, tables);
    let header: Header | undefined;
    let total: number | undefined;
    let rows = 0;
    let table = "";
    let batch: Row[] = [];
    const flush = async () => {
      if (batch.length > 0)
        await tx
          .insertInto(table as never)
          .values(batch as never)
          .execute();
      rows += batch.length;
      batch = [];
    };
    for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
      const line = fromLine(text, path);
      if ("puente" in line) {
        header = line;
        refuseOther(line, migrations);
      } else if ("rows" in line) total = line.rows;
      else {
        if (line.table !== table || batch.length >= ROWS_PER_INSERT) await flush();
        table = line.table;
        batch.push(line.row);
      }
    }
    await flush();
    if (header === undefined || total !== rows)
      throw new OperatorError(`${path} is cut off: ${rows} rows of ${total ?? "an unknown number"}. Export again.`);
    await database.setRowIds(tx, header.rowIds);
    return rows;
  });
}

async function migrationsOf(database: Database): Promise<string[]> {
  return (await database.db.selectFrom("migrations").select("name").orderBy("name").execute()).map(({ name }) => name);
}

/** All tables of ours, each after those its rows point to. */
async function tablesOf(database: Database): Promise<string[]> {
  const links = await database.foreignKeys();
  const waiting = new Set((await database.db.introspection.getTables()).map(({ name }) => name));
  waiting.delete("migrations");
  const ordered: string[] = [];
  while (waiting.size > 0) {
    const free = [...waiting]
      .filter((name) => !links.some(({ child, parent }) => child === name && parent !== name && waiting.has(parent)))
      .sort((a, b) => (a < b ? -1 : 1));
    if (free.length === 0) throw new Error("the tables point to each other in a circle");
    for (const name of free) {
      waiting.delete(name);
      ordered.push(name);
    }
  }
  return ordered;
}

async function refuseFull(tx: Kysely<Tables>, tables: readonly string[]): Promise<void> {
  for (const table of tables) {
    const { rows } = await sql`select 1 from ${sql.table(table)} limit 1`.execute(tx);
    if (rows.length > 0)
      throw new OperatorError(`The database of DATABASE_URL is not empty (${table}). Import into a new one.`);
  }
}

function refuseOther({ puente, migrations }: Header, own: readonly string[]): void {
  if (puente === FORMAT && own.join() === migrations.join()) return;
  throw new OperatorError("The file was exported by another version of Puente. Export and import with the same one.");
}

function toLine(line: Line): string {
  return `${JSON.stringify(line)}\n`;
}

function fromLine(text: string, path: string): Line {
  try {
    return JSON.parse(text) as Line;
  } catch {
    throw new OperatorError(`${path} is cut off or is no export of Puente. Export again.`);
  }
}
