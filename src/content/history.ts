import { execFile } from "node:child_process";
import type { Locale, TopicId } from "../core/words.ts";
import type { Files } from "./assemble.ts";
import { signedHash } from "./text-file.ts";

/** A repository of texts answers within milliseconds. */
const GIT_TIMEOUT_MS = 20_000;
const GIT_OUTPUT_BYTES = 64 * 1024 * 1024;
/** Versions of one answer that are looked through for the one that was signed. */
const MOST_VERSIONS = 200;

/**
 * The files of the content folder as a Git commit, branch or tag has them.
 *
 * @returns undefined when the folder is in no repository, Git is not there, or it knows no such version.
 */
export async function filesAt(directory: string, ref: string): Promise<Files | undefined> {
  // A name that begins with a hyphen would be read as an option.
  if (ref.startsWith("-")) return undefined;
  try {
    const listed = await git(directory, ["ls-tree", "-r", "-z", ref]);
    const entries = listed
      .toString()
      .split("\0")
      .flatMap((line) => {
        const [, hash, path] = /^\d+ blob ([0-9a-f]+)\t(.+)$/s.exec(line) ?? [];
        return hash === undefined || path === undefined ? [] : [{ hash, path }];
      });
    const contents = await blobs(
      directory,
      entries.map(({ hash }) => hash),
    );
    return new Map(entries.map(({ path }, index) => [path, contents[index] ?? ""]));
  } catch {
    return undefined;
  }
}

/** The files of one answer in one language. */
export interface AnswerFiles {
  /** `<locale>.md` */
  readonly text: string;
  /** `topic.yaml` */
  readonly topic: string;
}

/**
 * An answer as it was when it was signed: the version in Git whose hash is the signature's.
 *
 * @returns undefined when Git cannot tell.
 */
export async function signedVersion(
  directory: string,
  topic: TopicId,
  locale: Locale,
  sha256: string,
): Promise<AnswerFiles | undefined> {
  const paths = [`${topic}/${locale}.md`, `${topic}/topic.yaml`];
  try {
    const log = await git(directory, ["log", "--format=%H", `--max-count=${MOST_VERSIONS}`, "--", ...paths]);
    const commits = log.toString().split("\n").filter(Boolean);
    const files = await blobs(
      directory,
      commits.flatMap((commit) => paths.map((path) => `${commit}:./${path}`)),
    );
    for (let index = 0; index < files.length; index += 2) {
      const [text, yaml] = [files[index], files[index + 1]];
      if (text !== undefined && yaml !== undefined && signedHash(text, yaml) === sha256) return { text, topic: yaml };
    }
  } catch {
    // No repository here, as in the image.
  }
  return undefined;
}

/** The objects' texts in the order asked for; undefined for one that does not exist. */
async function blobs(directory: string, names: readonly string[]): Promise<(string | undefined)[]> {
  const output = await git(directory, ["cat-file", "--batch"], `${names.join("\n")}\n`);
  const found: (string | undefined)[] = [];
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf("\n", at);
    const size = / blob (\d+)$/.exec(output.toString("utf8", at, end))?.[1];
    found.push(size === undefined ? undefined : output.toString("utf8", end + 1, end + 1 + Number(size)));
    at = size === undefined ? end + 1 : end + 1 + Number(size) + 1;
  }
  return found;
}

function git(directory: string, args: readonly string[], input?: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = {
      cwd: directory,
      timeout: GIT_TIMEOUT_MS,
      maxBuffer: GIT_OUTPUT_BYTES,
      encoding: "buffer" as const,
    };
    const child = execFile("git", [...args], options, (error, stdout) => {
      if (error === null) resolve(stdout);
      else reject(error);
    });
    // Git may end before it has read everything; its exit says what is wrong.
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}
