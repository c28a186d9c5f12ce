import { createAnswering } from "../answering.ts";
import { type Config, loadConfig } from "../config.ts";
import type { ChannelName, Locale } from "../core/words.ts";
import { deskTree } from "./desk-tree.ts";

export interface AskOptions {
  readonly locale?: Locale;
  readonly channel: ChannelName;
  readonly json?: boolean;
}

/** Answers one question and prints what a phone would show, or the JSON that tests and scripts read. */
export async function ask(text: string, { locale, channel, json }: AskOptions): Promise<void> {
  const config: Config = { ...loadConfig(), logLevel: "error" };
  const answering = await createAnswering(config);
  const [tree] = await Promise.all([deskTree(config, answering.tree()), answering.matcher.ready]);
  const session = answering.session({ tree: () => tree, welcomed: true, ...(locale !== undefined && { locale }) });
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
