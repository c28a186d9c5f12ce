import { createHash, type Hash } from "node:crypto";
import { join, resolve } from "node:path";
import { deserialize, serialize } from "node:v8";
import { type LearnedLanguages, learnLanguages } from "../locale/detect.ts";
import type { Files } from "./assemble.ts";
import { readKept, writeKept } from "./kept-file.ts";
import { readFolder, treeOf } from "./load.ts";
import type { Tree } from "./tree.ts";

/** What a service needs of the content folder, ready for use. */
export interface KeptTree {
  readonly tree: Tree;
  readonly languages: LearnedLanguages;
}

const SRC = resolve(import.meta.dirname, "..");
/** Taken when this module is loaded: of the sources that run, whatever is saved over them later. */
const PROGRAM = digestOfProgram();
const DIGEST_BYTES = 32;

/**
 * The tree of a content folder, as `loadTree` loads it, and what the language detector learns from it. To read and learn
 * takes half of a start, so what came of it is kept in `cacheDir`, and taken from there for as long as not one byte has
 * changed: of the folder, of the program's part that reads it, of its packages or of the file itself.
 *
 * @throws ContentError as `loadTree`.
 */
export async function loadKeptTree(directory: string, require: Tree["require"], cacheDir: string): Promise<KeptTree> {
  const path = join(cacheDir, "tree.bin");
  const files = readFolder(directory);
  const origin = addFiles(createHash("sha256").update(PROGRAM), files).digest();
  const { tree, languages } = keptFrom(path, origin) ?? (await make(directory, files, path, origin));
  return { tree: { ...tree, require }, languages };
}

async function make(directory: string, files: Files, path: string, origin: Buffer): Promise<KeptTree> {
  const tree = treeOf(directory, files);
  const made: KeptTree = { tree, languages: learnLanguages(tree) };
  const data = serialize(made);
  // Where nothing can be written, it is made at each start.
  await writeKept(path, Buffer.concat([sealOf(origin, data), data])).catch(() => {});
  return made;
}

function keptFrom(path: string, origin: Buffer): KeptTree | undefined {
  const file = readKept(path);
  if (file === undefined) return undefined;
  const data = file.subarray(DIGEST_BYTES);
  if (!sealOf(origin, data).equals(file.subarray(0, DIGEST_BYTES))) return undefined;
  return deserialize(data) as KeptTree;
}

/** Stands before the data: proves what they were made from, and that they are whole. */
function sealOf(origin: Buffer, data: Uint8Array): Buffer {
  return createHash("sha256").update(origin).update(data).digest();
}

/** Of what makes the tree and the languages from the files: these two rooms, the packages, and Node with its letters. */
function digestOfProgram(): Buffer {
  const hash = createHash("sha256").update(process.version);
  hash.update(readKept(join(SRC, "../package-lock.json")) ?? "");
  for (const room of ["content", "locale"]) addFiles(hash, readFolder(join(SRC, room)));
  return hash.digest();
}

function addFiles(hash: Hash, files: Files): Hash {
  for (const path of [...files.keys()].sort()) hash.update(`\0${path}\0${files.get(path)}`);
  return hash;
}
