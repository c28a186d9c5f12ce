import { createAnswering } from "../answering.ts";
import { loadConfig } from "../config.ts";
import type { ChannelName, Locale } from "../core/words.ts";

export interface AskOptions {
  readonly locale?: Locale;
  readonly channel: ChannelName;
  readonly json?: boolean;
}

/** Answers one question and prints what a phone would show, or the JSON that tests and scripts read. */
export async function ask(text: string, { locale, channel, json }: AskOptions): Promise<void> {
  const answering = await createAnswering({ ...loadConfig(), logLevel: "error" });
  await answering.matcher.ready;
  const session = answering.session({ welcomed: true, ...(locale !== undefined && { locale }) });
  const { reply, messages } = session.say({ text }, channel);
  await answering.matcher.stop();
  if (json) {
    const {
      kind,
      topics,
      locale: spoken,
      evidence,
    } = reply ?? { kind: "none", topics: [], locale, evidence: undefined };
    console.log(JSON.stringify({ kind, topics, locale: spoken, messages, evidence }));
    return;
  }
  for (const message of messages)
    console.log(`${message.text}\n\x1b[2m${message.encoding}, ${message.segments} segments\x1b[0m\n`);
}
