import { topMenu } from "../content/menu.ts";
import type { Choice, Evidence, ReplyMessage } from "../core/reply.ts";
import type { Effect, TurnResult } from "../core/turn.ts";
import { NEW_CONVERSATION } from "../core/turn.ts";
import type { Command, TopicId } from "../core/words.ts";
import type { CommandFound } from "../intent/intent.ts";
import { findPlace } from "../intent/place.ts";
import { morePages, sourcesOf } from "./more.ts";
import { helpNear } from "./nearest-help.ts";
import { endTurn, plainReply, type Scene } from "./scene.ts";
import { agreeToUpdates, replyAboutUpdates } from "./updates.ts";

/** Sends the vetted answer to a topic; handed in by `respond`, which alone composes answers. */
type Answer = (scene: Scene, topic: TopicId, kind: "answer" | "danger", evidence: Evidence) => TurnResult;

/** What each command does. A command whose topic the tree lacks falls back to the menu. */
export function replyToCommand(scene: Scene, found: CommandFound, answer: Answer): TurnResult {
  const { command } = found;
  const evidence = { decidedBy: `command ${command}`, candidates: [] };
  const menu = (state = scene.state) =>
    say(scene, command, topMenu(scene.turn.tree, scene.locale, scene.options.translate), { state });
  const topic = (id: TopicId, kind: "answer" | "danger" = "answer") =>
    scene.turn.tree.topics.has(id) ? answer(scene, id, kind, evidence) : menu();

  switch (command) {
    case "menu":
      return menu();
    case "help":
      return say(scene, command, helpText(scene));
    case "danger":
      return topic("get-help/emergency", "danger");
    case "person":
      return say(scene, command, personText(scene));
    case "more":
      return morePages(scene) ?? menu();
    case "sources":
      return sourcesOf(scene) ?? menu();
    case "lawyer": {
      const place = findPlace(found.rest, scene.turn.tree.places);
      return place === undefined ? topic("get-help/free-legal-help") : helpNear(scene, place);
    }
    case "language":
      return inLanguage(scene, found, answer);
    case "stop":
      return stop(scene, found.sure);
    case "start":
      return say(scene, command, message(scene, "command.start"), {
        state: { ...scene.state, welcomed: true },
        effects: [{ kind: "opt-in", source: "person" }],
      });
    case "delete":
      return scene.context?.asked === "delete" ? erase(scene) : askToErase(scene);
    case "yes":
    case "no":
      return agreeToUpdates(scene, command) ?? confirm(scene, command) ?? menu();
    case "read":
      return readWaiting(scene, answer, evidence) ?? replyAboutUpdates(scene, command, found.rest, answer);
    case "updates":
    case "notify":
    case "full":
    case "short":
      return replyAboutUpdates(scene, command, found.rest, answer);
  }
}

/** What a volunteer saved for the person: shown once, in the language the volunteer chose, unless the person has one. */
function readWaiting(scene: Scene, answer: Answer, evidence: Evidence): TurnResult | undefined {
  const { waiting } = scene.turn.contact;
  if (waiting === undefined || !scene.turn.tree.topics.has(waiting.topic)) return undefined;
  const locale = scene.state.locale ?? waiting.locale;
  const result = answer({ ...scene, locale, state: { ...scene.state, locale } }, waiting.topic, "answer", evidence);
  return { ...result, effects: [{ kind: "read-waiting" }, ...result.effects] };
}

function message(scene: Scene, key: string, choices: readonly Choice[] = []): ReplyMessage {
  return { text: scene.say(key), choices };
}

function commandChoice(scene: Scene, key: string, command: Command): Choice {
  return { label: scene.say(key), target: { kind: "command", command } };
}

function say(
  scene: Scene,
  command: Command,
  text: ReplyMessage,
  change: {
    readonly state?: Scene["state"];
    readonly effects?: readonly Effect[];
    readonly asked?: "delete" | "stop";
  } = {},
): TurnResult {
  const asked = change.asked === undefined ? {} : { asked: change.asked };
  const result = endTurn(
    { ...scene, state: change.state ?? scene.state },
    plainReply(scene, "command", `command ${command}`, text),
    asked,
  );
  return { ...result, effects: [...(change.effects ?? []), ...result.effects] };
}

/** Danger first: the first word of a frightened Spanish speaker is AYUDA. */
function helpText(scene: Scene): ReplyMessage {
  const { organisation } = scene.options;
  return {
    text: scene.say("command.help"),
    choices: [
      commandChoice(scene, "command.helpDanger", "danger"),
      commandChoice(scene, "command.helpMenu", "menu"),
      commandChoice(scene, "command.helpPerson", "person"),
    ],
    closing: [
      organisation.phone === undefined
        ? scene.say("command.helpFromNobody")
        : scene.say("command.helpFrom", { name: organisation.name, phone: organisation.phone }),
      scene.say("command.helpClosing"),
    ].join(" "),
  };
}

function personText(scene: Scene): ReplyMessage {
  const { phone, hours, name } = scene.options.organisation;
  const reach =
    phone === undefined
      ? scene.say("command.personNobody")
      : scene.say("command.personReach", { name, phone, hours: hours ?? "" });
  const label = scene.turn.tree.topics.get("get-help/free-legal-help")?.texts[scene.locale]?.label;
  return {
    text: `${scene.say("command.person")} ${reach}`,
    choices: label === undefined ? [] : [{ label, target: { kind: "topic", topic: "get-help/free-legal-help" } }],
    closing: scene.say("reply.danger"),
  };
}

/** ESPANOL, ENGLISH: for good, and the last answer again in that language. */
function inLanguage(scene: Scene, found: CommandFound, answer: Answer): TurnResult {
  const locale = found.locale ?? scene.locale;
  const translate = scene.options.translate;
  const switched: Scene = {
    ...scene,
    locale,
    localeKnown: true,
    state: { ...scene.state, locale },
    say: (key, values) => translate(locale, key, values),
  };
  const topic = scene.context?.topic;
  const result =
    topic === undefined
      ? say(switched, "language", topMenu(scene.turn.tree, locale, translate))
      : answer(switched, topic, "answer", { decidedBy: "command language", candidates: [] });
  if (scene.turn.contact.subscriptions.length === 0) return result;
  return { ...result, effects: [{ kind: "set-locale", locale }, ...result.effects] };
}

/** STOP acts at once. When it may have meant something else, it has still stopped, and asks. */
function stop(scene: Scene, sure: boolean): TurnResult {
  const effects = [{ kind: "opt-out", source: "person" }] as const;
  if (sure) {
    // Updates do not begin again with START alone: they are asked for twice.
    return say(scene, "stop", message(scene, "command.stop"), { effects: [...effects, { kind: "unsubscribe" }] });
  }
  const choices = [commandChoice(scene, "command.stopUndo", "start"), commandChoice(scene, "command.helpMenu", "menu")];
  return say(scene, "stop", message(scene, "command.stopUnsure", choices), { effects, asked: "stop" });
}

function askToErase(scene: Scene): TurnResult {
  const choices = [commandChoice(scene, "command.deleteConfirm", "delete")];
  return say(scene, "delete", message(scene, "command.delete", choices), { asked: "delete" });
}

/** Nothing of the conversation is kept, not even that there was one. */
function erase(scene: Scene): TurnResult {
  const reply = plainReply(scene, "command", "command delete", message(scene, "command.deleted"));
  const count = { kind: "count", outcome: "command", locale: scene.locale } as const;
  return { state: NEW_CONVERSATION, reply, effects: [{ kind: "erase" }, count] };
}

/** "Yes" answers what Puente has just asked. */
function confirm(scene: Scene, command: "yes" | "no"): TurnResult | undefined {
  const asked = scene.context?.asked;
  if (asked === undefined) return undefined;
  if (asked === "delete" && command === "yes") return erase(scene);
  if (asked === "stop" && command === "no")
    return say(scene, "start", message(scene, "command.start"), {
      effects: [{ kind: "opt-in", source: "person" }],
    });
  return say(scene, command, message(scene, asked === "delete" ? "command.notDeleted" : "command.stop"));
}
