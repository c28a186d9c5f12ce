import { confirm, isCancel, log, password, spinner, text } from "@clack/prompts";
import { loadConfig } from "../config.ts";
import type { Check, Finding } from "../core/check.ts";
import { OperatorError } from "../core/errors.ts";

/** The person has pressed Ctrl+C or Escape: nothing is written. */
export class CancelledError extends Error {}

export type Values = Readonly<Record<string, string>>;

/** Asks for settings by their names. What was set before is offered again. */
export interface Asker {
  /** All that is set, with what was just typed. */
  now(): Values;
  set(name: string, value: string): void;
  ask(
    name: string,
    message: string,
    options?: { readonly placeholder?: string; readonly optional?: true },
  ): Promise<void>;
  /** The typing is hidden; an empty line keeps what is set. */
  secret(name: string, message: string): Promise<void>;
}

export function createAsker(before: Values, typed: Record<string, string>): Asker {
  const now = () => ({ ...before, ...typed });
  return {
    now,
    set(name, value) {
      typed[name] = value;
    },
    async ask(name, message, { placeholder, optional } = {}) {
      const answer = await chosen(
        text({
          message,
          initialValue: now()[name] ?? "",
          ...(placeholder !== undefined && { placeholder }),
          validate: (value = "") =>
            value.trim() === "" ? (optional ? undefined : "It is needed.") : problemOf(name, value.trim()),
        }),
      );
      typed[name] = (answer || "").trim();
    },
    async secret(name, message) {
      const set = now()[name] ?? "";
      const answer = await chosen(
        password({
          message: set === "" ? message : `${message} (empty: keep the one that is set)`,
          validate: (value = "") => (value === "" && set === "" ? "It is needed." : undefined),
        }),
      );
      typed[name] = answer || set;
    },
  };
}

/** Asks a vendor about what was just typed. False: the person wants to type it again. */
export async function looksRight(
  vendor: string,
  checks: readonly Check[],
  isFine: (finding: Finding) => boolean = ({ status }) => status !== "fail",
): Promise<boolean> {
  for (const check of checks) {
    const asking = spinner();
    asking.start(`Asking ${vendor}`);
    const finding = await check.run();
    asking.stop(`${check.title}: ${finding.says}`);
    if (isFine(finding)) continue;
    if (finding.remedy !== undefined) log.warn(finding.remedy);
    return !(await chosen(confirm({ message: "Type it again?", initialValue: true })));
  }
  return true;
}

/** What the configuration says of all these values; undefined where it is content. */
export function problemsOf(env: Values): string | undefined {
  try {
    loadConfig(env);
    return undefined;
  } catch (error) {
    if (error instanceof OperatorError) return error.message;
    throw error;
  }
}

/** What the configuration says of one value. */
function problemOf(name: string, value: string): string | undefined {
  const line = problemsOf({ [name]: value })
    ?.split("\n")
    .find((one) => one.startsWith(`  - ${name} `));
  // That others are still missing is no fault of this one.
  return line?.replace(`  - ${name} `, "It ");
}

/** @throws CancelledError when the person leaves. */
export async function chosen<T>(answer: Promise<T>): Promise<Exclude<T, symbol>> {
  const value = await answer;
  if (isCancel(value)) throw new CancelledError();
  return value as Exclude<T, symbol>;
}
