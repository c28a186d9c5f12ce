import type { Kysely, Selectable } from "kysely";
import type { Hold, Holds } from "../core/desk.ts";
import type { TopicId } from "../core/words.ts";
import type { StoreContext } from "./context.ts";
import type { Tables } from "./tables.ts";
import { raiseDeskVersion } from "./versions.ts";

/** Answers out of service. Rows are never changed but to say when and by whom a hold was lifted. */
export function createHolds(context: Pick<StoreContext, "clock" | "db" | "atomic">): Holds {
  const { clock } = context;

  async function lift(db: Kysely<Tables>, topic: TopicId, by: string, why: string): Promise<Hold | undefined> {
    const row = await db
      .updateTable("holds")
      .set({ liftedBy: by, liftedWhy: why, liftedAt: clock.now() })
      .where("topic", "=", topic)
      .where("liftedAt", "is", null)
      .returningAll()
      .executeTakeFirst();
    return row && holdOf(row);
  }

  return {
    put(hold) {
      return context.atomic(async (db) => {
        await lift(db, hold.topic, hold.by, hold.why);
        const { topic, status, cause, by, why } = hold;
        const open = { liftedBy: null, liftedWhy: null, liftedAt: null };
        await db
          .insertInto("holds")
          .values({ topic, status, cause, by, why, at: clock.now(), ...open })
          .execute();
        await raiseDeskVersion(db);
      });
    },

    lift(topic, by, why) {
      return context.atomic(async (db) => {
        const lifted = await lift(db, topic, by, why);
        if (lifted !== undefined) await raiseDeskVersion(db);
        return lifted;
      });
    },

    async current() {
      const rows = await context
        .db()
        .selectFrom("holds")
        .selectAll()
        .where("liftedAt", "is", null)
        .orderBy("holdId")
        .execute();
      return rows.map(holdOf);
    },

    async history(topic) {
      const rows = await context
        .db()
        .selectFrom("holds")
        .selectAll()
        .where("topic", "=", topic)
        .orderBy("holdId", "desc")
        .execute();
      return rows.map((row) => {
        const { liftedBy: by, liftedWhy: why, liftedAt: at } = row;
        const ended = by !== null && why !== null && at !== null;
        return { ...holdOf(row), ...(ended && { lifted: { by, why, at } }) };
      });
    },
  };
}

function holdOf({ topic, status, cause, by, why, at }: Selectable<Tables["holds"]>): Hold {
  return { topic, status, cause, by, why, at };
}
