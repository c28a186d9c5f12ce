import type { Kysely } from "kysely";
import { type BroadcastForm, type BroadcastStore, type Release, TEMPLATE_GROUP } from "../core/broadcast.ts";
import type { DeliveryStatus } from "../core/status.ts";
import { dayOf, type StoreContext } from "./context.ts";
import { BULK_RANK, sharedTextPlace } from "./delivery-rows.ts";
import { handed } from "./handed-over.ts";
import { isOptedOut } from "./opted-out.ts";
import type { Tables } from "./tables.ts";
import { countTemplates, isUnderOne, templatesUsed } from "./templates.ts";

/** A sender that was idle may catch up this much of its rate at once. */
const BURST_MS = 1_000;

/** From the frozen list to deliveries, no faster than the sender takes them. */
export function createReleases(context: StoreContext): Pick<BroadcastStore, "release"> {
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

  /** The text of a form, sealed and stored once. It may have been swept away while the broadcast stood still. */
  async function keepText(db: Kysely<Tables>, release: Release, form: BroadcastForm): Promise<void> {
    const shared = { kind: "broadcast", groupId: groupOf(release, form), part: 1, locale: form.locale } as const;
    const known = await db
      .selectFrom("shared_texts")
      .select("sharedTextId")
      .where("kind", "=", shared.kind)
      .where("groupId", "=", shared.groupId)
      .where("part", "=", shared.part)
      .where("locale", "=", shared.locale)
      .executeTakeFirst();
    if (known !== undefined) return;
    const text = keys.seal(form.text, sharedTextPlace(shared));
    await db
      .insertInto("shared_texts")
      .values({ ...shared, text, createdAt: clock.now(), broadcastId: release.broadcastId })
      .onConflict((conflict) => conflict.columns(["kind", "groupId", "part", "locale"]).doNothing())
      .execute();
  }

  /** One statement for any number of recipients who share a fate. */
  async function addDeliveries(
    db: Kysely<Tables>,
    release: Release,
    contactIds: readonly number[],
    { status, form, reason }: { status: DeliveryStatus; form?: BroadcastForm; reason?: string },
  ): Promise<void> {
    const { broadcastId, lane, expiresAt } = release;
    const now = clock.now();
    const alike = {
      ...{
        kind: "broadcast",
        rank: BULK_RANK,
        part: 1,
        parts: 1,
        broadcastId,
        expiresAt,
        notBefore: now,
        createdAt: now,
      },
      ...{
        groupId: groupOf(release, form),
        status,
        text: form === undefined ? null : "",
        reason: reason ?? null,
      },
    } as const;
    const columns = Object.keys(alike) as (keyof typeof alike)[];
    await db
      .insertInto("deliveries")
      .columns(["contactId", "locale", ...columns])
      .expression((eb) =>
        eb
          .selectFrom("broadcast_recipients")
          .select(["contactId", "locale"])
          .select((one) => columns.map((column) => one.val(alike[column]).as(column)))
          .where("broadcastId", "=", broadcastId)
          .where("lane", "=", lane)
          .where(context.isAmong("contactId", contactIds))
          .orderBy("contactId"),
      )
      .execute();
  }

  return {
    release(release) {
      const { broadcastId, lane, channel, forms, limit } = release;
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
          // Said twice: Postgres would read the contacts from the first one on.
          .where("contacts.contactId", ">", releasedTo)
          .orderBy("broadcast_recipients.contactId")
          .limit(Math.min(limit, room))
          .execute();

        const today = dayOf(clock.now());
        /** With the form to send, or the reason why nothing is sent. */
        const released: { readonly contactId: number; readonly as: BroadcastForm | string }[] = [];
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
            if (template) templates += 1;
          }
          const as = reason ?? form;
          if (as !== undefined) released.push({ contactId, as });
        }
        // Those who erased themselves since are not in the list any more: then the lane is at its end.
        const to = released.at(-1)?.contactId ?? lastContact;
        for (const [as, group] of Map.groupBy(released, (one) => one.as)) {
          const contactIds = group.map(({ contactId }) => contactId);
          if (typeof as === "string") await addDeliveries(db, release, contactIds, { status: "skipped", reason: as });
          else {
            await keepText(db, release, as);
            await addDeliveries(db, release, contactIds, { status: "queued", form: as });
          }
        }
        await budget.spend(spent);
        if (templates > 0) await countTemplates(db, templates, clock.now());
        await db
          .updateTable("broadcast_lanes")
          .set({ releasedTo: to ?? releasedTo })
          .where("broadcastId", "=", broadcastId)
          .where("lane", "=", lane)
          .execute();
        return released.length;
      });
    },
  };
}

/** One for each sender and form: texts differ by channel (plain SMS has fewer letters) and by what people chose. */
function groupOf({ broadcastId, channel }: Release, form: BroadcastForm | undefined) {
  return `${broadcastId}.${channel}${form?.template ? TEMPLATE_GROUP : form?.full ? ".full" : ".neutral"}`;
}
