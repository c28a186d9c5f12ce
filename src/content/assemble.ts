import { createHash } from "node:crypto";
import type { z } from "zod";
import type { Locale, TopicId } from "../core/words.ts";
import type { Finding } from "./finding.ts";
import { questionsSchema, sectionSchema, topicSchema } from "./schema.ts";
import { readSharedFiles, type SharedFiles } from "./shared-files.ts";
import { readTextFile, type TextFile } from "./text-file.ts";
import type { PerLocale, Section, Topic, TopicText, Tree } from "./tree.ts";
import { readYaml, type YamlFile } from "./yaml-file.ts";

/** Paths inside the content folder and what the files hold. */
export type Files = ReadonlyMap<string, string>;

/** A topic as read, drafts included, with the files it comes from. */
export interface TopicFiles {
  readonly id: TopicId;
  /** Undefined when something in its files keeps it from being a topic. */
  readonly topic: Topic | undefined;
  readonly yaml: YamlFile<z.infer<typeof topicSchema>>;
  readonly texts: ReadonlyMap<Locale, TextFile>;
  readonly questions: YamlFile<z.infer<typeof questionsSchema>>;
}

export interface SectionFile {
  readonly id: string;
  readonly yaml: YamlFile<z.infer<typeof sectionSchema>>;
}

/** Everything in a content folder, and everything that keeps it from being served. */
export interface Content {
  readonly tree: Tree;
  readonly topics: readonly TopicFiles[];
  readonly sections: readonly SectionFile[];
  readonly shared: SharedFiles;
  /** Structural problems: with one of them, nothing is served. */
  readonly findings: readonly Finding[];
  /** Files that nothing reads. */
  readonly unread: readonly string[];
}

const TOPIC_FILE = /^([a-z0-9-]+)\/([a-z0-9-]+)\/(topic\.yaml|questions\.yaml|([a-z]{2,3}(?:-[A-Za-z]+)?)\.md)$/;
const SECTION_FILE = /^([a-z0-9-]+)\/section\.yaml$/;

/** Makes the tree from the files. Pure: problems are findings, all of them at once. */
export function assembleContent(files: Files): Content {
  const shared = readSharedFiles(files);
  const paths = [...files.keys()].sort();
  const found = paths.map((path) => TOPIC_FILE.exec(path)).filter((match) => match !== null);
  const ids = [...new Set(found.map(([, section, topic]) => `${section}/${topic}`))];
  const locales = [...new Set(found.map((match) => match[4]).filter((locale) => locale !== undefined))].sort();
  const topics = ids.map((id) => readTopic(files, id, locales));
  const sectionIds = [...new Set(paths.filter((path) => path.includes("/")).map((path) => path.split("/")[0] ?? ""))];
  const sections = sectionIds.map((id) => readSection(files, id));
  const known = new Set(Object.values(shared).map(({ file }) => file));
  const empty =
    topics.length === 0
      ? [problem("sources.yaml", "There is no topic in this folder. CONTENT_DIR may name the wrong one.")]
      : [];
  return {
    tree: treeOf(shared, sections, topics, locales),
    topics,
    sections,
    shared,
    findings: [
      ...Object.values(shared).flatMap(({ findings }) => findings),
      ...sections.flatMap((section) => sectionFindings(section, locales)),
      ...topics.flatMap((topic) => topicFindings(topic, locales)),
      ...sharedFindings(shared, locales),
      ...empty,
    ],
    unread: paths.filter((path) => !TOPIC_FILE.test(path) && !SECTION_FILE.test(path) && !known.has(path)),
  };
}

function readTopic(files: Files, id: TopicId, locales: readonly Locale[]): TopicFiles {
  const yamlText = files.get(`${id}/topic.yaml`) ?? "";
  const yaml = readYaml(`${id}/topic.yaml`, yamlText, topicSchema);
  const texts = new Map(
    locales.flatMap((locale) => {
      const content = files.get(`${id}/${locale}.md`);
      return content === undefined ? [] : [[locale, readTextFile(`${id}/${locale}.md`, content, yamlText)] as const];
    }),
  );
  const questions = readYaml(`${id}/questions.yaml`, files.get(`${id}/questions.yaml`) ?? "", questionsSchema, {
    whenEmpty: {},
  });
  return { id, yaml, texts, questions, topic: topicOf(id, yaml.value, texts, questions.value ?? {}, locales) };
}

function topicOf(
  id: TopicId,
  yaml: z.infer<typeof topicSchema> | undefined,
  files: ReadonlyMap<Locale, TextFile>,
  questions: PerLocale<readonly string[]>,
  locales: readonly Locale[],
): Topic | undefined {
  const texts: Record<Locale, TopicText> = {};
  for (const [locale, { text }] of files) if (text !== undefined) texts[locale] = text;
  if (yaml === undefined || locales.some((locale) => texts[locale] === undefined)) return undefined;
  const { code, danger = false, ...rest } = yaml;
  return {
    ...rest,
    id,
    section: id.split("/")[0] ?? "",
    codes: code,
    danger,
    texts,
    questions: Object.fromEntries(locales.map((locale) => [locale, questions[locale] ?? []])),
  };
}

function treeOf(
  shared: SharedFiles,
  sections: readonly SectionFile[],
  files: readonly TopicFiles[],
  locales: readonly Locale[],
): Tree {
  const served = files.map(({ topic }) => topic).filter((topic) => topic !== undefined && topic.state !== "draft");
  const isServed = (id: TopicId) => served.some((topic) => topic?.id === id);
  const topics = new Map<TopicId, Topic>();
  for (const topic of served)
    if (topic !== undefined) topics.set(topic.id, { ...topic, related: topic.related.filter(isServed) });
  const tree = {
    locales,
    sections: orderSections(sections, isServed),
    topics,
    sources: new Map(shared.sources.value.map((source) => [source.id, source])),
    directory: shared.directory.value,
    places: shared.places.value,
    outOfScope: shared.outOfScope.value,
    urgent: shared.urgent.value,
    lexicon: shared.lexicon.value,
    unsupportedLanguages: shared.unsupportedLanguages.value,
    forbidden: shared.forbidden.value,
    signOffs: shared.signOffs.value,
    require: "checked",
    held: new Map(),
    notices: [],
  } as const;
  return { ...tree, learnsFrom: hashOfLessons(tree) };
}

/** By `order`, those without one last. A section with nothing to serve is left out. */
function orderSections(files: readonly SectionFile[], isServed: (id: TopicId) => boolean): Section[] {
  return files
    .flatMap(({ id, yaml: { value } }) => (value === undefined ? [] : [{ id, ...value }]))
    .sort(
      (a, b) => (a.order ?? Number.POSITIVE_INFINITY) - (b.order ?? Number.POSITIVE_INFINITY) || (a.id < b.id ? -1 : 1),
    )
    .map(({ id, title, topics }) => ({ id, title, topics: topics.map((name) => `${id}/${name}`).filter(isServed) }))
    .filter(({ topics }) => topics.length > 0);
}

/** A key for what is trained or prepared from the tree: it changes when anything changes that matching may read. */
/** Of what `intent/examples.ts` and its lexicon take from the tree, and nothing else: other edits need no new training. */
function hashOfLessons(tree: Omit<Tree, "learnsFrom">): string {
  const topics = [...tree.topics.values()].map(({ id, questions, texts }) => [
    id,
    questions,
    Object.values(texts).map(({ title, label }) => [title, label]),
  ]);
  const outOfScope = tree.outOfScope.map(({ id, examples }) => [id, examples]);
  return createHash("sha256")
    .update(JSON.stringify([topics, outOfScope, tree.lexicon]))
    .digest("hex");
}

function readSection(files: Files, id: string): SectionFile {
  return { id, yaml: readYaml(`${id}/section.yaml`, files.get(`${id}/section.yaml`) ?? "", sectionSchema) };
}

function sectionFindings({ id, yaml }: SectionFile, locales: readonly Locale[]): Finding[] {
  if (yaml.value === undefined && yaml.isEmpty) {
    return [
      problem(
        `${id}/section.yaml`,
        "The section has no section.yaml. Create it with its menu title in each language and its topics.",
      ),
    ];
  }
  return [...yaml.findings, ...missingLocales(yaml, ["title"], yaml.value?.title, locales)];
}

function topicFindings({ id, yaml, texts, questions }: TopicFiles, locales: readonly Locale[]): Finding[] {
  const missingYaml = problem(
    `${id}/topic.yaml`,
    "The topic has no topic.yaml. Create it with the claims and their sources, the dates and the code.",
  );
  const missingText = (locale: Locale) =>
    problem(
      `${id}/${locale}.md`,
      `The answer is missing in this language, which other topics have. Write ${locale}.md.`,
    );
  return [
    ...(yaml.isEmpty ? [missingYaml] : yaml.findings),
    ...missingLocales(yaml, ["code"], yaml.value?.code, locales),
    ...locales.filter((locale) => !texts.has(locale)).map(missingText),
    ...[...texts.values()].flatMap(({ findings }) => findings),
    ...questions.findings,
  ];
}

function sharedFindings({ places, outOfScope, forbidden }: SharedFiles, locales: readonly Locale[]): Finding[] {
  return [
    ...places.value.flatMap(({ names }, index) => missingLocales(places, [index, "names"], names, locales)),
    ...outOfScope.value.flatMap(({ reply }, index) => missingLocales(outOfScope, [index, "reply"], reply, locales)),
    ...forbidden.value.flatMap(({ why }, index) => missingLocales(forbidden, [index, "why"], why, locales)),
  ];
}

function missingLocales(
  yaml: YamlFile<unknown>,
  path: readonly PropertyKey[],
  texts: PerLocale<unknown> | undefined,
  locales: readonly Locale[],
): Finding[] {
  if (texts === undefined) return [];
  const field = String(path.at(-1));
  return locales
    .filter((locale) => texts[locale] === undefined)
    .map((locale) =>
      problem(
        yaml.file,
        `"${field}" lacks the language ${locale}. Add a line "${locale}: ..." to it.`,
        yaml.lineOf(path),
      ),
    );
}

function problem(file: string, message: string, line = 1): Finding {
  return { file, line, rule: "format", message, severity: "error" };
}
