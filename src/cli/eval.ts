import { readFile } from "node:fs/promises";
import { createAnswering } from "../answering.ts";
import { loadConfig } from "../config.ts";
import { OperatorError } from "../core/errors.ts";
import { NEW_CONVERSATION } from "../core/turn.ts";
import { type LabelledQuestion, type Scored, type Shares, scoreReply, sharesBy, sharesOf } from "../intent/evaluate.ts";

export interface EvalOptions {
  readonly json?: boolean;
}

/** Scores the whole intent step on a file of labelled questions, each from an empty conversation. */
export async function evaluate(file: string, { json = false }: EvalOptions): Promise<void> {
  const questions = await readQuestions(file);
  const answering = await createAnswering({ ...loadConfig(), logLevel: "error" });
  await answering.matcher.ready;
  await answering.warmUp();
  // Expiry and withdrawals are ignored: the day an answer was written.
  const now = Math.max(...[...answering.tree().topics.values()].map((topic) => Date.parse(topic.checkedOn)));
  const tree = answering.tree();
  const reply = (question: LabelledQuestion) =>
    answering.respond({
      state: { ...NEW_CONVERSATION, welcomed: true },
      utterance: { text: question.text },
      now,
      tree,
      contact: { optedOut: false, subscriptions: [] },
      channel: "sms",
    }).reply;
  const scored = questions.map((question, index) => {
    if (!json && process.stderr.isTTY) progress(index + 1, questions.length);
    return scoreReply(question, reply(question));
  });
  // Timed in a second round: a service that has been answering for a moment.
  const times = questions.map((question) => {
    const from = process.hrtime.bigint();
    reply(question);
    return Number(process.hrtime.bigint() - from) / 1000;
  });
  await answering.matcher.stop();
  times.sort((a, b) => a - b);
  const latency = { p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
  if (json) console.log(JSON.stringify(asJson(scored, latency)));
  else printTables(scored, latency, answering.matcher.current().method);
}

async function readQuestions(file: string): Promise<LabelledQuestion[]> {
  const text = await readFile(file, "utf8").catch(() => {
    throw new OperatorError(`The file ${file} cannot be read. Name a file with one JSON question a line.`);
  });
  return text.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    try {
      return [JSON.parse(line) as LabelledQuestion];
    } catch {
      throw new OperatorError(`Line ${index + 1} of ${file} is not JSON.`);
    }
  });
}

function quantile(sorted: readonly number[], share: number): number {
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
}

function ofKind(scored: readonly Scored[], kind: LabelledQuestion["kind"]): Scored[] {
  return scored.filter(({ question }) => question.kind === kind);
}

function asJson(scored: readonly Scored[], latency: { p50: number; p99: number }) {
  const group = (kind: LabelledQuestion["kind"]) => {
    const list = ofKind(scored, kind);
    const { danger_route, ...shares } = sharesOf(list);
    return {
      ...shares,
      by_locale: sharesBy(list, ({ question }) => question.lang),
      by_style: sharesBy(list, ({ question }) => question.style),
      ...(kind === "urgent" && { danger_route }),
    };
  };
  const unanswerable = (kind: LabelledQuestion["kind"]) => {
    const { n, harmful } = sharesOf(ofKind(scored, kind));
    return { n, harmful };
  };
  return {
    in_scope: group("in_scope"),
    urgent: group("urgent"),
    out_of_scope: unanswerable("out_of_scope"),
    unsupported_language: unanswerable("unsupported_language"),
    latency_us: latency,
  };
}

function printTables(scored: readonly Scored[], latency: { p50: number; p99: number }, method: string): void {
  console.log(`${"".padEnd(28)}     n  right  assisted  harmful  no answer  way to 911`);
  const row = (name: string, { n, right, assisted, harmful, fallback, danger_route }: Shares) =>
    console.log(
      `${name.padEnd(28)} ${String(n).padStart(5)} ${percent(right)} ${percent(assisted, 9)} ${percent(harmful, 8)} ${percent(fallback, 10)} ${percent(danger_route, 11)}`,
    );
  for (const kind of ["in_scope", "urgent", "out_of_scope", "unsupported_language"] as const) {
    row(kind, sharesOf(ofKind(scored, kind)));
  }
  const inScope = ofKind(scored, "in_scope");
  for (const [title, by] of [
    ["in scope, by locale", ({ question }: Scored) => question.lang],
    ["in scope, by style", ({ question }: Scored) => question.style],
    ["in scope, by section", ({ question }: Scored) => question.accept[0]?.split("/")[0] ?? "?"],
  ] as const) {
    console.log(`\n${title}`);
    for (const [name, shares] of Object.entries(sharesBy(inScope, by))) row(`  ${name}`, shares);
  }
  console.log("\nConfusions (wanted -> answered or offered first)");
  const confused = scored.filter(
    ({ outcome, question }) => outcome === "harmful" || (outcome === "missed" && question.accept.length > 0),
  );
  const counted = Object.entries(
    Object.groupBy(
      confused,
      ({ question, topics, outcome }) =>
        `${outcome.padEnd(8)} ${question.accept[0] ?? question.kind} -> ${topics[0] ?? "none"}`,
    ),
  );
  for (const [pair, list] of counted.sort(([, a], [, b]) => (b?.length ?? 0) - (a?.length ?? 0))) {
    console.log(
      `  ${String(list?.length ?? 0).padStart(3)}  ${pair}  (${list?.map(({ question }) => question.id).join(" ")})`,
    );
  }
  console.log(`\nmatcher: ${method}   microseconds a question: p50 ${latency.p50}, p99 ${latency.p99}`);
}

function percent(share: number, width = 6): string {
  return `${(share * 100).toFixed(1)}%`.padStart(width);
}

function progress(done: number, all: number): void {
  const width = 30;
  const filled = Math.round((done / all) * width);
  process.stderr.write(
    `\r[${"#".repeat(filled)}${" ".repeat(width - filled)}] ${done}/${all}${done === all ? "\n" : ""}`,
  );
}
