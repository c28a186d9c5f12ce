import { DatabaseSync } from "node:sqlite";
import pg from "pg";
import { until } from "./until.ts";

/** What a service has accepted and not answered, and what it has not sent or not heard of. */
export const UNDER_WAY = `select (select count(*) from inbox)
  + (select count(*) from deliveries where status in ('queued', 'sending', 'unknown')) as n`;

/**
 * Waits until a service has answered all that it has accepted, and everything is sent: after that nothing more comes by
 * itself. Looks into the service's database, from beside it.
 */
export async function untilIdle(databaseUrl: string): Promise<void> {
  const { look, close } = await open(databaseUrl);
  try {
    await until(async () => {
      const n = Number(await look());
      if (n !== 0) throw new Error(`messages and deliveries are under way: ${n}`);
    });
  } finally {
    await close();
  }
}

async function open(databaseUrl: string): Promise<{ look(): unknown; close(): unknown }> {
  if (databaseUrl.startsWith("sqlite:")) {
    const database = new DatabaseSync(databaseUrl.slice("sqlite:".length), { readOnly: true });
    const statement = database.prepare(UNDER_WAY);
    return { look: () => statement.get()?.["n"], close: () => database.close() };
  }
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  return { look: async () => (await client.query(UNDER_WAY)).rows[0].n, close: () => client.end() };
}
