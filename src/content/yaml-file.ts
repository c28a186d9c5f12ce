import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import type { z } from "zod";
import type { Finding } from "./finding.ts";

/** A YAML text with the line of everything in it. `value` has passed its schema, or is undefined. */
export interface YamlFile<T> {
  readonly file: string;
  readonly value: T | undefined;
  readonly findings: readonly Finding[];
  /** True when there is nothing in it but comments, or no file at all. */
  readonly isEmpty: boolean;
  /** Line of the value at a path, or of the nearest thing above it that exists. */
  lineOf(path: readonly PropertyKey[]): number;
}

/**
 * Reads a YAML text and holds it against a schema. `firstLine` is the line in `file` on which the text begins: front
 * matter starts at line 2. An empty text is `whenEmpty`.
 */
export function readYaml<T>(
  file: string,
  text: string,
  schema: z.ZodType<T>,
  { firstLine = 1, whenEmpty }: { readonly firstLine?: number; readonly whenEmpty?: unknown } = {},
): YamlFile<T> {
  const document = parseDocument(text);
  // Positions weigh a hundred times the text: they are read again when a line is asked for, not kept for every file.
  let located: Located | undefined;
  const locate = () => (located ??= locatePositions(text));
  const lineAt = (offset: number) => locate().lines.linePos(offset).line + firstLine - 1;
  const lineOf = (path: readonly PropertyKey[]) => lineAt(nodeAt(locate().root, path)?.range?.[0] ?? 0);
  const finding = (line: number, message: string): Finding => ({
    file,
    line,
    rule: "format",
    message,
    severity: "error",
  });

  if (document.errors.length > 0) {
    const findings = document.errors.map(({ pos, message }) =>
      finding(
        lineAt(pos[0]),
        `This is not readable as YAML: ${firstSentence(message)}. Compare the spaces, quotes and colons with a file that works; put a text that holds ": " or "#" in quotes.`,
      ),
    );
    return { file, value: undefined, findings, isEmpty: false, lineOf };
  }
  const written: unknown = document.toJS();
  const isEmpty = written === null || written === undefined;
  const raw = isEmpty ? whenEmpty : written;
  const result = schema.safeParse(raw);
  if (result.success) return { file, value: result.data, findings: [], isEmpty, lineOf };
  const findings = result.error.issues.map((issue) => finding(lineOf(issue.path), sentenceFor(issue, raw)));
  return { file, value: undefined, findings, isEmpty, lineOf };
}

interface Located {
  readonly root: Node | null;
  readonly lines: LineCounter;
}

function locatePositions(text: string): Located {
  const lines = new LineCounter();
  return { root: parseDocument(text, { lineCounter: lines }).contents, lines };
}

function nodeAt(root: Node | null, path: readonly PropertyKey[]): Node | null {
  let node = root;
  for (const step of path) {
    const next: unknown = isMap(node) || isSeq(node) ? node.get(step, true) : undefined;
    if (!isMap(next) && !isSeq(next) && !isScalar(next)) return node;
    node = next;
  }
  return node;
}

function firstSentence(message: string): string {
  return message.split(/ at line \d+|\n/)[0]?.replace(/[.:]$/, "") ?? message;
}

/** What a schema issue means to someone who edits the file. */
function sentenceFor(issue: z.core.$ZodIssue, raw: unknown): string {
  const field = issue.path.map(String).join(" > ");
  const named = field === "" ? "The file" : `"${field}"`;
  switch (issue.code) {
    case "unrecognized_keys":
      return `${issue.keys.map((key) => `"${key}"`).join(", ")} is not a field known here. Correct its spelling or remove it.`;
    case "invalid_type":
      return valueAt(raw, issue.path) === undefined
        ? `${named} is missing. Add it; a topic or entry that works shows how.`
        : `${named} should be ${KINDS[issue.expected] ?? issue.expected}. Write it as one.`;
    case "invalid_value":
      return `${named} should be one of: ${issue.values.map(String).join(", ")}. Write one of these.`;
    case "too_small":
      return `${named} is empty or too short. Fill it in.`;
    case "invalid_format":
      return `${named} is not written as expected here (${issue.format}). ${FORMATS[issue.format] ?? issue.message}`;
    default:
      return `${named}: ${issue.message}.`;
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: "a text (put it in quotes if it is a number)",
  number: "a number, without quotes",
  int: "a whole number",
  boolean: "true or false",
  array: 'a list: one line each, beginning with "- "',
  object: 'a group of "name: value" lines',
  record: 'a group of "name: value" lines',
};

const FORMATS: Readonly<Record<string, string>> = {
  date: "Write a day as 2026-11-21.",
  url: "Write a whole address that begins with https://.",
};

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  let value = raw;
  for (const step of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Reflect.get(value, step);
  }
  return value;
}
