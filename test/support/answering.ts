import { createAnswering } from "../../src/answering.ts";
import { loadConfig } from "../../src/config.ts";
import type { SessionTurn } from "../../src/conversation/session.ts";
import type { ChannelName, Utterance } from "../../src/core/words.ts";
import { testClock } from "./clock.ts";
import { recorder } from "./recorder.ts";

const { logger } = recorder();
export const clock = testClock();

/** The real tree, rules, texts and trained matcher. One for all tests of a file. */
export const answering = await createAnswering(loadConfig({ MODEL_DIR: process.env["MODEL_DIR"] }), { clock, logger });

await answering.matcher.ready;

/** A phone in the hand: say something, read the bubbles. */
export function aPhone(channel: ChannelName = "sms") {
  const session = answering.session();
  return {
    say(utterance: string | Utterance): SessionTurn & { text: string } {
      const turn = session.say(typeof utterance === "string" ? { text: utterance } : utterance, channel);
      return { ...turn, text: turn.messages.map(({ text }) => text).join("\n\n") };
    },
    later(ms: number): void {
      clock.advance(ms);
    },
  };
}
