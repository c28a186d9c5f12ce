import { sql } from "kysely";
import type { Migration } from "../migrate.ts";

export const first: Migration = {
  name: "20261121T2200-first",
  async up(db, { addRowId }) {
    await db.schema
      .createTable("keys")
      .addColumn("keyId", "integer", (column) => column.primaryKey())
      .addColumn("wrapped", "text", (column) => column.notNull())
      .addColumn("createdAt", "bigint", (column) => column.notNull())
      .addColumn("retiredAt", "bigint")
      .execute();

    await addRowId(db.schema.createTable("contacts"), "contactId")
      .addColumn("contactKey", "text", (column) => column.notNull().unique())
      .addColumn("personKey", "text", (column) => column.notNull())
      .addColumn("channel", "text", (column) => column.notNull())
      .addColumn("address", "text", (column) => column.notNull())
      .addColumn("seenOn", "text", (column) => column.notNull())
      .addColumn("erasedAt", "bigint")
      .execute();
    await db.schema.createIndex("contacts_person").on("contacts").column("personKey").execute();
    await db.schema.createIndex("contacts_seen").on("contacts").column("seenOn").execute();

    await db.schema
      .createTable("opt_outs")
      .addColumn("personKey", "text", (column) => column.primaryKey())
      .addColumn("source", "text", (column) => column.notNull())
      .addColumn("at", "bigint", (column) => column.notNull())
      .execute();
    await db.schema
      .createTable("erase_marks")
      .addColumn("personKey", "text", (column) => column.primaryKey())
      .addColumn("at", "bigint", (column) => column.notNull())
      .execute();

    await db.schema
      .createTable("seen_messages")
      .addColumn("messageKey", "text", (column) => column.primaryKey())
      .addColumn("channel", "text", (column) => column.notNull())
      .addColumn("day", "text", (column) => column.notNull())
      .execute();
    await db.schema.createIndex("seen_messages_day").on("seen_messages").column("day").execute();

    await addRowId(db.schema.createTable("inbox"), "inboxId")
      .addColumn("contactId", "bigint", (column) =>
        column.notNull().references("contacts.contactId").onDelete("cascade"),
      )
      .addColumn("rowKey", "text", (column) => column.notNull())
      .addColumn("message", "text", (column) => column.notNull())
      .addColumn("receivedAt", "bigint", (column) => column.notNull())
      .addColumn("attempts", "integer", (column) => column.notNull().defaultTo(0))
      .execute();
    await db.schema.createIndex("inbox_contact").on("inbox").columns(["contactId", "receivedAt"]).execute();

    await db.schema
      .createTable("conversations")
      .addColumn("contactId", "bigint", (column) =>
        column.notNull().references("contacts.contactId").onDelete("cascade"),
      )
      .addColumn("threadKey", "text", (column) => column.notNull())
      .addColumn("state", "text", (column) => column.notNull())
      .addColumn("context", "text")
      .addColumn("contextAt", "bigint")
      .addPrimaryKeyConstraint("conversations_pkey", ["contactId", "threadKey"])
      .execute();
    await db.schema
      .createIndex("conversations_context")
      .on("conversations")
      .column("contextAt")
      .where("contextAt", "is not", null)
      .execute();

    await addRowId(db.schema.createTable("deliveries"), "deliveryId")
      .addColumn("contactId", "bigint", (column) =>
        column.notNull().references("contacts.contactId").onDelete("cascade"),
      )
      .addColumn("kind", "text", (column) => column.notNull())
      .addColumn("rank", "integer", (column) => column.notNull())
      .addColumn("groupId", "text", (column) => column.notNull())
      .addColumn("part", "integer", (column) => column.notNull())
      .addColumn("parts", "integer", (column) => column.notNull())
      .addColumn("text", "text")
      .addColumn("locale", "text", (column) => column.notNull())
      .addColumn("topic", "text")
      .addColumn("status", "text", (column) => column.notNull().defaultTo("queued"))
      .addColumn("reason", "text")
      .addColumn("notBefore", "bigint", (column) => column.notNull())
      .addColumn("askedAt", "bigint")
      .addColumn("createdAt", "bigint", (column) => column.notNull())
      .addColumn("attempts", "integer", (column) => column.notNull().defaultTo(0))
      .addColumn("sendingAt", "bigint")
      .addColumn("leaseToken", "text")
      .addColumn("leaseUntil", "bigint")
      .addColumn("leaseMs", "bigint")
      // Also what a cascade from `contacts` and the search for an earlier part go by.
      .addUniqueConstraint("deliveries_part", ["contactId", "kind", "groupId", "part"])
      .execute();
    await db.schema
      .createIndex("deliveries_due")
      .on("deliveries")
      .columns(["rank", "notBefore", "deliveryId"])
      .where(sql.ref("status"), "=", "queued")
      .execute();
    await db.schema
      .createIndex("deliveries_leased")
      .on("deliveries")
      .column("leaseUntil")
      .where("leaseUntil", "is not", null)
      .execute();
    await db.schema.createIndex("deliveries_created").on("deliveries").column("createdAt").execute();

    await db.schema
      .createTable("attempts")
      .addColumn("deliveryId", "bigint", (column) =>
        column.notNull().references("deliveries.deliveryId").onDelete("cascade"),
      )
      .addColumn("number", "integer", (column) => column.notNull())
      .addColumn("externalId", "text")
      .addColumn("status", "text", (column) => column.notNull())
      .addColumn("sendingAt", "bigint", (column) => column.notNull())
      .addColumn("looks", "integer", (column) => column.notNull().defaultTo(0))
      .addColumn("code", "text")
      .addColumn("errorClass", "text")
      .addPrimaryKeyConstraint("attempts_pkey", ["deliveryId", "number"])
      .execute();

    await db.schema
      .createTable("counts")
      .addColumn("day", "text", (column) => column.notNull())
      .addColumn("topic", "text", (column) => column.notNull())
      .addColumn("locale", "text", (column) => column.notNull())
      .addColumn("channel", "text", (column) => column.notNull())
      .addColumn("outcome", "text", (column) => column.notNull())
      .addColumn("n", "integer", (column) => column.notNull())
      .addPrimaryKeyConstraint("counts_pkey", ["day", "topic", "locale", "channel", "outcome"])
      .execute();
  },
};
