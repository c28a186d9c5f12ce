import { Command, Option } from "commander";
import type { Role } from "../app.ts";
import { CHANNEL_NAMES } from "../core/words.ts";
import { addBroadcastCommands } from "./broadcast-commands.ts";
import { addContentCommands } from "./content-commands.ts";
import { addDeskCommands } from "./desk-commands.ts";
import { later } from "./later.ts";
import { addSetupCommands } from "./setup-commands.ts";
import { addStorageCommands } from "./storage-commands.ts";

/** The commands, with their help. `npm run X -- ...` and `npx puente X ...` both end here. */
export function createProgram(): Command {
  const program = new Command("puente")
    .description("Vetted answers about asylum at a U.S. port of entry, by text message and chat")
    .showHelpAfterError();

  program
    .command("serve", { isDefault: true })
    .description("run the service; without a channel in .env it opens the simulator")
    .addOption(
      new Option("--role <role>", "take in webhooks, answer and send, or both (docs/operations.md)")
        .choices(["all", "web", "worker"] satisfies Role[])
        .default("all"),
    )
    .action(later(() => import("./serve.ts"), "serve"));

  program
    .command("ask")
    .description("answer one question")
    .argument("<text>", "the question, in quotes")
    .option("--locale <locale>", "es or en; found from the question when left out")
    .addOption(new Option("--channel <channel>", "the channel's form").choices(CHANNEL_NAMES).default("sms"))
    .option("--json", "print JSON")
    .action(later(() => import("./ask.ts"), "ask"));

  program
    .command("chat")
    .description("talk to Puente in this terminal; nothing is sent or stored")
    .option("--why", "say after each answer what decided it")
    .action(later(() => import("./chat.ts"), "chat"));

  program
    .command("eval")
    .description("score the answers on a file of labelled questions")
    .argument("<file>", "JSON lines, as in test/fixtures/questions.jsonl")
    .option("--json", "print JSON")
    .action(later(() => import("./eval.ts"), "evaluate"));

  program
    .command("model")
    .description("the trained matcher")
    .command("build")
    .description("train it now, so that the next start finds it")
    .action(later(() => import("./model.ts"), "modelBuild"));

  addSetupCommands(program);
  addContentCommands(program);
  addDeskCommands(program);
  addStorageCommands(program);
  addBroadcastCommands(program);
  return program;
}
