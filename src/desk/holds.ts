import type { Flag } from "../core/desk.ts";
import type { TopicId } from "../core/words.ts";
import { RefusedError } from "../locale/sentence.ts";
import { type Desk, demandReason, demandTopic } from "./desk.ts";
import type { Person } from "./people.ts";
import { demand } from "./permissions.ts";

/** Takes an answer out of service while it is looked at. Running services follow within a second. */
export async function holdAnswer(desk: Desk, person: Person, topic: TopicId, why: string): Promise<void> {
  demand(desk.people, person, "hold");
  demandTopic(desk.tree(), topic);
  await desk.stores.holds.put({ topic, status: "held", cause: "editor", by: person.id, why: demandReason(why) });
}

/**
 * Takes an answer away that was judged wrong: not even volunteers open its old text. Open flags are closed with it.
 *
 * @returns the flags that were closed, to tell those who flagged.
 */
export async function withdrawAnswer(
  desk: Desk,
  person: Person,
  topic: TopicId,
  why: string,
): Promise<readonly Flag[]> {
  demand(desk.people, person, "withdraw");
  demandTopic(desk.tree(), topic);
  const reason = demandReason(why);
  return desk.stores.transaction(async ({ holds, flags }) => {
    await holds.put({ topic, status: "withdrawn", cause: "editor", by: person.id, why: reason });
    return flags.close(topic, "withdrawn", person.id);
  });
}

/**
 * Puts an answer back into service. Open flags are closed as `restored`.
 *
 * @returns the flags that were closed, to tell those who flagged.
 * @throws RefusedError when it is in service.
 */
export async function restoreAnswer(desk: Desk, person: Person, topic: TopicId, why: string): Promise<readonly Flag[]> {
  demand(desk.people, person, "restore");
  const reason = demandReason(why);
  return desk.stores.transaction(async ({ holds, flags }) => {
    const lifted = await holds.lift(topic, person.id, reason);
    if (lifted === undefined) throw new RefusedError("desk.refused.notHeld", { topic });
    return flags.close(topic, "restored", person.id);
  });
}
