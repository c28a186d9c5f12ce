import { expect, test } from "vitest";
import { countSegments } from "../../src/core/segments.ts";
import { type ContactView, type Effect, NEW_CONVERSATION, type TurnResult } from "../../src/core/turn.ts";
import type { ChannelName } from "../../src/core/words.ts";
import { partsOf } from "../../src/delivery/parts.ts";
import { answering, clock } from "../support/answering.ts";

const NOBODY: ContactView = { optedOut: false, subscriptions: [] };
const SUBSCRIBED: ContactView = { optedOut: false, subscriptions: [{ place: "tijuana", locale: "es" }] };
const NEVER_ASKS = "Puente nunca pide dinero ni datos ni cita a nadie.";
const IN_FLUX = [...answering.tree().topics.values()].find(({ inFlux, danger }) => inFlux && !danger);

/** A phone whose contact is known to be so. */
function phone(contact: ContactView = NOBODY, channel: ChannelName = "sms") {
  let state = { ...NEW_CONVERSATION, welcomed: true };
  return {
    say(text: string): { text: string; effects: readonly Effect[]; result: TurnResult } {
      const result = answering.respond({
        ...{ state, utterance: { text }, now: clock.now(), tree: answering.tree(), contact, channel },
      });
      state = { ...result.state };
      const parts = result.reply === undefined ? [] : partsOf(result.reply, channel);
      return { text: parts.join("\n"), effects: result.effects.filter(({ kind }) => kind !== "count"), result };
    },
  };
}

test("updates are asked for twice, and only the second yes subscribes", () => {
  const her = phone();
  const asked = her.say("noticias tijuana");
  expect(asked.text).toContain("avisos sobre Tijuana, hasta 4 al mes");
  expect(asked.text).toContain("ALTO: salir");
  expect(asked.effects).toEqual([{ kind: "ask-opt-in", to: "updates", place: "tijuana", locale: "es" }]);
  const agreed = her.say("SI");
  expect(agreed.text).toContain(NEVER_ASKS);
  expect(agreed.effects).toEqual([{ kind: "subscribe", place: "tijuana", locale: "es" }]);
  expect(her.say("si").effects).toEqual([]);
});

test("a no, another question or half an hour leaves nobody subscribed", () => {
  const no = phone();
  no.say("UPDATES tijuana");
  expect(no.say("no").effects).toEqual([]);
  const other = phone();
  other.say("UPDATES tijuana");
  other.say("menu");
  expect(other.say("yes").effects).toEqual([]);
  const late = phone();
  late.say("UPDATES tijuana");
  clock.advance(30 * 60_000);
  expect(late.say("yes").effects).toEqual([]);
});

test("without a place it offers some by number, and understands the number", () => {
  const her = phone();
  expect(her.say("NOTICIAS").text).toMatch(/NOTICIAS TIJUANA/);
  expect(her.say("1").effects).toMatchObject([{ kind: "ask-opt-in", to: "updates" }]);
});

test("it is said once that Puente never asks for money, data or a meeting", () => {
  const her = phone(SUBSCRIBED);
  her.say("noticias nogales");
  const agreed = her.say("si");
  expect(agreed.text).not.toContain(NEVER_ASKS);
  expect(agreed.effects).toMatchObject([{ kind: "subscribe" }]);
});

test("who is under 18 gets none, and those there were end", () => {
  const child = phone();
  child.say("tengo 15 años y estoy en tijuana");
  expect(child.say("noticias tijuana").effects).toEqual([]);
  expect(child.say("aviseme").effects).toEqual([]);
  expect(phone(SUBSCRIBED).say("tengo 15 años").effects).toContainEqual({ kind: "unsubscribe" });
});

test("STOP ends updates, and the second yes of a new consent takes it back", () => {
  expect(phone(SUBSCRIBED).say("alto").effects).toEqual([
    { kind: "opt-out", source: "person" },
    { kind: "unsubscribe" },
  ]);
  const back = phone({ ...NOBODY, optedOut: true });
  back.say("noticias tijuana");
  expect(back.say("si").effects).toEqual([
    { kind: "opt-in", source: "person" },
    { kind: "subscribe", place: "tijuana", locale: "es" },
  ]);
});

test("the text itself shows on the screen only of who chose it, and the choice can be taken back", () => {
  const her = phone(SUBSCRIBED);
  expect(her.say("COMPLETO").effects).toEqual([{ kind: "set-full", full: true, locale: "es" }]);
  expect(her.say("1").effects).toEqual([{ kind: "set-full", full: false, locale: "es" }]);
  expect(phone().say("completo").effects).toEqual([]);
});

test("NOTIFY works after an answer that may change, and asks once more", () => {
  const code = IN_FLUX?.codes["es"] ?? "";
  const her = phone();
  expect(her.say("aviseme").text).toContain("Haga primero su pregunta");
  her.say(code);
  expect(her.say("FUENTES").text).toMatch(/AV[IÍ]SEME/);
  her.say(code);
  const asked = her.say("AVISEME");
  expect(asked.effects).toEqual([{ kind: "ask-opt-in", to: "corrections", locale: "es" }]);
  expect(her.say("si").effects).toMatchObject([{ kind: "keep-answer", topic: IN_FLUX?.id, locale: "es", asked: true }]);
});

test("which version was given is kept for those alone who asked for corrections, and never of a danger", () => {
  const code = IN_FLUX?.codes["es"] ?? "";
  expect(phone().say(code).effects).toEqual([]);
  expect(phone(SUBSCRIBED).say(code).effects).toMatchObject([
    { kind: "keep-answer", topic: IN_FLUX?.id, asked: false },
  ]);
  expect(phone({ ...NOBODY, kept: [IN_FLUX?.id ?? ""] }).say(code).effects).toMatchObject([{ kind: "keep-answer" }]);
  expect(phone(SUBSCRIBED).say("me estan regresando en el puente que hago").effects).toEqual([]);
});

test("READ gives the newest announcement under the organisation's name, once, and says when one was taken back", () => {
  const announcement = {
    broadcastId: 7,
    texts: { es: "La linea cambio de horario.", en: "New hours." },
    takenBack: false,
  };
  const read = phone({ ...SUBSCRIBED, announcement }).say("ver");
  expect(read.text).toContain("La linea cambio de horario.");
  expect(read.effects).toEqual([{ kind: "read-announcement", broadcastId: 7 }]);
  const back = phone({ ...SUBSCRIBED, announcement: { ...announcement, takenBack: true } }).say("ver");
  expect(back.text).toContain("ese aviso se retiro");
  expect(back.text).not.toContain("horario");
  expect(phone(SUBSCRIBED).say("ver").text).toContain("No hay nada guardado");
});

test("READ gives an answer that has changed as it is now, and forgets it", () => {
  const changed = IN_FLUX?.id ?? "";
  const read = phone({ ...NOBODY, kept: [changed], changed }).say("ver");
  expect(read.effects).toEqual([{ kind: "forget-answer", topic: changed }]);
  expect(read.result.reply?.topics).toEqual([changed]);
});

test("another language from now on is the announcements' too", () => {
  expect(phone(SUBSCRIBED).say("english").effects).toContainEqual({ kind: "set-locale", locale: "en" });
});

test("updates are asked for from a phone, not from a room", () => {
  expect(phone(NOBODY, "slack").say("updates tijuana").effects).toEqual([]);
});

test("what Puente sends by itself fits one SMS segment, and its first 40 characters tell nothing", () => {
  for (const locale of answering.tree().locales)
    for (const key of ["updates.neutral", "updates.changed"]) {
      const text = answering
        .translate(locale, key)
        .normalize("NFD")
        .replace(/[\u0300-\u036f]/g, "");
      expect(countSegments(text)).toMatchObject({ segments: 1, encoding: "GSM-7" });
      expect(text.slice(0, 40)).not.toMatch(/asil|asyl|migra|\bice\b|abogad|lawyer|cort|court|puert|port|tijuana/i);
    }
});
