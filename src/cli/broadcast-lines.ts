import { styleText } from "node:util";
import type { Describe } from "../broadcast/describe.ts";
import type { Preview } from "../broadcast/preview.ts";

/** All that somebody must see before anything goes out. */
export function previewLines(describe: Describe, preview: Preview): string[] {
  const { title, facts, texts, figures, concerns } = describe.preview(preview);
  return [
    styleText("bold", `${title}  ${preview.record.hash.slice(0, 12)}`),
    ...facts,
    "",
    ...texts.flatMap(({ label, text }) => [label, `    ${text}`]),
    "",
    ...figures,
    ...concerns.map((concern) => styleText("yellow", concern)),
  ];
}

/** In UTC. */
export function dayAndTime(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace("T", " ");
}
