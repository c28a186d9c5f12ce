import { helpFor, nearestPlace } from "../content/directory.ts";
import { noticeMessage, noticesFor } from "../content/notices.ts";
import type { Place } from "../content/tree.ts";
import type { TurnResult } from "../core/turn.ts";
import { endTurn, plainReply, type Scene } from "./scene.ts";

/** Legal help for a place the person named, or the nearest to it, after the notices about that place. */
export function helpNear(scene: Scene, place: Place): TurnResult {
  const text = helpFor(scene.turn.tree, place, scene.locale, scene.options.translate);
  const label = scene.turn.tree.topics.get("get-help/free-legal-help")?.texts[scene.locale]?.label;
  const choices =
    label === undefined ? [] : [{ label, target: { kind: "topic", topic: "get-help/free-legal-help" } as const }];
  const reply = plainReply(scene, "command", `place ${place.id}`, {
    text,
    choices,
    closing: scene.say("reply.danger"),
  });
  const notices = noticesFor(scene.turn.tree, place.id, scene.locale, scene.turn.now);
  const messages = notices.length === 0 ? reply.messages : [noticeMessage(notices), ...reply.messages];
  return endTurn(scene, { ...reply, messages });
}

/** A shared location: the place nearest to it is used and forgotten. */
export function helpNearLocation(scene: Scene, location: { readonly lat: number; readonly lon: number }): TurnResult {
  return helpNear(scene, nearestPlace(scene.turn.tree.places, location));
}
