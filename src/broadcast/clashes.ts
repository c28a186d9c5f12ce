import type { Tree } from "../content/tree.ts";
import type { BroadcastContent, BroadcastRecord } from "../core/broadcast.ts";
import type { Sentence } from "../locale/sentence.ts";

const HOUR_MS = 3_600_000;
/** What subscribers were promised when they said yes: `updates.ask` in locales/. */
const AT_MOST_A_MONTH = 4;
export const MONTH_MS = 30 * 24 * HOUR_MS;

/**
 * What others have sent stands against this one: the promise of how many a month, and the same words twice.
 *
 * @param all newest first; this one may be among them.
 */
export function clashesOf(
  tree: Tree,
  record: BroadcastRecord,
  all: readonly BroadcastRecord[],
  now: number,
): Sentence[] {
  const others = all.filter(
    ({ broadcastId, audience }) =>
      broadcastId !== record.broadcastId &&
      audience.places.some((place) => record.audience.places.includes(place)) &&
      audience.locales.some((locale) => record.audience.locales.includes(locale)),
  );
  const problems: Sentence[] = [];
  const texts = (one: BroadcastContent) => JSON.stringify(Object.entries(one.texts).toSorted());
  const twin = others.find(
    (other) =>
      texts(other) === texts(record) &&
      !["draft", "cancelled", "expired"].includes(other.state) &&
      now - (other.startedAt ?? other.createdAt) < HOUR_MS,
  );
  if (twin !== undefined) problems.push({ key: "broadcast.rule.twin", values: { id: twin.broadcastId } });
  for (const place of record.audience.places) {
    const sent = others.filter(
      ({ audience, startedAt }) =>
        startedAt !== undefined && now - startedAt < MONTH_MS && audience.places.includes(place),
    );
    const oldest = sent.at(-1)?.startedAt;
    if (sent.length < AT_MOST_A_MONTH || oldest === undefined) continue;
    const names = tree.places.find(({ id }) => id === place)?.names;
    problems.push({
      key: "broadcast.rule.month",
      values: {
        ...{ most: AT_MOST_A_MONTH, n: sent.length, place: names === undefined ? place : { texts: names } },
        day: new Date(oldest + MONTH_MS).toISOString().slice(0, 10),
      },
    });
  }
  return problems;
}
