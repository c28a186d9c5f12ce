import type { Kysely } from "kysely";
import { type BroadcastForm, type BroadcastStore, type Release, TEMPLATE_GROUP } from "../core/broadcast.ts";
import { dayOf, type StoreContext } from "./context.ts";
import { QUEUED, sharedTextPlace } from "./delivery-rows.ts";
import { isOptedOut } from "./opted-out.ts";
import type { Tables } from "./tables.ts";
import { countTemplates, isUnderOne, templatesUsed } from "./templates.ts";

/** A sender that was idle may catch up this much of its rate at once. */
const BURST_MS = 1_000;
const BACKLOG_SEEN = 1_000;
/** Of the newest deliveries, looked at to tell whether something is wrong. */
const RECENT = 500;
const BULK_RANK = 1;

/** From the frozen list to deliveries, no faster than the sender takes them. */
export function createReleases(
  context: StoreContext,
): Pick<BroadcastStore, "release" | "backlog" | "revive" | "handed" | "recent" | "hasOpen" | "phoneInHand"> {
  const { keys, clock } = context;

  /** How many segments the sender takes now, and the row to write back. One process at a time. */
  async function budgetOf(db: Kysely<Tables>, { channel, perSecond }: Release) {
    const now = clock.now();
    await db
      .insertInto("senders")
      .values({ channel, freeAt: 0 })
      .onConflict((conflict) => conflict.column("channel").doNothing())
      .execute();
    const { freeAt } = await context.locking
      .hold(db.selectFrom("senders").where("channel", "=", channel))
      .select("freeAt")
      .executeTakeFirstOrThrow();
    const from = Math.max(freeAt, now - BURST_MS);
    return {
      segments: Math.floor(((now - from) * perSecond) / 1_000),
      spend: (segments: number) =>
        db
          .updateTable("senders")
          .set({ freeAt: Math.ceil(from + (segments * 1_000) / perSecond) })
          .where("channel", "=", channel)
          .execute(),
    };
  }

  /** Why a template does not go to somebody: Meta's rule for marketing, or the account's limit a day. */
  async function refusedTemplate(
    db: Kysely<Tables>,
    { templates }: Release,
    contact: { readonly address: string; readonly contactKey: string },
    left: number,
  ): Promise<"marketing-us" | "daily-limit" | undefined> {
    const { address, contactKey } = contact;
    const place = ["contacts", "address", contactKey] as const;
    if (templates?.marketing && isUnderOne(String(await keys.open(db, address, place)))) return "marketing-us";
    return left > 0 ? undefined : "daily-limit";
  }

  /** The text of each form, sealed and stored once. It may have been swept away while the broadcast stood still. */
  async function keepTexts(db: Kysely<Tables>, release: Release, forms: readonly BroadcastForm[]): Promise<void> {
    for (const form of forms) {
      const shared = { kind: "broadcast", groupId: groupOf(release, form), part: 1, locale: form.locale } as const;
      const known = await db
        .selectFrom("shared_texts")
        .select("sharedTextId")
        .where("kind", "=", shared.kind)
        .where("groupId", "=", shared.groupId)
        .where("part", "=", shared.part)
        .where("locale", "=", shared.locale)
        .executeTakeFirst();
      if (known !== undefined) continue;
      const text = keys.seal(form.text, sharedTextPlace(shared));
      await db
        .insertInto("shared_texts")
        .values({ ...shared, text, createdAt: clock.now(), broadcastId: release.broadcastId })
        .onConflict((conflict) => conflict.columns(["kind", "groupId", "part", "locale"]).doNothing())
        .execute();
    }
  }

  return {
    release(release) {
      const { broadcastId, lane, channel, forms, limit, expiresAt } = release;
      return context.atomic(async (db) => {
        const running = await context.locking
          .hold(db.selectFrom("broadcasts").where("broadcastId", "=", broadcastId))
          .select("state")
          .executeTakeFirst();
        if (running?.state !== "running") return 0;
        const room =
          release.canary === undefined ? limit : release.canary - (await handed(db, broadcastId, release.canary));
        if (room <= 0) return 0;
        const { releasedTo, lastContact } = await db
          .selectFrom("broadcast_lanes")
          .select(["releasedTo", "lastContact"])
          .where("broadcastId", "=", broadcastId)
          .where("lane", "=", lane)
          .executeTakeFirstOrThrow();
        const budget = await budgetOf(db, release);
        if (budget.segments === 0) return 0;
        const next = await db
          .selectFrom("broadcast_recipients")
          .innerJoin("contacts", "contacts.contactId", "broadcast_recipients.contactId")
          .select(["broadcast_recipients.contactId", "locale", "full", "seenOn", isOptedOut().as("optedOut")])
          .select(["contacts.address", "contacts.contactKey"])
          .where("broadcastId", "=", broadcastId)
          .where("lane", "=", lane)
          .where("broadcast_recipients.contactId", ">", releasedTo)
          .orderBy("broadcast_recipients.contactId")
          .limit(Math.min(limit, room))
          .execute();

        const today = dayOf(clock.now());
        const rows = [];
        const used = new Set<BroadcastForm>();
        let spent = 0;
        // Whoever asks holds the sender: no two releases count the same.
        const left =
          channel !== "whatsapp" ? 0 : (release.templates?.dailyLimit ?? 0) - (await templatesUsed(db, clock.now()));
        let templates = 0;
        for (const { contactId, locale, full, seenOn, optedOut, address, contactKey } of next) {
          const template = channel === "whatsapp" && seenOn < today;
          const form = forms.find(
            (one) => one.locale === locale && (template ? one.template === true : one.full === (full === 1)),
          );
          const reason = optedOut
            ? "opted-out"
            : form === undefined
              ? template
                ? "window"
                : "language"
              : template
                ? await refusedTemplate(db, release, { address, contactKey }, left - templates)
                : undefined;
          if (reason === undefined && form !== undefined) {
            if (spent + form.segments > budget.segments && spent > 0) break;
            spent += form.segments;
            used.add(form);
            if (template) templates += 1;
          }
          rows.push({
            ...{ contactId, broadcastId, locale, expiresAt, reason: reason ?? null },
            groupId: groupOf(release, form ?? { full: full === 1 }),
            kind: "broadcast" as const,
            ...{ rank: BULK_RANK, part: 1, parts: 1, topic: null, askedAt: null },
            text: reason === undefined ? ("" as const) : null,
            status: reason === undefined ? ("queued" as const) : ("skipped" as const),
            ...{ notBefore: clock.now(), createdAt: clock.now() },
          });
        }
        const last = rows.at(-1);
        // Those who erased themselves since are not in the list any more: then the lane is at its end.
        const to = last?.contactId ?? lastContact;
        await keepTexts(db, release, [...used]);
        if (rows.length > 0) await db.insertInto("deliveries").values(rows).execute();
        await budget.spend(spent);
        if (templates > 0) await countTemplates(db, templates, clock.now());
        await db
          .updateTable("broadcast_lanes")
          .set({ releasedTo: to ?? releasedTo })
          .where("broadcastId", "=", broadcastId)
          .where("lane", "=", lane)
          .execute();
        return rows.length;
      });
    },

    async backlog(broadcastId, channel) {
      const { n } = await context
        .db()
        .selectFrom((eb) =>
          eb
            .selectFrom("deliveries")
            .innerJoin("contacts", "contacts.contactId", "deliveries.contactId")
            .select("deliveryId")
            .where("status", "=", QUEUED)
            .where("rank", "=", BULK_RANK)
            .where("broadcastId", "=", broadcastId)
            .where("contacts.channel", "=", channel)
            .limit(BACKLOG_SEEN)
            .as("queued"),
        )
        .select((eb) => eb.fn.countAll<number>().as("n"))
        .executeTakeFirstOrThrow();
      return Number(n);
    },

    async revive(broadcastId, lane, expiresAt) {
      const revived = await context
        .db()
        .updateTable("deliveries")
        .set({ status: "queued", reason: null, text: "", notBefore: clock.now(), expiresAt })
        .where("broadcastId", "=", broadcastId)
        .where("status", "=", "skipped")
        .where("reason", "=", "expired")
        .where("contactId", "in", (eb) =>
          eb
            .selectFrom("broadcast_recipients")
            .select("contactId")
            .where("broadcastId", "=", broadcastId)
            .where("lane", "=", lane),
        )
        .executeTakeFirst();
      return Number(revived.numUpdatedRows);
    },

    handed: (broadcastId, atMost) => handed(context.db(), broadcastId, atMost),

    async recent(broadcastId) {
      const rows = await context
        .db()
        .selectFrom((eb) =>
          eb
            .selectFrom("deliveries")
            .select(["status", "broadcastId"])
            .orderBy("deliveryId", "desc")
            .limit(RECENT)
            .as("newest"),
        )
        .select(["status", (eb) => eb.fn.countAll<number>().as("n")])
        .where("broadcastId", "=", broadcastId)
        .where("status", "in", ["sent", "delivered", "read", "failed"])
        .groupBy("status")
        .execute();
      const count = (failed: boolean) =>
        rows.reduce((sum, { status, n }) => sum + ((status === "failed") === failed ? Number(n) : 0), 0);
      return { ended: count(false) + count(true), failed: count(true) };
    },

    async hasOpen(broadcastId) {
      const queued = await context
        .db()
        .selectFrom("deliveries")
        .select("deliveryId")
        .where("status", "=", QUEUED)
        .where("rank", "=", BULK_RANK)
        .where("broadcastId", "=", broadcastId)
        .limit(1)
        .executeTakeFirst();
      if (queued !== undefined) return true;
      const held = await context
        .db()
        .selectFrom("deliveries")
        .select("deliveryId")
        .where("leaseUntil", "is not", null)
        .where("broadcastId", "=", broadcastId)
        .limit(1)
        .executeTakeFirst();
      return held !== undefined;
    },

    async phoneInHand(phone) {
      const row = await context
        .db()
        .selectFrom("contacts")
        .select("contactId")
        .where("contactKey", "=", keys.lookup("contact", "sms", phone))
        .where("seenOn", "=", dayOf(clock.now()))
        .where((eb) => eb.not(isOptedOut()))
        .executeTakeFirst();
      return row?.contactId;
    },
  };
}

async function handed(db: Kysely<Tables>, broadcastId: number, atMost: number): Promise<number> {
  const { n } = await db
    .selectFrom((eb) =>
      eb
        .selectFrom("deliveries")
        .select("deliveryId")
        .where("broadcastId", "=", broadcastId)
        .limit(atMost)
        .as("handed"),
    )
    .select((eb) => eb.fn.countAll<number>().as("n"))
    .executeTakeFirstOrThrow();
  return Number(n);
}

/** One for each sender and form: texts differ by channel (plain SMS has fewer letters) and by what people chose. */
function groupOf({ broadcastId, channel }: Release, { full, template }: Pick<BroadcastForm, "full" | "template">) {
  return `${broadcastId}.${channel}${template ? TEMPLATE_GROUP : full ? ".full" : ".neutral"}`;
}
