import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadTree } from "../../src/content/load.ts";
import { loadCommandWords } from "../../src/intent/command-words.ts";
import { findCommand, findTopicCode } from "../../src/intent/commands.ts";

const commandWords = await loadCommandWords("locales");
const tree = await loadTree("content", "checked");
const find = (text: string) => findCommand(text, commandWords, tree.places);

describe("findCommand", () => {
  it.each([
    ["STOP", "stop", undefined],
    ["alto", "stop", "es"],
    ["¡ALTO! 🙏", "stop", "es"],
    ["Altoooo", "stop", "es"],
    ["stop please, thank you", "stop", undefined],
    ["por favor ya no me manden mensajes", "stop", "es"],
    ["ya no me manden mas msjs xfa", "stop", "es"],
    ["no more texts pls", "stop", "en"],
    ["S T O P", "stop", undefined],
    ["pa voye mesaj ankò", "stop", undefined],
    ["AYUDA", "help", "es"],
    ["help me please", "help", "en"],
    ["PELIGRO", "danger", "es"],
    ["auxilio", "danger", "es"],
    ["SOS", "danger", undefined],
    ["menú", "menu", undefined],
    ["0", "menu", undefined],
    ["más", "more", "es"],
    ["FUENTES", "sources", "es"],
    ["borrar mis datos", "delete", "es"],
    ["español", "language", "es"],
    ["in english please", "language", "en"],
    ["quiero hablar con una persona", "person", "es"],
    ["ver", "read", "es"],
    ["avíseme", "notify", "es"],
    ["start", "start", "en"],
    ["sí", "yes", "es"],
  ])("reads %j as %s", (text, command, locale) => {
    const found = find(text);
    expect(found).toMatchObject({ command, sure: true });
    expect(found?.locale).toBe(locale);
  });

  it("finds the place after LAWYER and UPDATES, and nothing else after them", () => {
    expect(find("ABOGADO tijuana")).toMatchObject({ command: "lawyer", rest: "tijuana" });
    expect(find("lawyer in el paso")).toMatchObject({ command: "lawyer", rest: "in el paso" });
    expect(find("noticias de tijuana")).toMatchObject({ command: "updates" });
    expect(find("abogado en la entrevista")).toBeUndefined();
    expect(find("necesito abogado para mi fianza en tijuana mañana")).toBeUndefined();
  });

  it("reads a slip of the finger, and is not sure of a STOP with one", () => {
    expect(find("ayuuda")).toMatchObject({ command: "help" });
    expect(find("abogdo")).toMatchObject({ command: "lawyer" });
    expect(find("stpo")).toMatchObject({ command: "stop", sure: false });
    expect(find("shop")).toBeUndefined();
    expect(find("padre")).toBeUndefined();
  });

  it("stops first where a short utterance holds a STOP phrase beside other words", () => {
    expect(find("déjenme en paz de una vez por todas")).toMatchObject({ command: "stop", sure: false });
  });

  it.each([
    "¿cómo paro los mensajes?",
    "how do i stop these messages?",
    "can ICE stop me on the street",
    "alto a la deportación",
    "please do not send me back to mexico",
    "no me manden a mexico por favor",
    "me dijeron que si no firmo no mas me regresan",
    "hola",
    "parole",
    "Parole por favor",
    "la corte",
    "puente",
    "cárcel",
    "texas",
    "why?",
    "",
    "🙏🙏",
  ])("reads no command into %j", (text) => {
    expect(find(text)).toBeUndefined();
  });

  it("finds every command word whatever its case, accents, punctuation and courtesy", () => {
    const sample = [...commandWords.exact].filter(([key]) => key.length > 4).slice(0, 40);
    fc.assert(
      fc.property(
        fc.constantFrom("STOP", "alto", "Ayuda", "MENÚ", "fuentes", "Lawyer"),
        fc.constantFrom("", "!", "...", " 🙏", " por favor", ", thanks"),
        (word, tail) => {
          expect(find(`${word}${tail}`)).toBeDefined();
        },
      ),
    );
    expect(sample.length).toBeGreaterThan(0);
  });

  it("takes no word that people often use in their questions for a misspelt STOP or DELETE", () => {
    const counts = new Map<string, number>();
    for (const { questions } of tree.topics.values())
      for (const word of Object.values(questions)
        .flat()
        .join(" ")
        .toLowerCase()
        .match(/\p{L}+/gu) ?? [])
        counts.set(word, (counts.get(word) ?? 0) + 1);
    // Alone they are orders, or nearly: stop first, and ask.
    const orders = new Set(["para", "dejan", "deje", "nomas", "nomás", "paran"]);
    const often = [...counts].filter(([word, count]) => count >= 10 && !orders.has(word)).map(([word]) => word);
    const taken = often.filter((word) => {
      const command = find(word);
      return command !== undefined && ((command.command === "stop" && !command.sure) || command.command === "delete");
    });
    expect(often.length).toBeGreaterThan(1_000);
    expect(taken.filter((word) => !["delete", "erase", "borrar", "borra"].includes(word))).toEqual([]);
  });

  it("lists no command's own word among those that look like one", () => {
    const own = new Set([...commandWords.exact.keys()]);
    expect([...commandWords.lookalikes].filter((word) => own.has(word) && word.length > 2)).toEqual([]);
  });

  it("says nothing, and never throws, whatever is written", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => void find(text)));
  });
});

describe("findTopicCode", () => {
  it("finds a topic by its code in either language, with a space or a dot", () => {
    const [topic] = tree.topics.values();
    if (topic === undefined) throw new Error("an empty tree");
    const code = topic.codes["es"] ?? "";
    expect(findTopicCode(code.toLowerCase(), tree)?.topic).toBe(topic.id);
    expect(findTopicCode(`${code.replace(/(\d+)$/, " $1")}.`, tree)?.topic).toBe(topic.id);
    expect(findTopicCode("NADA999", tree)).toBeUndefined();
    expect(findTopicCode("tengo 2 hijos", tree)).toBeUndefined();
  });
});
