import { element } from "./element.js";
import { date, knows, percent, say } from "./texts.js";

const reasons = document.querySelector(".reasons");
let shown;

/** Shows why a reply is what it is; without one, what the panel is for. */
export function showWhy(answer) {
  shown = answer;
  writeWhy();
}

/** Writes the reasons again, in the language the page has now. */
export function writeWhy() {
  if (shown?.why === undefined) {
    reasons.replaceChildren(element("p", { class: "quiet before" }, say("whyBefore")));
    return;
  }
  const { why, locale } = shown;
  const { kind, decidedBy, topics, confidence, candidates, answer } = why;
  const title = (topic) => element("span", { lang: locale }, topic.title);
  const facts = [
    [say("decidedBy"), decidedBy && deciderOf(decidedBy)],
    [
      say(topics.length > 1 ? "topicsOffered" : "topic"),
      topics.length > 0 && topics.map((topic) => named(topic, locale)),
    ],
    [say("confidence"), confidence !== undefined && measure(confidence, say("confidence"))],
    [say("state"), answer && say(`status.${answer.status}`)],
    [say("factsTo"), answer && date(answer.factsTo)],
    [say("validUntil"), answer && date(answer.validUntil)],
  ].filter(([, fact]) => fact);

  reasons.replaceChildren(
    element("p", { class: `kind kind-${kind}` }, say(`kind.${kind}`)),
    element(
      "dl",
      { class: "facts" },
      facts.map(([term, fact]) => element("div", {}, element("dt", {}, term), element("dd", {}, fact))),
    ),
    ...(answer === undefined ? [element("p", { class: "quiet" }, say("notVetted"))] : []),
    ...listOf(
      "candidates",
      candidates.map((topic) => [title(topic), measure(topic.score, topic.title)]),
    ),
    ...listOf("sources", (answer?.sources ?? []).map(sourceOf)),
  );
}

const named = ({ id, title }, locale) =>
  element("span", { class: "topic" }, element("span", { lang: locale }, title), element("code", {}, id));

/** "danger rule pushed-back": what decided, in the page's language where it has a word for it, and which of them. */
function deciderOf(decidedBy) {
  if (knows(`decided.${decidedBy}`)) return say(`decided.${decidedBy}`);
  const [what, ...which] = decidedBy.split(" ").filter((word) => word !== "rule");
  const code = (words) => element("code", { lang: "en" }, words);
  return knows(`decided.${what}`) ? [say(`decided.${what}`), " ", code(which.join(" "))] : code(decidedBy);
}

function measure(share, name) {
  const bar = element("meter", { min: 0, max: 1, value: share, "aria-label": name });
  return element("span", { class: "measure" }, bar, element("span", {}, percent(share)));
}

function sourceOf({ title, url, date: iso }) {
  const name = url === undefined ? title : element("a", { href: url, rel: "noreferrer", target: "_blank" }, title);
  return [name, ...(iso === undefined ? [] : [element("span", { class: "when" }, date(iso))])];
}

function listOf(key, items) {
  if (items.length === 0) return [];
  return [
    element("h3", {}, say(key)),
    element(
      "ul",
      { class: key },
      items.map((item) => element("li", {}, item)),
    ),
  ];
}
