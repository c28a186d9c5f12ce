import { createAnswering } from "../answering.ts";
import { createConsoleChat } from "../channels/console/chat.ts";
import { loadConfig } from "../config.ts";

/** The simulator in the terminal, until `/quit`. The trained matcher takes over when it is ready. */
export async function chat({ why }: { readonly why?: boolean }): Promise<void> {
  const answering = await createAnswering({ ...loadConfig(), logLevel: "error" });
  // The terminal's own language, where Puente speaks it.
  const [language = "en"] = Intl.DateTimeFormat().resolvedOptions().locale.split("-");
  const locale = answering.tree().locales.includes(language) ? language : "en";
  await createConsoleChat({
    start: () => answering.session(),
    input: process.stdin,
    output: process.stdout,
    translate: answering.translate,
    locale,
    why: why === true,
  }).run();
  await answering.matcher.stop();
}
