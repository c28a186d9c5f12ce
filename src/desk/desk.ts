import type { Tree } from "../content/tree.ts";
import type { Clock } from "../core/ports.ts";
import type { Stores } from "../core/stores.ts";
import type { TopicId } from "../core/words.ts";
import { RefusedError } from "../locale/sentence.ts";
import type { People } from "./people.ts";

/** What everything on the desk works with. */
export interface Desk {
  readonly stores: Pick<Stores, "holds" | "flags" | "notices" | "transaction">;
  readonly people: People;
  readonly tree: () => Tree;
  readonly clock: Clock;
}

/** @throws RefusedError naming topics that are spelt alike, when there is no such topic. */
export function demandTopic(tree: Tree, topic: TopicId): void {
  if (tree.topics.has(topic)) return;
  const [section = "", name = section] = topic.split("/");
  const ids = [...tree.topics.keys()];
  const named = ids.filter((id) => id.split("/")[1]?.includes(name));
  const like = named.length > 0 ? named : ids.filter((id) => id.startsWith(`${section}/`));
  if (like.length === 0) throw new RefusedError("desk.refused.noTopic", { topic });
  throw new RefusedError("desk.refused.noTopicLike", { topic, like: like.slice(0, 6).join(", ") });
}

/** @throws RefusedError when it is empty: everything the desk does says why. */
export function demandReason(why: string): string {
  const reason = why.trim();
  if (reason === "") throw new RefusedError("desk.refused.sayWhy");
  return reason;
}
