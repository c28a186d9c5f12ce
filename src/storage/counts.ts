import type { Counts } from "../core/stores.ts";
import { dayOf, type StoreContext } from "./context.ts";
import { prepared } from "./prepared.ts";
import type { Tables } from "./tables.ts";

const addTo = prepared((db, row: Tables["counts"]) =>
  db
    .insertInto("counts")
    .values({
      ...{ day: row.day, topic: row.topic, locale: row.locale, channel: row.channel },
      ...{ place: row.place, outcome: row.outcome, n: row.n },
    })
    .onConflict((conflict) =>
      conflict
        .columns(["day", "topic", "locale", "channel", "place", "outcome"])
        .doUpdateSet((eb) => ({ n: eb("counts.n", "+", row.n) })),
    ),
);

/** How often a day ended how: all that stays of a question. */
export function createCounts(context: StoreContext): Counts {
  return {
    async add({ outcome, topic, locale, channel, place = "", n = 1 }) {
      const day = dayOf(context.clock.now());
      await addTo(context.db(), { day, topic: topic ?? "", locale, channel, place, outcome, n });
    },

    async since(day) {
      return await context.db().selectFrom("counts").selectAll().where("day", ">=", day).execute();
    },
  };
}
