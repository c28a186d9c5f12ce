#!/usr/bin/env node
// Plain JavaScript, so that an old Node can read it and say what is wrong in one sentence.
import { existsSync } from "node:fs";
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
if (existsSync(join(here, ".env"))) process.loadEnvFile(join(here, ".env"));
const { main } = await import("./src/main.ts");
await main(process.argv.slice(2));
