import type { KeptAnswers } from "../core/subscription.ts";
import type { StoreContext } from "./context.ts";

/** Which version of an answer somebody was sent who asked to be told if it changes. */
export function createKeptAnswers(context: StoreContext): KeptAnswers {
  const { clock } = context;
  return {
    async keep({ contactId, topic, locale, textHash }) {
      const at = clock.now();
      await context
        .db()
        .insertInto("kept_answers")
        .values({ contactId, topic, locale, textHash, at, toldAt: null })
        .onConflict((conflict) =>
          conflict.columns(["contactId", "topic"]).doUpdateSet({ locale, textHash, at, toldAt: null }),
        )
        .execute();
    },

    async versions() {
      return await context
        .db()
        .selectFrom("kept_answers")
        .select(["topic", "locale", "textHash"])
        .distinct()
        .where("toldAt", "is", null)
        .execute();
    },

    takeToTell({ topic, locale, textHash }, limit) {
      return context.atomic(async (db) => {
        const keepers = await context.locking
          .holdFree(db.selectFrom("kept_answers").where("topic", "=", topic))
          .select("contactId")
          .where("locale", "=", locale)
          .where("textHash", "=", textHash)
          .where("toldAt", "is", null)
          .limit(limit)
          .execute();
        const contactIds = keepers.map(({ contactId }) => contactId);
        if (contactIds.length === 0) return [];
        await db
          .updateTable("kept_answers")
          .set({ toldAt: clock.now() })
          .where("topic", "=", topic)
          .where("contactId", "in", contactIds)
          .execute();
        return contactIds;
      });
    },

    async forget(contactId, topic) {
      await context
        .db()
        .deleteFrom("kept_answers")
        .where("contactId", "=", contactId)
        .where("topic", "=", topic)
        .execute();
    },
  };
}
