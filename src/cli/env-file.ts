import { existsSync } from "node:fs";
import { chmod, readFile, rename, writeFile } from "node:fs/promises";
import { parseEnv } from "node:util";
import { OperatorError } from "../core/errors.ts";

/** The settings of an `.env` file as Node reads them; none when there is no such file. */
export async function readEnvFile(path: string): Promise<Readonly<Record<string, string>>> {
  if (!existsSync(path)) return {};
  // Node gives no undefined values for a text it has parsed.
  return parseEnv(await readFile(path, "utf8")) as Record<string, string>;
}

/**
 * Writes settings into an `.env` file, readable by its owner alone. What stands there stays, comments too; a file that is
 * not there yet begins as `template`, which explains every setting. The change is whole or not at all.
 *
 * @throws OperatorError for a value that no quotes can hold.
 */
export async function writeEnvFile(
  path: string,
  template: string,
  values: Readonly<Record<string, string>>,
): Promise<void> {
  const lines = (await readFile(existsSync(path) ? path : template, "utf8")).trimEnd().split("\n");
  for (const [name, value] of Object.entries(values)) {
    const line = `${name}=${quoted(name, value)}`;
    const at = lines.findIndex((one) => one.startsWith(`${name}=`));
    if (at >= 0) lines[at] = line;
    else lines.push(line);
  }
  const draft = `${path}.new`;
  await writeFile(draft, `${lines.join("\n")}\n`, { mode: 0o600 });
  await chmod(draft, 0o600);
  await rename(draft, path);
}

/** Node's format has three kinds of quotes and no way to write one inside its own kind. */
function quoted(name: string, value: string): string {
  if (/^[\w@%+=:,./-]*$/.test(value)) return value;
  const quote = ['"', "'", "`"].find((mark) => !value.includes(mark));
  if (quote === undefined || /[\n\r]/.test(value) || (quote === '"' && value.includes("\\")))
    throw new OperatorError(`${name} has characters that .env cannot hold together: leave out quotes and backslashes.`);
  return quote + value + quote;
}
