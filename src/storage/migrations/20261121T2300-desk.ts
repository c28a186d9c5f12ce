import { sql } from "kysely";
import type { Migration } from "../migrate.ts";

/** Holds, flags and notices, and the counter by which a running service learns of them. */
export const desk: Migration = {
  name: "20261121T2300-desk",
  async up(db, { addRowId }) {
    await addRowId(db.schema.createTable("holds"), "holdId")
      .addColumn("topic", "text", (column) => column.notNull())
      .addColumn("status", "text", (column) => column.notNull())
      .addColumn("cause", "text", (column) => column.notNull())
      .addColumn("by", "text", (column) => column.notNull())
      .addColumn("why", "text", (column) => column.notNull())
      .addColumn("at", "bigint", (column) => column.notNull())
      .addColumn("liftedBy", "text")
      .addColumn("liftedWhy", "text")
      .addColumn("liftedAt", "bigint")
      .execute();
    await db.schema
      .createIndex("holds_in_force")
      .unique()
      .on("holds")
      .column("topic")
      .where(sql.ref("liftedAt"), "is", null)
      .execute();

    await addRowId(db.schema.createTable("flags"), "flagId")
      .addColumn("rowKey", "text", (column) => column.notNull())
      .addColumn("topic", "text", (column) => column.notNull())
      .addColumn("locale", "text")
      .addColumn("by", "text", (column) => column.notNull())
      .addColumn("at", "bigint", (column) => column.notNull())
      .addColumn("reason", "text", (column) => column.notNull())
      .addColumn("outcome", "text")
      .addColumn("closedBy", "text")
      .addColumn("closedAt", "bigint")
      .execute();
    await db.schema
      .createIndex("flags_open")
      .unique()
      .on("flags")
      .columns(["topic", "by"])
      .where(sql.ref("closedAt"), "is", null)
      .execute();

    await addRowId(db.schema.createTable("notices"), "noticeId")
      .addColumn("texts", "text", (column) => column.notNull())
      .addColumn("topics", "text", (column) => column.notNull())
      .addColumn("places", "text", (column) => column.notNull())
      .addColumn("until", "bigint", (column) => column.notNull())
      .addColumn("source", "text")
      .addColumn("draftedBy", "text", (column) => column.notNull())
      .addColumn("draftedAt", "bigint", (column) => column.notNull())
      .addColumn("approvedBy", "text")
      .addColumn("approvedAt", "bigint")
      .addColumn("endedBy", "text")
      .addColumn("endedAt", "bigint")
      .execute();

    await db.schema
      .createTable("versions")
      .addColumn("name", "text", (column) => column.primaryKey())
      .addColumn("n", "bigint", (column) => column.notNull())
      .execute();
  },
};
