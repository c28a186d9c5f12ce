import type { Migration } from "../migrate.ts";

/** Where the content rooms show a broadcast, when the team was told of it, and how many got a WhatsApp template. */
export const broadcastCards: Migration = {
  name: "20261122T0200-broadcast-cards",
  async up(db) {
    await db.schema
      .createTable("broadcast_cards")
      .addColumn("broadcastId", "bigint", (column) => column.notNull().references("broadcasts.broadcastId"))
      .addColumn("platform", "text", (column) => column.notNull())
      .addColumn("place", "text")
      .addColumn("locale", "text", (column) => column.notNull())
      .addColumn("shownAt", "bigint", (column) => column.notNull())
      .addColumn("closed", "integer", (column) => column.notNull().defaultTo(0))
      .addPrimaryKeyConstraint("broadcast_cards_pkey", ["broadcastId", "platform"])
      .execute();
    await db.schema
      .createTable("template_hours")
      .addColumn("hour", "bigint", (column) => column.primaryKey())
      .addColumn("n", "bigint", (column) => column.notNull())
      .execute();
    await db.schema.alterTable("broadcasts").addColumn("toldAt", "bigint").execute();
    // Those that have begun were announced before.
    await db
      .updateTable("broadcasts")
      .set((eb) => ({ toldAt: eb.ref("announcedAt") }))
      .execute();
  },
};
