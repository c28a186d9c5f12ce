import { element } from "./element.js";
import { count, say } from "./texts.js";

const text = (key, tag = "span", attributes = {}) => element(tag, { "data-text": key, ...attributes }, say(key));
const counted = (key, number) => element("span", { "data-count": key, "data-number": number }, count(key, number));

/** A line between two conversations. */
export const divider = (key) => text(key, "p", { class: "divider" });

/** What the person sent: words, or a voice note, a picture, a location. */
export function sentBubble({ words, kind }) {
  const said = kind === undefined ? words : text(`sent.${kind}`, "em", { class: `sent sent-${kind}` });
  return element(
    "div",
    { class: "turn mine" },
    element("div", { class: "bubble" }, text("you", "span", { class: "unseen" }), " ", said),
  );
}

/** A reply: its messages, and under the last of them the way to its reasons. */
export function replyTurn({ locale, messages, choices, why }, channel, { onChoice, onWhy }) {
  const turn = element("div", { class: "turn theirs" });
  for (const message of messages) {
    const lines = message.text.split("\n").map((line) => lineOf(line, channel, choices, onChoice));
    const bubble = element("div", { class: "bubble" }, text("puente", "span", { class: "unseen" }));
    bubble.append(element("div", { lang: locale }, lines));
    turn.append(bubble);
    if (channel === "sms") turn.append(costOf(message));
  }
  if (why !== undefined) {
    const button = text("why", "button", { type: "button", class: "ask-why", "aria-pressed": "false" });
    button.addEventListener("click", () => onWhy(button));
    turn.append(button);
  }
  return turn;
}

/** Choices that are past are text: their numbers mean something else now. */
export function retireChoices(log) {
  for (const button of log.querySelectorAll("button.choice"))
    button.replaceWith(element("p", { class: "choice" }, button.textContent));
}

function costOf({ encoding, units, segments }) {
  const parts = [element("span", {}, encoding), counted("units", units), counted("segments", segments)];
  return element(
    "p",
    { class: "cost" },
    parts.flatMap((part, index) => (index === 0 ? [part] : [" · ", part])),
  );
}

/** WhatsApp shows *bold*, and a numbered choice can be tapped there. */
function lineOf(line, channel, choices, onChoice) {
  if (channel !== "whatsapp") return element("p", {}, line);
  const choice = choices.find(({ number, label }) => line === `${number} ${label}`);
  if (choice === undefined) return element("p", {}, boldIn(line));
  const button = element("button", { type: "button", class: "choice" }, line);
  button.addEventListener("click", () => onChoice(choice.number, button.matches(":focus-visible")));
  return button;
}

function boldIn(line) {
  return line
    .split(/\*(\S(?:[^*]*\S)?)\*/)
    .map((piece, index) => (index % 2 === 1 ? element("strong", {}, piece) : piece));
}
