/** Something in the content that an editor has to put right (`error`) or look at (`warning`). */
export interface Finding {
  /** Path inside the content folder. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** The rule that found it: "parity", "budgets". */
  readonly rule: string;
  /** What is wrong and what to do, for an editor who knows no code. */
  readonly message: string;
  readonly severity: "error" | "warning";
}

/** One line per finding, as editors and tools that jump to a line read it. */
export function formatFinding({ file, line, rule, message, severity }: Finding): string {
  return `${file}:${line} ${severity === "error" ? "" : "(warning) "}${message} [${rule}]`;
}

/** The content folder cannot be read as a tree. Lists everything that is wrong with it, not the first thing only. */
export class ContentError extends Error {
  override readonly name = "ContentError";
  readonly findings: readonly Finding[];

  constructor(directory: string, findings: readonly Finding[]) {
    const count = findings.length === 1 ? "one problem" : `${findings.length} problems`;
    super(
      [`The content in ${directory} has ${count}:`, ...findings.map((finding) => `  ${formatFinding(finding)}`)].join(
        "\n",
      ),
    );
    this.findings = findings;
  }
}
