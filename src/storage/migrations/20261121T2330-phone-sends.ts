import type { Migration } from "../migrate.ts";

/** What volunteers send to phones: who and when, and, until it is read, to whom. */
export const phoneSends: Migration = {
  name: "20261121T2330-phone-sends",
  async up(db, { addRowId }) {
    await addRowId(db.schema.createTable("phone_sends"), "sendId")
      .addColumn("contactId", "bigint", (column) => column.references("contacts.contactId").onDelete("set null"))
      .addColumn("deliveryId", "bigint")
      .addColumn("topic", "text")
      .addColumn("locale", "text", (column) => column.notNull())
      .addColumn("by", "text", (column) => column.notNull())
      .addColumn("at", "bigint", (column) => column.notNull())
      .execute();
    await db.schema.createIndex("phone_sends_by_contact").on("phone_sends").column("contactId").execute();
    await db.schema.createIndex("phone_sends_by_sender").on("phone_sends").columns(["by", "at"]).execute();
  },
};
