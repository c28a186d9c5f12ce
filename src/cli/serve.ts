import { createApp, type Role } from "../app.ts";
import { loadConfig } from "../config.ts";

/** Runs the service until it is told to end (SIGINT, SIGTERM), and then finishes what is under way. */
export async function serve({ role }: { readonly role: Role }): Promise<void> {
  const config = loadConfig();
  const app = await createApp(config, { role });
  const { publicUrl, localUrl } = await app.start();
  if (role === "worker")
    console.log(`Puente is running as a worker: this machine's pages at ${localUrl}. Ctrl+C ends it.`);
  else if (publicUrl === undefined) console.log(`Puente is running. Open ${localUrl} to try it. Ctrl+C ends it.`);
  else console.log(`Puente is running: vendors at ${publicUrl}, this machine's pages at ${localUrl}. Ctrl+C ends it.`);

  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  console.log("Puente is ending: finishing what is under way.");
  await app.stop();
}
