import { expect, test } from "vitest";
import { type DiscordPress, decodePress, encodePress } from "../../../src/channels/discord/presses.ts";
import { answering } from "../../support/answering.ts";

const tree = answering.tree();
const locale = "es";
const pressesOn = (topic: string): DiscordPress[] => [
  { kind: "go", target: { kind: "topic", topic }, locale },
  { kind: "step", target: { kind: "topic", topic }, locale },
  ...(["language", "post", "flag", "old", "phone", "send"] as const).map((kind) => ({ kind, topic, locale })),
  ...(["hold", "restore", "dismiss"] as const).map((judgement) => ({
    kind: "judge" as const,
    topic,
    locale,
    judgement,
  })),
  { kind: "page", topic, locale, page: 12 },
];
const OTHERS: DiscordPress[] = [
  { kind: "gap", locale },
  { kind: "send-status", sendId: 123_456_789, locale },
  { kind: "go", target: { kind: "section", section: "get-help", page: 3 }, locale },
  { kind: "go", target: { kind: "command", command: "menu" }, locale },
  { kind: "step", target: { kind: "command", command: "lawyer", place: "ciudad-juarez" }, locale },
];

test("every button of every topic comes back as it was, within Discord's 100 characters", () => {
  for (const press of [...[...tree.topics.keys()].flatMap(pressesOn), ...OTHERS]) {
    expect(decodePress(encodePress(press))).toEqual(press);
    expect(encodePress(press).length).toBeLessThanOrEqual(100);
  }
});

test.each([
  "",
  "gone|en|x",
  "flag|en",
  "judge|en|a/b|burn",
  "page|en|a/b|-1",
  "go|en|command|rm",
  "go|en|topic",
  "|||",
])("%j is no button of ours", (customId) => expect(decodePress(customId)).toBeUndefined());
