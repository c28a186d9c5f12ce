import { expect, test } from "vitest";
import { NEW_CONVERSATION } from "../../src/core/turn.ts";
import { answering, clock } from "../support/answering.ts";

test("notices about a place stand before the help there, and not before the help elsewhere", () => {
  const tree = {
    ...answering.tree(),
    notices: [
      {
        ...{ id: "1", on: "2026-11-20", topics: [], places: ["tijuana"], until: clock.now() },
        text: { es: "La oficina se mudó.", en: "The office moved." },
      },
    ],
  };
  const ask = (text: string) =>
    answering.respond({
      ...{ state: { ...NEW_CONVERSATION, welcomed: true }, utterance: { text }, now: clock.now(), tree },
      ...{ contact: { optedOut: false, subscriptions: [] }, channel: "sms" },
    }).reply?.messages ?? [];
  const [notice, help] = ask("ABOGADO Tijuana");
  expect(notice).toEqual({ text: "20 nov 2026: La oficina se mudó.", choices: [] });
  expect(help?.text).toContain("Tijuana");
  expect(ask("ABOGADO El Paso")).toHaveLength(1);
});
