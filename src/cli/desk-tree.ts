import { systemClock } from "../answering.ts";
import type { Config } from "../config.ts";
import type { Tree } from "../content/tree.ts";
import { createLiveTree } from "../desk/live.ts";
import { createLogger } from "../logger.ts";

/**
 * The tree as a service serves it just now: with what the desk has held, withdrawn and announced. Where that cannot be
 * read, it says so once on standard error and gives the tree as loaded.
 */
export async function deskTree({ databaseUrl, defaultTimeZone }: Config, tree: Tree): Promise<Tree> {
  const { openDeskReader } = await import("../storage/desk-reader.ts");
  try {
    const desk = openDeskReader(databaseUrl, systemClock);
    if (desk === undefined) {
      console.error("There is no database yet: if an answer was withdrawn or a notice written, it is not known here.");
      return tree;
    }
    try {
      const logger = createLogger("error");
      const live = createLiveTree({
        ...{ tree, stores: desk.stores, clock: systemClock, logger, timeZone: defaultTimeZone },
      });
      await live.refresh();
      return live.tree();
    } finally {
      await desk.close();
    }
  } catch {
    // The driver's own words may hold the database's password.
    console.error(
      "The database in DATABASE_URL cannot be read: withdrawn answers and notices are not known here. `npx puente doctor` says why.",
    );
    return tree;
  }
}
