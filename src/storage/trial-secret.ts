import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { OperatorError } from "../core/errors.ts";

/**
 * The configured secret, or for a trial without a real channel one that is made once and kept beside the database.
 * With a real channel a secret may not lie there: whoever takes the folder would have both.
 *
 * @throws OperatorError when a channel is on and the trial's secret still lies beside the database.
 */
export async function secretOrTrialSecret(
  configured: string | undefined,
  databaseUrl: string,
  channelOn: boolean,
): Promise<string> {
  if (!databaseUrl.startsWith("sqlite:")) {
    if (configured !== undefined) return configured;
    throw new OperatorError(
      "PUENTE_SECRET is missing: with Postgres every process needs the same one. Make it with `openssl rand -base64 32` and put it in .env.",
    );
  }
  const path = databaseUrl.replace(/^sqlite:/, "");
  if (path === ":memory:") return configured ?? randomBytes(32).toString("base64");
  const file = join(dirname(path), "trial-secret");
  if (channelOn && existsSync(file))
    throw new OperatorError(
      `${file} holds the secret of your trial beside the database, where whoever takes one takes both. To keep the trial's data, put its content into PUENTE_SECRET in .env; then delete the file.`,
    );
  if (configured !== undefined) return configured;
  if (existsSync(file)) return (await readFile(file, "utf8")).trim();
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const secret = randomBytes(32).toString("base64");
  await writeFile(file, `${secret}\n`, { mode: 0o600 });
  return secret;
}
