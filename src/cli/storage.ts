import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { type Config, hasChannel, loadConfig } from "../config.ts";
import { OperatorError } from "../core/errors.ts";
import type { Clock } from "../core/ports.ts";
import type { Stores } from "../core/stores.ts";
import { type InsightTable, insightsOf } from "../privacy/insights.ts";
import { type Database, openDatabase, readMigrations } from "../storage/database.ts";
import { type Keys, openKeys } from "../storage/keys.ts";
import { rotateKeys } from "../storage/rotate.ts";
import { createStores } from "../storage/stores.ts";
import { exportRows, importRows } from "../storage/transfer.ts";
import { secretOrTrialSecret } from "../storage/trial-secret.ts";

const clock: Clock = { now: () => Date.now() };
const DAY_MS = 24 * 60 * 60_000;

/** Opens the database beside a running service, lets `work` use it, and closes it. */
async function atStores(
  work: (opened: { stores: Stores; keys: Keys; database: Database }) => Promise<void>,
  config: Config = loadConfig(),
): Promise<void> {
  const secret = await secretOrTrialSecret(config.secret, config.databaseUrl, hasChannel(config));
  const database = await openDatabase(config.databaseUrl, { serving: false, clock });
  try {
    const keys = await openKeys({ database, secret, clock });
    await work({ stores: createStores({ database, keys, clock }), keys, database });
  } finally {
    await database.close();
  }
}

/** Brings the tables up to date, or with `--status` only says which steps were taken. */
export async function migrateCommand({ status }: { readonly status?: boolean }): Promise<void> {
  const { databaseUrl } = loadConfig();
  if (!status) await (await openDatabase(databaseUrl, { serving: false, clock })).close();
  const { done, missing } = await readMigrations(databaseUrl, clock);
  for (const { name, at } of done) console.log(`done     ${name}  ${new Date(at).toISOString()}`);
  for (const name of missing) console.log(`missing  ${name}`);
  console.log(missing.length === 0 ? "The tables are up to date." : "The next start takes the missing steps.");
}

/** Writes all rows to a file, for `import` on another database. The service must be stopped. */
export async function exportCommand(file: string): Promise<void> {
  const { databaseUrl } = loadConfig();
  if (!databaseUrl.startsWith("sqlite:"))
    throw new OperatorError(
      "`export` reads a SQLite database. For a copy of a Postgres use pg_dump (docs/operations.md).",
    );
  // Takes the serving lock: a service that went on writing would lose what it accepts from now on.
  const database = await openDatabase(databaseUrl, { serving: true, clock });
  try {
    const rows = await exportRows(database, file);
    console.log(
      `${rows} rows are in ${file}, sealed as they were. Now set DATABASE_URL to the new database, keep PUENTE_SECRET, and run \`npx puente import ${file}\`. Do not start the service on the old database again.`,
    );
  } finally {
    await database.close();
  }
}

export async function importCommand(file: string): Promise<void> {
  const { databaseUrl } = loadConfig();
  const database = await openDatabase(databaseUrl, { serving: databaseUrl.startsWith("sqlite:"), clock });
  try {
    console.log(
      `${await importRows(database, file)} rows are in the new database. Start the service, then delete ${file}.`,
    );
  } finally {
    await database.close();
  }
}

/** Adds a data key and seals everything again with it, beside a running service. */
export function keysRotateCommand(): Promise<void> {
  return atStores(async ({ database, keys }) => {
    const resealed = await rotateKeys({ database, keys });
    console.log(
      `There is a new data key, and ${resealed} values are sealed with it. The old one is dropped after a day.`,
    );
  });
}

/** Erases a person by number. It is read from the terminal, unseen, or from standard input: never from the command line, which other users of the machine can see and the shell remembers. */
export function contactEraseCommand(): Promise<void> {
  return atStores(async ({ stores }) => {
    const phone = toE164(await readHidden("Phone number, with country code (it is not shown): "));
    const erased = await stores.contacts.eraseByPhone(phone);
    console.log(
      erased === 0
        ? "Nothing is stored of this number. What was sent before now and arrives late is not taken in."
        : `Erased: ${erased} ${erased === 1 ? "contact" : "contacts"} with everything linked to ${erased === 1 ? "it" : "them"}. A STOP, if there was one, stays as a mark.`,
    );
  });
}

async function readHidden(question: string): Promise<string> {
  const { stdin, stderr } = process;
  if (stdin.isTTY) stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: silent, terminal: stdin.isTTY });
  try {
    for await (const line of lines) return line;
    return "";
  } finally {
    lines.close();
    if (stdin.isTTY) stderr.write("\n");
  }
}

/** @throws OperatorError which does not repeat what was typed. */
function toE164(typed: string): string {
  const phone = typed.replace(/[\s().-]/g, "");
  if (/^\+[1-9]\d{6,14}$/.test(phone)) return phone;
  throw new OperatorError("That is no phone number with country code, like +1 202 555 0100. Nothing was erased.");
}

/** Prints how often what was asked, without people: small numbers are hidden. */
export function insightsCommand({ since, json }: { readonly since: string; readonly json?: boolean }): Promise<void> {
  const days = /^(\d{1,4})d$/.exec(since)?.[1];
  if (days === undefined) throw new OperatorError("--since takes a number of days, like 30d.");
  const from = new Date(clock.now() - Number(days) * DAY_MS).toISOString().slice(0, 10);
  return atStores(async ({ stores }) => {
    const tables = insightsOf(await stores.counts.since(from));
    if (json) {
      const of = tables.map(({ by, cells, other }) => [by, { cells, other }]);
      console.log(JSON.stringify({ since: from, ...Object.fromEntries(of) }));
      return;
    }
    console.log(`Since ${from}. Numbers under 5 are hidden, or added up as "other".`);
    for (const table of tables) printTable(table);
  });
}

function printTable({ by, cells, other }: InsightTable): void {
  const lines = [
    ...cells.map(({ value, n }) => [value === "" ? "(none)" : value, n] as const),
    ...(other > 0 ? [["other", other] as const] : []),
  ];
  console.log(`\n${by}`);
  if (lines.length === 0) console.log("  (nothing, or too few to show)");
  for (const [value, n] of lines) console.log(`  ${value.padEnd(48)} ${String(n).padStart(8)}`);
}
