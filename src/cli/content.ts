import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { styleText } from "node:util";
import { checkContent } from "../content/check/check.ts";
import type { Finding } from "../content/finding.ts";
import { loadContent, loadTree } from "../content/load.ts";
import { type OverviewRow, overview } from "../content/overview.ts";
import { appendSignOff, type Signature, signOff } from "../content/sign-off.ts";
import { OperatorError } from "../core/errors.ts";

/** What the content commands work on and print to. */
export interface ContentCommand {
  readonly directory: string;
  readonly now: number;
  print(line: string): void;
}

/** `content check`: prints what is wrong, file by file. Resolves to the exit code: 1 when something is an error. */
export async function contentCheck(
  command: ContentCommand,
  options: { readonly release?: boolean } = {},
): Promise<number> {
  const findings = await checkContent(command.directory, command.now, options);
  const errors = findings.filter(({ severity }) => severity === "error").length;
  for (const [file, inFile] of Map.groupBy(findings, (finding) => finding.file)) {
    command.print(styleText("bold", join(command.directory, file)));
    for (const finding of inFile) command.print(findingLine(finding));
  }
  const warnings = findings.length - errors;
  command.print(
    errors === 0
      ? styleText("green", `The content is sound (${warnings} warnings).`)
      : styleText("red", `${errors} errors, ${warnings} warnings.`),
  );
  return errors === 0 ? 0 : 1;
}

function findingLine({ line, severity, message, rule }: Finding): string {
  const mark = severity === "error" ? styleText("red", "error") : styleText("yellow", "warning");
  return `  ${String(line).padStart(4)}  ${mark}  ${message} ${styleText("dim", `[${rule}]`)}`;
}

/** `content status`: every answer with its state, dates, signature, reading level and segments. */
export async function contentStatus(
  command: ContentCommand,
  options: { readonly json?: boolean } = {},
): Promise<number> {
  const rows = overview(await loadContent(command.directory), command.now);
  if (options.json) {
    command.print(JSON.stringify(rows, null, 2));
    return 0;
  }
  const table = [HEADINGS, ...rows.map(cells)];
  const widths = HEADINGS.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  table.forEach((row, index) => {
    const padded = row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
    command.print(styleText(index === 0 ? "bold" : colourOf(rows[index - 1]), padded.trimEnd()));
  });
  const unfolded = rows.filter((row) => row.segmentsUnfolded > row.segments);
  const saved = unfolded.reduce((sum, row) => sum + row.segmentsUnfolded - row.segments, 0);
  command.print(`${rows.length} answers. Folding spares ${unfolded.length} of them ${saved} SMS segments.`);
  return 0;
}

const HEADINGS = [
  "topic",
  "lang",
  "state",
  "facts to",
  "checked on",
  "valid until",
  "signed by",
  "words",
  "level",
  "SMS",
];

function cells(row: OverviewRow): string[] {
  return [
    row.topic,
    row.locale,
    row.status,
    row.factsTo,
    row.checkedOn,
    row.validUntil,
    row.signedBy ?? (row.voidedSignOff === undefined ? "-" : `VOID: ${row.voidedSignOff}`),
    String(row.words),
    row.readingLevel?.toFixed(1) ?? "-",
    `${row.segments} (${row.units})`,
  ];
}

function colourOf(row: OverviewRow | undefined): "green" | "red" | "yellow" | "reset" {
  if (row?.status === "signed") return "green";
  if (row?.status === "checked") return row.voidedSignOff === undefined ? "reset" : "yellow";
  return row?.status === "draft" ? "yellow" : "red";
}

/**
 * `content sign`: adds a line to the ledger for the text as it stands.
 *
 * @throws ContentError, OperatorError when there is no such answer or the signature is incomplete.
 */
export async function contentSign(command: ContentCommand, signature: Signature): Promise<number> {
  const tree = await loadTree(command.directory, "checked");
  const line = signOff(tree, signature, command.now);
  const ledger = join(command.directory, "sign-offs.yaml");
  const text = await readFile(ledger, "utf8").catch(() => {
    throw new OperatorError(`${ledger} cannot be read. Create it; it may be empty.`);
  });
  await writeFile(ledger, appendSignOff(text, line));
  command.print(
    `${line.topic} (${line.locale}) is signed by ${line.reviewer}, ${line.role}, until ${line.validUntil}. Any edit of it voids this.`,
  );
  return 0;
}
