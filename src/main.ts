import { createProgram } from "./cli/program.ts";
import { OperatorError } from "./core/errors.ts";

/** Runs one command and leaves its result in the exit code: 0 done, 1 refused or failed. */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    await createProgram().parseAsync(argv, { from: "user" });
  } catch (error) {
    // A sentence for the operator needs no stack; anything else is ours to find, by its name and place alone: an
    // error's message may quote what a person wrote.
    if (error instanceof OperatorError) console.error(error.message);
    else console.error(stackWithoutMessage(error));
    process.exitCode = 1;
  }
}

function stackWithoutMessage(error: unknown): string {
  if (!(error instanceof Error)) return "Something failed in Puente.";
  const frames = (error.stack ?? "").split("\n").filter((line) => line.trimStart().startsWith("at "));
  return [`Something failed in Puente (${error.name}).`, ...frames].join("\n");
}
