#!/usr/bin/env -S node --max-semi-space-size=4
// Plain JavaScript, so that an old Node can read it and say what is wrong in one sentence.
import { existsSync } from "node:fs";
import * as nodeModule from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const NEEDED = 24;
const major = Number(process.versions.node.split(".")[0]);
if (major < NEEDED) {
  console.error(
    `Puente needs Node ${NEEDED} and this is Node ${process.versions.node}: start it with \`npm start\` or \`npx puente\` after \`npm ci\`, which bring their own Node ${NEEDED}.`,
  );
  process.exit(1);
}

const here = dirname(fileURLToPath(import.meta.url));
// Compiled sources are kept from run to run, which halves the time of a start. Where this folder cannot be written, as in
// the image, nothing is kept. Not in the shared folder for temporary files: what lies there could be somebody else's code.
nodeModule.enableCompileCache(join(here, "node_modules", ".cache", "puente"));
if (existsSync(join(here, ".env"))) process.loadEnvFile(join(here, ".env"));
const { main } = await import("./src/main.ts");
await main(process.argv.slice(2));
