import { z } from "zod";
import { OperatorError } from "./core/errors.ts";
import type { Organisation } from "./core/organisation.ts";

interface TwilioConfig {
  readonly accountSid: string;
  /** The primary auth token first; a second one is accepted while tokens are being rotated. */
  readonly authTokens: readonly string[];
  /** E.164. */
  readonly smsFrom?: string;
  readonly messagingServiceSid?: string;
  /** E.164, without the `whatsapp:` prefix. */
  readonly whatsappFrom?: string;
  readonly apiUrl?: string;
  /** What happens at Twilio to a message that is finished. */
  readonly erase: "redact" | "delete" | "off";
  /** Asks Twilio not to keep the text of what is sent. Needs a feature of the account. */
  readonly discardContent: boolean;
}

interface SlackConfig {
  readonly botToken: string;
  /** For HTTP on `/slack/events`. */
  readonly signingSecret?: string;
  /** Turns Socket Mode on, which needs no public address. */
  readonly appToken?: string;
  /** The id of the room where flags and questions without an answer are told. */
  readonly contentRoom?: string;
  readonly apiUrl?: string;
}

interface DiscordConfig {
  readonly token: string;
  readonly applicationId: string;
  /** The id of the channel where flags and questions without an answer are told. */
  readonly contentRoom?: string;
  readonly apiUrl?: string;
}

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly adminHost: string;
  readonly adminPort: number;
  readonly adminToken?: string;
  /** The origin vendors call, without a trailing slash. */
  readonly publicUrl?: string;
  readonly databaseUrl: string;
  /** Where messages wait, sealed, while the database cannot be reached. */
  readonly spoolDir: string;
  /** 32 bytes in base64. Absent only without a real channel: then one is made and kept under `data/`. */
  readonly secret?: string;
  readonly contentDir: string;
  /** Where the trained matcher is kept between runs. It holds nothing about people and may be deleted. */
  readonly modelDir: string;
  readonly contentRequire: "checked" | "signed";
  /** `people.yaml`: who may do what on the desk. Without it only whoever runs commands on this machine may act. */
  readonly peopleFile?: string;
  readonly simulator: boolean;
  readonly logLevel: "debug" | "info" | "warn" | "error";
  readonly organisation: Organisation;
  /** ISO 3166-1 alpha-2. */
  readonly allowedCountries: readonly string[];
  /** Billed parts a day, over SMS and WhatsApp. Answers to danger go out all the same. */
  readonly dailySegmentLimit: number;
  /** What each sender takes in a second: segments of SMS, messages on WhatsApp. Broadcasts go no faster. */
  readonly perSecond: { readonly sms: number; readonly whatsapp: number };
  /** Approved templates: what WhatsApp takes for people who wrote more than a day ago. */
  readonly whatsappTemplates?: {
    /** ContentSids by language. */
    readonly sids: Readonly<Record<string, string>>;
    readonly marketing: boolean;
    /** People whom the account may write to first in 24 hours. */
    readonly dailyLimit: number;
  };
  /** IANA name: the clock of a late reply's "you asked at 14:05". */
  readonly defaultTimeZone: string;
  readonly twilio?: TwilioConfig;
  readonly slack?: SlackConfig;
  readonly discord?: DiscordConfig;
}

/** Whether real people are reached: then nothing that matters has a default. */
export function hasChannel({ twilio, slack, discord }: Config): boolean {
  return twilio !== undefined || slack !== undefined || discord !== undefined;
}

/** The Americas. A text to another continent costs many times more, and fraud with paid numbers starts there. */
const AMERICAS =
  "US,CA,MX,GT,BZ,HN,SV,NI,CR,PA,CU,DO,HT,JM,PR,CO,VE,EC,PE,BO,CL,AR,UY,PY,BR,GY,SR,TT,BS,BB,LC,VC,GD,AG,DM,KN";

const text = z.string().trim().min(1);
const e164 = z.string().regex(/^\+[1-9]\d{6,14}$/, "must be a phone number like +12025550100");
const port = z.coerce.number().int("must be a whole number").min(0).max(65_535);
const yesNo = z.enum(["on", "off"], "must be on or off");

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);
const origin = text
  .refine((value) => URL.canParse(value), "must be an address like https://puente.example.org")
  .transform((value) => new URL(value))
  .refine((url) => url.pathname === "/" && url.search === "" && url.hash === "", "must be an origin, without a path")
  .refine((url) => url.protocol === "https:" || LOOPBACK.has(url.hostname), "must begin with https://")
  .transform((url) => url.origin);

const snowflake = z
  .string()
  .regex(
    /^\d{17,20}$/,
    "must be an id of 17 to 20 digits (in Discord: Settings > Advanced > Developer Mode, then Copy ID)",
  );

const timeZone = text.refine((zone) => {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}, "must be a time zone like America/Tijuana");

/** Every variable Puente reads, in the order of `.env.example`. */
const schema = z.object({
  PORT: port.default(3000),
  HOST: text.default("127.0.0.1"),
  ADMIN_HOST: text.default("127.0.0.1"),
  ADMIN_PORT: port.default(3001),
  ADMIN_TOKEN: z.string().min(16, "must have at least 16 characters").optional(),
  PUBLIC_URL: origin.optional(),
  DATABASE_URL: text
    .regex(/^(sqlite:|postgres(ql)?:\/\/)/, "must begin with sqlite: or postgres://, for example sqlite:data/puente.db")
    .default("sqlite:data/puente.db"),
  SPOOL_DIR: text.default("data/spool"),
  PUENTE_SECRET: z
    .string()
    .refine(
      (value) => Buffer.from(value, "base64").length === 32,
      "must be 32 bytes in base64: make one with `openssl rand -base64 32`",
    )
    .optional(),
  CONTENT_DIR: text.default("content"),
  MODEL_DIR: text.default("data/model"),
  CONTENT_REQUIRE: z.enum(["checked", "signed"], "must be checked or signed").optional(),
  PEOPLE_FILE: text.optional(),
  SIMULATOR: yesNo.optional(),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info"),
  ORG_NAME: text.optional(),
  ORG_PHONE: text.optional(),
  ORG_HOURS: text.optional(),
  ORG_URL: z.url("must be an address like https://example.org").optional(),
  LEGAL_DESK: text.optional(),
  ALLOWED_COUNTRIES: text
    .regex(/^[A-Z]{2}(\s*,\s*[A-Z]{2})*$/, "must be country codes like US,MX,GT")
    .default(AMERICAS)
    .transform((list) => list.split(",").map((code) => code.trim())),
  DAILY_SEGMENT_LIMIT: z.coerce.number().int("must be a whole number").min(1).default(20_000),
  DEFAULT_TIME_ZONE: timeZone.default("America/Tijuana"),
  SMS_SEGMENTS_PER_SECOND: z.coerce.number().positive("must be a number above 0").default(1),
  WHATSAPP_MESSAGES_PER_SECOND: z.coerce.number().positive("must be a number above 0").default(20),
  WHATSAPP_TEMPLATES: text
    .regex(
      /^[a-z]{2,3}:HX[0-9a-f]{32}(\s*,\s*[a-z]{2,3}:HX[0-9a-f]{32})*$/,
      "must be languages with Content SIDs like es:HX...,en:HX... (docs/twilio.md)",
    )
    .transform(
      (list) => Object.fromEntries(list.split(",").map((one) => one.trim().split(":"))) as Record<string, string>,
    )
    .optional(),
  WHATSAPP_TEMPLATE_CATEGORY: z.enum(["utility", "marketing"], "must be utility or marketing").default("utility"),
  WHATSAPP_DAILY_LIMIT: z.coerce.number().int("must be a whole number").min(0).default(250),
  TWILIO_ACCOUNT_SID: z
    .string()
    .regex(/^AC[0-9a-f]{32}$/, "must begin with AC and have 34 characters")
    .optional(),
  TWILIO_AUTH_TOKEN: text.optional(),
  TWILIO_AUTH_TOKEN_SECONDARY: text.optional(),
  TWILIO_SMS_FROM: e164.optional(),
  TWILIO_MESSAGING_SERVICE_SID: z
    .string()
    .regex(/^MG[0-9a-f]{32}$/, "must begin with MG and have 34 characters")
    .optional(),
  TWILIO_WHATSAPP_FROM: e164.optional(),
  TWILIO_ERASE: z.enum(["redact", "delete", "off"], "must be redact, delete or off").default("redact"),
  TWILIO_DISCARD_CONTENT: yesNo.default("off"),
  TWILIO_API_URL: origin.optional(),
  SLACK_BOT_TOKEN: z
    .string()
    .regex(/^xoxb-/, "must begin with xoxb-: the Bot User OAuth Token of your app")
    .optional(),
  SLACK_SIGNING_SECRET: text.optional(),
  SLACK_APP_TOKEN: z
    .string()
    .regex(/^xapp-/, "must begin with xapp-: an app-level token with connections:write")
    .optional(),
  SLACK_CONTENT_ROOM: z
    .string()
    .regex(/^[CG][A-Z0-9]{2,}$/, "must be a room's id like C0123456789 (in Slack: the room's name > About)")
    .optional(),
  SLACK_API_URL: origin.optional(),
  DISCORD_TOKEN: text.optional(),
  DISCORD_APPLICATION_ID: snowflake.optional(),
  DISCORD_CONTENT_ROOM: snowflake.optional(),
  DISCORD_API_URL: origin.optional(),
});
type Environment = z.infer<typeof schema>;

/** Names of the environment variables: `.env.example` must name exactly these. */
export const CONFIG_VARIABLES: readonly string[] = Object.keys(schema.shape);

const TWILIO_VARIABLES = [
  "TWILIO_ACCOUNT_SID",
  "TWILIO_AUTH_TOKEN",
  "TWILIO_SMS_FROM",
  "TWILIO_MESSAGING_SERVICE_SID",
  "TWILIO_WHATSAPP_FROM",
] as const;

const SLACK_VARIABLES = ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN"] as const;

const DISCORD_VARIABLES = ["DISCORD_TOKEN", "DISCORD_APPLICATION_ID"] as const;

/**
 * Reads the environment once and freezes what it says. Empty variables count as unset.
 *
 * @throws OperatorError naming every problem at once, each with its variable.
 */
export function loadConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  const present = Object.fromEntries(
    CONFIG_VARIABLES.map((name) => [name, environment[name] === "" ? undefined : environment[name]]),
  );
  const parsed = schema.safeParse(present);
  const problems = parsed.success
    ? missingWithChannels(parsed.data)
    : parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}.`);
  if (!parsed.success || problems.length > 0) {
    throw new OperatorError(
      `Puente cannot start: ${problems.length} ${problems.length === 1 ? "setting needs" : "settings need"} attention in .env (see .env.example).\n${problems.map((problem) => `  - ${problem}`).join("\n")}`,
    );
  }
  return Object.freeze(toConfig(parsed.data));
}

/** With a real channel nothing that matters has a default: a missing value refuses to start. */
function missingWithChannels(env: Environment): string[] {
  const twilio = TWILIO_VARIABLES.some((name) => env[name] !== undefined);
  const slack = SLACK_VARIABLES.some((name) => env[name] !== undefined);
  const discord = DISCORD_VARIABLES.some((name) => env[name] !== undefined);
  if (!twilio && !slack && !discord) return [];
  const problems: string[] = [];
  const need = (name: keyof Environment, where: string) => {
    if (env[name] === undefined) problems.push(`${name} is missing: ${where}.`);
  };
  if (twilio) {
    need("TWILIO_ACCOUNT_SID", "console.twilio.com shows it under Account Info");
    need("TWILIO_AUTH_TOKEN", "console.twilio.com shows it under Account Info");
    if (!env.TWILIO_SMS_FROM && !env.TWILIO_MESSAGING_SERVICE_SID && !env.TWILIO_WHATSAPP_FROM)
      problems.push(
        "Set TWILIO_SMS_FROM, TWILIO_MESSAGING_SERVICE_SID or TWILIO_WHATSAPP_FROM: the number people text.",
      );
    need("PUBLIC_URL", "the https address where Twilio reaches this server, as typed into its webhook settings");
  }
  if (slack) {
    need("SLACK_BOT_TOKEN", "api.slack.com/apps shows it under OAuth & Permissions");
    if (!env.SLACK_APP_TOKEN) {
      if (!env.SLACK_SIGNING_SECRET)
        problems.push(
          "Set SLACK_APP_TOKEN (Socket Mode, no public address needed) or SLACK_SIGNING_SECRET (HTTP): api.slack.com/apps shows both under Basic Information.",
        );
      else if (!twilio) need("PUBLIC_URL", "the https address where Slack reaches this server; or set SLACK_APP_TOKEN");
    }
  }
  if (discord) {
    need("DISCORD_TOKEN", "discord.com/developers/applications shows it once, under Bot > Reset Token");
    need("DISCORD_APPLICATION_ID", "discord.com/developers/applications shows it under General Information");
  }
  need("PUENTE_SECRET", "make one with `openssl rand -base64 32` and keep a copy apart from the database");
  need(
    "CONTENT_REQUIRE",
    "`signed` serves only answers a lawyer has signed, `checked` also those that nobody has signed yet",
  );
  need("ORG_NAME", "the organisation that answers for this service; people see it in HELP");
  need("ORG_PHONE", "the number people can call; people see it in HELP and PERSON");
  need("ORG_HOURS", "when somebody answers that number");
  need("ORG_URL", "where people read who you are");
  need("LEGAL_DESK", "who gives legal advice: a legal group's name and number");
  return problems;
}

function toConfig(env: Environment): Config {
  const twilio: TwilioConfig | undefined =
    env.TWILIO_ACCOUNT_SID && env.TWILIO_AUTH_TOKEN
      ? {
          accountSid: env.TWILIO_ACCOUNT_SID,
          authTokens: [env.TWILIO_AUTH_TOKEN, env.TWILIO_AUTH_TOKEN_SECONDARY].filter((token) => token !== undefined),
          ...(env.TWILIO_SMS_FROM && { smsFrom: env.TWILIO_SMS_FROM }),
          ...(env.TWILIO_MESSAGING_SERVICE_SID && { messagingServiceSid: env.TWILIO_MESSAGING_SERVICE_SID }),
          ...(env.TWILIO_WHATSAPP_FROM && { whatsappFrom: env.TWILIO_WHATSAPP_FROM }),
          ...(env.TWILIO_API_URL && { apiUrl: env.TWILIO_API_URL }),
          erase: env.TWILIO_ERASE,
          discardContent: env.TWILIO_DISCARD_CONTENT === "on",
        }
      : undefined;
  return {
    host: env.HOST,
    port: env.PORT,
    adminHost: env.ADMIN_HOST,
    adminPort: env.ADMIN_PORT,
    ...(env.ADMIN_TOKEN && { adminToken: env.ADMIN_TOKEN }),
    ...(env.PUBLIC_URL && { publicUrl: env.PUBLIC_URL }),
    databaseUrl: env.DATABASE_URL,
    spoolDir: env.SPOOL_DIR,
    ...(env.PUENTE_SECRET && { secret: env.PUENTE_SECRET }),
    contentDir: env.CONTENT_DIR,
    modelDir: env.MODEL_DIR,
    contentRequire: env.CONTENT_REQUIRE ?? "checked",
    ...(env.PEOPLE_FILE && { peopleFile: env.PEOPLE_FILE }),
    // Without a channel the simulator is all there is to see.
    simulator: env.SIMULATOR ? env.SIMULATOR === "on" : true,
    logLevel: env.LOG_LEVEL,
    organisation: {
      name: env.ORG_NAME ?? "Puente",
      ...(env.ORG_PHONE && { phone: env.ORG_PHONE }),
      ...(env.ORG_HOURS && { hours: env.ORG_HOURS }),
      ...(env.ORG_URL && { url: env.ORG_URL }),
      ...(env.LEGAL_DESK && { legalDesk: env.LEGAL_DESK }),
    },
    allowedCountries: env.ALLOWED_COUNTRIES,
    dailySegmentLimit: env.DAILY_SEGMENT_LIMIT,
    perSecond: { sms: env.SMS_SEGMENTS_PER_SECOND, whatsapp: env.WHATSAPP_MESSAGES_PER_SECOND },
    ...(env.WHATSAPP_TEMPLATES && {
      whatsappTemplates: {
        sids: env.WHATSAPP_TEMPLATES,
        marketing: env.WHATSAPP_TEMPLATE_CATEGORY === "marketing",
        dailyLimit: env.WHATSAPP_DAILY_LIMIT,
      },
    }),
    defaultTimeZone: env.DEFAULT_TIME_ZONE,
    ...(twilio && { twilio }),
    ...(env.SLACK_BOT_TOKEN && {
      slack: {
        botToken: env.SLACK_BOT_TOKEN,
        ...(env.SLACK_SIGNING_SECRET && { signingSecret: env.SLACK_SIGNING_SECRET }),
        ...(env.SLACK_APP_TOKEN && { appToken: env.SLACK_APP_TOKEN }),
        ...(env.SLACK_CONTENT_ROOM && { contentRoom: env.SLACK_CONTENT_ROOM }),
        ...(env.SLACK_API_URL && { apiUrl: env.SLACK_API_URL }),
      },
    }),
    ...(env.DISCORD_TOKEN &&
      env.DISCORD_APPLICATION_ID && {
        discord: {
          token: env.DISCORD_TOKEN,
          applicationId: env.DISCORD_APPLICATION_ID,
          ...(env.DISCORD_CONTENT_ROOM && { contentRoom: env.DISCORD_CONTENT_ROOM }),
          ...(env.DISCORD_API_URL && { apiUrl: env.DISCORD_API_URL }),
        },
      }),
  };
}
