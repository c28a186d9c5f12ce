import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { phonesOf } from "../../src/content/check/contacts.ts";
import { lastDigits, screenText } from "../../src/desk/screen.ts";
import { answering } from "../support/answering.ts";

describe("what a room should not hold", () => {
  test.each([
    ["phone", "her number is 202 555 0123"],
    ["phone", "llame al +52 (55) 1234-5678 por favor"],
    ["phone", "2025550123"],
    ["a-number", "my A-number is A123-456-789"],
    ["a-number", "A 12345678"],
    ["a-number", "numero a 123456789"],
    ["a-number", "alien registration number: 123456789"],
    ["story", "they came to our house ".repeat(20)],
  ])("%s: %s", (matter, text) => {
    expect(screenText(text)).toBe(matter);
  });

  test.each([
    "what do I say to the officer",
    "I have 3 kids of 5, 7 and 9 years, can they come",
    "is form I-589 due on 2026-11-21",
    "que pasa en 180 dias",
    "8 USC 1225",
  ])("but not: %s", (text) => {
    expect(screenText(text)).toBeUndefined();
  });

  test("no question of the tree is held back, but for one that is a story", () => {
    const questions = [...answering.tree().topics.values()].flatMap((topic) => Object.values(topic.questions).flat());
    const known = new Set(answering.tree().directory.flatMap(phonesOf).map(lastDigits));
    const held = questions.filter((question) => screenText(question, known) !== undefined);
    expect(held.filter((question) => question.split(" ").length < 55)).toEqual([]);
  });

  test("any number of ten digits is, however it is grouped", () => {
    const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 10, maxLength: 10 });
    const gaps = fc.array(fc.constantFrom("", " ", "-", ".", ") "), { minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(digits, gaps, (ten, between) => {
        const number = ten.map((digit, index) => `${digit}${index < 9 ? between[index] : ""}`).join("");
        expect(screenText(`call ${number} now`)).not.toBeUndefined();
      }),
    );
  });
});
