import type { Clock } from "../core/ports.ts";
import type { Stores } from "../core/stores.ts";
import { openToRead } from "./database.ts";
import { createHolds } from "./holds.ts";
import { createNotices } from "./notices.ts";
import { createDeskVersion } from "./versions.ts";

/** What the desk has decided, for a command that only reads: none of it is sealed, so no key is needed. */
export interface DeskReader {
  readonly stores: Pick<Stores, "holds" | "notices" | "deskVersion">;
  close(): Promise<void>;
}

/**
 * Opens it beside a service that runs.
 *
 * @returns undefined where there is no database yet.
 * @throws OperatorError when it cannot be opened.
 */
export function openDeskReader(url: string, clock: Clock): DeskReader | undefined {
  const database = openToRead(url, clock);
  if (database === undefined) return undefined;
  const atomic = async () => {
    throw new Error("this connection only reads");
  };
  const context = { clock, db: () => database.db, atomic };
  const stores = {
    holds: createHolds(context),
    notices: createNotices(context),
    deskVersion: createDeskVersion(context),
  };
  return { stores, close: () => database.close() };
}
