import { constructFromEvents, EVENT_ID, type Event, getScalarValue, parseEvents, YAMLException } from "js-yaml";
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
  const lineAt = (offset: number) => text.slice(0, offset).split("\n").length + firstLine - 1;
  // Positions weigh a hundred times the text: they are read again when a line is asked for, not kept for every file.
  let located: readonly Event[] | undefined;
  const lineOf = (path: readonly PropertyKey[]) => {
    located ??= parsed(text).events;
    return lineAt(offsetOf(text, located, path));
  };
  const finding = (line: number, message: string): Finding => ({
    file,
    line,
    rule: "format",
    message,
    severity: "error",
  });

  const { documents, problem } = parsed(text);
  if (problem !== undefined) {
    const message = `This is not readable as YAML: ${problem.reason}. Compare the spaces, quotes and colons with a file that works; put a text that holds ": " or "#" in quotes.`;
    const findings = [finding(lineAt(problem.mark?.position ?? 0), message)];
    return { file, value: undefined, findings, isEmpty: false, lineOf };
  }
  const [written] = documents;
  const isEmpty = written === null || written === undefined;
  const raw = isEmpty ? whenEmpty : written;
  const result = schema.safeParse(raw);
  if (result.success) return { file, value: result.data, findings: [], isEmpty, lineOf };
  const findings = result.error.issues.map((issue) => finding(lineOf(issue.path), sentenceFor(issue, raw)));
  return { file, value: undefined, findings, isEmpty, lineOf };
}

interface Parsed {
  readonly events: readonly Event[];
  readonly documents: readonly unknown[];
  readonly problem?: YAMLException;
}

function parsed(text: string): Parsed {
  let events: Event[] = [];
  try {
    events = parseEvents(text, {});
    const documents = constructFromEvents(events, { source: text });
    if (documents.length > 1) throw new YAMLException("there is a second document in it, after a line ---");
    return { events, documents };
  } catch (problem) {
    if (!(problem instanceof YAMLException)) throw problem;
    return { events, documents: [], problem };
  }
}

/** Where the entry at a path begins, or the nearest thing above it that exists. */
function offsetOf(text: string, events: readonly Event[], path: readonly PropertyKey[]): number {
  // The first event opens the document.
  let entry: Entry = { node: 1, offset: startOf(events[1]) };
  for (const step of path) {
    const next = entryOf(text, events, entry.node, step);
    if (next === undefined) break;
    entry = next;
  }
  return entry.offset;
}

/** The event of a value, and where its key or, in a list, it itself begins. */
interface Entry {
  readonly node: number;
  readonly offset: number;
}

function entryOf(text: string, events: readonly Event[], parent: number, step: PropertyKey): Entry | undefined {
  const type = events[parent]?.type;
  if (type !== EVENT_ID.MAPPING && type !== EVENT_ID.SEQUENCE) return undefined;
  for (let node = parent + 1, index = 0; ; index++) {
    const event = events[node];
    if (event === undefined || event.type === EVENT_ID.POP) return undefined;
    const value = type === EVENT_ID.MAPPING ? after(events, node) : node;
    const name = type === EVENT_ID.SEQUENCE ? index : event.type === EVENT_ID.SCALAR && getScalarValue(text, event);
    if (name === step) return { node: value, offset: startOf(event) };
    node = after(events, value);
  }
}

/** The event behind a node and everything in it. */
function after(events: readonly Event[], node: number): number {
  let depth = 0;
  for (let at = node; at < events.length; at++) {
    const type = events[at]?.type;
    if (type === EVENT_ID.POP) depth--;
    else if (type !== EVENT_ID.SCALAR && type !== EVENT_ID.ALIAS) depth++;
    if (depth === 0) return at + 1;
  }
  return events.length;
}

function startOf(event: Event | undefined): number {
  if (event?.type === EVENT_ID.SCALAR) return event.valueStart;
  return event !== undefined && "start" in event ? event.start : 0;
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
