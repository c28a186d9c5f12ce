import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { OperatorError } from "../core/errors.ts";
import { COMMANDS } from "../core/words.ts";
import { type CommandFile, type CommandWords, compileCommandWords } from "./commands.ts";

const wordList = z.array(z.string().min(1));
const commandFile = z.strictObject({
  courtesy: wordList,
  commands: z.partialRecord(
    z.enum(COMMANDS),
    z.strictObject({ words: wordList, phrases: wordList.default([]), place: z.boolean().default(false) }),
  ),
  questions: wordList,
  questionOpeners: wordList,
  fillers: wordList,
  prepositions: wordList,
  lookalikes: wordList,
  minor: z.strictObject({ ages: wordList, phrases: wordList, unless: wordList.default([]) }),
});

/**
 * Reads the command words of every language: `<locale>.commands.json`, and `other.commands.json` for words that tell no
 * language.
 *
 * @throws OperatorError when the folder or a file cannot be read or does not fit.
 */
export async function loadCommandWords(directory: string): Promise<CommandWords> {
  const names = await readdir(directory).catch(() => {
    throw new OperatorError(`The folder ${directory} with the command words cannot be read.`);
  });
  const files: Record<string, CommandFile> = {};
  for (const name of names.filter((file) => file.endsWith(".commands.json")).sort()) {
    const path = join(directory, name);
    try {
      files[name.replace(".commands.json", "")] = commandFile.parse(JSON.parse(await readFile(path, "utf8")));
    } catch (error) {
      throw new OperatorError(`${path} does not hold command words as it should: ${String(error)}`);
    }
  }
  if (Object.keys(files).length === 0)
    throw new OperatorError(`${directory} holds no file that ends in .commands.json.`);
  return compileCommandWords(files);
}
