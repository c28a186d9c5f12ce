import { composeAnswer } from "../../src/content/answer.ts";
import type { Tree } from "../../src/content/tree.ts";
import type { CardExtras } from "../../src/core/front-desk.ts";
import type { Look, Showing } from "../../src/core/sheet.ts";
import type { Locale } from "../../src/core/words.ts";
import { answering, clock } from "./answering.ts";

const { translate } = answering;
const tree = answering.tree();

/** What every sheet needs to know, with the words of this platform's button for sharing. */
export const lookWith = (shareKey: string): Look => ({
  translate,
  locales: tree.locales,
  shareKey,
  organisation: { name: "Example shelter", legalDesk: "Example legal desk, +1 202 555 0102" },
});

/** All that can stand on a card at once. */
export const FULL = {
  flags: 3,
  byPhone: { code: "MIEDO4", number: "+12025550100", qrUrl: "https://puente.example.org/qr.png?code=MIEDO4" },
  canSend: true,
} as const satisfies CardExtras;

const NOTICE = "x".repeat(150);
const noticed: Tree = {
  ...tree,
  notices: [1, 2].map((id) => ({
    id: String(id),
    on: "2026-11-20",
    text: Object.fromEntries(tree.locales.map((locale) => [locale, NOTICE])),
    topics: [...tree.topics.keys()],
    places: [],
    until: Number.POSITIVE_INFINITY,
  })),
};

/** The tree with the most that can stand on its cards, in each state an answer can be in. */
export const STATES = {
  current: noticed,
  held: { ...noticed, held: new Map([...tree.topics.keys()].map((topic) => [topic, "held"] as const)) },
  withdrawn: { ...noticed, held: new Map([...tree.topics.keys()].map((topic) => [topic, "withdrawn"] as const)) },
} satisfies Record<string, Tree>;

/** Every answer of the tree. */
export const ANSWERS = [...tree.topics.keys()].flatMap((topic) => tree.locales.map((locale) => ({ topic, locale })));

/** An answer as a volunteer is shown it. */
export function shownIn(over: Tree, topic: string, locale: Locale): Showing {
  const { kind, card, messages } = composeAnswer(over, topic, locale, clock.now(), {
    kind: "answer",
    translate,
    audience: "volunteer",
  });
  const message = messages.at(-1) ?? { text: "", choices: [] };
  return { kind, locale, message, extras: FULL, ...(card && { card }) };
}
