import type { PrivacyPage } from "../core/privacy-page.ts";

/** docs/privacy.md: the public page on privacy in all languages, with the tables and columns. */
export function privacyMarkdown(pages: readonly PrivacyPage[]): string {
  const notice =
    "<!-- Made by `npm run docs` from src/privacy/retention.ts and locales/*.privacy.json. Change those, not this. -->";
  return `${[notice, ...pages.map(pageOf)].join("\n\n")}\n`;
}

function pageOf({ title, intro, columns, rows, sections }: PrivacyPage): string {
  const table = [
    row([columns.what, columns.why, columns.keep, columns.who, ""]),
    row(["---", "---", "---", "---", "---"]),
    ...rows.map(({ what, why, keep, who, where }) => row([what, why, keep.join(" "), who, `\`${where}\``])),
  ].join("\n");
  const rest = sections.map((section) => [`## ${section.title}`, ...section.paragraphs].join("\n\n"));
  return [`# ${title}`, ...intro, table, ...rest].join("\n\n");
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
