import type { Compilable, CompiledQuery, Kysely } from "kysely";
import type { Tables } from "./tables.ts";

/** The statements of all prepared queries, in the words of every database that was opened, with a name for each. */
const names = new Map<string, string>();

/** A short name for a statement that comes again and again, so that the database, too, may keep what it made of it. */
export function nameOf(statement: string): string | undefined {
  return names.get(statement);
}

/**
 * A query that is built once for each database and run many times with other values: on the way of a message, building
 * SQL takes longer than running it.
 *
 * While it is built, `values` holds stand-ins, which can be handed to the query builder and to nothing else: an attempt
 * to calculate with one throws. So neither the query's shape nor the length of a list may depend on them.
 */
export function prepared<V extends object, R>(
  build: (db: Kysely<Tables>, values: V) => Compilable<R>,
): (db: Kysely<Tables>, values: V) => Promise<readonly R[]> {
  // By the dialect's adapter: all transactions of a database share it.
  const built = new WeakMap<object, CompiledQuery<R>>();
  return async (db, values) => {
    const { adapter } = db.getExecutor();
    let query = built.get(adapter);
    if (query === undefined) {
      query = build(db, STAND_INS as V).compile();
      built.set(adapter, query);
      if (!names.has(query.sql)) names.set(query.sql, `puente_${names.size}`);
    }
    const parameters = query.parameters.map((parameter) =>
      typeof parameter === "symbol" ? Reflect.get(values, parameter.description ?? "") : parameter,
    );
    const { rows } = await db.executeQuery<R>({ ...query, parameters });
    return rows;
  };
}

/** The row of a statement that always returns one. */
export function only<R>([row]: readonly R[]): R {
  if (row === undefined) throw new Error("the statement returned no row");
  return row;
}

const STAND_INS = new Proxy({}, { get: (_, name) => Symbol(String(name)) });
