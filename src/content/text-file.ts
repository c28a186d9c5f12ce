import { createHash } from "node:crypto";
import type { Finding } from "./finding.ts";
import { type Passage, parseBody } from "./markdown.ts";
import { frontMatterSchema } from "./schema.ts";
import type { TopicText } from "./tree.ts";
import { readYaml } from "./yaml-file.ts";

/** One `<locale>.md` as read: the text, and where in the file its pieces are. */
export interface TextFile {
  readonly file: string;
  readonly text: TopicText | undefined;
  readonly passages: readonly Passage[];
  readonly findings: readonly Finding[];
  lineOf(field: "title" | "label" | "short" | "always"): number;
}

/** Reads an answer in one language. `topicYaml` is the topic's own file, which a sign-off covers too. */
export function readTextFile(file: string, content: string, topicYaml: string): TextFile {
  const canonical = canonicalText(content);
  const parts = /^---\n([\s\S]*?\n)---\n([\s\S]*)$/.exec(canonical);
  if (parts === null) {
    const message =
      'The file must begin with a line "---", then title, label, short and always, then a second line "---", then the answer. Copy these lines from an answer that works.';
    return {
      file,
      text: undefined,
      passages: [],
      findings: [{ file, line: 1, rule: "format", message, severity: "error" }],
      lineOf: () => 1,
    };
  }
  const [, head = "", body = ""] = parts;
  const front = readYaml(file, head, frontMatterSchema, { firstLine: 2 });
  const parsed = parseBody(file, body, head.split("\n").length + 2);
  return {
    file,
    text: front.value && { ...front.value, blocks: parsed.blocks, sha256: signedHash(canonical, topicYaml) },
    passages: parsed.passages,
    findings: [...front.findings, ...parsed.findings],
    lineOf: (field) => front.lineOf([field]),
  };
}

/** What a sign-off signs: the answer's file and `topic.yaml`, each in canonical form. One changed letter changes it. */
export function signedHash(answer: string, topicYaml: string): string {
  return createHash("sha256").update(canonicalText(answer)).update("\0").update(canonicalText(topicYaml)).digest("hex");
}

/** NFC, LF, no byte order mark: the same text whatever machine saved it. */
function canonicalText(text: string): string {
  return text
    .replace(/^\uFEFF/, "")
    .replace(/\r\n?/g, "\n")
    .normalize("NFC");
}
