import type { Command } from "commander";
import { OperatorError } from "../core/errors.ts";
import { later } from "./later.ts";

const work = () => import("./storage.ts");

/** Commands on what is stored. They run beside the service, but for `export`. */
export function addStorageCommands(program: Command): void {
  program
    .command("migrate")
    .description("bring the tables up to date; every start does it too")
    .option("--status", "only say which steps were taken and which are missing")
    .action(later(work, "migrateCommand"));
  program
    .command("export")
    .description("write all rows of a SQLite database to a file, to move to another one; stop the service first")
    .argument("<file>", "a new file; it stays sealed")
    .action(later(work, "exportCommand"));
  program
    .command("import")
    .description("read such a file into the empty database of DATABASE_URL")
    .argument("<file>", "what `export` wrote")
    .action(later(work, "importCommand"));
  program
    .command("keys")
    .description("the keys that seal what is stored")
    .command("rotate")
    .description("seal everything again with a new key; the service may go on")
    .action(later(work, "keysRotateCommand"));
  program
    .command("contact")
    .description("people, by their number")
    .command("erase")
    .description("erase all that is stored of a number; it is asked for, or read from standard input")
    // Commander's own refusal would print the number that somebody typed after the command.
    .allowExcessArguments()
    .action((_options, command: Command) => {
      if (command.args.length > 0)
        throw new OperatorError(
          "Give the number when it is asked for, not after the command: the shell keeps what is typed there.",
        );
      return later(work, "contactEraseCommand")();
    });
  program
    .command("insights")
    .description("how often what was asked, without people")
    .option("--since <days>", "how far back, like 30d", "30d")
    .option("--json", "print JSON")
    .action(later(work, "insightsCommand"));
}
