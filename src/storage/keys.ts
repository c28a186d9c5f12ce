import { createHmac, createSecretKey, hkdfSync, type KeyObject, randomBytes } from "node:crypto";
import type { Kysely } from "kysely";
import { OperatorError } from "../core/errors.ts";
import type { Clock } from "../core/ports.ts";
import type { Database } from "./database.ts";
import { keyIdOf, type Place, type SealingKey, seal, unseal } from "./seal.ts";
import type { Tables } from "./tables.ts";

/** Keyed hashes and sealing. Everything about a person passes through here before the first write. */
export interface Keys {
  /** A keyed hash by which a row is found again. Without the secret it can be neither read nor tried out. */
  lookup(purpose: "contact" | "person" | "message" | "thread" | "limit", ...parts: readonly string[]): string;
  /** Seals a JSON value for the one place it belongs to, with the newest data key. */
  seal(value: unknown, place: Place): string;
  /** @throws Error when the value was changed or moved. */
  open(db: Kysely<Tables>, sealed: string, place: Place): Promise<unknown>;
  /** Reads the data keys again: another process may have added one. Returns the newest one's id. */
  refresh(db: Kysely<Tables>): Promise<number>;
  /** Adds a data key and retires the others. It seals from the first `refresh` after the commit. */
  add(db: Kysely<Tables>): Promise<void>;
}

const SECRET_BYTES = 32;
const WRAP_KEY_ID = 0;

/**
 * Derives the keys from the secret and reads, or on an empty database makes, the data keys. `lookup` never changes for
 * a database: the rows would not be found again. Data keys lie in the table `keys`, wrapped.
 *
 * @param secret 32 bytes in base64 (`PUENTE_SECRET`).
 * @throws OperatorError when it is not, or is another than the one the database was made with.
 */
export async function openKeys(options: {
  readonly database: Database;
  readonly secret: string;
  readonly clock: Clock;
}): Promise<Keys> {
  const { clock } = options;
  const secret = decodeSecret(options.secret);
  const lookupKey = derive(secret, "puente lookup v1");
  const wrapKey: SealingKey = { keyId: WRAP_KEY_ID, key: derive(secret, "puente wrap v1") };
  const dataKeys = new Map<number, SealingKey>();
  let newest: SealingKey | undefined;

  async function refresh(db: Kysely<Tables>): Promise<number> {
    const rows = await db.selectFrom("keys").select(["keyId", "wrapped"]).orderBy("keyId").execute();
    dataKeys.clear();
    newest = undefined;
    for (const { keyId, wrapped } of rows) {
      newest = { keyId, key: createSecretKey(String(unseal(wrapKey, wrapped, ["keys", keyId])), "base64") };
      dataKeys.set(keyId, newest);
    }
    return newest?.keyId ?? WRAP_KEY_ID;
  }

  async function add(db: Kysely<Tables>): Promise<void> {
    const keyId = (await refresh(db)) + 1;
    await db.updateTable("keys").set({ retiredAt: clock.now() }).where("retiredAt", "is", null).execute();
    const wrapped = seal(wrapKey, randomBytes(SECRET_BYTES).toString("base64"), ["keys", keyId]);
    await db.insertInto("keys").values({ keyId, wrapped, createdAt: clock.now(), retiredAt: null }).execute();
  }

  await options.database.db.transaction().execute(async (tx) => {
    // Several processes may open an empty database at once.
    await options.database.locking.setUp(tx);
    try {
      if ((await refresh(tx)) !== WRAP_KEY_ID) return;
    } catch (error) {
      if (error instanceof OperatorError) throw error;
      throw new OperatorError(
        "PUENTE_SECRET is not the one this database was made with. Put the earlier secret back: without it nothing that is sealed can be read and nobody's STOP can be found.",
      );
    }
    await add(tx);
  });
  await refresh(options.database.db);

  return {
    lookup(purpose, ...parts) {
      return createHmac("sha256", lookupKey)
        .update(JSON.stringify([purpose, ...parts]))
        .digest("base64url");
    },
    seal(value, place) {
      if (newest === undefined) throw new Error("there is no data key");
      return seal(newest, value, place);
    },
    async open(db, sealed, place) {
      const keyId = keyIdOf(sealed);
      if (!dataKeys.has(keyId)) await refresh(db);
      const key = dataKeys.get(keyId);
      if (key === undefined) throw new Error("the value's data key is gone");
      return unseal(key, sealed, place);
    },
    refresh,
    add,
  };
}

function decodeSecret(text: string): Buffer {
  const bytes = Buffer.from(text, "base64");
  if (bytes.length === SECRET_BYTES && bytes.toString("base64").replaceAll("=", "") === text.trim().replaceAll("=", ""))
    return bytes;
  throw new OperatorError(
    "PUENTE_SECRET must be 32 random bytes in base64 (44 characters). Make one with: openssl rand -base64 32",
  );
}

/** HKDF-SHA256 (RFC 5869) without salt: the secret is random already. */
function derive(secret: Buffer, purpose: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync("sha256", secret, Buffer.alloc(0), purpose, SECRET_BYTES)));
}
