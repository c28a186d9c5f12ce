import type { Migration } from "../migrate.ts";

/**
 * Fewer bytes for each of a million rows. A claim begins the attempt, so no token stands for it in between. The rows of
 * a contact on lists of recipients are found through the lanes, without an index of their own.
 */
export const leanRows: Migration = {
  name: "20261122T0540-lean-rows",
  async up(db, { cascadeByLanes }) {
    await db.schema.alterTable("deliveries").dropColumn("leaseToken").execute();
    await db.schema.alterTable("deliveries").dropColumn("leaseMs").execute();
    await cascadeByLanes(db);
    await db.schema.dropIndex("broadcast_recipients_contact").execute();
  },
};
