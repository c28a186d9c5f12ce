/** One process of `bench/queue.ts`: claims and settles bulk deliveries until none is left. Prints how many. */
import { openDatabase } from "../src/storage/database.ts";
import { openKeys } from "../src/storage/keys.ts";
import { createStores } from "../src/storage/stores.ts";

const { DATABASE_URL = "", PUENTE_SECRET = "" } = process.env;
const clock = { now: () => Date.now() };
const database = await openDatabase(DATABASE_URL, { serving: true, clock });
const keys = await openKeys({ database, secret: PUENTE_SECRET, clock });
const { deliveries } = createStores({ database, keys, clock });
console.log("ready");
await new Promise((resolve) => process.stdin.once("data", resolve));

let handled = 0;
for (;;) {
  const claimed = await deliveries.claim(50, 30_000);
  if (claimed.length === 0) break;
  await Promise.all(
    claimed.map(async ({ deliveryId, attempt }) => {
      await deliveries.settle(deliveryId, attempt, { status: "sent", externalId: `SM${deliveryId}` });
      handled += 1;
    }),
  );
}
console.log(`handled ${handled}`);
await database.close();
process.exit(0);
