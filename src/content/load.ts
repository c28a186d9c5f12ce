import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { assembleContent, type Content } from "./assemble.ts";
import { ContentError } from "./finding.ts";
import type { Tree } from "./tree.ts";

/**
 * Loads the content tree that answers are served from: without drafts, nothing held, no notices.
 *
 * @throws ContentError listing every structural problem: a file that cannot be understood, a field or a language that
 * is missing. What an editor should improve besides is `checkContent`'s to say.
 */
export async function loadTree(directory: string, require: Tree["require"]): Promise<Tree> {
  const { tree, findings } = await loadContent(directory);
  if (findings.length > 0) throw new ContentError(directory, findings);
  return { ...tree, require };
}

/** Reads the whole folder, files in parallel, drafts and problems included. The only reader of the disk in this room. */
export async function loadContent(directory: string): Promise<Content> {
  const paths = await filesOf(directory);
  const read = async (path: string) =>
    [relative(directory, path).split(sep).join("/"), await readFile(path, "utf8")] as const;
  return assembleContent(new Map(await Promise.all(paths.map(read))));
}

/** `loadContent` for those who ask often: it reads the folder again only when a file in it has changed. */
export function createContentReader(directory: string): () => Promise<Content> {
  let latest: { readonly version: string; readonly content: Promise<Content> } | undefined;
  return async () => {
    const paths = await filesOf(directory);
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

async function filesOf(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => {
    const message =
      "This folder cannot be read. CONTENT_DIR must name the folder that holds sources.yaml and the sections.";
    throw new ContentError(directory, [{ file: ".", line: 1, rule: "format", message, severity: "error" }]);
  });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map((entry) => join(entry.parentPath, entry.name));
}
