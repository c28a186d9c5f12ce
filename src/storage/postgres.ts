import type { PostgresPool } from "kysely";
import pg from "pg";
import { OperatorError } from "../core/errors.ts";
import type { Lease } from "../core/ports.ts";
import { createPostgresLease } from "./lease.ts";
import { nameOf } from "./prepared.ts";
import { decodeWakeup, encodeWakeup, type Wakeups } from "./wakeups.ts";

/** Connections of one process. Statements are short, so few serve many at once. */
const CONNECTIONS = 10;
const CONNECT_TIMEOUT_MS = 5_000;
/** No statement of ours takes longer, bulk inserts and migrations of a table included. */
const STATEMENT_TIMEOUT_MS = 60_000;
/** A process that stops in the middle of a transaction, or whose machine is gone, holds its rows no longer than this. */
const IDLE_IN_TRANSACTION_MS = 10_000;
const RECONNECT_MS = 1_000;
const WAKEUP_CHANNEL = "puente";
/** A 64-bit integer as Postgres sends it. Ids and times are far below 2^53. */
const INT8 = pg.types.builtins.INT8;

/** A pool of connections for Kysely, and the wake-ups that come over a connection of their own. */
export interface Postgres {
  readonly pool: PostgresPool;
  readonly wakeups: Wakeups;
  readonly lease: Lease;
  close(): Promise<void>;
}

/** Opens no connection yet. Every error that an operator can put right becomes an OperatorError. */
export function openPostgres(url: string): Postgres {
  const where = describe(url);
  const options: pg.ClientConfig = {
    connectionString: url,
    application_name: "puente",
    keepAlive: true,
    connectionTimeoutMillis: connectTimeoutOf(url),
    types: { getTypeParser: (oid, format) => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) },
  };
  const pool = new pg.Pool({
    ...options,
    max: CONNECTIONS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: STATEMENT_TIMEOUT_MS + CONNECT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
  });
  // Without a listener a connection that is lost while nobody uses it would end the process. The next query says it.
  pool.on("error", () => {});
  pool.on("connect", (client) => void client.on("error", () => {}));

  const guarded: PostgresPool = {
    options: {},
    connect: () =>
      guard(where, async () => {
        const client = await pool.connect();
        // Kysely reads `command`, `rowCount` and `rows` of a result: pg's own.
        const query = (text: string, values: unknown[]) =>
          guard(where, () => client.query({ text, values, name: nameOf(text) }));
        return { query: query as never, release: (destroy) => client.release(destroy) };
      }),
    end: () => pool.end(),
  };
  const wakeups = createPostgresWakeups(pool, options);
  return {
    pool: guarded,
    wakeups,
    lease: createPostgresLease(options),
    close: () => wakeups.close(),
  };
}

/** As the address says, in seconds like libpq's `connect_timeout` (Postgres manual, 32.1.2): for a server that is slow. */
function connectTimeoutOf(url: string): number {
  const seconds = Number(URL.parse(url)?.searchParams.get("connect_timeout"));
  return seconds > 0 ? seconds * 1_000 : CONNECT_TIMEOUT_MS;
}

/** LISTEN and NOTIFY (Postgres manual, SQL-NOTIFY). The listening connection is opened again whenever it is lost. */
function createPostgresWakeups(pool: pg.Pool, options: pg.ClientConfig): Wakeups & { close(): Promise<void> } {
  const listeners: Parameters<Wakeups["subscribe"]>[0][] = [];
  let client: pg.Client | undefined;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  async function listen(): Promise<void> {
    const opened = new pg.Client(options);
    client = opened;
    opened.on("error", () => {});
    opened.once("end", () => {
      if (!closed) timer = setTimeout(() => void listen(), RECONNECT_MS);
    });
    opened.on("notification", ({ payload }) => {
      const wakeup = decodeWakeup(payload ?? "");
      if (wakeup !== undefined) for (const listener of listeners) listener(wakeup.topic, wakeup.contactId);
    });
    try {
      await opened.connect();
      await opened.query(`listen ${WAKEUP_CHANNEL}`);
    } catch {
      // `end` follows, and with it the next try.
      await opened.end().catch(() => {});
    }
  }

  return {
    async publish(topic, contactId) {
      // Lost when the database is: then nobody could be woken anyway.
      await pool.query("select pg_notify($1, $2)", [WAKEUP_CHANNEL, encodeWakeup(topic, contactId)]).catch(() => {});
    },
    subscribe(listener) {
      listeners.push(listener);
      if (client === undefined) void listen();
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await client?.end().catch(() => {});
    },
  };
}

/** The database's place without user and password. */
function describe(url: string): string {
  try {
    const { hostname, port, pathname } = new URL(url);
    return `${pathname.slice(1)} at ${hostname}:${port || 5432}`;
  } catch {
    throw new OperatorError("DATABASE_URL is not an address like postgres://user:password@host:5432/puente.");
  }
}

async function guard<T>(where: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const sentence = sentenceFor(error, where);
    throw sentence === undefined ? error : new OperatorError(sentence);
  }
}

/** Codes: https://www.postgresql.org/docs/current/errcodes-appendix.html, and Node's own for the network. */
function sentenceFor(error: unknown, where: string): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = "code" in error ? String(error.code) : "";
  switch (code) {
    case "28000":
    case "28P01":
      return `Postgres (${where}) refuses the user or the password in DATABASE_URL.`;
    case "3D000":
      return `There is no database ${where}. Create it (createdb), or name another in DATABASE_URL.`;
    case "42501":
      return `The user in DATABASE_URL may not do this in the database ${where}. Make it the owner of the database.`;
    case "25006":
      return `The database ${where} is read-only, a standby perhaps. Name the primary server in DATABASE_URL.`;
    case "53100":
      return `The disk of the database ${where} is full. Make room; nothing that was accepted before is lost.`;
    case "53300":
      return `The database ${where} has no connection left. Each process uses up to ${CONNECTIONS + 2}: raise max_connections or run fewer processes.`;
    case "58030":
    case "58P01":
    case "XX001":
    case "XX002":
      return `The database ${where} is damaged (${code}). Stop Puente and put back a backup; Postgres' own log says more.`;
    default:
      if (isLost(error, code))
        return `The database ${where} cannot be reached${code === "" ? "" : ` (${code})`}. Look whether Postgres runs and DATABASE_URL is right; nothing that was accepted is lost.`;
      return undefined;
  }
}

const NETWORK = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ETIMEDOUT",
  "EPIPE",
]);

/** 08...: connection; 57P01 to 57P03: the server is ending or starting. The driver's own errors have no code. */
function isLost(error: Error, code: string): boolean {
  if (NETWORK.has(code) || code.startsWith("08") || /^57P0[1-3]$/.test(code)) return true;
  // An idle transaction that the server has ended.
  if (code === "25P03") return true;
  return (
    code === "" &&
    /^(Connection terminated|timeout exceeded|Client has encountered|Query read timeout)/i.test(error.message)
  );
}
