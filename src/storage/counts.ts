import type { Counts } from "../core/stores.ts";
import { dayOf, type StoreContext } from "./context.ts";

/** How often a day ended how: all that stays of a question. */
export function createCounts(context: StoreContext): Counts {
  return {
    async add({ outcome, topic, locale, channel, place = "", n = 1 }) {
      await context
        .db()
        .insertInto("counts")
        .values({ day: dayOf(context.clock.now()), topic: topic ?? "", locale, channel, place, outcome, n })
        .onConflict((conflict) =>
          conflict
            .columns(["day", "topic", "locale", "channel", "place", "outcome"])
            .doUpdateSet((eb) => ({ n: eb("counts.n", "+", n) })),
        )
        .execute();
    },

    async since(day) {
      return await context.db().selectFrom("counts").selectAll().where("day", ">=", day).execute();
    },
  };
}
