import { createHash } from "node:crypto";
import { textOf } from "./markdown.ts";
import type { TopicText } from "./tree.ts";

/**
 * What an answer says, as a hash: another hash is another answer. Dates, case, accents, punctuation and white space do
 * not count, so that a spelling put right or a new check alone is no change worth a message to those who asked for one.
 */
export function answerVersion({ short, always, blocks }: Pick<TopicText, "short" | "always" | "blocks">): string {
  const inlines = blocks.flatMap((block) => (block.kind === "paragraph" ? [block.inlines] : block.items));
  const words = [short, always, ...inlines.map(textOf)]
    .join("\n")
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
  return createHash("sha256").update(words).digest("base64url");
}
