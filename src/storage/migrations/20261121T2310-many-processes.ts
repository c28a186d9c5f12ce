import { sql } from "kysely";
import type { Migration } from "../migrate.ts";

/** Leases on waiting messages, limits that processes share, counts by place, and texts that many deliveries share. */
export const manyProcesses: Migration = {
  name: "20261121T2310-many-processes",
  async up(db, { addRowId }) {
    await db.schema.alterTable("inbox").addColumn("leaseUntil", "bigint").execute();

    // The columns, their names and their order are those of rate-limiter-flexible.
    await db.schema
      .createTable("limits")
      .addColumn("key", "varchar(255)", (column) => column.primaryKey())
      .addColumn("points", "integer", (column) => column.notNull().defaultTo(0))
      .addColumn("expire", "bigint")
      .execute();

    // SQLite cannot change a primary key, so the table is made anew.
    await db.schema
      .createTable("counts_by_place")
      .addColumn("day", "text", (column) => column.notNull())
      .addColumn("topic", "text", (column) => column.notNull())
      .addColumn("locale", "text", (column) => column.notNull())
      .addColumn("channel", "text", (column) => column.notNull())
      .addColumn("place", "text", (column) => column.notNull())
      .addColumn("outcome", "text", (column) => column.notNull())
      .addColumn("n", "integer", (column) => column.notNull())
      .addPrimaryKeyConstraint("counts_by_place_pkey", ["day", "topic", "locale", "channel", "place", "outcome"])
      .execute();
    await sql`insert into counts_by_place select day, topic, locale, channel, '', outcome, n from counts`.execute(db);
    await db.schema.dropTable("counts").execute();
    await db.schema.alterTable("counts_by_place").renameTo("counts").execute();

    await addRowId(db.schema.createTable("shared_texts"), "sharedTextId")
      .addColumn("kind", "text", (column) => column.notNull())
      .addColumn("groupId", "text", (column) => column.notNull())
      .addColumn("part", "integer", (column) => column.notNull())
      .addColumn("locale", "text", (column) => column.notNull())
      .addColumn("text", "text", (column) => column.notNull())
      .addColumn("createdAt", "bigint", (column) => column.notNull())
      .addUniqueConstraint("shared_texts_part", ["kind", "groupId", "part", "locale"])
      .execute();
  },
};
