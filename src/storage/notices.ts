import type { Selectable } from "kysely";
import type { NoticeRecord, Notices } from "../core/desk.ts";
import type { StoreContext } from "./context.ts";
import type { Tables } from "./tables.ts";
import { raiseDeskVersion } from "./versions.ts";

/** Dated lines before answers. A text is never changed: who wants other words ends it and drafts anew. */
export function createNotices(context: Pick<StoreContext, "clock" | "db" | "atomic">): Notices {
  const { clock } = context;
  return {
    draft({ texts, topics, places, until, source, draftedBy }) {
      return context.atomic(async (db) => {
        const { noticeId } = await db
          .insertInto("notices")
          .values({
            texts: JSON.stringify(texts),
            topics: JSON.stringify(topics),
            places: JSON.stringify(places),
            ...{ until, source: source ?? null, draftedBy, draftedAt: clock.now() },
            ...{ approvedBy: null, approvedAt: null, endedBy: null, endedAt: null },
          })
          .returning("noticeId")
          .executeTakeFirstOrThrow();
        await raiseDeskVersion(db);
        return noticeId;
      });
    },

    async find(noticeId) {
      const row = await context
        .db()
        .selectFrom("notices")
        .selectAll()
        .where("noticeId", "=", noticeId)
        .executeTakeFirst();
      return row && noticeOf(row);
    },

    approve(noticeId, by) {
      return context.atomic(async (db) => {
        const { numUpdatedRows } = await db
          .updateTable("notices")
          .set({ approvedBy: by, approvedAt: clock.now() })
          .where("noticeId", "=", noticeId)
          .where("approvedAt", "is", null)
          .where("endedAt", "is", null)
          .executeTakeFirst();
        if (numUpdatedRows > 0) await raiseDeskVersion(db);
        return numUpdatedRows > 0;
      });
    },

    end(noticeId, by) {
      return context.atomic(async (db) => {
        const { numUpdatedRows } = await db
          .updateTable("notices")
          .set({ endedBy: by, endedAt: clock.now() })
          .where("noticeId", "=", noticeId)
          .where("endedAt", "is", null)
          .executeTakeFirst();
        if (numUpdatedRows > 0) await raiseDeskVersion(db);
        return numUpdatedRows > 0;
      });
    },

    async list() {
      const rows = await context.db().selectFrom("notices").selectAll().orderBy("noticeId", "desc").execute();
      return rows.map(noticeOf);
    },
  };
}

function noticeOf(row: Selectable<Tables["notices"]>): NoticeRecord {
  const { noticeId, until, source, draftedBy, draftedAt, approvedBy, approvedAt, endedBy, endedAt } = row;
  return {
    ...{ noticeId, until, draftedBy, draftedAt },
    texts: JSON.parse(row.texts),
    topics: JSON.parse(row.topics),
    places: JSON.parse(row.places),
    ...(source !== null && { source }),
    ...(approvedBy !== null && { approvedBy }),
    ...(approvedAt !== null && { approvedAt }),
    ...(endedBy !== null && { endedBy }),
    ...(endedAt !== null && { endedAt }),
  };
}
