import { readFileSync } from "node:fs";
import { loadConfig } from "../src/config.ts";
import { loadTree } from "../src/content/load.ts";
import type { Topic, Tree } from "../src/content/tree.ts";
import type { LabelledQuestion } from "../src/intent/evaluate.ts";
import { examplesOf } from "../src/intent/examples.ts";
import { createMatcher, createModelMatcher } from "../src/intent/matcher.ts";
import { createSwappingMatcher } from "../src/intent/model-cache.ts";
import { createRandom, misspell } from "../src/intent/random.ts";
import { trainModel } from "../src/intent/train.ts";
import { heading, line, percentile } from "./measure.ts";

/** An engine under comparison: what it would say to a question. */
type Engine = (question: LabelledQuestion) => Found | Promise<Found>;

interface Found {
  readonly best: string;
  readonly top3: readonly string[];
  readonly answered: boolean;
}

/** What every engine learns from: a line, its language and what it is about. */
interface Lesson {
  readonly locale: string;
  readonly text: string;
  readonly label: string;
}

/** nlp.js takes minutes for all questions: every engine gets so many of each topic and language, drawn by a fixed seed. */
const EACH = Number(process.env["EACH"] ?? 30);
const SEED = 1;

/** What slips of the finger cost: so many letter edits in every question of this length or more. */
const SLIPS = { edits: 2, from: 20, seeds: [1, 2, 3] };

/** MiniSearch, nlp.js and Puente on the project's own set. Baselines stand near their documented defaults. */
export async function benchMatching(): Promise<void> {
  const config = loadConfig();
  const tree = await loadTree(config.contentDir, "checked");
  const sample = sampleOf(tree);
  const lessons = lessonsOf(sample);
  const questions = readFileSync("test/fixtures/questions.jsonl", "utf8")
    .trim()
    .split("\n")
    .map((text) => JSON.parse(text) as LabelledQuestion)
    .filter(({ kind }) => kind === "in_scope" || kind === "out_of_scope");
  heading(
    `matching (${questions.length} questions; all learn from the same ${lessons.length} lines, up to ${EACH} of each topic and language, seed ${SEED})`,
  );
  const engines: readonly (readonly [string, () => Engine | Promise<Engine>])[] = [
    ["MiniSearch, folded, fuzzy 0.2, prefix", () => miniSearch(lessons)],
    ["nlp.js, threshold 0.5, told the language", () => nlpJs(lessons)],
    ["Puente, TF-IDF until the model is there", () => ofMatcher(createMatcher(sample))],
    ["Puente", () => ofMatcher(createModelMatcher(trainModel(examplesOf(sample), sample.lexicon), sample))],
    [`Puente with all ${lessonsOf(tree).length} lines`, () => everything(tree, config.modelDir)],
  ];
  for (const [name, make] of engines) {
    const from = process.hrtime.bigint();
    const engine = await make();
    const seconds = Number(process.hrtime.bigint() - from) / 1e9;
    await measure(`${name} (ready in ${seconds.toFixed(1)} s)`, engine, questions);
    for (const seed of SLIPS.seeds)
      await measure(`- two slips a question, seed ${seed}`, engine, misspelt(questions, seed));
  }
}

function misspelt(questions: readonly LabelledQuestion[], seed: number): LabelledQuestion[] {
  const random = createRandom(seed);
  return questions.map((question) =>
    question.text.length < SLIPS.from ? question : { ...question, text: misspell(question.text, SLIPS.edits, random) },
  );
}

async function measure(name: string, engine: Engine, questions: readonly LabelledQuestion[]): Promise<void> {
  let right = 0;
  let harmful = 0;
  let offered = 0;
  let answeredAnyway = 0;
  const times: number[] = [];
  for (const question of questions) {
    const from = process.hrtime.bigint();
    const { best, top3, answered } = await engine(question);
    times.push(Number(process.hrtime.bigint() - from) / 1000);
    if (question.kind === "out_of_scope") answeredAnyway += answered ? 1 : 0;
    else {
      if (answered && question.accept.includes(best)) right++;
      else if (answered) harmful++;
      if (top3.some((topic) => question.accept.includes(topic))) offered++;
    }
  }
  times.sort((a, b) => a - b);
  const inScope = questions.filter(({ kind }) => kind === "in_scope").length;
  const share = (count: number, all: number) => `${((count / all) * 100).toFixed(1)}%`;
  line(
    name,
    `right ${share(right, inScope)}  in 3 ${share(offered, inScope)}  harmful ${share(harmful, inScope)}  ` +
      `out of scope answered ${share(answeredAnyway, questions.length - inScope)}  ` +
      `p50 ${percentile(times, 0.5).toFixed(0)} us  p99 ${percentile(times, 0.99).toFixed(0)} us`,
  );
}

/** The tree with fewer questions and examples: those kept are drawn at random, the same at every run. */
function sampleOf(tree: Tree): Tree {
  const random = createRandom(SEED);
  const some = (perLocale: Topic["questions"]) =>
    Object.fromEntries(
      Object.entries(perLocale).map(([locale, lines]) => [
        locale,
        lines
          .map((text) => ({ text, at: random() }))
          .sort((a, b) => a.at - b.at)
          .slice(0, EACH)
          .map(({ text }) => text),
      ]),
    );
  return {
    ...tree,
    topics: new Map([...tree.topics].map(([id, topic]) => [id, { ...topic, questions: some(topic.questions) }])),
    outOfScope: tree.outOfScope.map((kind) => ({ ...kind, examples: some(kind.examples) })),
  };
}

function lessonsOf(tree: Tree): Lesson[] {
  const ofTopics = [...tree.topics.values()].flatMap(({ id, questions, texts }) => [
    ...lessons(id, questions),
    ...Object.entries(texts).flatMap(([locale, { title, label }]) => [
      { locale, text: title, label: id },
      { locale, text: label, label: id },
    ]),
  ]);
  return [...ofTopics, ...tree.outOfScope.flatMap(({ id, examples }) => lessons(`out-of-scope ${id}`, examples))];
}

function lessons(label: string, perLocale: Topic["questions"]): Lesson[] {
  return Object.entries(perLocale).flatMap(([locale, lines]) => lines.map((text) => ({ locale, text, label })));
}

/** What the service answers with: from its cache, or trained now. */
async function everything(tree: Tree, cacheDir: string): Promise<Engine> {
  const quiet = { debug() {}, info() {}, warn() {}, error() {} };
  const swapping = createSwappingMatcher({ tree, cacheDir, logger: quiet });
  await swapping.ready;
  return ofMatcher(swapping.current());
}

function ofMatcher(matcher: ReturnType<typeof createMatcher>): Engine {
  return ({ text }) => {
    const found = matcher.match(text, undefined, {});
    const top3 = found.evidence.candidates.slice(0, 3).map(({ topic }) => topic);
    return { best: top3[0] ?? "", top3, answered: found.kind === "answer" };
  };
}

/** The best document's label; every question an answer, for its score has no scale to refuse by. */
async function miniSearch(learned: readonly Lesson[]): Promise<Engine> {
  const { default: MiniSearch } = await import("minisearch");
  const search = new MiniSearch({
    fields: ["text"],
    processTerm: (term) => term.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase(),
    searchOptions: { fuzzy: 0.2, prefix: true },
  });
  search.addAll(learned.map(({ text }, id) => ({ id, text })));
  return ({ text }) => {
    const found = search.search(text).slice(0, 60);
    const top3 = [...new Set(found.map(({ id }) => learned[Number(id)]?.label ?? ""))].slice(0, 3);
    return { best: top3[0] ?? "", top3, answered: top3[0] !== undefined && !top3[0].startsWith("out-of-scope") };
  };
}

/** One model a language, and told the language of each question; a result under 0.5 is none (its documented default). */
async function nlpJs(learned: readonly Lesson[]): Promise<Engine> {
  const [{ containerBootstrap }, { Nlp }, { LangEn }, { LangEs }] = await Promise.all([
    untyped<{ containerBootstrap(): Promise<NlpContainer> }>("@nlpjs/core"),
    untyped<{ Nlp: unknown }>("@nlpjs/nlp"),
    untyped<{ LangEn: unknown }>("@nlpjs/lang-en"),
    untyped<{ LangEs: unknown }>("@nlpjs/lang-es"),
  ]);
  const container = await containerBootstrap();
  container.registerConfiguration("nlu-??", SILENT_DEFAULTS);
  for (const plugin of [Nlp, LangEn, LangEs]) container.use(plugin);
  const nlp = container.get("nlp");
  Object.assign(nlp.settings, { autoSave: false, log: false });
  for (const locale of new Set(learned.map(({ locale }) => locale))) nlp.addLanguage(locale);
  for (const { locale, text, label } of learned) nlp.addDocument(locale, text, label);
  await nlp.train();
  return async ({ text, lang }) => {
    const { classifications } = await nlp.process(lang === "en" ? "en" : "es", text);
    const ranked = classifications.filter(({ intent }) => intent !== "None");
    const top3 = ranked.slice(0, 3).map(({ intent }) => intent);
    const [first] = ranked;
    const answered = first !== undefined && first.score >= 0.5 && !first.intent.startsWith("out-of-scope");
    return { best: first?.intent ?? "", top3, answered };
  };
}

/** As nlp.js registers them itself (nlu.js 4.26), but without a line for every pass of its training. */
const SILENT_DEFAULTS = {
  keepStopwords: true,
  nonefeatureValue: 1,
  nonedeltaMultiplier: 1.2,
  spellCheck: false,
  spellCheckDistance: 1,
  filterZeros: true,
  log: false,
};

interface NlpContainer {
  registerConfiguration(tag: string, configuration: object): void;
  use(plugin: unknown): void;
  get(name: "nlp"): {
    readonly settings: object;
    addLanguage(locale: string): void;
    addDocument(locale: string, text: string, intent: string): void;
    train(): Promise<unknown>;
    process(
      locale: string,
      text: string,
    ): Promise<{ readonly classifications: readonly { readonly intent: string; readonly score: number }[] }>;
  };
}

/** A package without types. */
async function untyped<T>(name: string): Promise<T> {
  return (await import(name)) as T;
}
