import { type Kysely, sql } from "kysely";
import type { Database } from "./database.ts";
import type { Keys } from "./keys.ts";
import { prefixOf } from "./seal.ts";
import type { Tables } from "./tables.ts";

/** Every sealed column, with the columns that, after table and column, make up its place. They also find the row. */
const SEALED = [
  { table: "contacts", column: "address", place: ["contactKey"] },
  { table: "inbox", column: "message", place: ["contactId", "rowKey"] },
  { table: "conversations", column: "state", place: ["contactId", "threadKey"] },
  { table: "conversations", column: "context", place: ["contactId", "threadKey"] },
  { table: "deliveries", column: "text", place: ["contactId", "kind", "groupId", "part"] },
  { table: "shared_texts", column: "text", place: ["kind", "groupId", "part", "locale"] },
  { table: "flags", column: "reason", place: ["rowKey"] },
] as const;
const ROWS_PER_STEP = 500;

/**
 * Adds a data key and seals everything again with it, in short transactions, so that it can run beside the service.
 * The old key is dropped a day later by the sweep, once every process has learned of the new one.
 *
 * @returns how many values were sealed again.
 */
export async function rotateKeys({ database, keys }: { database: Database; keys: Keys }): Promise<number> {
  await database.db.transaction().execute(async (tx) => {
    await database.locking.setUp(tx);
    await keys.add(tx);
  });
  await keys.refresh(database.db);
  let total = 0;
  for (;;) {
    const resealed = await database.db.transaction().execute((tx) => resealSome(tx, keys));
    if (resealed === 0) return total;
    total += resealed;
  }
}

/** Seals again what was sealed with an older key, some rows of each column. Returns how many; 0 when all is done. */
async function resealSome(db: Kysely<Tables>, keys: Keys): Promise<number> {
  const current = `${prefixOf(await keys.refresh(db))}%`;
  let resealed = 0;
  for (const { table, column, place } of SEALED) {
    const value = sql.ref<string | null>(column);
    const { rows } = await sql<Record<string, string | number>>`
      select ${sql.join([...place, column].map((name) => sql.ref(name)))} from ${sql.table(table)}
      where ${value} is not null and ${value} <> '' and ${value} not like ${current} limit ${ROWS_PER_STEP}`.execute(
      db,
    );
    for (const row of rows) {
      const values = place.map((name) => row[name] ?? "");
      const before = String(row[column]);
      const opened = await keys.open(db, before, [table, column, ...values]).catch(() => undefined);
      // Damaged: it stays as it is, and so does its key.
      if (opened === undefined) continue;
      const after = keys.seal(opened, [table, column, ...values]);
      const same = place.map((name, index) => sql`${sql.ref(name)} = ${values[index]}`);
      await sql`update ${sql.table(table)} set ${sql.ref(column)} = ${after}
        where ${value} = ${before} and ${sql.join(same, sql` and `)}`.execute(db);
      resealed += 1;
    }
  }
  return resealed;
}

/** Drops the data keys retired before a time that no value needs any more. Returns how many. */
export async function dropRetiredKeys(db: Kysely<Tables>, keys: Keys, before: number): Promise<number> {
  await keys.refresh(db);
  const retired = await db.selectFrom("keys").select("keyId").where("retiredAt", "<", before).execute();
  if (retired.length === 0) return 0;
  while ((await resealSome(db, keys)) > 0);
  let dropped = 0;
  for (const { keyId } of retired) {
    if (await isUsed(db, keyId)) continue;
    await db.deleteFrom("keys").where("keyId", "=", keyId).execute();
    dropped += 1;
  }
  return dropped;
}

async function isUsed(db: Kysely<Tables>, keyId: number): Promise<boolean> {
  for (const { table, column } of SEALED) {
    const { rows } = await sql`select 1 as used from ${sql.table(table)}
      where ${sql.ref(column)} like ${`${prefixOf(keyId)}%`} limit 1`.execute(db);
    if (rows.length > 0) return true;
  }
  return false;
}
