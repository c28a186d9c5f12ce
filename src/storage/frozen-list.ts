import { type Kysely, sql } from "kysely";
import type { Audience, BroadcastContent, BroadcastEvent, BroadcastStore } from "../core/broadcast.ts";
import { hasItElsewhere, subscribersOf } from "./audience.ts";
import type { StoreContext } from "./context.ts";
import { isOptedOut } from "./opted-out.ts";
import type { Tables } from "./tables.ts";

type Note = (
  db: Kysely<Tables>,
  broadcastId: number,
  event: Omit<BroadcastEvent, "broadcastId" | "at">,
) => Promise<void>;

/** The list of recipients, made when a broadcast begins, with a lane for each channel and place. */
export function createFrozenList(context: StoreContext, note: Note): Pick<BroadcastStore, "freeze" | "lanes"> {
  const { clock } = context;

  return {
    freeze(broadcastId, limit) {
      return context.atomic(async (db) => {
        const row = await context.locking
          .hold(db.selectFrom("broadcasts").where("broadcastId", "=", broadcastId))
          .select(["content", "hash", "frozenTo", "frozenAt"])
          .executeTakeFirstOrThrow();
        if (row.frozenAt !== null) return true;
        const { audience }: BroadcastContent = JSON.parse(row.content);
        const from = row.frozenTo ?? 0;
        if (row.frozenTo === null)
          await db
            .insertInto("broadcast_lanes")
            .values(lanesOf(audience).map((lane) => ({ ...lane, broadcastId, releasedTo: 0, lastContact: null })))
            .execute();
        const { to } = await db
          .selectFrom((eb) =>
            eb
              .selectFrom("subscriptions")
              .select("contactId")
              .distinct()
              .where("contactId", ">", from)
              .orderBy("contactId")
              .limit(limit)
              .as("next"),
          )
          .select((eb) => eb.fn.max<number | null>("contactId").as("to"))
          .executeTakeFirstOrThrow();
        if (to === null) {
          await endFreeze(db, broadcastId, row.hash);
          return true;
        }
        await addRecipients(db, broadcastId, audience, from, to);
        await db.updateTable("broadcasts").set({ frozenTo: to }).where("broadcastId", "=", broadcastId).execute();
        return false;
      });
    },

    async lanes(broadcastId) {
      const rows = await context
        .db()
        .selectFrom("broadcast_lanes")
        .select(["lane", "channel", "place", "releasedTo", "lastContact"])
        .where("broadcastId", "=", broadcastId)
        .orderBy("lane")
        .execute();
      return rows.map(({ lane, channel, place, releasedTo, lastContact }) => ({
        lane,
        channel,
        place,
        waiting: lastContact !== null && releasedTo < lastContact,
      }));
    },
  };

  async function endFreeze(db: Kysely<Tables>, broadcastId: number, hash: string): Promise<void> {
    await db
      .updateTable("broadcast_lanes")
      .set((eb) => ({
        lastContact: eb
          .selectFrom("broadcast_recipients")
          .select((inner) => inner.fn.max<number>("contactId").as("last"))
          .whereRef("broadcast_recipients.broadcastId", "=", "broadcast_lanes.broadcastId")
          .whereRef("broadcast_recipients.lane", "=", "broadcast_lanes.lane"),
      }))
      .where("broadcastId", "=", broadcastId)
      .execute();
    const { n } = await db
      .selectFrom("broadcast_recipients")
      .select((eb) => eb.fn.countAll<number>().as("n"))
      .where("broadcastId", "=", broadcastId)
      .executeTakeFirstOrThrow();
    const recipients = Number(n);
    await db
      .updateTable("broadcasts")
      .set({ frozenAt: clock.now(), recipients })
      .where("broadcastId", "=", broadcastId)
      .execute();
    await note(db, broadcastId, { event: "frozen", hash, detail: { recipients } });
  }
}

/** One for each channel and place. */
function lanesOf({ channels, places }: Audience) {
  return channels
    .flatMap((channel) => places.map((place) => ({ channel, place })))
    .map((one, lane) => ({ ...one, lane }));
}

/** Written into the query: a join by place would leave Postgres with no idea of how many rows there are. */
function laneOf(audience: Audience) {
  const cases = lanesOf(audience).map(
    ({ channel, place, lane }) =>
      sql`when ${sql.ref("contacts.channel")} = ${channel} and ${sql.ref("chosen.place")} = ${place} then ${sql.lit(lane)}`,
  );
  return sql<number>`case ${sql.join(cases, sql` `)} end`;
}

/** Those of contacts `from` (without) to `to` who get it, in one statement. */
async function addRecipients(
  db: Kysely<Tables>,
  broadcastId: number,
  audience: Audience,
  from: number,
  to: number,
): Promise<void> {
  await db
    .insertInto("broadcast_recipients")
    .columns(["broadcastId", "lane", "contactId", "locale", "full"])
    .expression((eb) =>
      eb
        .selectFrom(
          subscribersOf(db, audience.places)
            // A contact has one language for all its places.
            .where("subscriptions.locale", "in", audience.locales)
            .where("subscriptions.contactId", ">", from)
            .where("subscriptions.contactId", "<=", to)
            .as("chosen"),
        )
        .innerJoin("contacts", (join) =>
          join
            .onRef("contacts.contactId", "=", "chosen.contactId")
            // Said twice, so that Postgres reads both side by side instead of looking each of them up.
            .on("contacts.contactId", ">", from)
            .on("contacts.contactId", "<=", to),
        )
        .select([sql.lit(broadcastId).as("broadcastId"), laneOf(audience).as("lane")])
        .select(["chosen.contactId", "chosen.locale", "chosen.full"])
        .where("contacts.channel", "in", audience.channels)
        .where("contacts.erasedAt", "is", null)
        .where((inner) => inner.not(isOptedOut()))
        .where((inner) => inner.not(hasItElsewhere(audience)))
        .orderBy("chosen.contactId"),
    )
    .execute();
}
