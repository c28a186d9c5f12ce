import { composeAnswer } from "../content/answer.ts";
import { sectionMenu } from "../content/menu.ts";
import type { Tree } from "../content/tree.ts";
import type { Choice, Evidence, Reply } from "../core/reply.ts";
import { CONTEXT_LASTS_MS, type Context, type Turn, type TurnResult } from "../core/turn.ts";
import type { Locale, TopicId, Utterance } from "../core/words.ts";
import { findCommand, findTopicCode } from "../intent/commands.ts";
import type { CommandFound } from "../intent/intent.ts";
import { isMinor } from "../intent/minor.ts";
import { onlyPlace } from "../intent/place.ts";
import { findUrgent } from "../intent/urgent.ts";
import type { Detected } from "../locale/detect.ts";
import { replyToCommand } from "./commands.ts";
import { helpNear, helpNearLocation } from "./nearest-help.ts";
import { endTurn, plainReply, type RespondOptions, type Scene } from "./scene.ts";
import { effectsOnUpdates } from "./updates.ts";
import { cleanUtterance } from "./utterance.ts";

export type Respond = (turn: Turn<Tree>) => TurnResult;

/**
 * The rules of the conversation: one utterance in, the new state, the reply and its effects out. Pure: no clock, no
 * store, no await, the same turn gives the same result.
 *
 * The order is the safety: danger is looked for before anything else, commands before questions, and a question that
 * nothing is sure about is answered with a question.
 */
export function createRespond(options: RespondOptions): Respond {
  return (turn) => {
    const scene = setScene(turn, options);
    const result = decide(scene);
    const welcomed = welcomeOnce(scene, result);
    return { ...welcomed, effects: [...welcomed.effects, ...effectsOnUpdates(scene, result)] };
  };
}

function decide(scene: Scene): TurnResult {
  const { turn, text, context, options } = scene;
  if (turn.answeredByVendor !== undefined) return accountForVendor(scene, turn.answeredByVendor);

  const urgent = findUrgent(text, turn.tree.urgent, turn.tree.lexicon);
  if (urgent !== undefined && turn.tree.topics.has(urgent.rule.topic)) {
    const locale = scene.localeKnown ? scene.locale : urgent.locale;
    return answer({ ...scene, locale, state: { ...scene.state, locale } }, urgent.rule.topic, "danger", {
      decidedBy: `danger rule ${urgent.rule.id}`,
      candidates: [],
    });
  }

  if (turn.utterance.location !== undefined) return helpNearLocation(scene, turn.utterance.location);
  if (turn.utterance.media !== undefined && text === "") return cannotSee(scene);

  const chosen = chooseByNumber(scene);
  if (chosen !== undefined) return chosen;

  if (scene.command !== undefined) return replyToCommand(scene, scene.command, answer);

  const coded = findTopicCode(text, turn.tree);
  if (coded !== undefined) {
    const evidence = { decidedBy: `code ${coded.code}`, candidates: [] };
    return answer({ ...scene, locale: coded.locale ?? scene.locale }, coded.topic, "answer", evidence);
  }

  const place = context?.topic === undefined ? onlyPlace(text, turn.tree) : undefined;
  if (place !== undefined) return helpNear(scene, place);

  if (scene.detected.kind === "unsupported") return unsupportedLanguage(scene, scene.detected.language);

  const match = options.matcher().match(text, scene.localeKnown ? scene.locale : undefined, {
    ...(context?.topic !== undefined && { topic: context.topic }),
  });
  if (match.kind === "answer") return answer(scene, match.topic, "answer", match.evidence);
  if (match.kind === "clarify") return clarify(scene, match.topics, match.evidence);
  return notCovered(scene, match.outOfScope, match.evidence);
}

function setScene(turn: Turn<Tree>, options: RespondOptions): Scene {
  const { context: kept, ...rest } = turn.state;
  const context = kept !== undefined && turn.now - kept.at < CONTEXT_LASTS_MS ? kept : undefined;
  const text = cleanUtterance(whatWasSaid(turn.utterance, context));
  const minor = turn.state.minor || isMinor(text, options.commandWords);
  const command = findCommand(text, options.commandWords, turn.tree.places);
  const detected = options.detect(text);
  const { locale, known } = languageOf(turn, command, detected);
  const state = {
    ...rest,
    minor,
    ...(known && { locale }),
    ...(context !== undefined && { context }),
  };
  return {
    turn,
    options,
    text,
    command,
    detected,
    locale,
    localeKnown: known,
    state,
    context,
    say: (key, values) => options.translate(locale, key, values),
  };
}

/** The number of a tapped button, unless the button is of an older message: then its words, which mean the same as ever. */
function whatWasSaid({ text, pressed }: Utterance, context: Context | undefined): string {
  if (pressed === undefined || context?.choices[Number(text) - 1]?.label === pressed) return text;
  return pressed;
}

/**
 * A clear utterance switches the language; an unclear one keeps it; unknown never becomes English by default. A command
 * is in the language of its word, where that tells: STOP is said in every language.
 */
function languageOf(
  turn: Turn<Tree>,
  command: CommandFound | undefined,
  detected: Detected,
): { locale: Locale; known: boolean } {
  const { locales } = turn.tree;
  const settled = turn.state.locale;
  const said = command === undefined ? localeSaid(detected, settled) : command.locale;
  if (said !== undefined && locales.includes(said)) return { locale: said, known: true };
  if (settled !== undefined) return { locale: settled, known: true };
  // Most people who write to this number first write Spanish.
  return { locale: locales.includes("es") ? "es" : (locales[0] ?? "en"), known: false };
}

function localeSaid(detected: Detected, settled: Locale | undefined): Locale | undefined {
  return detected.kind === "locale" && (detected.sure || settled === undefined) ? detected.locale : undefined;
}

/** The vetted answer to a topic. The only place where the conversation sends legal information. */
function answer(scene: Scene, topic: TopicId, kind: "answer" | "danger", evidence: Evidence): TurnResult {
  const { turn, options, locale } = scene;
  const reply = composeAnswer(turn.tree, topic, locale, turn.now, { kind, translate: options.translate });
  return endTurn(scene, { ...reply, evidence }, { topic });
}

function clarify(scene: Scene, topics: readonly TopicId[], evidence: Evidence): TurnResult {
  const reply = plainReply(
    scene,
    "clarify",
    evidence,
    {
      text: scene.say("reply.clarify"),
      choices: topicChoices(scene, topics),
      closing: scene.say("reply.clarifyClosing", { numbers: topics.map((_, index) => index + 1).join(", ") }),
    },
    topics,
  );
  return endTurn(scene, reply);
}

/** An honest "I do not know", with a way on. A kind of question that is known not to be covered has its own words. */
function notCovered(scene: Scene, kindId: string | undefined, evidence: Evidence): TurnResult {
  const kind = scene.turn.tree.outOfScope.find(({ id }) => id === kindId);
  const redirect = kind?.reply[scene.locale];
  if (kind !== undefined && redirect !== undefined) {
    const choices = topicChoices(scene, kind.choices);
    return endTurn(scene, plainReply(scene, "none", evidence, { text: redirect, choices }));
  }
  const message = { text: scene.say("reply.none"), choices: firstSteps(scene), closing: scene.say("reply.danger") };
  return endTurn(scene, plainReply(scene, "none", evidence, message));
}

/** The ways in that most people need, in words rather than in the tree's titles. */
function firstSteps(scene: Scene, sections: readonly string[] = ["port-of-entry", "parole-and-detention"]): Choice[] {
  const { tree } = scene.turn;
  const steps = sections
    .filter((id) => tree.sections.some((section) => section.id === id))
    .map((section): Choice => ({ label: scene.say(`reply.step.${section}`), target: { kind: "section", section } }));
  return [...steps, ...topicChoices(scene, ["get-help/free-legal-help"])];
}

/** Labels of topics that the tree has in this language. */
function topicChoices(scene: Scene, topics: readonly TopicId[]): Choice[] {
  return topics.flatMap((topic) => {
    const label = scene.turn.tree.topics.get(topic)?.texts[scene.locale]?.label;
    return label === undefined ? [] : [{ label, target: { kind: "topic", topic } } satisfies Choice];
  });
}

/** A voice note or a picture without words. */
function cannotSee(scene: Scene): TurnResult {
  const choices = firstSteps(scene, ["port-of-entry", "parole-and-detention", "credible-fear"]);
  const reply = plainReply(scene, "none", "media", { text: scene.say("reply.cannotSee"), choices });
  return endTurn(scene, reply);
}

function unsupportedLanguage(scene: Scene, language: string): TurnResult {
  const { tree } = scene.turn;
  const known = tree.unsupportedLanguages.find(({ id }) => id === language);
  const lines = [known?.line, ...tree.locales.map((locale) => scene.options.translate(locale, "reply.unsupported"))];
  const message = {
    text: lines.filter((line) => line !== undefined).join("\n"),
    choices: topicChoices(scene, ["credible-fear/interpreter", "get-help/free-legal-help"]),
    closing: scene.say("reply.danger"),
  };
  return endTurn(scene, plainReply(scene, "none", `language ${language}`, message));
}

/** A number picks a line of the last menu; 0, or a number that no longer means anything, gives the menu. */
function chooseByNumber(scene: Scene): TurnResult | undefined {
  const digits = /^[#(]?(\d{1,2})[).]?$/.exec(scene.text)?.[1];
  if (digits === undefined) return undefined;
  const choice = scene.context?.choices[Number(digits) - 1];
  if (choice === undefined) return replyToCommand(scene, { command: "menu", sure: true, rest: "" }, answer);
  const { target } = choice;
  if (target.kind === "topic")
    return answer(scene, target.topic, "answer", { decidedBy: `choice ${digits}`, candidates: [] });
  if (target.kind === "command")
    return replyToCommand(scene, { command: target.command, sure: true, rest: target.place ?? "" }, answer);
  const { tree } = scene.turn;
  const menu = sectionMenu(tree, target.section, target.page ?? 0, scene.locale, scene.options.translate);
  return endTurn(scene, plainReply(scene, "command", `section ${target.section}`, menu));
}

/** The vendor has sent its own answer to STOP, START or HELP: act, and send nothing. */
function accountForVendor(scene: Scene, word: "stop" | "start" | "help"): TurnResult {
  const { context: _, ...state } = scene.state;
  if (word === "help") return { state, reply: undefined, effects: [] };
  if (word === "start") return { state, reply: undefined, effects: [{ kind: "opt-in", source: "vendor" }] };
  return { state, reply: undefined, effects: [{ kind: "opt-out", source: "vendor" }, { kind: "unsubscribe" }] };
}

/** Words that get the menu when they come first: there was no question to answer. */
function welcomeOnce(scene: Scene, result: TurnResult): TurnResult {
  const { reply } = result;
  if (reply === undefined || scene.state.welcomed || reply.kind === "danger") return result;
  // Who writes from Slack is on the team: the card says what this is, every time.
  if (scene.turn.channel === "slack") return result;
  if (result.effects.some(({ kind }) => kind === "opt-out" || kind === "erase")) return result;
  if (result.state.context?.asked !== undefined) return result;
  const translate = scene.options.translate;
  const lines = [translate(reply.locale, welcomeKey(scene.turn))];
  if (!scene.localeKnown)
    for (const other of scene.turn.tree.locales)
      if (other !== reply.locale) lines.push(translate(other, "reply.inThisLanguage"));
  const welcomed: Reply = { ...reply, messages: [...reply.messages, { text: lines.join("\n"), choices: [] }] };
  return { ...result, state: { ...result.state, welcomed: true }, reply: welcomed };
}

/** On Discord the card says whether it is signed, nobody pays for a message, and anybody may write. */
function welcomeKey({ channel, tree }: Turn<Tree>): string {
  if (channel === "discord") return "reply.welcomeDirect";
  return tree.require === "signed" ? "reply.welcomeSigned" : "reply.welcome";
}
