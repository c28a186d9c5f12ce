import type { BroadcastCard, BroadcastCards } from "../core/broadcast.ts";
import type { StoreContext } from "./context.ts";

/** States in which a room shows a broadcast that it has not shown before. */
const SHOWN = ["awaiting-approval", "scheduled", "running", "paused"] as const;
/** A card that could not be posted is tried again after this long. */
const POST_AGAIN_MS = 60_000;

/** Where the content rooms show broadcasts. */
export function createBroadcastCards(context: StoreContext): BroadcastCards {
  const { clock } = context;

  return {
    take(platform, everyMs, locale) {
      return context.atomic(async (db) => {
        const now = clock.now();
        await db
          .insertInto("broadcast_cards")
          .columns(["broadcastId", "platform", "locale", "shownAt"])
          .expression((eb) =>
            eb
              .selectFrom("broadcasts")
              .select((row) => [
                "broadcasts.broadcastId",
                row.val(platform).as("platform"),
                row.val(locale).as("locale"),
                row.lit(0).as("shownAt"),
              ])
              .where("state", "in", SHOWN)
              .where((row) =>
                row.not(
                  row.exists(
                    row
                      .selectFrom("broadcast_cards")
                      .select("broadcast_cards.broadcastId")
                      .whereRef("broadcast_cards.broadcastId", "=", "broadcasts.broadcastId")
                      .where("broadcast_cards.platform", "=", platform),
                  ),
                ),
              ),
          )
          .onConflict((conflict) => conflict.columns(["broadcastId", "platform"]).doNothing())
          .execute();
        const rows = await db
          .updateTable("broadcast_cards")
          .set({ shownAt: now })
          .where("platform", "=", platform)
          .where("closed", "=", 0)
          .where((eb) =>
            eb.or([
              eb("shownAt", "<=", now - POST_AGAIN_MS),
              eb.and([eb("place", "is not", null), eb("shownAt", "<=", now - everyMs)]),
            ]),
          )
          .returning(["broadcastId", "place", "locale"])
          .execute();
        return rows.map(cardOf);
      });
    },

    async open(broadcastId, platform, locale) {
      await context
        .db()
        .insertInto("broadcast_cards")
        .values({ broadcastId, platform, locale, place: null, shownAt: 0 })
        // Submitted again after a change: it is shown in the place where it was.
        .onConflict((conflict) => conflict.columns(["broadcastId", "platform"]).doUpdateSet({ closed: 0 }))
        .execute();
    },

    async find(broadcastId, platform) {
      const row = await context
        .db()
        .selectFrom("broadcast_cards")
        .select(["broadcastId", "place", "locale"])
        .where("broadcastId", "=", broadcastId)
        .where("platform", "=", platform)
        .executeTakeFirst();
      return row && cardOf(row);
    },

    async keep(broadcastId, platform, place) {
      await context
        .db()
        .updateTable("broadcast_cards")
        .set({ place })
        .where("broadcastId", "=", broadcastId)
        .where("platform", "=", platform)
        .execute();
    },

    async close(broadcastId, platform) {
      await context
        .db()
        .updateTable("broadcast_cards")
        .set({ closed: 1 })
        .where("broadcastId", "=", broadcastId)
        .where("platform", "=", platform)
        .execute();
    },
  };
}

function cardOf({
  broadcastId,
  place,
  locale,
}: {
  readonly broadcastId: number;
  readonly place: string | null;
  readonly locale: string;
}): BroadcastCard {
  return { broadcastId, locale, ...(place !== null && { place }) };
}
