import { sql } from "kysely";
import type { Migration } from "../migrate.ts";

/** What is still to be erased at the vendor, and what messages cost. */
export const vendor: Migration = {
  name: "20261121T2345-vendor",
  async up(db) {
    await db.schema
      .createTable("vendor_erasures")
      .addColumn("externalId", "text", (column) => column.primaryKey())
      .addColumn("channel", "text", (column) => column.notNull())
      .addColumn("direction", "text", (column) => column.notNull())
      .addColumn("media", "integer", (column) => column.notNull())
      .addColumn("dueAt", "bigint", (column) => column.notNull())
      .addColumn("tries", "integer", (column) => column.notNull().defaultTo(0))
      .addColumn("addedAt", "bigint", (column) => column.notNull())
      .addColumn("doneAt", "bigint")
      .execute();
    await db.schema
      .createIndex("vendor_erasures_due")
      .on("vendor_erasures")
      .column("dueAt")
      .where(sql.ref("doneAt"), "is", null)
      .execute();
    await db.schema.createIndex("vendor_erasures_added").on("vendor_erasures").column("addedAt").execute();

    await db.schema
      .createTable("costs")
      .addColumn("day", "text", (column) => column.notNull())
      .addColumn("channel", "text", (column) => column.notNull())
      .addColumn("direction", "text", (column) => column.notNull())
      .addColumn("currency", "text", (column) => column.notNull())
      .addColumn("messages", "integer", (column) => column.notNull())
      .addColumn("segments", "integer", (column) => column.notNull())
      .addColumn("micros", "bigint", (column) => column.notNull())
      .addPrimaryKeyConstraint("costs_pkey", ["day", "channel", "direction", "currency"])
      .execute();
  },
};
