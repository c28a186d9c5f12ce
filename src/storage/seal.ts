import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from "node:crypto";

/** A key that values are sealed with. */
export interface SealingKey {
  readonly keyId: number;
  /** Of 32 bytes. */
  readonly key: KeyObject;
}

/** Where a sealed value belongs: table, column and the row's own key. It opens nowhere else. */
export type Place = readonly (string | number)[];

const VERSION = "v1";
const CIPHER = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Values are filled up to whole blocks: the length of an answer would tell which one it was. */
const BLOCK_BYTES = 256;

/** Random bytes are drawn many at a time: each draw costs as much as sealing a text. */
let drawn: Buffer = Buffer.alloc(0);

function nextNonce(): Buffer {
  if (drawn.length < NONCE_BYTES) drawn = randomBytes(NONCE_BYTES * 500);
  const nonce = drawn.subarray(0, NONCE_BYTES);
  drawn = drawn.subarray(NONCE_BYTES);
  return nonce;
}

/** Seals a JSON value: AES-256-GCM (NIST SP 800-38D), random nonce, the place as associated data. */
export function seal({ keyId, key }: SealingKey, value: unknown, place: Place): string {
  const nonce = nextNonce();
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(placeBytes(place));
  const json = Buffer.from(JSON.stringify(value));
  // Spaces after a JSON value mean nothing.
  const filled = Buffer.alloc(Math.ceil(json.length / BLOCK_BYTES) * BLOCK_BYTES, " ");
  json.copy(filled);
  const ciphertext = Buffer.concat([cipher.update(filled), cipher.final(), cipher.getAuthTag()]);
  return [VERSION, keyId, nonce.toString("base64url"), ciphertext.toString("base64url")].join(".");
}

/** The key that a value was sealed with. */
export function keyIdOf(sealed: string): number {
  return Number(sealed.split(".")[1]);
}

/** What a column sealed with a key begins with. */
export function prefixOf(keyId: number): string {
  return `${VERSION}.${keyId}.`;
}

/**
 * Opens what `seal` made.
 *
 * @throws Error, which says nothing of the value, when key, place or a single bit differ.
 */
export function unseal({ key }: SealingKey, sealed: string, place: Place): unknown {
  const [version, , nonce, ciphertext] = sealed.split(".");
  if (version !== VERSION || nonce === undefined || ciphertext === undefined) throw new Error("not a sealed value");
  const bytes = Buffer.from(ciphertext, "base64url");
  if (bytes.length < TAG_BYTES) throw new Error("not a sealed value");
  const decipher = createDecipheriv(CIPHER, key, Buffer.from(nonce, "base64url"), { authTagLength: TAG_BYTES })
    .setAAD(placeBytes(place))
    .setAuthTag(bytes.subarray(-TAG_BYTES));
  return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString());
}

function placeBytes(place: Place): Buffer {
  return Buffer.from(JSON.stringify(place));
}
