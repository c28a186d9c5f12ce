import { createSecretKey, randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import { seal, unseal } from "../../src/storage/seal.ts";

const key = { keyId: 1, key: createSecretKey(randomBytes(32)) };
const place = ["deliveries", "text", 1, "reply", "g", 1];

it("gives back any JSON value in its own place", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(unseal(key, seal(key, value, place), place)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

it("opens nowhere else, with no other key and with no bit changed", () => {
  const sealed = seal(key, "text", place);
  expect(() => unseal(key, sealed, ["deliveries", "text", 2, "reply", "g", 1])).toThrow();
  expect(() => unseal({ keyId: 1, key: createSecretKey(randomBytes(32)) }, sealed, place)).toThrow();
  const [version, keyId, nonce, ciphertext = ""] = sealed.split(".");
  for (let index = 0; index < ciphertext.length; index += 7) {
    const changed = ciphertext[index] === "A" ? "B" : "A";
    const bent = `${ciphertext.slice(0, index)}${changed}${ciphertext.slice(index + 1)}`;
    expect(() => unseal(key, [version, keyId, nonce, bent].join("."), place)).toThrow();
  }
  for (const broken of ["", "v1", "v2.1.a.b", "v1.1..", "v1.1.AAAA.AAAA", "plain text"])
    expect(() => unseal(key, broken, place)).toThrow();
});

it("never seals one value to the same text twice, and hides its length", () => {
  expect(seal(key, "same", place)).not.toBe(seal(key, "same", place));
  expect(seal(key, "short", place)).toHaveLength(seal(key, "x".repeat(200), place).length);
});
