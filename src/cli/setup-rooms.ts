import { log, note } from "@clack/prompts";
import type { Check } from "../core/check.ts";
import { loadLocales } from "../locale/translate.ts";
import { LOCALES } from "./doctor.ts";
import { type Asker, looksRight } from "./prompts.ts";

/** Asks for what Slack needs where it is reached from here (Socket Mode). By HTTP it is set by hand (docs/slack.md). */
export async function setUpSlack(asker: Asker): Promise<void> {
  note("Make the app first: docs/slack.md, section 1.");
  do {
    await asker.secret("SLACK_BOT_TOKEN", "Bot User OAuth Token (api.slack.com/apps, your app, OAuth & Permissions)");
    await asker.secret("SLACK_APP_TOKEN", "App-level token with connections:write (Basic Information)");
  } while (!(await isAccepted(asker, "Slack", ["slack.token", "slack.socket", "slack.scopes"])));
  do await asker.ask("SLACK_CONTENT_ROOM", "Id of the content team's channel (empty: later)", { optional: true });
  while (!(await isAccepted(asker, "Slack", ["slack.content-room"])));
}

/** Asks for what Discord needs, and shows the link by which a server takes Puente in. */
export async function setUpDiscord(asker: Asker): Promise<void> {
  note("Make the application first: docs/discord.md, section 1.");
  do {
    await asker.ask(
      "DISCORD_APPLICATION_ID",
      "Application ID (discord.com/developers/applications, General Information)",
      {
        placeholder: "17 to 20 digits",
      },
    );
    await asker.secret("DISCORD_TOKEN", "Token (the same application, Bot, Reset Token)");
  } while (!(await isAccepted(asker, "Discord", ["discord.token", "discord.application"])));
  const { installLink } = await import("../channels/discord/check.ts");
  const { DISCORD_APPLICATION_ID = "" } = asker.now();
  log.info(`Whoever manages a server adds Puente to it here:\n${installLink(DISCORD_APPLICATION_ID)}`);
  do await asker.ask("DISCORD_CONTENT_ROOM", "Id of the content team's channel (empty: later)", { optional: true });
  while (!(await isAccepted(asker, "Discord", ["discord.content-room"])));
}

async function isAccepted(asker: Asker, vendor: "Slack" | "Discord", ids: readonly string[]): Promise<boolean> {
  const checks = vendor === "Slack" ? await slackChecks(asker) : await discordChecks(asker);
  return looksRight(
    vendor,
    checks.filter(({ id }) => ids.includes(id)),
  );
}

async function slackChecks(asker: Asker): Promise<readonly Check[]> {
  const { createSlackChecks } = await import("../channels/slack/check.ts");
  const { SLACK_BOT_TOKEN = "", SLACK_APP_TOKEN = "", SLACK_CONTENT_ROOM, SLACK_API_URL } = asker.now();
  return createSlackChecks({
    botToken: SLACK_BOT_TOKEN,
    appToken: SLACK_APP_TOKEN,
    ...(SLACK_CONTENT_ROOM && { contentRoom: SLACK_CONTENT_ROOM }),
    ...(SLACK_API_URL && { apiUrl: SLACK_API_URL }),
  });
}

async function discordChecks(asker: Asker): Promise<readonly Check[]> {
  const { createDiscordChecks } = await import("../channels/discord/check.ts");
  const { DISCORD_TOKEN = "", DISCORD_APPLICATION_ID = "", DISCORD_CONTENT_ROOM, DISCORD_API_URL } = asker.now();
  const { translate } = await loadLocales(LOCALES);
  return createDiscordChecks(
    {
      token: DISCORD_TOKEN,
      applicationId: DISCORD_APPLICATION_ID,
      ...(DISCORD_CONTENT_ROOM && { contentRoom: DISCORD_CONTENT_ROOM }),
      ...(DISCORD_API_URL && { apiUrl: DISCORD_API_URL }),
    },
    translate,
  );
}
