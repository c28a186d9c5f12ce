import { createAnswering } from "../src/answering.ts";
import { loadConfig } from "../src/config.ts";
import type { Topic, Tree } from "../src/content/tree.ts";
import { createRespond } from "../src/conversation/respond.ts";
import { NEW_CONVERSATION } from "../src/core/turn.ts";
import { loadCommandWords } from "../src/intent/command-words.ts";
import { createMatcher } from "../src/intent/matcher.ts";
import { createDetect } from "../src/locale/detect.ts";
import { loadLocales } from "../src/locale/translate.ts";
import { heading, line, microseconds, percentile, ratio } from "./measure.ts";

const RUNS = 3_000;
/** From the design: p99 of `respond`. */
const BUDGET_US = 5_000;
const SYNTHETIC_TOPICS = 1_000;

/** The pure turn, without store or network: the real tree, one section of it, and a synthetic tree of 1,000 topics. */
export async function benchRespond(): Promise<void> {
  heading(`respond (${RUNS} turns each, budget p99 ${BUDGET_US / 1000} ms)`);
  const config = { ...loadConfig({}), logLevel: "error" as const };
  const answering = await createAnswering(config);
  await answering.matcher.ready;
  const tree = answering.tree();
  const utterances = [...tree.topics.values()].flatMap(({ questions }) =>
    Object.values(questions).flatMap((list) => list.slice(0, 6)),
  );
  const [{ translate }, commandWords] = await Promise.all([loadLocales("locales"), loadCommandWords("locales")]);

  const time = (label: string, over: Tree, respond: typeof answering.respond) => {
    const times = microseconds((run) => {
      const text = utterances[(run * 7919) % utterances.length] ?? "";
      respond({
        state: NEW_CONVERSATION,
        utterance: { text },
        now: 0,
        tree: over,
        contact: { optedOut: false, subscriptions: [] },
        channel: "sms",
      });
    }, RUNS);
    const p99 = percentile(times, 0.99);
    line(
      label,
      `p50 ${percentile(times, 0.5).toFixed(0)} us, p99 ${p99.toFixed(0)} us, ${ratio(p99, BUDGET_US)} of the budget`,
    );
  };
  const simple = (over: Tree) => {
    const matcher = createMatcher(over);
    return createRespond({
      translate,
      commandWords,
      detect: createDetect(over),
      matcher: () => matcher,
      organisation: config.organisation,
      updates: true,
    });
  };

  time(`${tree.topics.size} topics, ${answering.matcher.current().method}`, tree, answering.respond);
  const port = sectionOf(tree, "port-of-entry");
  time(`${port.topics.size} topics, tf-idf`, port, simple(port));
  const large = enlarged(tree, SYNTHETIC_TOPICS);
  time(`${large.topics.size} synthetic topics, tf-idf`, large, simple(large));
  await answering.matcher.stop();
}

function sectionOf(tree: Tree, section: string): Tree {
  return {
    ...tree,
    sections: tree.sections.filter(({ id }) => id === section),
    topics: new Map([...tree.topics].filter(([, topic]) => topic.section === section)),
  };
}

/** The real topics again and again, each copy with words of its own so that matching has as much to tell apart. */
function enlarged(tree: Tree, size: number): Tree {
  const real = [...tree.topics.values()];
  const topics = new Map<string, Topic>();
  for (let index = 0; index < size; index += 1) {
    const original = real[index % real.length];
    if (original === undefined) break;
    const copy = Math.floor(index / real.length);
    const id = copy === 0 ? original.id : `${original.id}-${copy}`;
    const questions = Object.fromEntries(
      Object.entries(original.questions).map(([locale, list]) => [
        locale,
        list.map((text) => `${text} variante${copy}`),
      ]),
    );
    topics.set(id, { ...original, id, questions });
  }
  return { ...tree, topics };
}
