import type { Command } from "commander";
import { later } from "./later.ts";

/** `setup`, `doctor` and `discord`: from nothing to a service that works, and what is wrong when it does not. */
export function addSetupCommands(program: Command): void {
  program
    .command("setup")
    .description("ask for all settings, check them at the vendor, and write .env")
    .action(async () => {
      process.exitCode = await (await import("./setup.ts")).setup();
    });
  program
    .command("doctor")
    .description("look at everything from outside: what works, what does not, what to do")
    .option("--json", "print JSON, ask nothing")
    .option("--fix", "put right without asking what can be put right")
    .option("--texts", "also print the texts for Twilio's own replies to HELP, STOP and START")
    .action(async (options) => {
      process.exitCode = await (await import("./doctor.ts")).doctor(options);
    });
  program
    .command("discord")
    .description("Puente in Discord")
    .command("register")
    .description("make Discord know the commands; writes only what differs")
    .action(later(() => import("./discord.ts"), "discordRegister"));
}
