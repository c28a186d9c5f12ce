import { randomBytes } from "node:crypto";
import { onTestFinished } from "vitest";
import type { Clock, InboundMessage } from "../../src/core/ports.ts";
import type { Stores } from "../../src/core/stores.ts";
import { openDatabase } from "../../src/storage/database.ts";
import { openKeys } from "../../src/storage/keys.ts";
import { createStores } from "../../src/storage/stores.ts";

/** The real stores on a database in memory, closed when the test ends. */
export async function memoryStores(clock: Clock): Promise<Stores> {
  const database = await openDatabase("sqlite::memory:", { serving: true, clock });
  onTestFinished(() => database.close());
  const keys = await openKeys({ database, secret: randomBytes(32).toString("base64"), clock });
  return createStores({ database, keys, clock });
}

let messages = 0;

/** A text message from a fictional number. */
export function anInbound(more: Partial<InboundMessage> = {}): InboundMessage {
  messages += 1;
  return {
    channel: "sms",
    externalId: `SM${messages.toString(16).padStart(32, "0")}`,
    from: { id: "+12025550123", phone: "+12025550123", country: "US", address: "+12025550123" },
    utterance: { text: "me estan regresando en el puente que hago" },
    receivedAt: 0,
    ...more,
  };
}
