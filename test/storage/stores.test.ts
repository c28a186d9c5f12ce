import { openDatabase } from "../../src/storage/database.ts";
import { DATABASE_KINDS, emptyDatabase } from "../support/databases.ts";
import { describeStores } from "./stores.contract.ts";

for (const kind of DATABASE_KINDS)
  describeStores(`the stores on ${kind}`, async (clock) =>
    openDatabase(await emptyDatabase(kind), { serving: true, clock }),
  );
