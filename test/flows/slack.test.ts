import { randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { textsOf } from "../support/block-kit.ts";
import {
  BOT_USER,
  type FakeSlack,
  type FakeSlackMessage,
  type FakeSlackView,
  type Json,
} from "../support/fake-slack.ts";
import { inboundForm, postSigned } from "../support/fake-twilio.ts";
import { type SlackApp, startSlackApp, TRANSPORTS } from "../support/slack-app.ts";
import { until } from "../support/until.ts";

const WHAT_TO_SAY = "what do i say to the officer to ask for asylum";
const QUE_DIGO = "que le digo al oficial para pedir asilo";
const PUSHED_BACK = "they are sending me back at the bridge right now what do i do";

const readable = ({ blocks }: Pick<FakeSlackMessage, "blocks">) => textsOf(blocks).join("\n");
const viewText = ({ view }: FakeSlackView) => textsOf(view["blocks"]).join("\n");
const buttonsOf = (message: { readonly blocks: unknown } | { readonly view: Json }) =>
  (("view" in message ? message.view["blocks"] : message.blocks) as Json[])
    .flatMap((block) => (block["elements"] ?? []) as Json[])
    .filter((element) => element["type"] === "button")
    .map((element) => String((element["text"] as Json)["text"]));

describe.each(TRANSPORTS)("Slack by %s", (transport) => {
  let service: SlackApp;
  let slack: FakeSlack;
  beforeAll(async () => {
    service = await startSlackApp(transport);
    slack = service.slack;
  });
  afterAll(() => service.stop());
  beforeEach(() => {
    slack.messages.length = 0;
    slack.views.length = 0;
    slack.prompts.length = 0;
    slack.calls.length = 0;
    slack.failures.clear();
    return async () => {
      // What is still under way would be taken for an answer to the next test.
      await service.idle();
      expect(slack.refused, "blocks that Slack refuses").toEqual([]);
    };
  });
  /** For a test that changes what is served: with a service of its own, whoever tries again begins anew. */
  const itsOwnService = async () => {
    const shared = service;
    service = await startSlackApp(transport);
    slack = service.slack;
    return async () => {
      const { refused } = slack;
      await service.stop();
      [service, slack] = [shared, shared.slack];
      expect(refused, "blocks that Slack refuses").toEqual([]);
    };
  };

  const lastMessage = () => slack.messages.at(-1) ?? expect.fail("no message");
  const lastView = () => slack.views.at(-1) ?? expect.fail("no dialogue");
  const posted = (count = 1) => until(() => expect(slack.messages.length).toBeGreaterThanOrEqual(count));
  const opened = () => until(() => expect(slack.views).not.toEqual([]));
  /** The newest message of this kind, as soon as there is one. */
  const said = (kind: Partial<FakeSlackMessage>) =>
    until(() => {
      const alike = (message: FakeSlackMessage) =>
        Object.entries(kind).every(([key, value]) => message[key as keyof FakeSlackMessage] === value);
      return slack.messages.findLast(alike) ?? expect.fail("nothing of the kind was said");
    });
  const dm = (text: string, more: Json = {}) =>
    slack.event({
      type: "message",
      channel_type: "im",
      channel: "D0VOLUNTEER",
      user: "U0VOLUNTEER",
      text,
      ts: "1.1",
      ...more,
    });
  const mention = (text: string, more: Json = {}) =>
    slack.event({
      type: "app_mention",
      channel: "C0FRONTDESK",
      user: "U0VOLUNTEER",
      text: `<@${BOT_USER}> ${text}`,
      ts: "1700000000.000200",
      ...more,
    });
  /** A card that its reader alone sees. */
  const ask = async (text: string, more: Json = {}) => {
    await slack.command(text, more);
    return lastMessage();
  };

  describe("asking", () => {
    test("a command answers whoever asked, in the acknowledgement itself, and can be posted to the room", async () => {
      const { status, body } = await slack.command(WHAT_TO_SAY);
      expect(status).toBe(200);
      expect(body).toMatchObject({ response_type: "ephemeral" });
      const card = lastMessage();
      expect(card.onlyFor).toBe("U0VOLUNTEER");
      expect(readable(card)).toContain("I want to ask for asylum");
      await slack.click(card, "Post to this channel");
      await until(() => expect(card.deleted).toBe(true));
      const shared = lastMessage();
      expect(shared).toMatchObject({ channel: "C0FRONTDESK", onlyFor: undefined });
      expect(readable(shared)).toContain("I want to ask for asylum");
      expect(buttonsOf(shared)).not.toContain("Post to this channel");
      // Nobody reads in the room what was asked.
      expect(shared.text + readable(shared)).not.toContain("to the officer to ask");
    });

    test("the answer is in the question's language, and switches in place", async () => {
      const card = await ask(QUE_DIGO);
      expect(readable(card)).toContain("Información general");
      await slack.click(card, "English");
      await until(() => expect(readable(card)).toContain("General information"));
      expect(slack.messages).toHaveLength(1);
      await slack.click(card, "Español");
      await until(() => expect(readable(card)).toContain("Información general"));
    });

    test("a command without a question gives the sections as buttons, which lead on in place", async () => {
      const menu = await ask("", { command: "/asilo" });
      const [section = ""] = buttonsOf(menu);
      await slack.click(menu, section);
      await until(() => expect(buttonsOf(menu)).not.toContain(section));
      expect(slack.messages).toHaveLength(1);
    });

    test("an unclear question offers its choices as buttons, and the choice takes their place", async () => {
      const doubt = await ask("quiero salir de aqui cuanto cuesta");
      expect(readable(doubt)).toContain("911");
      const [first = ""] = buttonsOf(doubt);
      await slack.click(doubt, first);
      await until(() => expect(readable(doubt)).toContain("Información general"));
    });

    test("danger is answered with the short text and nothing before it", async () => {
      const danger = await ask(PUSHED_BACK);
      expect(danger.text).toContain("I am afraid to go back");
      expect(danger.blocks[0]).toMatchObject({ type: "rich_text" });
      await slack.click(danger, "Full answer");
      await posted(2);
      expect(lastMessage()).toMatchObject({ onlyFor: "U0VOLUNTEER" });
    });

    test("a mention is answered in its thread, and a direct message where it was written, with follow-ups", async () => {
      await mention(WHAT_TO_SAY);
      await said({ channel: "C0FRONTDESK", threadTs: "1700000000.000200", onlyFor: undefined });
      await dm("what is a credible fear interview?");
      await said({ channel: "D0VOLUNTEER", threadTs: undefined });
      await dm("sources");
      await until(async () => {
        expect((await said({ channel: "D0VOLUNTEER" })).text).toContain("Sources of");
      });
    });

    test("each thread is a conversation of its own", async () => {
      await mention(WHAT_TO_SAY, { ts: "1700000000.000300" });
      await posted();
      await mention("sources", { ts: "1700000000.000400" });
      expect((await said({ threadTs: "1700000000.000400" })).text).not.toContain("Sources of");
    });

    test("a message shortcut answers whoever used it alone", async () => {
      await slack.shortcut(WHAT_TO_SAY);
      expect(readable(await said({ onlyFor: "U0VOLUNTEER" }))).toContain("I want to ask for asylum");
    });

    test("the assistant's pane is offered questions, and a question there is answered in its thread", async () => {
      const assistant_thread = { user_id: "U0HISPANIC", channel_id: "D0HISPANIC", thread_ts: "1.5", context: {} };
      await slack.event({ type: "assistant_thread_started", assistant_thread, event_ts: "1.5" });
      await until(() => expect(slack.prompts).not.toEqual([]));
      expect(JSON.stringify(slack.prompts)).toContain("asilo");
      await dm(QUE_DIGO, { channel: "D0HISPANIC", user: "U0HISPANIC", thread_ts: "1.5" });
      await said({ channel: "D0HISPANIC", threadTs: "1.5" });
    });

    test("a workspace without the assistant gets plain direct messages", async () => {
      slack.failures.set("assistant.threads.setSuggestedPrompts", ["not_allowed_token_type"]);
      const assistant_thread = { user_id: "U0VOLUNTEER", channel_id: "D0VOLUNTEER", thread_ts: "1.6", context: {} };
      const { status } = await slack.event({ type: "assistant_thread_started", assistant_thread, event_ts: "1.6" });
      expect(status).toBe(200);
      await dm(WHAT_TO_SAY);
      await posted();
    });
  });

  describe("what tells about a person", () => {
    test.each([
      ["a phone number", "what do i say to the officer, my cell is 202 555 0123"],
      ["an A-number", "what do i say to the officer A123-456-789"],
      ["a long story", `what do i say to the officer ${"they came to my house and then we had to leave ".repeat(8)}`],
    ])("a mention with %s is answered privately, with the wish that it be deleted", async (_what, text) => {
      await mention(text);
      const answer = await said({ channel: "C0FRONTDESK", onlyFor: "U0VOLUNTEER" });
      expect(readable(answer)).toContain("delete your message");
      expect(slack.messages.filter(({ onlyFor }) => onlyFor === undefined)).toEqual([]);
    });

    test("in a direct message the wish is sent beside the answer", async () => {
      await dm("what do i say to the officer, my cell is 202 555 0123");
      await posted(2);
      expect(slack.messages.map(({ text }) => text).join()).toContain("Please delete it");
    });

    test("beside somebody else's message the wish is that its author delete it", async () => {
      await slack.shortcut("what do i say to the officer, my cell is 202 555 0123");
      await posted();
      expect(readable(lastMessage())).toContain("ask its author to delete it");
    });

    test("no number, name or text is in a log line or a metric", () => {
      const found = service.lines.join("\n") + JSON.stringify([...service.counts]);
      for (const trace of ["555 0123", "123-456", "officer", "asylum", "U0VOLUNTEER", "afraid"])
        expect(found).not.toContain(trace);
    });
  });

  describe("the Home tab", () => {
    const openHome = async (user = "U0VOLUNTEER") => {
      slack.homes.delete(user);
      await slack.event({ type: "app_home_opened", user, channel: "D0VOLUNTEER", tab: "home", event_ts: "1.7" });
      await until(() => expect(slack.homes.has(user)).toBe(true));
      return textsOf(slack.homes.get(user)?.["blocks"]).join("\n");
    };

    test("shows search, sections, how the answers are, in the language somebody uses Slack in", async () => {
      expect(await openHome()).toContain("How the answers are");
      expect(await openHome("U0HISPANIC")).toContain("Cómo están las respuestas");
      await slack.click({ home: "U0HISPANIC" }, "English", "U0HISPANIC");
      await until(() => {
        expect(textsOf(slack.homes.get("U0HISPANIC")?.["blocks"]).join()).toContain("How the answers are");
      });
    });

    test("its search opens a card, and its sections menus that go on in the same dialogue", async () => {
      await openHome();
      await slack.search("U0VOLUNTEER", WHAT_TO_SAY);
      await opened();
      expect(viewText(lastView())).toContain("I want to ask for asylum");
      const section = buttonsOf({ blocks: slack.homes.get("U0VOLUNTEER")?.["blocks"] }).find((text) =>
        text.endsWith(")"),
      );
      await slack.click({ home: "U0VOLUNTEER" }, section ?? "");
      await until(() => expect(slack.views).toHaveLength(2));
      const menu = lastView();
      const [topic = ""] = buttonsOf(menu);
      await slack.click(menu, topic);
      await until(() => expect(viewText(menu)).toContain("General information"));
      expect(slack.views).toHaveLength(2);
    });
  });

  describe("wrong or outdated", () => {
    beforeEach(itsOwnService);
    const flagging = async (message: FakeSlackMessage, user: string, why: string, label = "Wrong or outdated?") => {
      const before = slack.views.length;
      await slack.click(message, label, user);
      await until(() => expect(slack.views.length).toBeGreaterThan(before));
      const form = lastView();
      await slack.submit(form, { why, source: "" });
      return form;
    };

    test("one volunteer's flag shows on the card at once and is told to the content room", async () => {
      const card = await ask("how long can they keep me in detention");
      const form = await flagging(card, "U0VOLUNTEER", "The limit changed in August.");
      expect(viewText(form)).toContain("Thank you");
      await until(() => expect(readable(card)).toContain("1 person says that this is wrong"));
      const told = slack.messages.find(({ channel }) => channel === "C0CONTENT");
      expect(told?.text).toContain("The limit changed in August.");
      expect(buttonsOf(told ?? expect.fail())).toEqual(["Hold", "Restore", "Dismiss", "Full answer"]);

      // A second one holds it, in every channel.
      const again = await ask("how long can they keep me in detention", { user_id: "U0SECOND" });
      await flagging(again, "U0SECOND", "I read the same.");
      await until(() => expect(readable(again)).toContain("We are checking that answer"));
      const elsewhere = await ask("how long can they keep me in detention");
      expect(readable(elsewhere)).toContain("Do not rely on it");
      expect(buttonsOf(elsewhere)).not.toContain("Post to this channel");

      // The old text opens behind its warning.
      await slack.click(elsewhere, "Open the old text");
      await until(() => expect(viewText(lastView())).toContain("Do not give it to anyone"));

      // An editor restores it, and those who flagged hear of it.
      slack.views.length = 0;
      await slack.click(told ?? expect.fail(), "Restore", "U0EDITOR");
      await opened();
      await slack.submit(lastView(), { why: "The limit still stands." });
      await until(() => expect(readable(told ?? expect.fail())).toContain("Restored by"));
      for (const channel of ["D0VOLUNTEER", "D0SECOND"])
        await until(() => {
          expect(slack.messages.find((message) => message.channel === channel)?.text).toContain("back in service");
        });
      expect(readable(await ask("how long can they keep me in detention"))).not.toContain("Do not rely on it");
    });

    test("one editor's flag holds alone, and dismissing lifts it", async () => {
      const card = await ask("can i get a work permit while i wait");
      await flagging(card, "U0EDITOR", "The form has a new fee.");
      await until(() => expect(readable(card)).toContain("We are checking that answer"));
      const told = slack.messages.find(({ channel }) => channel === "C0CONTENT") ?? expect.fail();
      expect(told.text).toContain("held everywhere");
      slack.views.length = 0;
      await slack.click(told, "Dismiss", "U0EDITOR");
      await opened();
      await slack.submit(lastView(), { why: "The fee is right." });
      await until(() => expect(readable(told)).toContain("Flags dismissed by"));
      expect(readable(await ask("can i get a work permit while i wait"))).not.toContain("Do not rely on it");
    });

    test("an editor holds from the content room, and others are told who can", async () => {
      const card = await ask("what is parole");
      await flagging(card, "U0VOLUNTEER", "Looks old.");
      const told = slack.messages.find(({ channel }) => channel === "C0CONTENT") ?? expect.fail();
      slack.messages.length = 0;
      await slack.click(told, "Hold", "U0VOLUNTEER");
      await posted();
      expect(lastMessage()).toMatchObject({ onlyFor: "U0VOLUNTEER" });
      expect(lastMessage().text).toContain("Who can: Eva");
      slack.views.length = 0;
      await slack.click(told, "Hold", "U0EDITOR");
      await opened();
      await slack.submit(lastView(), { why: "Looking into it." });
      await until(() => expect(readable(told)).toContain("Held by"));
      expect(readable(await ask("what is parole"))).toContain("Do not rely on it");
    });

    test("a flag's words that may tell about a person stay out of the room", async () => {
      const card = await ask("can my family join my asylum case");
      await flagging(card, "U0VOLUNTEER", "Maria at 202 555 0123 says it is wrong.");
      const told = slack.messages.find(({ channel }) => channel === "C0CONTENT") ?? expect.fail();
      expect(told.text).not.toContain("555");
      expect(told.text).toContain("not shown here");
    });

    test("without a content room the flag is recorded, and the person told to tell an editor", async () => {
      slack.rooms.delete("C0CONTENT");
      const card = await ask("do i need a passport to ask for asylum");
      const form = await flagging(card, "U0VOLUNTEER", "Not sure any more.");
      expect(viewText(form)).toContain("tell an editor too");
      expect(service.lines.join()).toContain("channel_not_found");
    });

    test("while Slack does not say who somebody is, they are nobody", async () => {
      slack.users.set("U0NEW", {});
      slack.scopes.delete("users:read");
      const card = await ask(WHAT_TO_SAY, { user_id: "U0NEW" });
      await slack.click(card, "Wrong or outdated?", "U0NEW");
      await posted(2);
      expect(lastMessage().text).toContain("Who can");
      expect(service.lines.join()).toContain("missing_scope");
    });
  });

  describe("somebody from outside", () => {
    test.each([
      ["somebody who is not on the team", "U0NOBODY"],
      ["a guest of the workspace, whatever people.yaml says", "U0GUEST"],
      ["somebody of another organisation", "U0CONNECT"],
    ])("%s gets answers, nothing else", async (_who, user) => {
      const card = await ask(WHAT_TO_SAY, { user_id: user });
      expect(readable(card)).toContain("I want to ask for asylum");
      await slack.click(card, "Wrong or outdated?", user);
      await posted(2);
      expect(lastMessage().text).toContain("Who can: Ana, Ben");
      const tarjeta = await ask(QUE_DIGO, { user_id: user });
      await slack.click(tarjeta, "¿Está mal o es vieja?", user);
      await posted(4);
      expect(lastMessage().text).toMatch(/^Usted no puede reportar una respuesta: .* Quién puede: Ana, Ben/);
      expect(slack.views).toEqual([]);
    });
  });

  describe("a question without an answer", () => {
    test("goes to the content team in the volunteer's own general words", async () => {
      const none = await ask("how do i get a driver's license in texas");
      await slack.click(none, "Tell the content team");
      await opened();
      const form = lastView();
      await slack.submit(form, { question: "Call Maria at 202 555 0123" });
      expect(JSON.stringify(form.errors)).toContain("phone number");
      await slack.submit(form, { question: "Can asylum seekers get a driver's license in Texas?" });
      expect(viewText(form)).toContain("Thank you");
      const told = slack.messages.find(({ channel }) => channel === "C0CONTENT");
      expect(told?.text).toContain("Can asylum seekers get a driver's license in Texas?");
    });
  });

  describe("sending to a guest's phone", () => {
    const PHONE = "+12025550177";
    const form = async (user = "U0SENDER") => {
      const card = await ask(WHAT_TO_SAY, { user_id: user });
      slack.views.length = 0;
      await slack.click(card, "Send to a number", user);
      return card;
    };
    const inbound = (text: string, from = PHONE) =>
      postSigned(`${service.publicUrl}/twilio/messages`, inboundForm(text, { From: from }), {
        signedUrl: "https://puente.example.org/twilio/messages",
      });

    test("by default the card shows a code and its picture, so that nobody types a number", async () => {
      const card = await ask(QUE_DIGO);
      expect(card.text).toMatch(/mandar \p{Lu}+\d+ al \+12025550100/u);
      const picture = JSON.stringify(card.blocks).match(
        /https:\/\/puente\.example\.org(\/qr\.png\?code=[A-Z]+\d+)/,
      )?.[1];
      const { status, headers } = await fetch(service.publicUrl + (picture ?? ""));
      expect([status, headers.get("content-type")]).toEqual([200, "image/png"]);
      await slack.click(card, "Código QR grande");
      await opened();
      expect(JSON.stringify(lastView().view)).toContain("qr.png");
    });

    describe("from the dialogue to READ", () => {
      beforeEach(itsOwnService);

      test("only who is named may type one, the first text tells nothing, and the guest reads it once with READ", async () => {
        await form("U0VOLUNTEER");
        await posted(2);
        expect(lastMessage().text).toContain("Who can: Sol");

        slack.messages.length = 0;
        await form();
        await opened();
        const view = lastView();
        await slack.submit(view, { number: PHONE, adult: false });
        expect(JSON.stringify(view.errors)).toContain("18 or older");
        await slack.submit(view, { number: PHONE, adult: true });
        expect(viewText(view)).toContain("On its way");
        await until(() => expect(service.twilio.messages.filter(({ to }) => to === PHONE)).toHaveLength(1));
        expect(service.twilio.messages.at(-1)?.body).toBe(
          "Puente: someone saved information you asked for. Reply READ to get it, or STOP.",
        );
        await until(async () => {
          await slack.click(view, "How did it go?", "U0SENDER");
          expect(viewText(view)).toContain("Sent, not confirmed yet");
        });
        const seen = JSON.stringify([slack.messages, slack.views]) + service.lines.join();
        expect(seen).not.toContain("5550177");

        await inbound("READ");
        await until(() => {
          expect(service.twilio.messages.map(({ body }) => body).join()).toContain("I want to ask for asylum");
        });
        // One number gets one a day.
        await form();
        await opened();
        await slack.submit(lastView(), { number: PHONE, adult: true });
        expect(JSON.stringify(lastView().errors)).toContain("last 24 hours");

        // Neither the number nor a question lies on the disk in clear.
        const names = await readdir(service.dataDir, { recursive: true, withFileTypes: true });
        const files = names.filter((entry) => entry.isFile() && !entry.name.endsWith(".yaml"));
        const disk = (
          await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), "latin1")))
        ).join();
        for (const trace of ["5550177", "officer to ask", "I want to ask for asylum"])
          expect(disk).not.toContain(trace);
      });
    });

    test.each([
      ["a landline or a wrong number", "12345", "not a mobile number"],
      ["a country that is not allowed", "+33 6 12 34 56 78", "that country"],
    ])("refuses %s", async (_what, number, says) => {
      await form();
      await opened();
      await slack.submit(lastView(), { number, adult: true });
      expect(JSON.stringify(lastView().errors)).toContain(says);
    });

    let numbers = 180;
    test.each([
      ["STOP", "STOP", "told Puente to stop"],
      ["a person under 18", "tengo 15 años y estoy solo", "under 18"],
      ["DELETE", "DELETE", "delete everything"],
    ])("%s wins over any send", async (_word, text, says) => {
      numbers += 1;
      const number = `+12025550${numbers}`;
      await inbound(text, number);
      await until(() => expect(service.twilio.messages.some(({ to }) => to === number)).toBe(true));
      if (text === "DELETE") {
        await inbound("1", number);
        await until(() => expect(service.twilio.messages.filter(({ to }) => to === number)).toHaveLength(2));
      }
      await form();
      await opened();
      await slack.submit(lastView(), { number, adult: true });
      expect(JSON.stringify(lastView().errors)).toContain(says);
    });
  });

  describe("bad input", () => {
    test("a repeated event is answered once, whatever the retry's number", async () => {
      const event_id = `Ev${randomUUID()}`;
      const event = { type: "app_mention", channel: "C0FRONTDESK", user: "U0VOLUNTEER", text: WHAT_TO_SAY, ts: "1.8" };
      for (let retry = 3; retry > 0; retry -= 1) expect((await slack.event(event, { event_id })).status).toBe(200);
      await service.idle();
      expect(slack.messages).toHaveLength(1);
    });

    test("a replayed click does nothing", async () => {
      const card = await ask(QUE_DIGO);
      const replay: Json[] = [];
      const deliver = slack.deliver;
      slack.deliver = (payload, as, options) => {
        replay.push(payload);
        return deliver(payload, as, options);
      };
      await slack.click(card, "English");
      slack.deliver = deliver;
      await until(() => expect(readable(card)).toContain("General information"));
      await slack.click(card, "Español");
      await until(() => expect(readable(card)).toContain("Información general"));
      const repeated = () => service.counts.get("message_repeated") ?? 0;
      const before = repeated();
      expect((await slack.deliver(replay[0] ?? {}, "interactive")).status).toBe(200);
      expect(repeated()).toBe(before + 1);
      expect(readable(card)).toContain("Información general");
    });

    test("other bots, our own echoes, edits, deletions and joins are ignored", async () => {
      const said = { channel: "D0VOLUNTEER", channel_type: "im", text: WHAT_TO_SAY, ts: "1.9", user: "U0VOLUNTEER" };
      for (const more of [
        { bot_id: "B0OTHER" },
        { user: BOT_USER },
        { subtype: "message_changed" },
        { subtype: "message_deleted", hidden: true },
        { subtype: "channel_join" },
        { edited: { user: "U0VOLUNTEER", ts: "2.0" } },
        { channel_type: "channel", channel: "C0FRONTDESK" },
      ])
        expect((await slack.event({ type: "message", ...said, ...more })).status).toBe(200);
      await service.idle();
      expect(slack.messages).toEqual([]);
    });

    test("an unknown command and an old button are answered at once", async () => {
      const { ms } = await slack.command("hello", { command: "/other" });
      expect(lastMessage().text).toContain("does not know this command");
      expect(ms).toBeLessThan(1_000);
      const card = await ask(WHAT_TO_SAY);
      for (const block of card.blocks)
        for (const element of (block["elements"] ?? []) as Json[])
          if (element["type"] === "button") Object.assign(element, { action_id: "gone:0", value: "{" });
      await slack.click(card, "Español");
      await posted(3);
      expect(lastMessage().text).toContain("no longer works");
    });

    test("a huge question and a topic that is gone are answered", async () => {
      await slack.command("asylum ".repeat(5_000));
      expect(readable(lastMessage())).toContain("delete");
      const card = await ask(WHAT_TO_SAY);
      for (const block of card.blocks)
        for (const element of (block["elements"] ?? []) as Json[])
          if (element["type"] === "button" && String(element["action_id"]).startsWith("language"))
            Object.assign(element, { value: JSON.stringify({ topic: "port-of-entry/gone", locale: "es" }) });
      await slack.click(card, "Español");
      await until(() => expect(readable(card)).not.toContain("General information"));
    });

    test("a rate limit is waited for as long as Slack says", async () => {
      slack.failures.set("chat.postMessage", [{ retryAfter: 1 }]);
      const from = performance.now();
      await dm(WHAT_TO_SAY);
      await posted();
      expect(performance.now() - from).toBeGreaterThanOrEqual(1_000);
    });

    test("a room that is archived meanwhile: the answer comes as a direct message", async () => {
      await mention(WHAT_TO_SAY, { channel: "C0ARCHIVED" });
      expect(readable(await said({ channel: "D0VOLUNTEER" }))).toContain("cannot be written to any more");
    });

    test("what Slack will never take is a line for the operator, and the next answer goes out", async () => {
      slack.failures.set("chat.postMessage", ["msg_too_long"]);
      await dm(WHAT_TO_SAY);
      await until(() => expect(service.lines.join()).toContain("msg_too_long"));
      await dm(QUE_DIGO);
      await posted();
    });

    test("a dialogue that comes too late to open tells the person", async () => {
      const card = await ask(WHAT_TO_SAY);
      slack.failures.set("views.open", ["expired_trigger_id"]);
      await slack.click(card, "Wrong or outdated?");
      await posted(2);
      expect(lastMessage().text).toContain("That did not work");
    });
  });
});
