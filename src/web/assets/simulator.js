import { divider, replyTurn, retireChoices, sentBubble } from "./bubbles.js";
import { element } from "./element.js";
import { say, setLocale } from "./texts.js";
import { showWhy, writeWhy } from "./why.js";

/** What the location button sends: the middle of Tijuana. */
const TIJUANA = { lat: 32.5149, lon: -117.0382 };

const find = (selector) => document.querySelector(selector);
const phone = find(".phone");
const form = find(".compose");
const field = find("textarea");
const failed = find(".compose .failed");
const examples = find(".examples");

/** Two threads, as a phone has them: SMS and WhatsApp know nothing of each other. */
const threads = Object.fromEntries(
  ["sms", "whatsapp"].map((channel) => [
    channel,
    { channel, log: find(`[data-thread=${channel}]`), session: undefined, shown: undefined },
  ]),
);
let thread = threads.sms;
/** Messages go out one after the other, as they were written. */
let sending = Promise.resolve();

function send(message) {
  const to = thread;
  sending = sending.then(() => deliver(to, message));
  return sending;
}

async function deliver(to, { words = "", kind, ...rest }) {
  failed.textContent = "";
  const bubble = sentBubble({ words, kind });
  retireChoices(to.log);
  to.log.append(bubble);
  tidy();
  try {
    const media = kind === "location" ? undefined : kind;
    const answer = await post("messages", { session: to.session, channel: to.channel, text: words, media, ...rest });
    if (answer.began && to.session !== undefined) bubble.before(divider("began"));
    to.session = answer.session;
    receive(to, answer);
    // The beginning of a long answer is what must be seen first.
    to.log.parentElement.scrollTop = bubble.offsetTop - 12;
  } catch {
    bubble.remove();
    tidy();
    failed.textContent = say("failed");
    if (field.value === "") field.value = words;
  }
}

function receive(to, answer) {
  const turn = replyTurn(answer, to.channel, {
    onChoice(number, byKeyboard) {
      if (byKeyboard) field.focus();
      void send({ words: String(number) });
    },
    onWhy(button) {
      point(to, answer, button);
      find(".why").focus();
    },
  });
  to.log.append(turn);
  point(to, answer, turn.querySelector(".ask-why"));
}

/** Makes the panel show the reasons of one reply, and its button say so. */
function point(to, answer, button) {
  for (const other of to.log.querySelectorAll(".ask-why")) other.setAttribute("aria-pressed", String(other === button));
  to.shown = answer;
  if (to === thread) showWhy(answer);
}

async function post(what, body) {
  const response = await fetch(`/simulator/${what}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`answered ${response.status}`);
  return response.status === 204 ? undefined : response.json();
}

/** Shows the thread of the channel, and the examples while nothing was said in it. */
function tidy() {
  phone.dataset.channel = thread.channel;
  for (const one of Object.values(threads)) one.log.hidden = one !== thread;
  find(".begin").hidden = thread.log.childElementCount > 0;
  // An SMS cannot carry a location.
  find("[data-do=location]").hidden = thread.channel === "sms";
}

function writeExamples() {
  const items = ["1", "2", "3", "4"].map((number) => {
    const words = say(`example.${number}`);
    const button = element("button", { type: "button" }, words);
    button.addEventListener("click", () => {
      field.focus({ preventScroll: true });
      void send({ words });
    });
    return element("li", {}, button);
  });
  examples.replaceChildren(...items);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const words = field.value;
  field.focus();
  if (words.trim() === "") return;
  field.value = "";
  void send({ words });
});

field.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});

find("[data-do=voice]").addEventListener("click", () => send({ kind: "voice" }));
find("[data-do=image]").addEventListener("click", () => send({ kind: "image" }));
find("[data-do=location]").addEventListener("click", () => send({ kind: "location", ...TIJUANA }));

function takeNewPhone() {
  for (const one of Object.values(threads)) {
    if (one.session !== undefined) void post("reset", { session: one.session }).catch(() => {});
    one.session = undefined;
    one.shown = undefined;
    one.log.replaceChildren();
  }
  failed.textContent = "";
  showWhy(undefined);
  tidy();
  field.focus();
}

find("[data-do=newPhone]").addEventListener("click", () => {
  // After the answers that are under way, or one of them would land on the new phone.
  sending = sending.then(takeNewPhone);
});

for (const choice of document.querySelectorAll("[name=channel]")) {
  choice.addEventListener("change", () => {
    thread = threads[choice.value];
    tidy();
    showWhy(thread.shown);
  });
}

for (const link of document.querySelectorAll(".languages a")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    find(".languages [aria-current]")?.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
    setLocale(link.lang);
    history.replaceState(null, "", link.href);
    writeExamples();
    writeWhy();
  });
}

writeExamples();
tidy();
