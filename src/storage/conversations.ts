import type { Conversations } from "../core/stores.ts";
import { type Context, type ConversationState, NEW_CONVERSATION } from "../core/turn.ts";
import type { StoreContext } from "./context.ts";
import { prepared } from "./prepared.ts";
import type { Place } from "./seal.ts";
import type { Tables } from "./tables.ts";

type LastingState = Omit<ConversationState, "context">;

const byThread = prepared((db, at: { contactId: number; threadKey: string }) =>
  db
    .selectFrom("conversations")
    .select(["state", "context"])
    .where("contactId", "=", at.contactId)
    .where("threadKey", "=", at.threadKey),
);

const put = prepared((db, row: Tables["conversations"]) => {
  const columns = { state: row.state, context: row.context, contextAt: row.contextAt };
  return db
    .insertInto("conversations")
    .values({ contactId: row.contactId, threadKey: row.threadKey, ...columns })
    .onConflict((conflict) => conflict.columns(["contactId", "threadKey"]).doUpdateSet(columns));
});

/** The state of each contact's threads. The context lies in a column of its own, so that it can be cleared unread. */
export function createConversations(context: StoreContext): Conversations {
  const { keys } = context;
  const keyOf = (contactId: number, thread: string) => keys.lookup("thread", String(contactId), thread);

  return {
    async load(contactId, thread) {
      const threadKey = keyOf(contactId, thread);
      const db = context.db();
      const [row] = await byThread(db, { contactId, threadKey });
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
      await put(context.db(), {
        contactId,
        threadKey,
        state: keys.seal(lasting, placeOf("state", contactId, threadKey)),
        context: fleeting === undefined ? null : keys.seal(fleeting, placeOf("context", contactId, threadKey)),
        contextAt: fleeting?.at ?? null,
      });
    },
  };
}

function placeOf(column: "state" | "context", contactId: number, threadKey: string): Place {
  return ["conversations", column, contactId, threadKey];
}
