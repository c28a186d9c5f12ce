import { describe, onTestFinished } from "vitest";
import type { Clock } from "../../src/core/ports.ts";
import type { Database } from "../../src/storage/database.ts";
import { testClock } from "../support/clock.ts";
import { describeContacts } from "./contacts.contract.ts";
import { describeDeliveries } from "./deliveries.contract.ts";
import { describeDesk } from "./desk.contract.ts";
import { type Fixture, makeFixture } from "./fixture.ts";
import { describeInbox } from "./inbox.contract.ts";
import { describeReceipts } from "./receipts.contract.ts";
import { describeRetention } from "./retention.contract.ts";
import { describeVendor } from "./vendor.contract.ts";

/** What the stores promise, on any database. `makeDatabase` opens an empty one. */
export function describeStores(name: string, makeDatabase: (clock: Clock) => Promise<Database>): void {
  async function make(): Promise<Fixture> {
    const clock = testClock();
    const database = await makeDatabase(clock);
    onTestFinished(() => database.close());
    return makeFixture(database, clock);
  }

  describe(name, () => {
    describeInbox(make);
    describeContacts(make);
    describeDeliveries(make);
    describeReceipts(make);
    describeRetention(make);
    describeDesk(make);
    describeVendor(make);
  });
}
