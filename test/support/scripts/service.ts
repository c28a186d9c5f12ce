/**
 * The service as `npm start` runs it, for tests that kill it: `CRASH_AT` names the checkpoint at which the process dies
 * as if the power were cut, `PAUSE_AT` the one at which it is stopped once, until somebody lets it go on. Prints its
 * address when it is ready.
 */
import { flushCompileCache } from "node:module";
import { createApp, ROLES } from "../../../src/app.ts";
import { loadConfig } from "../../../src/config.ts";

const crashAt = process.env["CRASH_AT"];
let pauseAt = process.env["PAUSE_AT"];
const role = ROLES.find((one) => one === process.env["ROLE"]) ?? "all";
const app = await createApp(loadConfig(), {
  role,
  checkpoint: async (name) => {
    if (name === crashAt) process.kill(process.pid, "SIGKILL");
    if (name !== pauseAt) return;
    pauseAt = undefined;
    console.log(`paused at ${name}`);
    process.kill(process.pid, "SIGSTOP");
  },
});
const { publicUrl, localUrl } = await app.start();
console.log(`local ${localUrl}`);
console.log(`listening ${publicUrl ?? localUrl}`);
// A process that is killed keeps nothing at its end.
flushCompileCache();
process.once("SIGTERM", () => void app.stop());
