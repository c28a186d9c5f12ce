import type { Command } from "commander";
import { later } from "./later.ts";

const work = () => import("./desk.ts");

/** The desk's commands: answers in and out of service, notices, rehearsal, pocket cards. */
export function addDeskCommands(program: Command): void {
  const content = groupOf(program, "content", "the answers: check, status, sign, hold, withdraw, rehearse");
  const onTopic = (name: string, description: string) =>
    asPerson(content.command(name))
      .description(description)
      .argument("<topic>", "section/topic")
      .requiredOption("--why <why>", "the reason, for the others on the team");
  onTopic("hold", "take an answer out of service while it is looked at").action(later(work, "contentHold"));
  onTopic("withdraw", "take an answer away that is wrong").action(later(work, "contentWithdraw"));
  onTopic("restore", "put an answer back into service").action(later(work, "contentRestore"));
  onTopic("flag", "say that an answer is wrong or outdated; two people's flags hold it")
    .option("--source <source>", "where you have it from")
    .action(later(work, "contentFlag"));
  onTopic("dismiss", "say that a flagged answer is right").action(later(work, "contentDismiss"));
  asPerson(content.command("desk"))
    .description("list what is out of service and what is flagged")
    .action(later(work, "contentDesk"));
  content
    .command("rehearse")
    .description("print which questions are answered differently than by another version of the content")
    .requiredOption("--from <version>", "a Git commit, branch or tag, or a folder")
    .option("--questions <file>", 'JSON lines like {"text": "...", "locale": "es"}')
    .option("--json", "print JSON")
    .action(later(() => import("./rehearse.ts"), "contentRehearse"));

  const notice = groupOf(program, "notice", "dated lines before answers: one person writes, another approves");
  asPerson(notice.command("draft"))
    .description("write a notice")
    .requiredOption("--text <locale=line>", 'the line, once for each language: --text es="..."', gather, [])
    .option(
      "--topic <topic>",
      "the answer it stands before, or a section for all of its answers; can be repeated",
      gather,
      [],
    )
    .option("--place <place>", "the place before whose help it stands; can be repeated", gather, [])
    .requiredOption("--until <day>", "the last day it is shown: 2026-12-31")
    .option("--source <url>", "where it can be read")
    .action(later(work, "noticeDraft"));
  const numbered = (name: string, description: string) =>
    asPerson(notice.command(name)).description(description).argument("<number>", "as `notice list` shows it");
  numbered("approve", "put a notice before answers").action(later(work, "noticeApprove"));
  numbered("end", "take a notice away").action(later(work, "noticeEnd"));
  asPerson(notice.command("list")).description("list the notices").action(later(work, "noticeList"));

  program
    .command("card")
    .description("write pocket cards with the words to say, to print")
    .requiredOption("--locale <locale>", "the reader's language")
    .option("--section <section>", "of one section only")
    .option("--out <file>", "the HTML file to write; default: pocket-cards-<locale>.html")
    .action(later(() => import("./card.ts"), "card"));
}

function asPerson(command: Command): Command {
  return command.option("--as <person>", "who you are in PEOPLE_FILE, where your account does not say it");
}

function groupOf(program: Command, name: string, description: string): Command {
  return program.commands.find((command) => command.name() === name) ?? program.command(name).description(description);
}

function gather(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
