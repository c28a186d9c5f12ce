import { expressionBuilder, type Kysely, type Selectable, sql } from "kysely";
import type { DeliveryStatus } from "../core/status.ts";
import type { ClaimedDelivery, NewDelivery } from "../core/stores.ts";
import type { Keys } from "./keys.ts";
import { isOptedOut } from "./opted-out.ts";
import type { Place } from "./seal.ts";
import type { Tables } from "./tables.ts";

/** Written into the query, not bound to it: only so are the partial indexes used. */
export const QUEUED = sql.lit<DeliveryStatus>("queued");
/** After this a part no longer waits for an earlier one. */
const PART_WAITS_MS = 30_000;
/** After this a reply no longer waits for an earlier one: what became of that is known after some 60 s. */
const REPLY_WAITS_MS = 75_000;

type DeliveryRow = Selectable<Tables["deliveries"]>;

/** The place of a delivery's sealed text: by what is unique and known before the row is. */
export function textPlace(row: Pick<DeliveryRow, "contactId" | "kind" | "groupId" | "part">): Place {
  return ["deliveries", "text", row.contactId, row.kind, row.groupId, row.part];
}

/** The place of a text that many deliveries share. */
export function sharedTextPlace(row: Pick<DeliveryRow, "kind" | "groupId" | "part" | "locale">): Place {
  return ["shared_texts", "text", row.kind, row.groupId, row.part, row.locale];
}

/** Deliveries with all that a worker needs of their contact. */
export function selectDeliveries(db: Kysely<Tables>) {
  return db
    .selectFrom("deliveries")
    .innerJoin("contacts", "contacts.contactId", "deliveries.contactId")
    .leftJoin("shared_texts", (join) =>
      join
        .on("deliveries.text", "=", "")
        .onRef("shared_texts.kind", "=", "deliveries.kind")
        .onRef("shared_texts.groupId", "=", "deliveries.groupId")
        .onRef("shared_texts.part", "=", "deliveries.part")
        .onRef("shared_texts.locale", "=", "deliveries.locale"),
    )
    .selectAll("deliveries")
    .select("shared_texts.text as sharedText")
    .select(["contacts.channel", "contacts.address", "contacts.contactKey", "contacts.seenOn"])
    .select([isOptedOut().as("optedOut")]);
}

type JoinedRow = Awaited<ReturnType<ReturnType<typeof selectDeliveries>["execute"]>>[number];

/**
 * Opens rows one after the other; a text that several share is opened once.
 *
 * @throws Error, of a row, when its text or address cannot be opened or its text is gone.
 */
export function createOpener(db: Kysely<Tables>, keys: Keys): (row: JoinedRow) => Promise<ClaimedDelivery> {
  const shared = new Map<string, unknown>();

  async function textOf(row: JoinedRow): Promise<unknown> {
    if (row.text !== "" && row.text !== null) return keys.open(db, row.text, textPlace(row));
    if (row.text === null || row.sharedText === null) throw new Error("the delivery's text is gone");
    const known = shared.get(row.sharedText) ?? (await keys.open(db, row.sharedText, sharedTextPlace(row)));
    shared.set(row.sharedText, known);
    return known;
  }

  return async (row) => ({
    deliveryId: row.deliveryId,
    kind: row.kind,
    contactId: row.contactId,
    groupId: row.groupId,
    part: row.part,
    parts: row.parts,
    ...contentOf(await textOf(row)),
    locale: row.locale,
    ...(row.topic !== null && { topic: row.topic }),
    notBefore: row.notBefore,
    ...(row.askedAt !== null && { askedAt: row.askedAt }),
    ...(row.expiresAt !== null && { expiresAt: row.expiresAt }),
    ...(row.broadcastId !== null && { broadcastId: row.broadcastId }),
    ...(row.rank === URGENT_RANK && { urgent: true }),
    channel: row.channel,
    to: String(await keys.open(db, row.address, ["contacts", "address", row.contactKey])),
    optedOut: Boolean(row.optedOut),
    lastWroteOn: row.seenOn,
    attempt: row.attempts,
    createdAt: row.createdAt,
  });
}

/** A room's part and the labels of choices are sealed together with the text. */
function contentOf(opened: unknown): Pick<NewDelivery, "text" | "room" | "choices"> {
  return typeof opened === "object" && opened !== null
    ? (opened as Pick<NewDelivery, "text" | "room" | "choices">)
    : { text: String(opened) };
}

/** Danger overtakes everything; what else somebody waits for is 0, and 1 can wait. */
export const URGENT_RANK = -1;
export const BULK_RANK = 1;
const REPLY_RANK = 0;

/**
 * Whether something must go first: an earlier part of the same message or, for a reply, an earlier reply to the same
 * contact, that is open and was not begun, or was begun a moment ago. An answer to danger waits for no other reply.
 * For queries on `deliveries`.
 */
export function waitsForEarlier(now: number) {
  const deliveries = expressionBuilder<Tables, "deliveries">();
  const mayHaveEarlier = deliveries.or([deliveries("rank", "=", REPLY_RANK), deliveries("part", ">", 1)]);
  const hasEarlier = deliveries.exists(
    deliveries
      .selectFrom("deliveries as earlier")
      .select("earlier.deliveryId")
      .whereRef("earlier.contactId", "=", "deliveries.contactId")
      .whereRef("earlier.kind", "=", "deliveries.kind")
      .where("earlier.status", "in", ["queued", "sending", "unknown"])
      .where((eb) => {
        const begunSince = (at: number) =>
          eb.or([eb("earlier.sendingAt", "is", null), eb("earlier.sendingAt", ">", at)]);
        const sameMessage = eb("earlier.groupId", "=", eb.ref("deliveries.groupId"));
        return eb.or([
          eb.and([sameMessage, eb("earlier.part", "<", eb.ref("deliveries.part")), begunSince(now - PART_WAITS_MS)]),
          eb.and([
            eb("deliveries.rank", "=", REPLY_RANK),
            eb("earlier.deliveryId", "<", eb.ref("deliveries.deliveryId")),
            eb.not(sameMessage),
            begunSince(now - REPLY_WAITS_MS),
          ]),
        ]);
      }),
  );
  return deliveries.and([mayHaveEarlier, hasEarlier]);
}
