import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadTree } from "../../src/content/load.ts";
import type { UrgentRule } from "../../src/content/tree.ts";
import { findUrgent } from "../../src/intent/urgent.ts";

const tree = await loadTree("content", "checked");
const rule = (text: string) => findUrgent(text, tree.urgent, tree.lexicon)?.rule.id;

describe("danger rules", () => {
  it.each([
    ["pushed-back-now", "me estan regresando en el puente que hago"],
    ["pushed-back-now", "they are pushing us back right now what do i say"],
    ["attacked", "mi esposo m sta golpeando orita ayuda"],
    ["attacked", "my husband is beating me right now"],
    ["attacked", "ay ombres con armas afuera"],
    ["kidnapped", "nos tienen secuestrados y piden rescate"],
    ["kidnapped", "they kidnaped us and want 5000 each"],
    ["trafficking", "me quitaron el pasaporte y me obligan a estar con clientes"],
    ["trafficking", "the smuggler does not let me leave until i pay more"],
    ["suicide", "me kiero matar"],
    ["suicide", "i want to kill myself tonight"],
    ["medical", "estoy embarazada y sangrando mucho"],
    ["medical", "my baby is not breathing"],
    ["medical", "va a parir aqui en la fila"],
    ["lost", "perdidos en el desierto sin agua"],
    ["lost", "se esta aogando una mujer en el rio"],
    ["child-alone", "tengo 13 años y estoy sola en el puente"],
    ["child-alone", "im 12 and alone at the bridge"],
    ["child-taken", "me estan quitando a mi hija en la garita"],
    ["child-taken", "they are taking my son away from me right now"],
    ["found-a-child", "encontramos a una niña sola en la carretera"],
    ["found-a-child", "there is a little boy alone crying by the river"],
    ["ice-at-the-door", "ice sta tocando la puerta"],
    ["ice-at-the-door", "ICE is banging on my door"],
    ["sign-now", "me estan obligando a firmar ahorita"],
    ["sign-now", "they force me to sign right now"],
    ["plane-now", "me estan subiendo al avion para deportarme"],
    ["third-country-now", "they are putting me on a plane to Uganda tonight"],
    ["mexican-officers-now", "los de inm nos estan subiendo a la camioneta"],
    ["child-missing", "perdi de vista a mi hijo en la fila"],
    ["child-missing", "cant find my daughter she was here at the station a minute ago"],
    ["watched", "help cant talk"],
    ["watched", "ayuda por favor no puedo hablar"],
  ])("%s: %s", (id, text) => {
    expect(rule(text)).toBe(id);
  });

  it("hears the same in capitals, without accents and spelt by ear", () => {
    for (const text of [
      "ME ESTÁN REGRESANDO EN EL PUENTE",
      "me stan rregresando en el puente",
      "nos tienen secuestradso piden rescate",
    ]) {
      expect(rule(text)).toBeDefined();
    }
  });

  it.each([
    "Me secuestraron hace dos años, ¿eso cuenta para asilo?",
    "My ex beat me years ago. Is that a reason for asylum?",
    "¿Qué hago si ICE toca la puerta?",
    "Do I have to open if ICE comes to my door?",
    "¿Me pueden quitar a mi hija si pido asilo?",
    "Can they send me back if I ask for asylum?",
    "me regresaron ayer del puente",
    "¿Cómo me preparo para la entrevista de miedo creíble?",
    "this line is killing me lol",
    "I can't find my son, ICE took him to another center",
    "cant speak english what do i do",
    "mi ex me pego y no quiero volver a Honduras",
    "el coyote se fue con mi dinero",
    "hola",
    "",
  ])("stays calm at %j", (text) => {
    expect(rule(text)).toBeUndefined();
  });

  it.each([
    ["attacked", "my lawyer says they are beating him right now"],
    ["attacked", "mi abogado dice que lo están golpeando ahorita"],
    ["attacked", "ahorita mismo está golpeando a mi mamá, ella tiene asilo"],
    ["suicide", "my asylum was denied and i am going to kill myself tonight"],
    ["kidnapped", "estan secuestrando a mi hermano ahorita y mañana tengo corte"],
    ["ice-at-the-door", "ICE is banging on my door right now, what do I do if they come in"],
    ["medical", "mi hija esta sangrando mucho ahorita y tengo cita de asilo"],
    ["lost", "se esta ahogando mi hermano ayuda, ibamos a pedir asilo"],
    ["sign-now", "they are forcing me to sign right now, can they do that?"],
    ["plane-now", "they are putting my husband on a plane right now, can they do that without a judge"],
  ])("are not silenced by calm words when it happens now: %s: %s", (id, text) => {
    expect(rule(text)).toBe(id);
  });

  it.each([
    "my husband was beating me in Honduras, now I want asylum",
    "I was kidnapped in 2020, what do I do now",
    "Can they send me back right now if I ask for asylum?",
    "me secuestraron en 2019 y ahora tengo audiencia",
    "ahora están separando familias?",
    "what happens now that they made me sign",
  ])("stays calm at %j, though it says now", (text) => {
    expect(rule(text)).toBeUndefined();
  });

  it("answers at least 95 of 100 urgent lines of the project's own set, and alarms at under 1 in 50 of the others", () => {
    const lines = readFileSync("test/fixtures/questions.jsonl", "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { kind: string; text: string; accept: string[] });
    const urgent = lines.filter(({ kind }) => kind === "urgent");
    const found = urgent.filter(({ text }) => rule(text) !== undefined).length;
    expect(found / urgent.length).toBeGreaterThanOrEqual(0.95);
    const calm = lines.filter(({ kind }) => kind !== "urgent");
    const alarms = calm.filter(({ text }) => rule(text) !== undefined).length;
    expect(alarms / calm.length).toBeLessThan(0.02);
  });

  it("obeys order, alternatives, endings, gaps, anchors and unless, as an editor reads them", () => {
    const made = (phrase: string, unless?: string): UrgentRule[] => [
      { id: "r", topic: "t", phrases: { en: [phrase] }, ...(unless !== undefined && { unless: { en: [unless] } }) },
    ];
    expect(findUrgent("they took my keys", made("took keys|phone"))).toBeDefined();
    expect(findUrgent("my keys they took", made("took keys"))).toBeUndefined();
    expect(findUrgent("took one two three keys", made("took keys"))).toBeUndefined();
    expect(findUrgent("took one two three keys", made("took ... keys"))).toBeDefined();
    expect(findUrgent("bleeding", made("bleed*"))).toBeDefined();
    expect(findUrgent("help me now", made("^ help me $"))).toBeUndefined();
    expect(findUrgent("help me", made("^ help me $"))).toBeDefined();
    expect(findUrgent("right here now", made("right_now"))).toBeUndefined();
    expect(findUrgent("took keys last year", made("took keys", "last year"))).toBeUndefined();
    expect(findUrgent("took keys last year", made("! took keys", "last year"))).toBeDefined();
    expect(findUrgent("took my keys", made("took +keys"))).toBeUndefined();
    expect(findUrgent("took keys", made("took +keys"))).toBeDefined();
  });
});
