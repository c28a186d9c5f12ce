import { readFileSync } from "node:fs";
import { eld } from "eld/extrasmall";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadTree } from "../../src/content/load.ts";
import { createDetect } from "../../src/locale/detect.ts";

const detect = createDetect(await loadTree("content", "checked"));
const lines = ["questions", "out-of-scope", "danger", "follow-ups"].flatMap((name) =>
  readFileSync(`test/fixtures/${name}.jsonl`, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { lang: string; text: string; kind?: string }),
);
const ours = lines.filter(({ lang }) => lang === "es" || lang === "en");
const short = ours.filter(({ text }) => text.split(" ").length <= 6);
const alone = eld.newInstance();
alone.setLanguageSubset(["en", "es"]);
const byEld = (some: typeof ours) => some.filter(({ lang, text }) => alone.detect(text).language === lang).length;
const right = (some: typeof ours) =>
  some.filter(({ lang, text }) => {
    const found = detect(text);
    return found.kind === "locale" && found.locale === lang;
  }).length;

describe("createDetect", () => {
  it("is at least as good as eld alone on the project's own lines, which it has not seen", () => {
    expect(right(ours)).toBeGreaterThanOrEqual(byEld(ours));
    expect(right(ours) / ours.length).toBeGreaterThanOrEqual(0.98);
  });

  it("is at least as good as eld alone on those of six words or fewer", () => {
    expect(short.length).toBeGreaterThanOrEqual(150);
    expect(right(short)).toBeGreaterThanOrEqual(byEld(short));
    expect(right(short) / short.length).toBeGreaterThanOrEqual(0.96);
  });

  it("never takes a line in our languages for one that is not supported", () => {
    expect(ours.filter(({ text }) => detect(text).kind === "unsupported")).toEqual([]);
  });

  it("recognises at least nine in ten lines of the languages that are not supported", () => {
    const foreign = lines.filter(({ kind }) => kind === "unsupported_language");
    const found = foreign.filter(({ text }) => detect(text).kind === "unsupported");
    expect(found.length / foreign.length).toBeGreaterThanOrEqual(0.9);
  });

  it.each([
    ["kiero pedir asilo", "es"],
    ["hola", "es"],
    ["hi", "en"],
    ["help me plz", "en"],
    ["necesito un lawyer", "es"],
    ["como pido asilo en la garita", "es"],
  ])("reads %j as %s", (text, locale) => {
    expect(detect(text)).toMatchObject({ kind: "locale", locale });
  });

  it.each([
    ["mwen bezwen èd", "ht"],
    ["Preciso de um advogado, não falo espanhol", "pt"],
    ["Je ne comprends pas le papier", "fr"],
    ["أريد محاميا", "ar"],
    ["мне нужен адвокат", "ru"],
    ["мені потрібен адвокат", "uk"],
    ["我需要律师", "zh"],
    ["मुझे मदद चाहिए", "hi"],
    ["avukat istiyorum yardım", "tr"],
  ])("reads %j as %s, which is not supported", (text, language) => {
    expect(detect(text)).toEqual({ kind: "unsupported", language });
  });

  it("does not know gibberish, digits, emoji and nothing: never English by default", () => {
    for (const text of ["", "👍", "12345", "asdf", "qwrtp zxcvb", "?!"])
      expect(detect(text)).toEqual({ kind: "unknown" });
  });

  it("never throws", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => void detect(text)));
  });
});
