import type { Command } from "commander";
import type { ContentCommand } from "./content.ts";

const work = () => import("./content.ts");

/** `content check`, `content status`, `content sign`: the commands that need no database. */
export function addContentCommands(program: Command): void {
  const content = program.command("content").description("the answers: check, status, sign, hold, withdraw, rehearse");

  content
    .command("check")
    .description("say what is wrong with the texts, with file, line and remedy")
    .option("--release", "dates that have passed are errors, not warnings")
    .action(async (options) => leave(await (await work()).contentCheck(await here(), options)));

  content
    .command("status")
    .description("every answer with its state, dates, signature, reading level and segments")
    .option("--json", "print JSON")
    .action(async (options) => leave(await (await work()).contentStatus(await here(), options)));

  content
    .command("sign")
    .description("add a signature for a text as it stands; any edit voids it")
    .argument("<topic>", "for example port-of-entry/turned-back")
    .requiredOption("--locale <locale>", "the language that was reviewed")
    .requiredOption("--reviewer <name>", "who reviewed it")
    .requiredOption("--role <role>", "in what capacity: attorney, DOJ-accredited representative ...")
    .requiredOption("--valid-days <n>", "for how many days the review holds", Number)
    .action(async (topic: string, options: { locale: string; reviewer: string; role: string; validDays: number }) =>
      leave(await (await work()).contentSign(await here(), { topic, ...options })),
    );
}

async function here(): Promise<ContentCommand> {
  const { loadConfig } = await import("../config.ts");
  return { directory: loadConfig().contentDir, now: Date.now(), print: (line) => console.log(line) };
}

function leave(code: number): void {
  process.exitCode = code;
}
