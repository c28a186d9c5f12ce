import type { Flag } from "../core/desk.ts";
import type { Locale, TopicId } from "../core/words.ts";
import { RefusedError } from "../locale/sentence.ts";
import { type Desk, demandReason, demandTopic } from "./desk.ts";
import type { Person } from "./people.ts";
import { can, demand } from "./permissions.ts";

/** So many volunteers who say "wrong or outdated" hold an answer; one editor does alone. */
const FLAGS_TO_HOLD = 2;

export interface FlagRequest {
  readonly topic: TopicId;
  /** The language it was read in. */
  readonly locale?: Locale;
  /** What is wrong. */
  readonly why: string;
  /** Where the person has it from. */
  readonly source?: string;
}

/**
 * Records that somebody calls an answer wrong or outdated. It is held everywhere once two persons have, or one editor.
 *
 * @returns whether this flag has taken the answer out of service.
 */
export async function flagAnswer(
  desk: Desk,
  person: Person,
  request: FlagRequest,
): Promise<{ readonly held: boolean }> {
  demand(desk.people, person, "flag");
  const { topic } = request;
  demandTopic(desk.tree(), topic);
  const why = demandReason(request.why);
  return desk.stores.transaction(async ({ holds, flags }) => {
    await flags.add({ ...request, why, by: person.id });
    const open = await flags.open(topic);
    const enough = can(person, "hold") || new Set(open.map(({ by }) => by)).size >= FLAGS_TO_HOLD;
    const inForce = (await holds.current()).some((hold) => hold.topic === topic);
    if (!enough || inForce) return { held: false };
    // The reason of a flag stays sealed; a hold's is read by everyone on the team.
    const reason = open.length === 1 ? "flagged by an editor" : `flagged by ${open.length} people`;
    await holds.put({ topic, status: "held", cause: "flags", by: person.id, why: reason });
    return { held: true };
  });
}

/**
 * Says that the answer was right: closes its open flags, and lifts the hold that they brought about. A hold that an
 * editor made stays.
 *
 * @returns the flags as closed, to tell those who flagged.
 * @throws RefusedError when nobody has flagged it.
 */
export async function dismissFlags(desk: Desk, person: Person, topic: TopicId, why: string): Promise<readonly Flag[]> {
  demand(desk.people, person, "dismiss-flags");
  const reason = demandReason(why);
  return desk.stores.transaction(async ({ holds, flags }) => {
    const closed = await flags.close(topic, "dismissed", person.id);
    if (closed.length === 0) throw new RefusedError("desk.refused.notFlagged", { topic });
    const inForce = (await holds.current()).find((hold) => hold.topic === topic);
    if (inForce?.cause === "flags") await holds.lift(topic, person.id, reason);
    return closed;
  });
}
