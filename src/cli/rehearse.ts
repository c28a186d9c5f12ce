import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { styleText } from "node:util";
import { z } from "zod";
import { type Answering, createAnswering } from "../answering.ts";
import { type Config, loadConfig } from "../config.ts";
import { filesAt } from "../content/history.ts";
import type { Tree } from "../content/tree.ts";
import { OperatorError } from "../core/errors.ts";
import type { Locale } from "../core/words.ts";

const FIXED_QUESTIONS = resolve(import.meta.dirname, "../../test/fixtures/questions.jsonl");

/** A question of the set. Without a language it is found from the words, as from a phone. */
export interface Rehearsed {
  readonly text: string;
  readonly locale?: Locale;
}

/** A question that two versions of the tree answer differently. */
export interface ChangedAnswer extends Rehearsed {
  /** `route`: it leads somewhere else. `words`: the same answer says something else. */
  readonly change: "route" | "words";
  readonly before: Outcome;
  readonly after: Outcome;
}

interface Outcome {
  readonly kind: string;
  readonly topics: readonly string[];
  /** As an SMS shows it. */
  readonly text: string;
}

export interface RehearseOptions {
  /** A Git commit, branch or tag, or a folder: the other version of the content. */
  readonly from: string;
  /** JSON lines with `text` and, if wanted, `locale`. */
  readonly questions?: string;
  readonly json?: boolean;
}

/** `content rehearse`: prints which questions of a set change their answer between another version and this one. */
export async function contentRehearse({ from, questions, json }: RehearseOptions): Promise<void> {
  const config: Config = { ...loadConfig(), logLevel: "error" };
  const other = await folderOf(config.contentDir, from);
  try {
    const before = await createAnswering({ ...config, contentDir: other.directory });
    const after = await createAnswering(config);
    if (!json) console.error(styleText("dim", "Preparing both versions; matching may have to learn them first."));
    await Promise.all([before.matcher.ready, after.matcher.ready]);
    const set = await questionsOf(questions, after.tree());
    const changed = set.flatMap((question) => compare(question, before, after) ?? []);
    await Promise.all([before.matcher.stop(), after.matcher.stop()]);
    print(changed, set.length, json ?? false);
  } finally {
    await other.remove();
  }
}

/** Undefined when both versions answer alike. */
export function compare(question: Rehearsed, before: Answering, after: Answering): ChangedAnswer | undefined {
  const [old, now] = [outcomeOf(question, before), outcomeOf(question, after)];
  const sameRoute = old.kind === now.kind && old.topics.join() === now.topics.join();
  if (sameRoute && old.text === now.text) return undefined;
  return { ...question, change: sameRoute ? "words" : "route", before: old, after: now };
}

function outcomeOf({ text, locale }: Rehearsed, answering: Answering): Outcome {
  const session = answering.session({ welcomed: true, ...(locale !== undefined && { locale }) });
  const { reply, messages } = session.say({ text }, "sms");
  return {
    kind: reply?.kind ?? "none",
    topics: reply?.topics ?? [],
    text: messages.map((message) => message.text).join("\n"),
  };
}

function print(changed: readonly ChangedAnswer[], asked: number, json: boolean): void {
  if (json) {
    console.log(JSON.stringify({ asked, changed }, null, 2));
    return;
  }
  const routes = changed.filter(({ change }) => change === "route");
  for (const { text, before, after } of routes)
    console.log(`${text}\n  ${styleText("red", routeOf(before))}\n  ${styleText("green", routeOf(after))}`);
  const reworded = changed.filter(({ change }) => change === "words");
  for (const [topic, questions] of Map.groupBy(reworded, ({ after }) => after.topics.join(", ") || after.kind)) {
    console.log(
      `${styleText("yellow", "new words")}  ${topic}: ${questions.length} questions, such as "${questions[0]?.text}"`,
    );
  }
  console.log(
    `${asked} questions: ${routes.length} lead somewhere else, ${reworded.length} lead to the same answer in other words, ${asked - changed.length} are answered as before.`,
  );
}

function routeOf({ kind, topics }: Outcome): string {
  return topics.length === 0 ? kind : `${kind}: ${topics.join(", ")}`;
}

const questionSchema = z.object({
  text: z.string().min(1),
  locale: z.string().optional(),
});

/** The set named, else the fixed one, else all questions that the tree itself learns from. */
async function questionsOf(file: string | undefined, tree: Tree): Promise<Rehearsed[]> {
  const path = file ?? FIXED_QUESTIONS;
  const lines = await readFile(path, "utf8").catch(() => undefined);
  if (lines === undefined) {
    if (file !== undefined) throw new OperatorError(`The questions in ${file} cannot be read.`);
    return [...tree.topics.values()].flatMap(({ questions }) =>
      Object.entries(questions).flatMap(([locale, texts]) => texts.map((text) => ({ text, locale }))),
    );
  }
  return lines
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line, index) => {
      const parsed = questionSchema.safeParse(parseJson(line));
      if (!parsed.success)
        throw new OperatorError(`${path}:${index + 1} is not a question: write {"text": "...", "locale": "es"}.`);
      const { text, locale } = parsed.data;
      return { text, ...(locale !== undefined && { locale }) };
    });
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** A folder with the other version. A version out of Git is written to a temporary one. */
async function folderOf(
  contentDir: string,
  from: string,
): Promise<{ readonly directory: string; remove(): Promise<void> }> {
  const isFolder = await stat(from).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isFolder) return { directory: from, remove: async () => {} };
  const files = await filesAt(contentDir, from);
  if (files === undefined || files.size === 0)
    throw new OperatorError(
      `"${from}" is neither a folder nor a version that Git knows of ${contentDir}. Name a commit, a branch or a tag, such as HEAD~1, or a copy of the content folder.`,
    );
  const directory = await mkdtemp(join(tmpdir(), "puente-content-"));
  for (const [path, text] of files) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
  return { directory, remove: () => rm(directory, { recursive: true, force: true }) };
}
