import { expressionBuilder } from "kysely";
import type { Tables } from "./tables.ts";

/** Whether a STOP stands for the contact of a query on `contacts`. A STOP may be older than the number became known. */
export function isOptedOut() {
  const contacts = expressionBuilder<Tables, "contacts">();
  return contacts.exists(
    contacts
      .selectFrom("opt_outs")
      .select("opt_outs.personKey")
      .where((eb) =>
        eb.or([
          eb("opt_outs.personKey", "=", eb.ref("contacts.personKey")),
          eb("opt_outs.personKey", "=", eb.ref("contacts.contactKey")),
        ]),
      ),
  );
}
