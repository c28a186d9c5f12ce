import { randomUUID } from "node:crypto";
import type { Kysely, Selectable } from "kysely";
import type { Flag, Flags } from "../core/desk.ts";
import type { StoreContext } from "./context.ts";
import type { Tables } from "./tables.ts";
import { raiseDeskVersion } from "./versions.ts";

/** What a volunteer wrote: sealed, for nobody can promise that it names no guest. */
type Reason = Pick<Flag, "why" | "source">;

/** "Wrong or outdated", by person, and what became of it. */
export function createFlags(context: StoreContext): Flags {
  const { keys, clock } = context;

  async function flagOf(db: Kysely<Tables>, row: Selectable<Tables["flags"]>): Promise<Flag> {
    const { flagId, topic, locale, by, at, outcome, closedBy, closedAt } = row;
    // Damaged words do not hide the flag: it still counts.
    const reason = (await keys.open(db, row.reason, placeOf(row.rowKey)).catch(() => ({ why: "" }))) as Reason;
    return {
      ...{ flagId, topic, by, at },
      ...reason,
      ...(locale !== null && { locale }),
      ...(outcome !== null && { outcome }),
      ...(closedBy !== null && { closedBy }),
      ...(closedAt !== null && { closedAt }),
    };
  }

  async function read(db: Kysely<Tables>, rows: readonly Selectable<Tables["flags"]>[]): Promise<Flag[]> {
    const flags: Flag[] = [];
    for (const row of rows) flags.push(await flagOf(db, row));
    return flags;
  }

  return {
    add({ topic, locale, by, why, source }) {
      return context.atomic(async (db) => {
        const rowKey = randomUUID();
        const reason: Reason = { why, ...(source !== undefined && { source }) };
        await db
          .deleteFrom("flags")
          .where("topic", "=", topic)
          .where("by", "=", by)
          .where("closedAt", "is", null)
          .execute();
        const { flagId } = await db
          .insertInto("flags")
          .values({
            ...{ rowKey, topic, locale: locale ?? null, by, at: clock.now() },
            reason: keys.seal(reason, placeOf(rowKey)),
            ...{ outcome: null, closedBy: null, closedAt: null },
          })
          .returning("flagId")
          .executeTakeFirstOrThrow();
        await raiseDeskVersion(db);
        return flagId;
      });
    },

    open(topic) {
      return context.atomic(async (db) => {
        let query = db.selectFrom("flags").selectAll().where("closedAt", "is", null).orderBy("flagId");
        if (topic !== undefined) query = query.where("topic", "=", topic);
        return await read(db, await query.execute());
      });
    },

    close(topic, outcome, by) {
      return context.atomic(async (db) => {
        const closed = await db
          .updateTable("flags")
          .set({ outcome, closedBy: by, closedAt: clock.now() })
          .where("topic", "=", topic)
          .where("closedAt", "is", null)
          .returningAll()
          .execute();
        if (closed.length > 0) await raiseDeskVersion(db);
        return await read(db, closed);
      });
    },

    by(person) {
      return context.atomic(async (db) => {
        const rows = await db
          .selectFrom("flags")
          .selectAll()
          .where("by", "=", person)
          .orderBy("flagId", "desc")
          .execute();
        return await read(db, rows);
      });
    },
  };
}

function placeOf(rowKey: string) {
  return ["flags", "reason", rowKey] as const;
}
