import type { Check, Finding } from "../../core/check.ts";
import type { Logger } from "../../core/ports.ts";
import { createClient, quietLogger, type SlackClient } from "./client.ts";
import { slackCode } from "./errors.ts";

/** What the manifest asks for, and what is lost without it. */
const SCOPES: Readonly<Record<string, string>> = {
  "chat:write": "no answer can be posted",
  commands: "/asylum does not work",
  "app_mentions:read": "@Puente in a room is not heard",
  "im:history": "direct messages are not heard",
  "im:write": "nobody can be told in a direct message what became of a flag",
  "users:read": "nobody is recognised as one of the team, so nobody can flag, hold or send",
};
/** The assistant's pane is not in every plan. */
const OPTIONAL_SCOPE = "assistant:write";
const APPS = "https://api.slack.com/apps";

interface SlackCheckSettings {
  readonly botToken: string;
  readonly signingSecret?: string;
  readonly appToken?: string;
  readonly contentRoom?: string;
  readonly apiUrl?: string;
  /** Where Slack should reach us, for HTTP. */
  readonly publicUrl?: string;
}

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** What can be looked at in a Slack workspace, with live calls. Slack's API does not show which events it sends. */
export function createSlackChecks(settings: SlackCheckSettings): readonly Check[] {
  const { botToken, appToken, signingSecret, contentRoom, apiUrl, publicUrl } = settings;
  const logger = quietLogger(silent);
  const client = createClient(botToken, apiUrl, logger, "impatient");
  const check = (id: string, title: string, look: () => Promise<Finding>): Check => ({
    id: `slack.${id}`,
    title,
    run: () => look().catch(notReached),
  });
  const checks = [
    check("token", "Slack workspace", () => checkToken(client)),
    check("scopes", "Slack scopes", () => checkScopes(client)),
  ];
  if (appToken !== undefined)
    checks.push(check("socket", "Socket Mode", () => checkSocket(createClient(appToken, apiUrl, logger, "impatient"))));
  else checks.push(check("events", "Slack events", async () => httpAdvice(signingSecret, publicUrl)));
  checks.push(check("content-room", "Content room", () => checkRoom(client, contentRoom)));
  return checks;
}

function notReached(error: unknown): Finding {
  const code = slackCode(error);
  if (code === "invalid_auth" || code === "account_inactive" || code === "token_revoked" || code === "not_authed")
    return {
      status: "fail",
      says: `Slack does not accept the token (${code}).`,
      remedy: `Copy SLACK_BOT_TOKEN again from ${APPS}, your app, OAuth & Permissions; install the app again if it was removed.`,
    };
  if (code === "no-answer" || code.startsWith("http_"))
    return {
      status: "fail",
      says: `Slack could not be reached (${code}).`,
      remedy: "Look whether this machine reaches the internet (https, port 443) and try again.",
    };
  return { status: "fail", says: `Slack refuses (${code}).`, remedy: "docs/slack.md says what each error means." };
}

async function checkToken(client: SlackClient): Promise<Finding> {
  const { team, user } = await client.auth.test();
  return { status: "ok", says: `Connected to ${team ?? "the workspace"} as ${user ?? "the app"}.` };
}

async function checkScopes(client: SlackClient): Promise<Finding> {
  // The SDK takes them from the header `x-oauth-scopes` of any answer.
  const { response_metadata } = await client.auth.test();
  const granted = response_metadata?.scopes ?? [];
  const missing = Object.entries(SCOPES).filter(([scope]) => !granted.includes(scope));
  if (missing.length > 0)
    return {
      status: "fail",
      says: `Missing: ${missing.map(([scope, without]) => `${scope} (${without})`).join("; ")}.`,
      remedy: `${APPS}, your app, App Manifest: paste slack-manifest.yaml again, save, and install the app again.`,
    };
  if (!granted.includes(OPTIONAL_SCOPE))
    return { status: "ok", says: "All there; without assistant:write the assistant's pane offers no first questions." };
  return { status: "ok", says: "All there." };
}

async function checkSocket(client: SlackClient): Promise<Finding> {
  try {
    await client.apps.connections.open({});
    return { status: "ok", says: "Slack opens a connection: no public address is needed." };
  } catch (error) {
    const code = slackCode(error);
    if (code === "no-answer" || code.startsWith("http_")) throw error;
    return {
      status: "fail",
      says: `Slack does not accept SLACK_APP_TOKEN (${code}).`,
      remedy: `${APPS}, your app: turn on Socket Mode, and under Basic Information make an app-level token with connections:write.`,
    };
  }
}

function httpAdvice(signingSecret: string | undefined, publicUrl: string | undefined): Finding {
  if (signingSecret === undefined || publicUrl === undefined)
    return {
      status: "fail",
      says: "Slack cannot reach this server.",
      remedy: "Set SLACK_APP_TOKEN (Socket Mode), or SLACK_SIGNING_SECRET and PUBLIC_URL.",
    };
  return {
    status: "ok",
    says: `Slack's API does not show where it sends events. They belong at ${publicUrl}/slack/events, three times in the manifest.`,
  };
}

async function checkRoom(client: SlackClient, contentRoom: string | undefined): Promise<Finding> {
  if (contentRoom === undefined)
    return {
      status: "warn",
      says: "SLACK_CONTENT_ROOM is not set: nobody is told when an answer is flagged.",
      remedy: "Make a private channel, invite the app, and copy its id from the channel's About.",
    };
  try {
    // Nobody sees a message that is for ourselves alone, and no further scope is needed to look into rooms.
    const { user_id = "" } = await client.auth.test();
    await client.chat.postEphemeral({ channel: contentRoom, user: user_id, text: "Puente" });
  } catch (error) {
    const code = slackCode(error);
    if (code === "channel_not_found" || code === "not_in_channel" || code === "is_archived")
      return {
        status: "fail",
        says: `The app cannot write to SLACK_CONTENT_ROOM (${code}).`,
        remedy: "Open the channel in Slack and write /invite @Puente there.",
      };
    if (code !== "user_not_in_channel" && code !== "user_not_found") throw error;
  }
  return { status: "ok", says: "The app can write there." };
}
