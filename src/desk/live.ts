import type { Notice, Tree } from "../content/tree.ts";
import type { Hold, NoticeRecord } from "../core/desk.ts";
import type { Clock, Logger } from "../core/ports.ts";
import type { Stores } from "../core/stores.ts";
import { noticeState } from "./notices.ts";

/** The desk is looked at this often: what another process withdrew is gone here within a second. */
const LOOK_EVERY_MS = 500;

export interface LiveTreeOptions {
  /** The tree as loaded. */
  readonly tree: Tree;
  readonly stores: Pick<Stores, "holds" | "notices" | "deskVersion">;
  readonly clock: Clock;
  readonly logger: Logger;
  /** IANA name: the clock by which a notice has the date of its approval. */
  readonly timeZone: string;
}

/** The tree as it is served: with what was held, withdrawn and announced, in this process or another. */
export interface LiveTree {
  /** A frozen snapshot: a turn sees one state of the desk and no other. */
  tree(): Tree;
  /** Reads the desk at once if it has changed. */
  refresh(): Promise<void>;
  /** Reads the desk, and goes on looking. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function createLiveTree({ tree, stores, clock, logger, timeZone }: LiveTreeOptions): LiveTree {
  const base = deepFreeze(tree);
  let snapshot = base;
  let seen: number | undefined;
  let reading: Promise<void> | undefined;
  let following: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  async function read(): Promise<void> {
    // The version first: what changes while we read raises it again, and is read the next time.
    const version = await stores.deskVersion.current();
    if (version === seen) return;
    const [holds, notices] = [await stores.holds.current(), await stores.notices.list()];
    snapshot = applyDesk(base, holds, notices, clock.now(), timeZone);
    seen = version;
    logger.info("desk.applied", { version, held: snapshot.held.size, notices: snapshot.notices.length });
  }

  /**
   * One at a time, so that an older reading never replaces a newer one. One that is under way may have begun before what
   * its caller has just changed: another follows it.
   */
  function refresh(): Promise<void> {
    if (reading !== undefined) {
      following ??= reading
        .catch(() => {})
        .then(() => {
          following = undefined;
          return refresh();
        });
      return following;
    }
    reading = read().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  return {
    tree: () => snapshot,
    refresh,
    async start() {
      await refresh();
      timer = setInterval(() => {
        refresh().catch((error: unknown) => {
          logger.error("desk.unread", { error: error instanceof Error ? error.name : "unknown" });
        });
      }, LOOK_EVERY_MS);
    },
    async stop() {
      clearInterval(timer);
      await (following ?? reading)?.catch(() => {});
    },
  };
}

function applyDesk(
  tree: Tree,
  holds: readonly Hold[],
  notices: readonly NoticeRecord[],
  now: number,
  timeZone: string,
): Tree {
  return deepFreeze({
    ...tree,
    held: new Map(holds.map(({ topic, status }) => [topic, status])),
    notices: notices
      .filter((notice) => noticeState(notice, now) === "shown")
      .map((notice): Notice => {
        const { noticeId, texts: text, topics, places, until, approvedAt = now } = notice;
        return { id: String(noticeId), on: localDay(approvedAt, timeZone), text, topics, places, until };
      }),
  });
}

/** ISO day of a moment on a clock of that zone (sv-SE writes dates as ISO 8601 does). */
function localDay(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone }).format(at);
}

/** Freezes objects, arrays and what maps hold. What is frozen already is not gone through again. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  if (value instanceof Map) for (const one of value.values()) deepFreeze(one);
  else for (const one of Object.values(value)) deepFreeze(one);
  return Object.freeze(value);
}
