import type { Migration } from "../migrate.ts";

/**
 * The list of a broadcast's recipients without a foreign key: on Postgres it costs each of a million rows a look-up and
 * a lock on its contact, as much as all else. A trigger takes a contact's rows with it all the same.
 */
export const recipients: Migration = {
  name: "20261122T0215-recipients",
  async up(db, { cascadeByTrigger }) {
    await db.schema
      .createTable("recipients_without_key")
      .addColumn("broadcastId", "bigint", (column) => column.notNull())
      .addColumn("lane", "integer", (column) => column.notNull())
      .addColumn("contactId", "bigint", (column) => column.notNull())
      .addColumn("locale", "text", (column) => column.notNull())
      .addColumn("full", "integer", (column) => column.notNull())
      .addPrimaryKeyConstraint("recipients_without_key_pkey", ["broadcastId", "lane", "contactId"])
      .execute();
    const columns = ["broadcastId", "lane", "contactId", "locale", "full"] as const;
    await db
      .insertInto("recipients_without_key" as "broadcast_recipients")
      .columns(columns)
      .expression((eb) => eb.selectFrom("broadcast_recipients").select(columns))
      .execute();
    await db.schema.dropTable("broadcast_recipients").execute();
    await db.schema.alterTable("recipients_without_key").renameTo("broadcast_recipients").execute();
    await db.schema
      .createIndex("broadcast_recipients_contact")
      .on("broadcast_recipients")
      .column("contactId")
      .execute();
    await cascadeByTrigger(db);
  },
};
