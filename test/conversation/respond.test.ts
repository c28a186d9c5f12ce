import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countSegments } from "../../src/core/segments.ts";
import { CHANNEL_NAMES, COMMANDS } from "../../src/core/words.ts";
import { answering, aPhone, clock } from "../support/answering.ts";

const MINUTE = 60_000;
const BRIDGE = "me estan regresando en el puente que hago";
const AFRAID = '"I am afraid to go back. I want to ask for asylum."';

test("the journey: a question at the bridge, a follow-up, AYUDA, a voice note, STOP, danger, BORRAR, FUENTES", () => {
  const phone = aPhone();
  const bridge = phone.say(BRIDGE);
  expect(bridge.reply).toMatchObject({ kind: "danger", locale: "es", topics: ["port-of-entry/turned-back"] });
  expect(bridge.text).toContain(AFRAID);
  expect(bridge.messages.every(({ encoding, segments }) => encoding === "GSM-7" && segments <= 2)).toBe(true);

  expect(phone.say("y mi hija?").reply?.locale).toBe("es");
  expect(phone.say("AYUDA").text).toMatch(/^Peligro ahora: llame al 911/);
  expect(phone.say({ text: "", media: "voice" }).text).toContain("No puedo oir audios");
  expect(phone.say("STOP").text).toContain("no le enviaremos mas mensajes");
  expect(phone.say("me tienen en una casa y no me dejan salir").text).toContain("911");
  expect(phone.say("BORRAR").text).toContain("puede borrar");
  expect(phone.say("1").text).toContain("Listo.");
  const after = phone.say("FUENTES");
  expect(after.text).not.toMatch(/Fuentes de|afraid|regresando/i);
  expect(after.reply?.topics).toEqual([]);
});

test("the same in English", () => {
  const phone = aPhone();
  const bridge = phone.say("they are sending me back at the bridge right now what do i do");
  expect(bridge.reply).toMatchObject({ kind: "danger", locale: "en", topics: ["port-of-entry/turned-back"] });
  expect(bridge.text).toContain(AFRAID);
});

describe("the welcome", () => {
  test("comes once, as its own message, after the first answer", () => {
    const phone = aPhone();
    const first = phone.say("que es el miedo creible");
    expect(first.reply?.kind).not.toBe("danger");
    expect(first.messages.at(-1)?.text).toMatch(/^Puente es un programa: ninguna persona lee esto/);
    expect(phone.say("que es el parole").text).not.toContain("Puente es un programa");
  });

  test("is not added to a danger answer, and comes after the next one", () => {
    const phone = aPhone();
    expect(phone.say(BRIDGE).text).not.toContain("Puente es un programa");
    expect(phone.say("que es el parole").text).toContain("Puente es un programa");
  });
});

describe("commands", () => {
  test.each([
    ["HELP", "en", "Danger now: call 911"],
    ["ayuda por favor", "es", "Peligro ahora: llame al 911"],
    ["ALTO", "es", "no le enviaremos mas mensajes"],
    ["Stop.", undefined, "911"],
    ["BORRAR", "es", "puede borrar"],
    ["DELETE", "en", "can delete"],
    ["PERSONA", "es", "Ninguna persona lee esto"],
    ["EMPEZAR", "es", "otra vez puede recibir mensajes"],
    ["NOTICIAS tijuana", "es", "avisos"],
    ["LEER", "es", "No hay nada guardado"],
    ["menu", undefined, "1 "],
  ])("%s", (text, locale, expected) => {
    const { reply, text: shown } = aPhone().say(text);
    expect(shown).toContain(expected);
    if (locale !== undefined) expect(reply?.locale).toBe(locale);
  });

  test("PELIGRO gives the danger text and nothing else", () => {
    const danger = aPhone().say("PELIGRO");
    expect(danger.reply).toMatchObject({ kind: "danger", topics: ["get-help/emergency"] });
    expect(danger.messages).toHaveLength(1);
    expect(danger.text).toContain("911");
  });

  test("ENGLISH says the last answer again in English, and stays", () => {
    const phone = aPhone();
    const spanish = phone.say("que es el parole");
    const english = phone.say("english");
    expect(english.reply).toMatchObject({ locale: "en", topics: spanish.reply?.topics });
    expect(phone.say("menu").reply?.locale).toBe("en");
  });

  test("a clear utterance switches the language", () => {
    const phone = aPhone();
    phone.say("que es el parole");
    expect(phone.say("how do i ask ice to release me on parole").reply?.locale).toBe("en");
  });

  test("ABOGADO with a place gives legal help there, with numbers from the directory", () => {
    const { text } = aPhone().say("abogado en el paso");
    expect(text).toContain("915-544-5126");
  });

  test("a place and nothing else, said first, gives legal help there", () => {
    expect(aPhone().say("estoy en el paso").text).toContain("915-544-5126");
  });

  test("a topic code gives its answer", () => {
    const topic = answering.tree().topics.get("credible-fear/prepare");
    const { reply } = aPhone().say(topic?.codes["es"]?.toLowerCase() ?? "");
    expect(reply).toMatchObject({ kind: "answer", topics: ["credible-fear/prepare"], locale: "es" });
  });

  test("DELETE asks once, and anything but yes keeps what there is", () => {
    const phone = aPhone();
    phone.say("BORRAR");
    expect(phone.say("no").text).toContain("no se borro nada");
    phone.say("BORRAR");
    expect(phone.say("SI").text).toContain("Listo.");
  });

  test("a STOP that may mean something else has stopped, and asks", () => {
    const phone = aPhone();
    const { text } = phone.say("stpo");
    expect(text).toMatch(/no le enviaremos|no more/);
  });

  test("a stop word inside a question is a question", () => {
    const { reply } = aPhone().say("me pueden parar en el puente si no tengo cita?");
    expect(reply?.evidence?.decidedBy).not.toBe("command stop");
  });
});

describe("numbers", () => {
  test("pick a line of the menu on the screen, and 0 is the menu", () => {
    const phone = aPhone();
    const menu = phone.say("0");
    expect(menu.text).toMatch(/1 .+\n2 .+\n3 /);
    const section = phone.say("1");
    expect(section.reply?.evidence?.decidedBy).toMatch(/^section /);
    const topic = phone.say("1");
    expect(topic.reply?.kind).toBe("answer");
  });

  test("lead through a long section page by page to its last topic", () => {
    for (const section of answering.tree().sections) {
      const phone = aPhone();
      phone.say("menu");
      let shown = phone.say(String(answering.tree().sections.indexOf(section) + 1));
      const labels: string[] = [];
      for (let page = 0; page < 5; page += 1) {
        const choices = shown.reply?.messages[0]?.choices ?? [];
        expect(choices.length).toBeLessThanOrEqual(9);
        labels.push(...choices.filter(({ target }) => target.kind === "topic").map(({ label }) => label));
        if (choices.at(-1)?.target.kind !== "section") break;
        shown = phone.say(String(choices.length));
      }
      expect(labels).toHaveLength(section.topics.length);
    }
  });

  test("mean nothing any more after 30 minutes: they give the menu", () => {
    const phone = aPhone();
    phone.say("0");
    phone.later(31 * MINUTE);
    expect(phone.say("1").reply?.evidence?.decidedBy).toBe("command menu");
  });
});

describe("MORE and SOURCES", () => {
  test("MORE goes through the full answer page by page, each within four segments, to its end", () => {
    const phone = aPhone();
    phone.say("MIEDO4");
    const pages: string[] = [];
    for (let page = 0; page < 12; page += 1) {
      const { messages, text } = phone.say("mas");
      const total = messages.reduce((sum, { segments }) => sum + segments, 0);
      expect(total).toBeLessThanOrEqual(5);
      if (text.includes("No hay mas")) break;
      pages.push(text);
    }
    expect(pages.length).toBeGreaterThan(1);
    expect(pages[0]).toContain("MAS: sigue");
    expect(pages.at(-1)).not.toContain("MAS: sigue");
  });

  test("SOURCES names sources, how far they reach, and that no lawyer has signed", () => {
    const phone = aPhone();
    phone.say("MIEDO4");
    const { text } = phone.say("fuentes");
    expect(text).toMatch(/^Fuentes de /);
    expect(text).toMatch(/U\.S\.C\.|CFR/);
    expect(text).toContain("Ningun abogado ha firmado este texto");
  });

  test("neither reveals an earlier topic after 30 minutes: the phone may be in other hands", () => {
    for (const command of ["mas", "fuentes", "english"]) {
      const phone = aPhone();
      phone.say("MIEDO4");
      phone.later(30 * MINUTE);
      expect(phone.say(command).reply?.topics).toEqual([]);
    }
  });
});

describe("what it cannot answer", () => {
  test("an unknown question is refused honestly, with a way on and the way to 911", () => {
    const { reply, text } = aPhone().say("como saco licencia de manejar en texas");
    expect(reply?.kind).not.toBe("answer");
    expect(text).toContain("911");
  });

  test("a language it does not speak gets a line, an interpreter's way, and no guess", () => {
    const { reply, text } = aPhone().say("Merhaba, sınırda iltica talebinde bulunmak istiyorum, ne yapmam gerekiyor?");
    expect(reply?.kind).toBe("none");
    expect(text).toMatch(/Español|Espanol/);
    expect(text).toContain("English");
  });

  test.each(["", "   ", "🙏🙏", "...", "\u0000\u0007", "\u200f\u202e", "\ud800"])("%j gets an answer", (text) => {
    const { messages } = aPhone().say(text);
    expect(messages.length).toBeGreaterThan(0);
  });

  test("10,000 characters get an answer", () => {
    expect(aPhone().say("tengo miedo ".repeat(900)).messages.length).toBeGreaterThan(0);
  });
});

test("when the vendor has answered STOP itself, it counts and nothing is sent", () => {
  const state = { welcomed: true, minor: false };
  const result = answering.respond({
    state,
    utterance: { text: "STOP" },
    now: clock.now(),
    tree: answering.tree(),
    contact: { optedOut: false, subscriptions: [] },
    channel: "sms",
    answeredByVendor: "stop",
  });
  expect(result.reply).toBeUndefined();
  expect(result.effects).toEqual([{ kind: "opt-out", source: "vendor" }, { kind: "unsubscribe" }]);
});

test("the place that was named is counted, else the one of the only subscription; a shared location is not", () => {
  const placeCounted = (text: string, subscriptions: { place: string; locale: string }[] = [], more = {}) => {
    const { effects } = answering.respond({
      state: { welcomed: true, minor: false, locale: "es" },
      utterance: { text, ...more },
      now: clock.now(),
      tree: answering.tree(),
      contact: { optedOut: false, subscriptions },
      channel: "sms",
    });
    return effects.flatMap((effect) => (effect.kind === "count" ? effect.place : []));
  };
  const one = { place: "matamoros", locale: "es" };
  expect(placeCounted("abogado en tijuana")).toEqual(["tijuana"]);
  expect(placeCounted("que es el parole", [one])).toEqual(["matamoros"]);
  expect(placeCounted("que es el parole", [one, { place: "tijuana", locale: "es" }])).toEqual([undefined]);
  expect(placeCounted("", [], { location: { lat: 32.5, lon: -117 }, media: "location" })).toEqual([undefined]);
});

test("a person who says to be under 18 is remembered as such and gets no updates", () => {
  const phone = aPhone();
  phone.say("tengo 15 años y estoy solo en la frontera, puedo pedir asilo");
  expect(phone.say("NOTICIAS").text).toContain("menores de 18");
});

describe("whatever is said", () => {
  const utterance = fc.oneof(
    fc.string({ unit: "binary", maxLength: 300 }),
    fc.string({ unit: "grapheme", maxLength: 300 }),
    fc.constantFrom(...COMMANDS, "0", "1", "2", "9", "99", "ABOGADO tijuana", BRIDGE, "mas", "FUENTES", "si"),
  );

  test("there is an answer, it fits the channel, and the same turn gives the same reply", () => {
    fc.assert(
      fc.property(fc.array(utterance, { maxLength: 6 }), fc.constantFrom(...CHANNEL_NAMES), (said, channel) => {
        const [one, other] = [aPhone(channel), aPhone(channel)];
        for (const text of said) {
          const turn = one.say(text);
          expect(turn.messages.length).toBeGreaterThan(0);
          for (const message of turn.messages) {
            if (channel === "sms") expect(message.segments).toBeLessThanOrEqual(2);
            if (channel === "whatsapp") expect(message.text.length).toBeLessThanOrEqual(1024);
            expect(message.text.trim()).not.toBe("");
          }
          expect(other.say(text).messages).toEqual(turn.messages);
        }
      }),
      { numRuns: 150 },
    );
  });

  test("every phone number and address in a reply is in the content tree", () => {
    const tree = answering.tree();
    const known = JSON.stringify([...tree.topics.values()].map(({ texts }) => texts)) + JSON.stringify(tree.directory);
    fc.assert(
      fc.property(utterance, (text) => {
        const { messages } = aPhone().say(text);
        const shown = messages.map((message) => message.text).join("\n");
        for (const [number] of shown.matchAll(/\b\d{3}-\d{3}-\d{4}\b|https?:\/\/\S+/g)) expect(known).toContain(number);
      }),
      { numRuns: 200 },
    );
  });
});

test("every short and danger text of the tree is at most two GSM segments with its choices", () => {
  for (const [id, topic] of answering.tree().topics)
    for (const locale of answering.tree().locales) {
      const code = topic.codes[locale];
      const { messages } = aPhone().say(code ?? "");
      for (const message of messages) expect([id, locale, message.encoding]).toEqual([id, locale, "GSM-7"]);
      expect(countSegments(messages[0]?.text ?? "").segments).toBeLessThanOrEqual(2);
    }
});
