import type { Costs } from "../core/stores.ts";
import { dayOf, type StoreContext } from "./context.ts";

/** What messages cost, summed by day. */
export function createCosts(context: StoreContext): Costs {
  return {
    async add({ channel, direction, currency, messages, segments, micros }) {
      await context
        .db()
        .insertInto("costs")
        .values({ day: dayOf(context.clock.now()), channel, direction, currency, messages, segments, micros })
        .onConflict((conflict) =>
          conflict.columns(["day", "channel", "direction", "currency"]).doUpdateSet((eb) => ({
            messages: eb("costs.messages", "+", messages),
            segments: eb("costs.segments", "+", segments),
            micros: eb("costs.micros", "+", micros),
          })),
        )
        .execute();
    },

    async since(day) {
      const rows = await context
        .db()
        .selectFrom("costs")
        .select(["channel", "direction", "currency"])
        .select((eb) => [
          eb.fn.sum<number>("messages").as("messages"),
          eb.fn.sum<number>("segments").as("segments"),
          eb.fn.sum<number>("micros").as("micros"),
        ])
        .where("day", ">=", day)
        .groupBy(["channel", "direction", "currency"])
        .orderBy("channel")
        .orderBy("direction")
        .execute();
      return rows.map((row) => ({
        ...row,
        messages: Number(row.messages),
        segments: Number(row.segments),
        micros: Number(row.micros),
      }));
    },
  };
}
