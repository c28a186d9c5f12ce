import { randomInt } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { type DiscordApp, EDITOR, SECOND, SENDER, startDiscordApp } from "../support/discord-app.ts";
import { isJson, type Json, list, str, textsOf } from "../support/discord-components.ts";
import { CONTENT_ROOM, type FakeDiscordMessage, type FakeDiscordUser, snowflake } from "../support/discord-objects.ts";
import type { FakeDiscord } from "../support/fake-discord.ts";
import { answerOf, type From, STRANGER, VOLUNTEER } from "../support/fake-discord-people.ts";
import type { FakeInteraction } from "../support/fake-discord-state.ts";
import { until } from "../support/until.ts";

const WHAT_TO_SAY = "what do i say to the officer to ask for asylum";
const QUE_DIGO = "que le digo al oficial para pedir asilo";
const PUSHED_BACK = "they are sending me back at the bridge right now what do i do";

const readable = (message: FakeDiscordMessage) =>
  textsOf({ components: message.components }).join("\n").replace(/\\(.)/g, "$1");
const buttonsOf = ({ components }: FakeDiscordMessage) =>
  JSON.stringify(components)
    .match(/"label":"[^"]*"/g)
    ?.map((label) => JSON.parse(`{${label}}`).label as string) ?? [];
const isPrivate = ({ onlyFor }: FakeDiscordMessage) => onlyFor !== undefined;

let service: DiscordApp;
let discord: FakeDiscord;

async function start(): Promise<void> {
  service = await startDiscordApp();
  discord = service.discord;
  await discord.until(() => discord.gateway.connected === 1, "the gateway");
}

beforeAll(start);
afterAll(() => service.stop());
beforeEach(() => {
  discord.messages.length = 0;
  return async () => {
    // What is still under way would be taken for an answer to the next test.
    await service.idle();
    expect(discord.violations, "what Discord refuses").toEqual([]);
  };
});
/** For a test that changes what is served: with a service of its own, whoever tries again begins anew. */
async function itsOwnService() {
  const shared = service;
  await start();
  return async () => {
    const { violations } = discord;
    await service.stop();
    [service, discord] = [shared, shared.discord];
    expect(violations, "what Discord refuses").toEqual([]);
  };
}

/** Somebody who has never written to Puente. */
function newcomer(more: Partial<FakeDiscordUser> = {}): string {
  const user = `15000000001${randomInt(10_000_000, 99_999_999)}`;
  discord.users.set(user, { name: "luis", ...more });
  return user;
}
const ask = (question: string, from: From = {}) => discord.slash("asylum", { question }, from);
const lastOf = ({ followUps }: FakeInteraction) => followUps.at(-1) ?? expect.fail("nothing more was said");
const card = async (question: string, from: From = {}) => answerOf(await ask(question, from));
const toldRoom = () =>
  discord.messages.findLast(({ channelId }) => channelId === CONTENT_ROOM) ?? expect.fail("the room was not told");
const said = (user: string, what: string) =>
  until(() => discord.said(user).find((message) => readable(message).includes(what)) ?? expect.fail(`no "${what}"`));

describe("asking", () => {
  test("a command answers whoever asked, alone and in one go, and the answer can be shared with the room", async () => {
    const asked = await until(async () => {
      const one = await ask(WHAT_TO_SAY);
      // A machine that is busy elsewhere may make it announce an answer first.
      expect(one.callback).toMatchObject({ type: 4 });
      return one;
    });
    const answer = answerOf(asked);
    expect(answer.onlyFor).toBe(VOLUNTEER);
    expect(readable(answer)).toContain("I want to ask for asylum");
    const shared = await discord.button(answer, "Share here");
    await until(() => expect(answer.deleted).toBe(true));
    const posted = lastOf(shared);
    expect(isPrivate(posted)).toBe(false);
    expect(readable(posted)).toContain("I want to ask for asylum");
    expect(buttonsOf(posted)).not.toContain("Share here");
    // Nobody reads in the room what was asked.
    expect(readable(posted)).not.toContain("to the officer to ask");
    // What somebody looks up on a shared card is their own.
    const looked = await discord.button(posted, "Español", { user: STRANGER });
    expect(answerOf(looked).onlyFor).toBe(STRANGER);
    expect(readable(posted)).toContain("General information");
  });

  test("the answer is in the question's language, and switches in place", async () => {
    const answer = answerOf(await discord.slash("asilo", { pregunta: QUE_DIGO }));
    expect(readable(answer)).toContain("Información general");
    await discord.button(answer, "English");
    expect(readable(answer)).toContain("General information");
    await discord.button(answer, "Español");
    expect(readable(answer)).toContain("Información general");
    expect(discord.messages).toHaveLength(1);
    expect(readable(await card(QUE_DIGO))).toContain("Información general");
    // Where the words do not tell, the command does.
    const unclear = answerOf(await discord.slash("asilo", { pregunta: "?" }));
    expect(readable(unclear)).not.toBe(readable(await card("?")));
  });

  test("topics are offered while one types, and the chosen one is answered as chosen", async () => {
    const { choices = [] } = await discord.autocomplete("asilo", "pregunta", "miedo cre");
    expect(choices.length).toBeGreaterThan(0);
    expect(choices.map(({ name }) => str(name)).join()).toMatch(/miedo/i);
    const [first] = choices;
    const answer = answerOf(await discord.slash("asilo", { pregunta: str(first?.["value"]) }));
    expect(readable(answer)).toContain(str(first?.["name"]));
    expect((await discord.autocomplete("asylum", "question", "")).choices).toHaveLength(25);
    expect((await discord.autocomplete("asylum", "question", "xyzzy plugh")).choices).toEqual(expect.any(Array));
  });

  test.each([
    ["topics", "Choose", "General information"],
    ["temas", "Elija", "Información general"],
  ])("/%s browses the sections in place down to an answer", async (name, _word, footer) => {
    const menu = answerOf(await discord.slash(name, {}));
    expect(isPrivate(menu)).toBe(true);
    await discord.button(menu, buttonsOf(menu)[0] ?? "");
    await until(() =>
      discord.button(menu, buttonsOf(menu)[0] ?? "").then(() => expect(readable(menu)).toContain(footer)),
    );
    expect(discord.messages).toHaveLength(1);
  });

  test("an unclear question offers its choices as buttons, and the choice takes their place", async () => {
    const doubt = await card("quiero salir de aqui cuanto cuesta");
    expect(readable(doubt)).toContain("911");
    await discord.button(doubt, buttonsOf(doubt)[0] ?? "");
    expect(readable(doubt)).toContain("Información general");
  });

  test("danger is answered with the short text and nothing before it", async () => {
    const danger = await card(PUSHED_BACK);
    expect(readable(danger)).toMatch(/^[^\n]*I am afraid to go back|I am afraid to go back/);
    const full = await discord.button(danger, "Full answer");
    expect(isPrivate(answerOf(full))).toBe(true);
  });

  test("an answer longer than a message goes on in pages, each with the footer", async () => {
    const long = await card("what happens in a credible fear interview");
    const next = buttonsOf(long).find((label) => label.startsWith("Page 2"));
    if (next === undefined) return expect(readable(long).length).toBeLessThanOrEqual(4_000);
    const first = readable(long);
    await discord.button(long, next);
    expect(readable(long)).not.toBe(first);
    expect(readable(long)).toContain("General information");
  });

  test("a message's menu answers whoever used it alone", async () => {
    const answer = answerOf(await discord.contextMenu("Ask Puente", WHAT_TO_SAY));
    expect(answer.onlyFor).toBe(VOLUNTEER);
    expect(readable(answer)).toContain("I want to ask for asylum");
  });

  test("nobody has to be on the team to get answers", async () => {
    const answer = await card(WHAT_TO_SAY, { user: STRANGER, locale: "es-419" });
    expect(readable(answer)).toContain("I want to ask for asylum");
  });
});

describe("direct messages", () => {
  test("a question is answered with a card, then comes the welcome, once; a follow-up leans on the answer", async () => {
    const user = newcomer();
    discord.directMessage(user, "what is a credible fear interview?");
    await said(user, "General information");
    await said(user, "no person reads this");
    discord.directMessage(user, "sources");
    await said(user, "Sources of");
    expect(discord.said(user)).toHaveLength(3);
  });

  test("STOP is obeyed and confirmed, by the opaque id of who wrote", async () => {
    discord.directMessage(STRANGER, "STOP");
    await until(() => expect(discord.said(STRANGER)).not.toEqual([]));
    expect(service.lines.join()).not.toContain(STRANGER);
  });

  test("buttons of a card there lead on in place", async () => {
    discord.directMessage(STRANGER, QUE_DIGO);
    const answer = await said(STRANGER, "Información general");
    await discord.button(answer, "English", { user: STRANGER });
    expect(readable(answer)).toContain("General information");
  });

  test("a picture or a voice note is told what works", async () => {
    discord.gateway.dispatch(
      "MESSAGE_CREATE",
      {
        ...{ id: snowflake(Date.now()), channel_id: `14${STRANGER.slice(2)}`, type: 0, content: "", flags: 8192 },
        author: { id: STRANGER, username: "luis", discriminator: "0", global_name: null, avatar: null },
        attachments: [{ id: "1", filename: "voice.ogg", content_type: "audio/ogg", size: 1, url: "", proxy_url: "" }],
        ...{ timestamp: "2026-11-22T00:00:00.000Z", edited_timestamp: null, tts: false, mention_everyone: false },
        ...{ mentions: [], mention_roles: [], embeds: [], pinned: false },
      },
      0,
    );
    await until(() => expect(discord.said(STRANGER)).not.toEqual([]));
  });

  test("what tells about a person brings the wish that it be deleted, beside the answer", async () => {
    discord.directMessage(STRANGER, "what do i say to the officer, my cell is 202 555 0123");
    await said(STRANGER, "Please delete it");
    await until(() => expect(discord.said(STRANGER)).toHaveLength(2));
  });

  test("what is said in a server's rooms is never read", async () => {
    discord.roomMessage(VOLUNTEER, WHAT_TO_SAY);
    await ask(WHAT_TO_SAY);
    expect(discord.messages.filter(({ onlyFor, author }) => onlyFor === undefined && author !== VOLUNTEER)).toEqual([]);
  });

  test("a call without an answer that had arrived all the same is not sent twice", async () => {
    discord.fail(/^POST channels\/\d+\/messages$/, { retryAfter: 1 });
    discord.directMessage(STRANGER, WHAT_TO_SAY);
    await said(STRANGER, "I want to ask for asylum");
    const nonces = discord.requests.filter(({ body }) => body["nonce"] !== undefined).map(({ body }) => body);
    expect(nonces.every(({ enforce_nonce }) => enforce_nonce === true)).toBe(true);
    const [first, again] = nonces.slice(-2);
    expect(first?.["nonce"]).toBe(again?.["nonce"]);
  });

  test("whoever takes no messages is a line without a name", async () => {
    const user = newcomer({ blocksMessages: true });
    discord.directMessage(user, WHAT_TO_SAY);
    await until(() => expect(service.lines.join()).toContain('"class":"person","code":"50007"'));
    expect(service.lines.join()).not.toContain(user);
  });
});

describe("what tells about a person", () => {
  test("in a command brings the wish beside the answer, seen by nobody else", async () => {
    const answer = await card("what do i say to the officer A123-456-789");
    expect(readable(answer)).toContain("ask in general words");
    expect(isPrivate(answer)).toBe(true);
  });

  test("beside somebody else's message the wish is that its author delete it", async () => {
    const used = await discord.contextMenu("Ask Puente", "what do i say to the officer, my cell is 202 555 0123");
    expect(readable(answerOf(used))).toContain("ask its author to delete it");
  });
});

describe("wrong or outdated", () => {
  beforeEach(itsOwnService);
  const flagging = async (message: FakeDiscordMessage, user: string, why: string) => {
    const opened = await discord.button(message, "Wrong or outdated?", { user });
    const sent = await discord.modalSubmit(opened, { why, source: "" });
    return until(() => lastOf(sent));
  };

  test("one volunteer's flag shows on the card at once, a second one holds it, an editor restores it", async () => {
    const DETENTION = "how long can they keep me in detention";
    const answer = await card(DETENTION);
    expect(readable(await flagging(answer, VOLUNTEER, "The limit changed in August."))).toContain("Thank you");
    await until(() => expect(readable(answer)).toContain("1 person says that this is wrong"));
    const told = toldRoom();
    expect(readable(told)).toContain("The limit changed in August.");
    expect(buttonsOf(told)).toEqual(["Hold", "Restore", "Dismiss", "Full answer"]);

    const again = await card(DETENTION, { user: SECOND });
    await flagging(again, SECOND, "I read the same.");
    await until(() => expect(readable(again)).toContain("We are checking that answer"));
    const elsewhere = await card(DETENTION);
    expect(readable(elsewhere)).toContain("Do not rely on it");
    expect(buttonsOf(elsewhere)).not.toContain("Share here");

    const old = answerOf(await discord.button(elsewhere, "Open the old text"));
    expect(readable(old)).toContain("Do not give it to anyone");
    expect(isPrivate(old)).toBe(true);

    const opened = await discord.button(told, "Restore", { user: EDITOR });
    await discord.modalSubmit(opened, { why: "The limit still stands." });
    await until(() => expect(readable(told)).toContain("Restored by"));
    for (const user of [VOLUNTEER, SECOND]) await said(user, "back in service");
    expect(readable(await card(DETENTION))).not.toContain("Do not rely on it");
  });

  test("an editor holds from the content room, and others are told who can", async () => {
    const PAROLE = "what is parole";
    await flagging(await card(PAROLE), VOLUNTEER, "Looks old.");
    const told = toldRoom();
    const refused = answerOf(await discord.button(told, "Hold", { user: VOLUNTEER }));
    expect(refused.onlyFor).toBe(VOLUNTEER);
    expect(readable(refused)).toContain("Who can: Eva");
    const opened = await discord.button(told, "Hold", { user: EDITOR });
    await discord.modalSubmit(opened, { why: "Looking into it." });
    await until(() => expect(readable(told)).toContain("Held by"));
    expect(readable(await card(PAROLE))).toContain("Do not rely on it");
  });

  test("a flag's words that may tell about a person stay out of the room", async () => {
    await flagging(
      await card("can my family join my asylum case"),
      VOLUNTEER,
      "Maria at 202 555 0123 says it is wrong.",
    );
    expect(readable(toldRoom())).not.toContain("555");
    expect(readable(toldRoom())).toContain("not shown here");
  });

  test("without a content room the flag is recorded, and the person told to tell an editor", async () => {
    discord.rooms.set(CONTENT_ROOM, "hidden");
    const note = await flagging(await card("do i need a passport to ask for asylum"), VOLUNTEER, "Not sure any more.");
    expect(readable(note)).toContain("tell an editor too");
    expect(service.lines.join()).toContain('"discord.not-told","place":"content-room","code":"50001"');
  });

  test("somebody who is not on the team gets answers, nothing else", async () => {
    const answer = await card(WHAT_TO_SAY, { user: STRANGER });
    const refused = await discord.button(answer, "Wrong or outdated?", { user: STRANGER });
    expect(refused.modal).toBeUndefined();
    expect(readable(answerOf(refused))).toContain("Who can: Ana, Ben");
    const tarjeta = await card(QUE_DIGO, { user: STRANGER });
    const negado = await discord.button(tarjeta, "¿Está mal o es vieja?", { user: STRANGER });
    expect(readable(answerOf(negado))).toMatch(/Usted no puede reportar una respuesta: .* Quién puede: Ana, Ben/);
  });
});

describe("a question without an answer", () => {
  test("goes to the content team in the volunteer's own general words", async () => {
    const none = await card("how do i get a driver's license in texas");
    const opened = await discord.button(none, "Tell the content team");
    const refused = await discord.modalSubmit(opened, { question: "Call Maria at 202 555 0123" });
    await until(() => expect(readable(lastOf(refused))).toContain("phone number"));
    const question = "Can asylum seekers get a driver's license in Texas?";
    const sent = await discord.modalSubmit(opened, { question });
    await until(() => expect(readable(lastOf(sent))).toContain("Thank you"));
    expect(readable(toldRoom())).toContain(question);
  });
});

describe("sending to a guest's phone", () => {
  beforeEach(itsOwnService);
  const PHONE = "+12025550177";

  test("the card shows a code and its picture, so that nobody types a number", async () => {
    const answer = answerOf(await discord.slash("asilo", { pregunta: QUE_DIGO }));
    expect(readable(answer)).toMatch(/mandar \p{Lu}+\d+ al \+12025550100/u);
    const large = answerOf(await discord.button(answer, "Código QR grande"));
    expect(JSON.stringify(large.components)).toContain("https://puente.example.org/qr.png?code=");
  });

  test("only who is named may type one, and the first text tells nothing", async () => {
    const refused = await discord.button(await card(WHAT_TO_SAY), "Send to a number");
    expect(readable(answerOf(refused))).toContain("Who can: Sol");
    const opened = await discord.button(await card(WHAT_TO_SAY, { user: SENDER }), "Send to a number", {
      user: SENDER,
    });
    const unticked = await discord.modalSubmit(opened, { number: PHONE });
    await until(() => expect(readable(lastOf(unticked))).toContain("18 or older"));
    const sent = await discord.modalSubmit(opened, { number: PHONE, adult: ["yes"] });
    const result = await until(() => lastOf(sent));
    expect(readable(result)).toContain("On its way");
    await until(() => expect(service.twilio.messages.filter(({ to }) => to === PHONE)).toHaveLength(1));
    await until(async () => {
      await discord.button(result, "How did it go?", { user: SENDER });
      expect(readable(result)).toContain("Sent, not confirmed yet");
    });
    expect(JSON.stringify(discord.messages) + service.lines.join()).not.toContain("5550177");
  });
});

describe("bad input and bad times", () => {
  test("an old button and an unknown command are answered at once", async () => {
    const answer = await card(WHAT_TO_SAY);
    const spoil = (one: Json): void => {
      if (one["custom_id"] !== undefined) one["custom_id"] = "gone|en";
      for (const value of Object.values(one))
        for (const child of [list(value), isJson(value) ? [value] : []].flat()) spoil(child);
    };
    for (const component of answer.components) spoil(component);
    const old = await discord.button(answer, "Español");
    expect(readable(answerOf(old))).toContain("no longer works");
    expect(readable(answerOf(await discord.slash("other", {})))).toContain("no longer works");
  });

  test("an answer that Discord does not take is a line for the operator, and the next one goes out", async () => {
    discord.fail(/^POST interactions\//, { status: 400, code: 50035 });
    const lost = await ask(WHAT_TO_SAY, { wait: false });
    await until(() => expect(service.lines.join()).toContain('"discord.not-answered","code":"50035"'));
    expect(lost.callback).toBeUndefined();
    await card(WHAT_TO_SAY);
  });

  test("dropping the socket in the middle of ten questions loses none that can be answered", async () => {
    const resumed = discord.gateway.log.filter((what) => what === "resume").length;
    const connected = () => service.lines.filter((line) => line.includes("discord.connected")).length;
    const before = connected();
    const asked = Array.from({ length: 10 }, async (_, index) => {
      const one = ask(`${WHAT_TO_SAY} ${index}`, { wait: false });
      if (index === 4) discord.gateway.dropSocket();
      return one;
    });
    const all = await Promise.all(asked);
    await until(() => {
      const open = all.filter(({ callback, takenMs }) => callback === undefined && takenMs() < 3_000);
      expect(open).toEqual([]);
      expect(discord.gateway.connected).toBe(1);
      expect(connected()).toBe(before + 1);
    });
    expect(discord.gateway.log.filter((what) => what === "resume").length).toBeGreaterThan(resumed);
    const lost = all.filter(({ callback }) => callback === undefined).length;
    // Those that Discord handed over in time were answered; it hands over the others when the connection is back.
    expect(lost).toBeLessThanOrEqual(service.counts.get("interaction_missed") ?? 0);
  });

  test("a session that Discord has ended is begun anew, and direct messages are heard again", async () => {
    discord.gateway.invalidateSession();
    await discord.until(() => discord.gateway.connected === 1, "a new session");
    discord.directMessage(STRANGER, WHAT_TO_SAY);
    await said(STRANGER, "I want to ask for asylum");
  });

  test("no number, name or text is in a log line or a metric", () => {
    const found = service.lines.join("\n") + JSON.stringify([...service.counts]);
    for (const trace of ["555 0123", "123-456", "officer", "I want to ask", VOLUNTEER, STRANGER, "afraid"])
      expect(found).not.toContain(trace);
  });
});

describe("starting", () => {
  test("a refused token ends the start with a sentence", async () => {
    discord.tokenValid = false;
    onTestFinished(() => {
      discord.tokenValid = true;
    });
    await expect(startDiscordApp({}, { discord })).rejects.toThrow("Discord refused DISCORD_TOKEN");
  });

  test("another application's id ends the start with a sentence", async () => {
    const more = { DISCORD_APPLICATION_ID: "1100000000000000009" };
    await expect(startDiscordApp(more, { discord })).rejects.toThrow("two applications");
  });
});
