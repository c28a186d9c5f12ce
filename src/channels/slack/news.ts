import type { SheetPart } from "../../core/sheet.ts";
import type { Rendered } from "./reply.ts";
import { blocksOf } from "./sheet.ts";

/** News of the desk as a message. Notifications and screen readers get every word of it but the small ones. */
export function renderNews(parts: readonly SheetPart[]): Rendered {
  const lines = parts.flatMap((part) =>
    part.kind === "heading" || part.kind === "paragraph" ? [part.text] : part.kind === "quotes" ? part.words : [],
  );
  return { text: lines.join("\n"), blocks: blocksOf(parts) };
}
