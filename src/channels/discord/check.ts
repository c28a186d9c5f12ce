import {
  type APIApplication,
  type APIGatewayBotInfo,
  type APIGuild,
  type APIGuildChannel,
  type APIGuildMember,
  type APIUser,
  ApplicationFlags,
  OverwriteType,
  PermissionFlagsBits,
  type REST,
  Routes,
} from "discord.js";
import type { Check, Finding } from "../../core/check.ts";
import type { Logger } from "../../core/ports.ts";
import type { Translate } from "../../locale/translate.ts";
import { differingCommands, wantedCommands } from "./commands.ts";
import { discordCode, isTokenRefused } from "./errors.ts";
import { registerCommands, registeredCommands } from "./register.ts";
import { createRest } from "./rest.ts";

const PORTAL = "https://discord.com/developers/applications";
const GATEWAY_TIMEOUT_MS = 5_000;
/** HELLO, the first word of the gateway (docs.discord.com/developers/topics/opcodes-and-status-codes). */
const HELLO = 10;
const { ViewChannel, SendMessages, Administrator } = PermissionFlagsBits;
/** For the content room. Answers to commands and direct messages need no permission. */
const NEEDED = ViewChannel | SendMessages;
const PRIVILEGED =
  ApplicationFlags.GatewayPresence |
  ApplicationFlags.GatewayPresenceLimited |
  ApplicationFlags.GatewayGuildMembers |
  ApplicationFlags.GatewayGuildMembersLimited |
  ApplicationFlags.GatewayMessageContent |
  ApplicationFlags.GatewayMessageContentLimited;

interface DiscordCheckSettings {
  readonly token: string;
  readonly applicationId: string;
  readonly contentRoom?: string;
  readonly apiUrl?: string;
}

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** The page where somebody who manages a server adds Puente to it (docs.discord.com/developers/topics/oauth2, Bots). */
export function installLink(applicationId: string): string {
  return `https://discord.com/oauth2/authorize?client_id=${applicationId}&scope=bot+applications.commands&permissions=${NEEDED}`;
}

/** What can be looked at of an application at Discord, with live calls. Nothing is written in any room. */
export function createDiscordChecks(settings: DiscordCheckSettings, translate: Translate): readonly Check[] {
  const { token, applicationId, apiUrl, contentRoom } = settings;
  const rest = createRest({ token, apiUrl, patience: "impatient", logger: silent });
  const check = (id: string, title: string, look: () => Promise<Finding>): Check => ({
    id: `discord.${id}`,
    title,
    run: () => look().catch(notReached),
  });
  return [
    check("token", "Discord", () => checkToken(rest)),
    check("application", "Discord application", () => checkApplication(rest, applicationId)),
    check("commands", "Discord commands", () => checkCommands(rest, settings, translate)),
    check("gateway", "Discord gateway", () => checkGateway(rest)),
    check("servers", "Discord servers", () => checkServers(rest, applicationId)),
    check("content-room", "Content room", () => checkRoom(rest, contentRoom)),
  ];
}

function notReached(error: unknown): Finding {
  const code = discordCode(error);
  if (isTokenRefused(error) || code === "no-token")
    return {
      status: "fail",
      says: "Discord does not accept the token.",
      remedy: `${PORTAL}, your application, Bot, Reset Token: copy it into DISCORD_TOKEN.`,
    };
  if (code === "no-answer" || code.startsWith("http_"))
    return {
      status: "fail",
      says: `Discord could not be reached (${code}).`,
      remedy: "Look whether this machine reaches discord.com (https, port 443) and try again.",
    };
  return { status: "fail", says: `Discord refuses (${code}).`, remedy: "docs/discord.md says what each error means." };
}

async function checkToken(rest: REST): Promise<Finding> {
  const { username } = (await rest.get(Routes.user())) as APIUser;
  return { status: "ok", says: `Connected as ${username}.` };
}

async function checkApplication(rest: REST, applicationId: string): Promise<Finding> {
  const { id, flags = 0, interactions_endpoint_url } = (await rest.get(Routes.currentApplication())) as APIApplication;
  if (id !== applicationId)
    return {
      status: "fail",
      says: "DISCORD_TOKEN and DISCORD_APPLICATION_ID belong to two applications.",
      remedy: `Copy both from the same one at ${PORTAL}.`,
    };
  // "These two methods are mutually exclusive" (Interactions, Receiving an Interaction).
  if (interactions_endpoint_url)
    return {
      status: "fail",
      says: "Discord sends commands and clicks to an Interactions Endpoint URL: Puente does not hear them.",
      remedy: `${PORTAL}, your application, General Information: empty Interactions Endpoint URL and save.`,
    };
  if ((flags & PRIVILEGED) !== 0)
    return {
      status: "warn",
      says: "It may see more of your members than Puente needs.",
      remedy: `${PORTAL}, your application, Bot: switch off all three Privileged Gateway Intents.`,
    };
  return { status: "ok", says: "The token is this application's, and it may not read what is said in servers." };
}

async function checkCommands(rest: REST, settings: DiscordCheckSettings, translate: Translate): Promise<Finding> {
  const wanted = wantedCommands(translate);
  const differing = differingCommands(wanted, await registeredCommands(rest, settings.applicationId));
  if (differing.length === 0) return { status: "ok", says: `${wanted.length} registered, as this version has them.` };
  return {
    status: "fail",
    says: `Not as this version has them: ${differing.join(", ")}.`,
    remedy: "npx puente discord register",
    fix: {
      question: "Register Puente's commands at Discord?",
      apply: async () => void (await registerCommands(settings, translate, silent)),
    },
  };
}

async function checkGateway(rest: REST): Promise<Finding> {
  const { url, session_start_limit } = (await rest.get(Routes.gatewayBot())) as APIGatewayBotInfo;
  const { remaining, reset_after } = session_start_limit;
  if (!(await saysHello(url)))
    return {
      status: "fail",
      says: "The gateway does not answer: commands and messages do not come in.",
      remedy: "Look whether a proxy or firewall here keeps WebSockets (wss, port 443) from gateway.discord.gg.",
    };
  if (remaining === 0)
    return {
      status: "fail",
      says: "Discord lets this application connect no more for now.",
      remedy: `It starts too often: stop it, look at the log, and wait ${Math.ceil(reset_after / 3_600_000)} hours.`,
    };
  return { status: "ok", says: `Answers; ${remaining} connections left today. No public address is needed.` };
}

/** Without identifying: that would count as one of the day's connections. */
async function saysHello(url: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), GATEWAY_TIMEOUT_MS);
  const socket = new WebSocket(`${url}?v=10&encoding=json`);
  socket.addEventListener("message", ({ data }) => resolve(String(data).includes(`"op":${HELLO}`)));
  socket.addEventListener("error", () => resolve(false));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    socket.close();
  }
}

async function checkServers(rest: REST, applicationId: string): Promise<Finding> {
  const servers = (await rest.get(Routes.userGuilds())) as readonly Pick<APIGuild, "name">[];
  if (servers.length === 0)
    return {
      status: "warn",
      says: "Puente is in no server yet: nobody can use it.",
      remedy: `Whoever manages a server opens ${installLink(applicationId)}`,
    };
  return { status: "ok", says: `In ${servers.length === 1 ? "one server" : `${servers.length} servers`}.` };
}

async function checkRoom(rest: REST, contentRoom: string | undefined): Promise<Finding> {
  if (contentRoom === undefined)
    return {
      status: "warn",
      says: "DISCORD_CONTENT_ROOM is not set: nobody is told when an answer is flagged.",
      remedy: "Make a private channel, add Puente to it, and copy its id (Developer Mode, Copy Channel ID).",
    };
  const refused: Finding = {
    status: "fail",
    says: "Puente does not see DISCORD_CONTENT_ROOM, or may not write there.",
    remedy: "Channel settings, Permissions: add Puente, and allow View Channel and Send Messages.",
  };
  try {
    const room = (await rest.get(Routes.channel(contentRoom))) as APIGuildChannel;
    const permissions = await permissionsIn(rest, room);
    return (permissions & NEEDED) === NEEDED ? { status: "ok", says: "Puente can write there." } : refused;
  } catch (error) {
    const code = discordCode(error);
    // Unknown Channel, Missing Access.
    if (code === "10003" || code === "50001") return { ...refused, says: `${refused.says.slice(0, -1)} (${code}).` };
    throw error;
  }
}

/** What the bot may do in a channel (docs.discord.com/developers/topics/permissions, Permission Overwrites). */
async function permissionsIn(rest: REST, room: APIGuildChannel): Promise<bigint> {
  const guildId = room.guild_id ?? "";
  const { id: botId } = (await rest.get(Routes.user())) as APIUser;
  const guild = (await rest.get(Routes.guild(guildId))) as APIGuild;
  const { roles } = (await rest.get(Routes.guildMember(guildId, botId))) as APIGuildMember;
  const mine = new Set([guildId, ...roles]);
  let permissions = 0n;
  for (const role of guild.roles) if (mine.has(role.id)) permissions |= BigInt(role.permissions);
  if ((permissions & Administrator) !== 0n) return NEEDED;
  const overwrites = room.permission_overwrites ?? [];
  const everyone = overwrites.filter(({ id }) => id === guildId);
  const ofRoles = overwrites.filter(({ id, type }) => type === OverwriteType.Role && id !== guildId && mine.has(id));
  const ofBot = overwrites.filter(({ id, type }) => type === OverwriteType.Member && id === botId);
  for (const step of [everyone, ofRoles, ofBot]) {
    for (const { deny } of step) permissions &= ~BigInt(deny);
    for (const { allow } of step) permissions |= BigInt(allow);
  }
  return permissions;
}
