import { type Dirent, readdirSync, readFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { assembleContent, type Content, type Files } from "./assemble.ts";
import { ContentError } from "./finding.ts";
import type { Tree } from "./tree.ts";

/**
 * Loads the content tree that answers are served from: without drafts, nothing held, no notices.
 *
 * @throws ContentError listing every structural problem: a file that cannot be understood, a field or a language that
 * is missing. What an editor should improve besides is `checkContent`'s to say.
 */
export async function loadTree(directory: string, require: Tree["require"]): Promise<Tree> {
  return { ...treeOf(directory, readFolder(directory)), require };
}

/**
 * The tree that a folder's files make.
 *
 * @throws ContentError as `loadTree`.
 */
export function treeOf(directory: string, files: Files): Tree {
  const { tree, findings } = assembleContent(files);
  if (findings.length > 0) throw new ContentError(directory, findings);
  return tree;
}

/** Reads the whole folder, drafts and problems included. */
export async function loadContent(directory: string): Promise<Content> {
  return assembleContent(readFolder(directory));
}

/** The files of a folder. One after the other: many small files are read six times faster so than side by side. */
export function readFolder(directory: string): Files {
  return new Map(
    filesOf(directory).map(
      (path) => [relative(directory, path).split(sep).join("/"), readFileSync(path, "utf8")] as const,
    ),
  );
}

/** `loadContent` for those who ask often: it reads the folder again only when a file in it has changed. */
export function createContentReader(directory: string): () => Promise<Content> {
  let latest: { readonly version: string; readonly content: Promise<Content> } | undefined;
  return async () => {
    const paths = filesOf(directory);
    const version = await Promise.all(
      paths.map(async (path) => {
        const { mtimeMs, size } = await stat(path);
        return `${path} ${mtimeMs} ${size}`;
      }),
    ).then((files) => files.join("\n"));
    if (latest?.version !== version) latest = { version, content: loadContent(directory) };
    return latest.content;
  };
}

function filesOf(directory: string): string[] {
  return entriesOf(directory)
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map((entry) => join(entry.parentPath, entry.name));
}

function entriesOf(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { recursive: true, withFileTypes: true });
  } catch {
    const message =
      "This folder cannot be read. CONTENT_DIR must name the folder that holds sources.yaml and the sections.";
    throw new ContentError(directory, [{ file: ".", line: 1, rule: "format", message, severity: "error" }]);
  }
}
