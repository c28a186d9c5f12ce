/** Writes docs/privacy.md: `npm run docs`. A test fails when the file and the retention table differ. */
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { privacyMarkdown } from "../../../src/privacy/markdown.ts";
import { loadPrivacyPages } from "../../../src/privacy/page.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
await writeFile(resolve(ROOT, "docs/privacy.md"), privacyMarkdown(await loadPrivacyPages(resolve(ROOT, "locales"))));
