import type { Conversations } from "../core/stores.ts";
import { type Context, type ConversationState, NEW_CONVERSATION } from "../core/turn.ts";
import type { StoreContext } from "./context.ts";
import type { Place } from "./seal.ts";

type LastingState = Omit<ConversationState, "context">;

/** The state of each contact's threads. The context lies in a column of its own, so that it can be cleared unread. */
export function createConversations(context: StoreContext): Conversations {
  const { keys } = context;
  const keyOf = (contactId: number, thread: string) => keys.lookup("thread", String(contactId), thread);

  return {
    async load(contactId, thread) {
      const threadKey = keyOf(contactId, thread);
      const db = context.db();
      const row = await db
        .selectFrom("conversations")
        .select(["state", "context"])
        .where("contactId", "=", contactId)
        .where("threadKey", "=", threadKey)
        .executeTakeFirst();
      if (row === undefined) return NEW_CONVERSATION;
      const open = (sealed: string, column: "state" | "context") =>
        keys.open(db, sealed, placeOf(column, contactId, threadKey));
      try {
        const state = (await open(row.state, "state")) as LastingState;
        return row.context === null ? state : { ...state, context: (await open(row.context, "context")) as Context };
      } catch {
        context.damaged("conversations");
        // Damaged: the person is greeted again, nothing worse.
        return NEW_CONVERSATION;
      }
    },

    async save(contactId, thread, { context: fleeting, ...lasting }) {
      const threadKey = keyOf(contactId, thread);
      const columns = {
        state: keys.seal(lasting, placeOf("state", contactId, threadKey)),
        context: fleeting === undefined ? null : keys.seal(fleeting, placeOf("context", contactId, threadKey)),
        contextAt: fleeting?.at ?? null,
      };
      await context
        .db()
        .insertInto("conversations")
        .values({ contactId, threadKey, ...columns })
        .onConflict((conflict) => conflict.columns(["contactId", "threadKey"]).doUpdateSet(columns))
        .execute();
    },
  };
}

function placeOf(column: "state" | "context", contactId: number, threadKey: string): Place {
  return ["conversations", column, contactId, threadKey];
}
