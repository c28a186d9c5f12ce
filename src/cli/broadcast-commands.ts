import { type Command, Option } from "commander";
import { BROADCAST_CHANNELS } from "../core/broadcast.ts";
import { later } from "./later.ts";

const work = () => import("./broadcast.ts");

/** Broadcasts: one person writes, another approves; and the poster that people subscribe from. */
export function addBroadcastCommands(program: Command): void {
  const broadcast = program
    .command("broadcast")
    .description("announcements to those who asked for them: one person writes, another approves (docs/broadcasts.md)");
  const numbered = (name: string, description: string) =>
    asPerson(broadcast.command(name)).description(description).argument("<number>", "as `broadcast list` shows it");

  withContent(asPerson(broadcast.command("draft")))
    .description("write a broadcast and see whom it would reach; nothing is sent")
    .action(later(work, "broadcastDraft"));
  withContent(numbered("edit", "write it anew: an approval is void with it")).action(later(work, "broadcastEdit"));
  numbered("preview", "show whom it would reach, in which words and at what cost").action(
    later(work, "broadcastPreview"),
  );
  numbered("test", "send it to your own phone, which has texted Puente today")
    .requiredOption("--to <number>", "your number: +12025550100")
    .action(later(work, "broadcastTest"));
  numbered("submit", "ask somebody else to approve it").action(later(work, "broadcastSubmit"));
  numbered("approve", "let it go out exactly as shown")
    .option("--code <code>", "your own code, where your account does not say who you are")
    .action(later(work, "broadcastApprove"));
  numbered("watch", "follow it until it stands still").action(later(work, "broadcastWatch"));
  numbered("pause", "stop it at once; `resume` goes on with the rest").action(later(work, "broadcastPause"));
  numbered("resume", "go on with the rest").action(later(work, "broadcastResume"));
  numbered("cancel", "stop it for good; those who got it read that it was taken back").action(
    later(work, "broadcastCancel"),
  );
  numbered("report", "what became of it: reached, failed and why, opt-outs, cost")
    .option("--csv <file>", "write the numbers to a file, without anybody's number")
    .action(later(work, "broadcastReport"));
  asPerson(broadcast.command("list")).description("list the broadcasts").action(later(work, "broadcastList"));
  asPerson(broadcast.command("log"))
    .description("who wrote, approved, paused what and when, with the texts; without recipients")
    .argument("[number]", "of one broadcast only")
    .action(later(work, "broadcastLog"));
  broadcast
    .command("code")
    .description("make a code with which one person approves at this command line")
    .action(later(work, "broadcastCode"));

  program
    .command("poster")
    .description("write a poster in every language, to print: how people ask for updates about a place")
    .requiredOption("--place <place>", "as in places.yaml: tijuana")
    .option("--out <file>", "the HTML file to write; default: poster-<place>.html")
    .action(later(() => import("./poster.ts"), "poster"));
}

function withContent(command: Command): Command {
  return command
    .requiredOption("--text <locale=text>", 'the announcement, once for each language: --text es="..."', gather, [])
    .option("--place <place>", "a place of places.yaml, or all; can be repeated", gather, [])
    .option("--locale <locale>", "a language of the audience; default: all; can be repeated", gather, [])
    .addOption(
      new Option("--channel <channel>", "default: all; can be repeated")
        .choices(BROADCAST_CHANNELS)
        .argParser<readonly string[]>(gather)
        .default([]),
    )
    .option("--topic <topic>", "the answer it leads to")
    .option("--source <url>", "where it can be read")
    .option("--until <day>", "the last day it is true: 2026-12-31")
    .option("--at <time>", "when to send it, by the clock of the first place: 2026-12-01T09:30; default: once approved")
    .option("--emergency", "needs two approvers and skips the first small try");
}

function asPerson(command: Command): Command {
  return command.option("--as <person>", "who you are in PEOPLE_FILE, where your account does not say it");
}

function gather(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
