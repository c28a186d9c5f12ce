/** What a process can tell the others there is to do. */
export type WakeupTopic = "inbox" | "deliveries";

/**
 * Wakes workers in other processes. A wake-up may be lost: whoever listens also looks by itself now and then. It carries
 * a contact's number at most.
 */
export interface Wakeups {
  publish(topic: WakeupTopic, contactId?: number): Promise<void>;
  /** Hands every wake-up of any process, this one included, to `listener` until the database is closed. */
  subscribe(listener: (topic: WakeupTopic, contactId?: number) => void): void;
}

/** For a database that one process serves: within that process. */
export function createLocalWakeups(): Wakeups {
  const listeners: Parameters<Wakeups["subscribe"]>[0][] = [];
  return {
    async publish(topic, contactId) {
      for (const listener of listeners) listener(topic, contactId);
    },
    subscribe(listener) {
      listeners.push(listener);
    },
  };
}

/** A wake-up as the payload of a notification: `inbox:12`, `deliveries`. */
export function encodeWakeup(topic: WakeupTopic, contactId?: number): string {
  return contactId === undefined ? topic : `${topic}:${contactId}`;
}

/** Undefined for what another version of the program may have sent. */
export function decodeWakeup(payload: string): { topic: WakeupTopic; contactId?: number } | undefined {
  const [topic, id] = payload.split(":");
  if (topic !== "inbox" && topic !== "deliveries") return undefined;
  return id === undefined ? { topic } : { topic, contactId: Number(id) };
}
