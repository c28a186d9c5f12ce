import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { inject, onTestFinished } from "vitest";

export const DATABASE_KINDS = ["sqlite", "postgres"] as const;
export type DatabaseKind = (typeof DATABASE_KINDS)[number];

/** The address of an empty database of this kind, gone when the test ends. */
export async function emptyDatabase(kind: DatabaseKind): Promise<string> {
  return kind === "postgres" ? emptyPostgres(inject("postgres").url) : emptySqlite();
}

async function emptySqlite(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "puente-sqlite-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return `sqlite:${join(folder, "puente.db")}`;
}

/** An empty database on a server that runs. */
export async function emptyPostgres(serverUrl: string): Promise<string> {
  const name = `t${randomBytes(8).toString("hex")}`;
  await asAdmin(serverUrl, `create database ${name}`);
  onTestFinished(() => asAdmin(serverUrl, `drop database if exists ${name} with (force)`));
  const url = new URL(serverUrl);
  url.pathname = name;
  // On a busy machine the server may not have the time to take a connection.
  url.searchParams.set("connect_timeout", "60");
  return url.href;
}

/** Runs one statement as the owner of everything. */
export async function asAdmin(serverUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  // Its connection may be cut by a test that ends the server.
  client.on("error", () => {});
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
