import { answerVersion } from "../content/answer-version.ts";
import { isCurrent } from "../content/state.ts";
import { inLocale, type Place } from "../content/tree.ts";
import type { Choice, Evidence, ReplyMessage } from "../core/reply.ts";
import type { ContactView, Context, Effect, TurnResult } from "../core/turn.ts";
import type { ChannelName, Command, TopicId } from "../core/words.ts";
import { findPlace } from "../intent/place.ts";
import { endTurn, plainReply, type Scene } from "./scene.ts";

type Answer = (scene: Scene, topic: TopicId, kind: "answer" | "danger", evidence: Evidence) => TurnResult;

/** Where Puente may write first. The simulator and the terminal show it; nothing is sent from there. */
const PHONES: readonly ChannelName[] = ["sms", "whatsapp", "simulator", "console"];
/** Places offered as numbers to who names none: those where the directory knows most helpers. */
const PLACES_OFFERED = 6;

/** UPDATES, NOTIFY, COMPLETO, CORTO and READ: what Puente may write by itself, and what it has written. */
export function replyAboutUpdates(
  scene: Scene,
  command: Extract<Command, "updates" | "notify" | "full" | "short" | "read">,
  rest: string,
  answer: Answer,
): TurnResult {
  if (command === "read") return readNewest(scene, answer);
  if (!PHONES.includes(scene.turn.channel)) return reply(scene, command, "updates.phoneOnly");
  if (scene.state.minor) return reply(scene, command, "command.updatesMinor");
  if (!scene.options.updates) return reply(scene, command, "command.noUpdates");
  if (command === "notify") return askToNotify(scene);
  if (command === "updates") {
    const place = findPlace(rest, scene.turn.tree.places);
    return place === undefined ? askForPlace(scene, command) : askToSubscribe(scene, place);
  }
  if (scene.turn.contact.subscriptions.length === 0) return askForPlace(scene, command);
  return chooseForm(scene, command);
}

/** The second yes. Undefined when nothing of this was asked. */
export function agreeToUpdates(scene: Scene, command: "yes" | "no"): TurnResult | undefined {
  const { context, turn, locale } = scene;
  if (context?.asked !== "updates" && context?.asked !== "notify") return undefined;
  if (scene.state.minor) return reply(scene, command, "command.updatesMinor");
  if (command === "no") return reply(scene, command, "updates.declined");
  // Who asks twice for messages takes an earlier STOP back.
  const again: Effect[] = turn.contact.optedOut ? [{ kind: "opt-in", source: "person" }] : [];
  if (context.asked === "notify") {
    const topic = context.topic === undefined ? undefined : turn.tree.topics.get(context.topic);
    if (topic === undefined) return undefined;
    const textHash = answerVersion(inLocale(topic.texts, locale));
    return reply(scene, command, "updates.notifyDone", {
      effects: [...again, { kind: "keep-answer", topic: topic.id, locale, textHash, asked: true }],
    });
  }
  const place = turn.tree.places.find(({ id }) => id === context.place);
  if (place === undefined) return undefined;
  const first = turn.contact.subscriptions.length === 0;
  return reply(scene, command, first ? "updates.done" : "updates.added", {
    values: { place: nameOf(scene, place) },
    choices: first ? [choice(scene, "updates.fullChoice", "full")] : [],
    effects: [...again, { kind: "subscribe", place: place.id, locale }],
  });
}

/**
 * What an answer means for later: it is kept which version went out, for those alone who asked for corrections. Never
 * after a danger, and of nobody under 18, whose updates end as soon as they say so.
 */
export function effectsOnUpdates(scene: Scene, result: TurnResult): readonly Effect[] {
  const { contact, tree } = scene.turn;
  const { subscriptions, kept = [] } = contact;
  if (result.state.minor) return subscriptions.length + kept.length > 0 ? [{ kind: "unsubscribe" }] : [];
  const { reply: given } = result;
  const id = given?.kind === "answer" ? given.topics[0] : undefined;
  const topic = id === undefined ? undefined : tree.topics.get(id);
  if (given?.card === undefined || topic === undefined || !isCurrent(given.card.status, tree.require)) return [];
  // One message for NOTIFY: what has just been read anew is not kept again.
  const isKept = kept.includes(topic.id) && contact.changed !== topic.id;
  if (subscriptions.length === 0 && !isKept) return [];
  const { locale } = given;
  const textHash = answerVersion(inLocale(topic.texts, locale));
  return [{ kind: "keep-answer", topic: topic.id, locale, textHash, asked: false }];
}

function askToSubscribe(scene: Scene, place: Place): TurnResult {
  return reply(scene, "updates", "updates.ask", {
    values: { place: nameOf(scene, place), ...sender(scene) },
    remember: { asked: "updates", place: place.id },
    effects: [{ kind: "ask-opt-in", to: "updates", place: place.id, locale: scene.locale }],
  });
}

function askForPlace(scene: Scene, command: Command): TurnResult {
  const { places, directory } = scene.turn.tree;
  const helpers = (place: Place) => directory.filter((entry) => entry.places.includes(place.id)).length;
  const offered = places
    .filter(({ kind }) => kind === "city")
    .map((place) => ({ place, helpers: helpers(place) }))
    .toSorted((a, b) => b.helpers - a.helpers)
    .slice(0, PLACES_OFFERED);
  return reply(scene, command, "updates.where", {
    choices: offered.map(({ place }) => ({
      label: nameOf(scene, place),
      target: { kind: "command", command: "updates", place: nameOf(scene, place) },
    })),
  });
}

/** Only after an answer that may change: there is nothing to be told about otherwise. */
function askToNotify(scene: Scene): TurnResult {
  const id = scene.context?.topic;
  const topic = id === undefined ? undefined : scene.turn.tree.topics.get(id);
  if (!topic?.inFlux) return reply(scene, "notify", "updates.notifyNothing");
  return reply(scene, "notify", "updates.notifyAsk", {
    values: sender(scene),
    remember: { asked: "notify", topic: topic.id },
    effects: [{ kind: "ask-opt-in", to: "corrections", locale: scene.locale }],
  });
}

function chooseForm(scene: Scene, command: "full" | "short"): TurnResult {
  const full = command === "full";
  return reply(scene, command, full ? "updates.full" : "updates.short", {
    choices: [choice(scene, full ? "updates.shortChoice" : "updates.fullChoice", full ? "short" : "full")],
    effects: [{ kind: "set-full", full, locale: scene.locale }],
  });
}

/** The newest announcement that was not read, else an answer that has changed. */
function readNewest(scene: Scene, answer: Answer): TurnResult {
  const { contact, tree } = scene.turn;
  if (contact.announcement !== undefined) return readAnnouncement(scene, contact.announcement);
  const { changed } = contact;
  if (changed !== undefined && !tree.topics.has(changed))
    return reply(scene, "read", "answer.before.withdrawn", { effects: [{ kind: "forget-answer", topic: changed }] });
  if (changed !== undefined) {
    const result = answer(scene, changed, "answer", { decidedBy: "command read", candidates: [] });
    return { ...result, effects: [{ kind: "forget-answer", topic: changed }, ...result.effects] };
  }
  return reply(scene, "read", "command.nothingToRead");
}

function readAnnouncement(scene: Scene, announcement: NonNullable<ContactView["announcement"]>): TurnResult {
  const { broadcastId, texts, topic: id, takenBack } = announcement;
  const effects: Effect[] = [{ kind: "read-announcement", broadcastId }];
  if (takenBack) return reply(scene, "read", "updates.takenBack", { effects });
  const text = texts[scene.locale] ?? Object.values(texts)[0] ?? "";
  const topic = id === undefined ? undefined : scene.turn.tree.topics.get(id);
  const label = topic?.texts[scene.locale]?.label;
  return reply(scene, "read", "updates.read", {
    values: { name: scene.options.organisation.name, text },
    choices: topic === undefined || label === undefined ? [] : [{ label, target: { kind: "topic", topic: topic.id } }],
    effects,
  });
}

function reply(
  scene: Scene,
  command: Command,
  key: string,
  more: {
    readonly values?: Readonly<Record<string, string>>;
    readonly choices?: readonly Choice[];
    readonly effects?: readonly Effect[];
    readonly remember?: Partial<Pick<Context, "asked" | "place" | "topic">>;
  } = {},
): TurnResult {
  const message: ReplyMessage = { text: scene.say(key, more.values ?? {}), choices: more.choices ?? [] };
  const result = endTurn(scene, plainReply(scene, "command", `command ${command}`, message), more.remember ?? {});
  return { ...result, effects: [...(more.effects ?? []), ...result.effects] };
}

function choice(scene: Scene, key: string, command: Command): Choice {
  return { label: scene.say(key), target: { kind: "command", command } };
}

function sender(scene: Scene): { readonly name: string; readonly privacy: string } {
  const { name, url } = scene.options.organisation;
  return { name, privacy: url === undefined ? "" : scene.say("updates.privacy", { url }) };
}

/** "Tijuana" of "Tijuana, Baja California". */
function nameOf(scene: Scene, place: Place): string {
  const name = inLocale(place.names, scene.locale);
  return name.split(",")[0] ?? name;
}
