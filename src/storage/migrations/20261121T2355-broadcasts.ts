import { sql } from "kysely";
import type { Migration } from "../migrate.ts";

/** Who agreed to what, and broadcasts from their first draft to the last recipient. */
export const broadcasts: Migration = {
  name: "20261121T2355-broadcasts",
  async up(db, { addRowId }) {
    await db.schema
      .createTable("subscriptions")
      .addColumn("contactId", "bigint", (column) =>
        column.notNull().references("contacts.contactId").onDelete("cascade"),
      )
      .addColumn("place", "text", (column) => column.notNull())
      .addColumn("locale", "text", (column) => column.notNull())
      .addColumn("full", "integer", (column) => column.notNull())
      .addPrimaryKeyConstraint("subscriptions_pkey", ["contactId", "place"])
      .execute();
    await addRowId(db.schema.createTable("consents"), "consentId")
      .addColumn("contactId", "bigint", (column) =>
        column.notNull().references("contacts.contactId").onDelete("cascade"),
      )
      .addColumn("event", "text", (column) => column.notNull())
      .addColumn("channel", "text", (column) => column.notNull())
      .addColumn("wording", "text", (column) => column.notNull())
      .addColumn("place", "text")
      .addColumn("at", "bigint", (column) => column.notNull())
      .execute();
    await db.schema.createIndex("consents_contact").on("consents").column("contactId").execute();
    await db.schema
      .createTable("kept_answers")
      .addColumn("contactId", "bigint", (column) =>
        column.notNull().references("contacts.contactId").onDelete("cascade"),
      )
      .addColumn("topic", "text", (column) => column.notNull())
      .addColumn("locale", "text", (column) => column.notNull())
      .addColumn("textHash", "text", (column) => column.notNull())
      .addColumn("at", "bigint", (column) => column.notNull())
      .addColumn("toldAt", "bigint")
      .addPrimaryKeyConstraint("kept_answers_pkey", ["contactId", "topic"])
      .execute();
    await db.schema
      .createIndex("kept_answers_version")
      .on("kept_answers")
      .columns(["topic", "locale", "textHash"])
      .execute();
    await db.schema.createIndex("kept_answers_at").on("kept_answers").column("at").execute();

    await addRowId(db.schema.createTable("broadcasts"), "broadcastId")
      .addColumn("content", "text", (column) => column.notNull())
      .addColumn("hash", "text", (column) => column.notNull())
      .addColumn("state", "text", (column) => column.notNull())
      .addColumn("author", "text", (column) => column.notNull())
      .addColumn("until", "bigint")
      .addColumn("createdAt", "bigint", (column) => column.notNull())
      .addColumn("readyAt", "bigint")
      .addColumn("startedAt", "bigint")
      .addColumn("frozenTo", "bigint")
      .addColumn("frozenAt", "bigint")
      .addColumn("recipients", "bigint")
      .addColumn("finishedAt", "bigint")
      .addColumn("pauseReason", "text")
      .addColumn("pauseCode", "text")
      .addColumn("pausedAt", "bigint")
      .addColumn("canaryPassed", "integer", (column) => column.notNull().defaultTo(0))
      .addColumn("announcedAt", "bigint")
      .addColumn("report", "text")
      .execute();
    await db.schema.createIndex("broadcasts_state").on("broadcasts").column("state").execute();
    await db.schema
      .createTable("broadcast_approvals")
      .addColumn("broadcastId", "bigint", (column) => column.notNull().references("broadcasts.broadcastId"))
      .addColumn("hash", "text", (column) => column.notNull())
      .addColumn("by", "text", (column) => column.notNull())
      .addColumn("via", "text", (column) => column.notNull())
      .addColumn("at", "bigint", (column) => column.notNull())
      .addPrimaryKeyConstraint("broadcast_approvals_pkey", ["broadcastId", "hash", "by"])
      .execute();
    await addRowId(db.schema.createTable("broadcast_events"), "eventId")
      .addColumn("broadcastId", "bigint", (column) => column.notNull().references("broadcasts.broadcastId"))
      .addColumn("event", "text", (column) => column.notNull())
      .addColumn("by", "text")
      .addColumn("at", "bigint", (column) => column.notNull())
      .addColumn("hash", "text", (column) => column.notNull())
      .addColumn("detail", "text")
      .execute();
    await db.schema.createIndex("broadcast_events_of").on("broadcast_events").column("broadcastId").execute();

    await db.schema
      .createTable("broadcast_lanes")
      .addColumn("broadcastId", "bigint", (column) => column.notNull().references("broadcasts.broadcastId"))
      .addColumn("lane", "integer", (column) => column.notNull())
      .addColumn("channel", "text", (column) => column.notNull())
      .addColumn("place", "text", (column) => column.notNull())
      .addColumn("releasedTo", "bigint", (column) => column.notNull())
      .addColumn("lastContact", "bigint")
      .addPrimaryKeyConstraint("broadcast_lanes_pkey", ["broadcastId", "lane"])
      .execute();
    await db.schema
      .createTable("broadcast_recipients")
      .addColumn("broadcastId", "bigint", (column) => column.notNull())
      .addColumn("lane", "integer", (column) => column.notNull())
      .addColumn("contactId", "bigint", (column) =>
        column.notNull().references("contacts.contactId").onDelete("cascade"),
      )
      .addColumn("locale", "text", (column) => column.notNull())
      .addColumn("full", "integer", (column) => column.notNull())
      .addPrimaryKeyConstraint("broadcast_recipients_pkey", ["broadcastId", "lane", "contactId"])
      .execute();
    await db.schema
      .createIndex("broadcast_recipients_contact")
      .on("broadcast_recipients")
      .column("contactId")
      .execute();
    await db.schema
      .createTable("senders")
      .addColumn("channel", "text", (column) => column.primaryKey())
      .addColumn("freeAt", "bigint", (column) => column.notNull())
      .execute();

    await db.schema.alterTable("deliveries").addColumn("broadcastId", "bigint").execute();
    await db.schema.alterTable("deliveries").addColumn("expiresAt", "bigint").execute();
    await db.schema.alterTable("deliveries").addColumn("readAt", "bigint").execute();
    await db.schema
      .createIndex("deliveries_broadcast")
      .unique()
      .on("deliveries")
      .columns(["broadcastId", "contactId", "part"])
      .where(sql.ref("broadcastId"), "is not", null)
      .execute();
    await db.schema.alterTable("shared_texts").addColumn("broadcastId", "bigint").execute();
  },
};
