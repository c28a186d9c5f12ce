import { createAnswering } from "../answering.ts";
import { createConsoleChat } from "../channels/console/chat.ts";
import { type Config, loadConfig } from "../config.ts";
import { deskTree } from "./desk-tree.ts";

/** The simulator in the terminal, until `/quit`. The trained matcher takes over when it is ready. */
export async function chat({ why }: { readonly why?: boolean }): Promise<void> {
  const config: Config = { ...loadConfig(), logLevel: "error" };
  const answering = await createAnswering(config);
  const tree = await deskTree(config, answering.tree());
  // The terminal's own language, where Puente speaks it.
  const [language = "en"] = Intl.DateTimeFormat().resolvedOptions().locale.split("-");
  const locale = tree.locales.includes(language) ? language : "en";
  await createConsoleChat({
    start: () => answering.session({ tree: () => tree }),
    input: process.stdin,
    output: process.stdout,
    translate: answering.translate,
    locale,
    why: why === true,
  }).run();
  await answering.matcher.stop();
}
