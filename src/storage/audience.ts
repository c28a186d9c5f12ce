import { expressionBuilder, type Kysely } from "kysely";
import {
  type Audience,
  type AudienceCount,
  BROADCAST_CHANNELS,
  type BroadcastStore,
  type LeftOut,
  type Templates,
} from "../core/broadcast.ts";
import { dayOf, type StoreContext } from "./context.ts";
import { isOptedOut } from "./opted-out.ts";
import type { Tables } from "./tables.ts";
import { isUnderOne, templatesUsed } from "./templates.ts";

/** Who is to get a broadcast, as counted before. */
export function createAudience(context: StoreContext): Pick<BroadcastStore, "count" | "templatesUsed"> {
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

/** Subscribers of any of these places, each once. */
export function subscribersOf(db: Kysely<Tables>, places: readonly string[]) {
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
export function hasItElsewhere({ places, locales, channels }: Audience) {
  const contacts = expressionBuilder<Tables, "contacts">();
  const isOnOther = contacts.exists(
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
  // Plain text messages come first, and there a contact is its number: nobody has two.
  return contacts.and([contacts("contacts.channel", "!=", "sms"), isOnOther]);
}
