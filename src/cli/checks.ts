import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Config, hasChannel } from "../config.ts";
import { loadContent } from "../content/load.ts";
import { overview } from "../content/overview.ts";
import type { Check, Finding } from "../core/check.ts";
import { OperatorError } from "../core/errors.ts";
import type { Clock } from "../core/ports.ts";
import { loadPeople } from "../desk/people.ts";
import { openDatabase } from "../storage/database.ts";
import { openKeys } from "../storage/keys.ts";
import { createStores } from "../storage/stores.ts";
import { secretOrTrialSecret } from "../storage/trial-secret.ts";

const REACH_TIMEOUT_MS = 5_000;
const WEEK_MS = 7 * 24 * 60 * 60_000;

/** What is looked at on every installation, whatever its channels. */
export function generalChecks(config: Config, clock: Clock, envFile: string): Check[] {
  const check = (id: string, title: string, look: () => Promise<Finding>): Check => ({
    id,
    title,
    run: () => look().catch(sentenceOf),
  });
  const checks = [
    check("secrets", "Secrets", () => checkSecrets(config, envFile)),
    check("organisation", "Organisation", () => checkOrganisation(config)),
    check("content", "Answers", () => checkContent(config, clock)),
    check("database", "Database", () => checkDatabase(config, clock)),
  ];
  if (config.slack !== undefined || config.discord !== undefined)
    checks.push(check("people", "Team", () => checkPeople(config)));
  const { publicUrl } = config;
  if (publicUrl !== undefined) checks.push(check("public-url", "Public address", () => checkPublicUrl(publicUrl)));
  return checks;
}

/** Our own sentences say what is to be done; anything else only that it failed: it may quote what must not be shown. */
function sentenceOf(error: unknown): Finding {
  if (error instanceof OperatorError) return { status: "fail", says: error.message };
  return { status: "fail", says: `Could not be looked at (${error instanceof Error ? error.name : "unknown"}).` };
}

async function checkSecrets({ secret, databaseUrl, ...config }: Config, envFile: string): Promise<Finding> {
  const trial = join(dirname(databaseUrl.replace(/^sqlite:/, "")), "trial-secret");
  if (hasChannel({ ...config, databaseUrl }) && databaseUrl.startsWith("sqlite:") && existsSync(trial))
    return {
      status: "fail",
      says: `The secret of your trial still lies beside the database, in ${trial}.`,
      remedy: "`npm run setup` moves it into .env. Or do it by hand and delete the file.",
    };
  if (existsSync(envFile) && ((await stat(envFile)).mode & 0o077) !== 0)
    return {
      status: "fail",
      says: "Other users of this machine can read .env.",
      remedy: "chmod 600 .env",
    };
  if (secret === undefined) return { status: "ok", says: "A trial: the secret lies in data/." };
  return { status: "ok", says: "PUENTE_SECRET is set. Keep a copy apart from the database and its backups." };
}

async function checkOrganisation({ organisation, ...config }: Config): Promise<Finding> {
  const { name, phone, url, legalDesk } = organisation;
  if (phone === undefined || url === undefined || legalDesk === undefined)
    return hasChannel({ ...config, organisation })
      ? { status: "fail", says: "People are not told whom to call.", remedy: "Set the ORG_ values and LEGAL_DESK." }
      : { status: "warn", says: "A trial: people see no organisation.", remedy: "Set the ORG_ values and LEGAL_DESK." };
  return { status: "ok", says: `${name}, ${phone}.` };
}

/** Who is not named where people work gets answers and nothing else. */
async function checkPeople({ peopleFile, slack, discord }: Config): Promise<Finding> {
  const { all } = await loadPeople(peopleFile);
  const on = (platform: "slack" | "discord") => all.filter((person) => person[platform] !== undefined).length;
  const platforms = [
    ...(slack === undefined ? [] : [{ name: "Slack", named: on("slack") }]),
    ...(discord === undefined ? [] : [{ name: "Discord", named: on("discord") }]),
  ];
  const says = `${platforms.map(({ name, named }) => `${named} of ${all.length} people have an id on ${name}`).join("; ")}.`;
  const nobody = platforms.filter(({ named }) => named === 0);
  if (nobody.length === 0) return { status: "ok", says };
  return {
    status: "warn",
    says: `${says} On ${nobody.map(({ name }) => name).join(" and ")} nobody can flag an answer.`,
    remedy: "Name your people in PEOPLE_FILE (content/people.example.yaml shows how).",
  };
}

async function checkContent({ contentDir, contentRequire }: Config, clock: Clock): Promise<Finding> {
  const rows = overview(await loadContent(contentDir), clock.now());
  const signed = rows.filter(({ status }) => status === "signed").length;
  const expired = rows.filter(({ status }) => status === "expired").length;
  const drafts = rows.filter(({ status }) => status === "draft").length;
  const served = contentRequire === "signed" ? signed : rows.length - drafts - expired;
  const says = `${served} of ${rows.length} texts are served as current, ${signed} signed, ${expired} expired.`;
  const remedy = "`npx puente content status` lists them.";
  if (served === 0) return { status: "fail", says, remedy };
  if (expired > 0 || contentRequire === "checked")
    return {
      status: "warn",
      says: contentRequire === "checked" ? `${says} No lawyer has to sign under CONTENT_REQUIRE=checked.` : says,
      remedy,
    };
  return { status: "ok", says };
}

/** Opens it beside a running service, and with the secret, which alone shows that the two belong together. */
async function checkDatabase(config: Config, clock: Clock): Promise<Finding> {
  const { databaseUrl, secret } = config;
  const path = databaseUrl.replace(/^sqlite:/, "");
  if (databaseUrl.startsWith("sqlite:") && path !== ":memory:" && !existsSync(path))
    return { status: "ok", says: `${path} is made at the first start.` };
  const opened = await secretOrTrialSecret(secret, databaseUrl, hasChannel(config));
  const database = await openDatabase(databaseUrl, { serving: false, clock });
  try {
    const keys = await openKeys({ database, secret: opened, clock });
    const stores = createStores({ database, keys, clock });
    const since = new Date(clock.now() - WEEK_MS).toISOString().slice(0, 10);
    const costs = (await stores.costs.since(since)).map(
      ({ channel, direction, messages, micros, currency }) =>
        `${messages} ${channel} ${direction}, ${(micros / 1_000_000).toFixed(2)} ${currency}`,
    );
    const week = costs.length === 0 ? "" : ` Last 7 days: ${costs.join("; ")}.`;
    return { status: "ok", says: `Opens, and the secret fits.${week}` };
  } finally {
    await database.close();
  }
}

/** From here: what is behind the same router may look otherwise from outside. */
async function checkPublicUrl(publicUrl: string): Promise<Finding> {
  const get = (path: string) => fetch(publicUrl + path, { signal: AbortSignal.timeout(REACH_TIMEOUT_MS) });
  try {
    const { status } = await get("/healthz");
    if (status !== 200)
      return {
        status: "fail",
        says: `${publicUrl}/healthz answers ${status}: something else is there, or your proxy does not pass it on.`,
        remedy: "Let the proxy pass everything to HOST:PORT (docs/operations.md).",
      };
    const terms = await get("/terms");
    if (terms.status !== 200)
      return { status: "warn", says: "Puente answers there, but /terms does not.", remedy: "Carriers ask for it." };
    return { status: "ok", says: "Puente answers there." };
  } catch {
    return {
      status: "warn",
      says: `Nothing answers at ${publicUrl}.`,
      remedy:
        "Start the service (`npm start`) and run this again; then look at the name, the certificate and the proxy.",
    };
  }
}
