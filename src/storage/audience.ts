import { expressionBuilder, type Kysely, sql } from "kysely";
import {
  type Audience,
  type AudienceCount,
  BROADCAST_CHANNELS,
  type BroadcastContent,
  type BroadcastEvent,
  type BroadcastStore,
  type LeftOut,
  type Templates,
} from "../core/broadcast.ts";
import { dayOf, type StoreContext } from "./context.ts";
import { isOptedOut } from "./opted-out.ts";
import type { Tables } from "./tables.ts";
import { isUnderOne, templatesUsed } from "./templates.ts";

type Note = (
  db: Kysely<Tables>,
  broadcastId: number,
  event: Omit<BroadcastEvent, "broadcastId" | "at">,
) => Promise<void>;

/** Who is to get a broadcast: counted before, and frozen when it begins. */
export function createAudience(
  context: StoreContext,
  note: Note,
): Pick<BroadcastStore, "count" | "templatesUsed" | "freeze" | "lanes"> {
  const { clock } = context;

  return {
    async count(audience, templates) {
      const today = dayOf(clock.now());
      const chosen = subscribersOf(context.db(), audience.places);
      const rows = await context
        .db()
        .selectFrom(chosen.as("chosen"))
        .innerJoin("contacts", "contacts.contactId", "chosen.contactId")
        .select(["contacts.channel", "chosen.locale", "chosen.full"])
        .select((eb) => [
          eb
            .case()
            .when(isOptedOut())
            .then("opted-out")
            .when("contacts.channel", "not in", audience.channels)
            .then("channel")
            .when("chosen.locale", "not in", audience.locales)
            .then("language")
            .when(hasItElsewhere(audience))
            .then("other-channel")
            .when(
              eb.and([
                ...[eb("contacts.channel", "=", "whatsapp"), eb("contacts.seenOn", "<", today)],
                ...(templates === undefined ? [] : [eb("chosen.locale", "not in", templates.locales)]),
              ]),
            )
            .then("window")
            .when(eb.and([eb("contacts.channel", "=", "whatsapp"), eb("contacts.seenOn", "<", today)]))
            .then("template")
            .else("")
            .end()
            .as("leftOut"),
          eb.fn.countAll<number>().as("n"),
        ])
        .where("contacts.erasedAt", "is", null)
        .groupBy(["contacts.channel", "chosen.locale", "chosen.full", "leftOut"])
        .execute();
      const counts = rows.flatMap(({ channel, locale, full, leftOut, n }): AudienceCount[] => {
        const known = BROADCAST_CHANNELS.find((one) => one === channel);
        if (known === undefined) return [];
        const count = { channel: known, locale, full: full === 1, n: Number(n) };
        if (leftOut === "template") return [{ ...count, template: true }];
        return [leftOut === "" ? count : { ...count, leftOut: leftOut as LeftOut }];
      });
      if (templates?.marketing !== true || !counts.some(({ template }) => template)) return counts;
      return withoutUnreached(counts, await unreachedBy(audience, templates, today));
    },

    templatesUsed: () => templatesUsed(context.db(), clock.now()),

    freeze(broadcastId, limit) {
      return context.atomic(async (db) => {
        const row = await context.locking
          .hold(db.selectFrom("broadcasts").where("broadcastId", "=", broadcastId))
          .select(["content", "hash", "frozenTo", "frozenAt"])
          .executeTakeFirstOrThrow();
        if (row.frozenAt !== null) return true;
        const { audience }: BroadcastContent = JSON.parse(row.content);
        const from = row.frozenTo ?? 0;
        if (row.frozenTo === null) await makeLanes(db, broadcastId, audience);
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

  /** Those under +1 whom a marketing template would be for, by language and form. The number itself is sealed. */
  async function unreachedBy(audience: Audience, templates: Templates, today: string) {
    const chosen = subscribersOf(context.db(), audience.places);
    const rows = await context
      .db()
      .selectFrom(chosen.as("chosen"))
      .innerJoin("contacts", "contacts.contactId", "chosen.contactId")
      .select(["contacts.address", "contacts.contactKey", "chosen.locale", "chosen.full"])
      .where("contacts.channel", "=", "whatsapp")
      .where("contacts.channel", "in", audience.channels)
      .where("contacts.seenOn", "<", today)
      .where("contacts.erasedAt", "is", null)
      .where("chosen.locale", "in", audience.locales)
      .where("chosen.locale", "in", templates.locales)
      .where((eb) => eb.not(isOptedOut()))
      .where((eb) => eb.not(hasItElsewhere(audience)))
      .execute();
    const unreached = new Map<string, number>();
    for (const { address, contactKey, locale, full } of rows) {
      const to = String(await context.keys.open(context.db(), address, ["contacts", "address", contactKey]));
      const key = `${locale} ${full}`;
      if (isUnderOne(to)) unreached.set(key, (unreached.get(key) ?? 0) + 1);
    }
    return unreached;
  }

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

function withoutUnreached(counts: readonly AudienceCount[], unreached: ReadonlyMap<string, number>): AudienceCount[] {
  return counts.flatMap((count): AudienceCount[] => {
    const { template, ...rest } = count;
    const n = template ? (unreached.get(`${count.locale} ${Number(count.full)}`) ?? 0) : 0;
    if (n === 0) return [count];
    const left: AudienceCount = { ...rest, n, leftOut: "marketing-us" };
    return n === count.n ? [left] : [{ ...count, n: count.n - n }, left];
  });
}

async function makeLanes(db: Kysely<Tables>, broadcastId: number, audience: Audience): Promise<void> {
  const lanes = audience.channels.flatMap((channel) => audience.places.map((place) => ({ channel, place })));
  await db
    .insertInto("broadcast_lanes")
    .values(lanes.map((lane, index) => ({ ...lane, broadcastId, lane: index, releasedTo: 0, lastContact: null })))
    .execute();
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
            .where("subscriptions.contactId", ">", from)
            .where("subscriptions.contactId", "<=", to)
            .as("chosen"),
        )
        .innerJoin("contacts", "contacts.contactId", "chosen.contactId")
        .innerJoin("broadcast_lanes", (join) =>
          join
            .onRef("broadcast_lanes.place", "=", "chosen.place")
            .onRef("broadcast_lanes.channel", "=", sql.ref("contacts.channel"))
            .on("broadcast_lanes.broadcastId", "=", broadcastId),
        )
        .select([
          "broadcast_lanes.broadcastId",
          "broadcast_lanes.lane",
          "chosen.contactId",
          "chosen.locale",
          "chosen.full",
        ])
        .where("chosen.locale", "in", audience.locales)
        .where("contacts.erasedAt", "is", null)
        .where((inner) => inner.not(isOptedOut()))
        .where((inner) => inner.not(hasItElsewhere(audience)))
        .orderBy("chosen.contactId"),
    )
    .execute();
}

/** Subscribers of any of these places, each once. */
function subscribersOf(db: Kysely<Tables>, places: readonly string[]) {
  return db
    .selectFrom("subscriptions")
    .select("subscriptions.contactId")
    .select((eb) => [
      eb.fn.min<string>("subscriptions.place").as("place"),
      eb.fn.min<string>("subscriptions.locale").as("locale"),
      eb.fn.max<number>("subscriptions.full").as("full"),
    ])
    .where("subscriptions.place", "in", places)
    .groupBy("subscriptions.contactId");
}

/**
 * Whether the same person gets it on another channel: once is enough. A plain text message comes before WhatsApp, whose
 * window may be closed. For queries on `contacts`.
 */
function hasItElsewhere({ places, locales, channels }: Audience) {
  const contacts = expressionBuilder<Tables, "contacts">();
  return contacts.exists(
    contacts
      .selectFrom("contacts as other")
      .select("other.contactId")
      .whereRef("other.personKey", "=", "contacts.personKey")
      .whereRef("other.contactId", "!=", "contacts.contactId")
      .where("other.erasedAt", "is", null)
      .where("other.channel", "in", channels)
      // Counted and not joined: Postgres then begins with the person, also where it knows nothing of the tables yet.
      .where(
        (eb) =>
          eb
            .selectFrom("subscriptions as also")
            .select((inner) => inner.fn.countAll<number>().as("n"))
            .whereRef("also.contactId", "=", "other.contactId")
            .where("also.place", "in", places)
            .where("also.locale", "in", locales),
        ">",
        0,
      )
      .where((eb) =>
        eb.or([
          eb("other.channel", "<", eb.ref("contacts.channel")),
          eb.and([
            eb("other.channel", "=", eb.ref("contacts.channel")),
            eb("other.contactId", "<", eb.ref("contacts.contactId")),
          ]),
        ]),
      ),
  );
}
