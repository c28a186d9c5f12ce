import { randomBytes } from "node:crypto";
import type { Clock } from "../core/ports.ts";
import type { Reply } from "../core/reply.ts";
import type { ChannelName, Utterance } from "../core/words.ts";

/** A conversation that lives in memory alone, as `conversation/session.ts` makes it. */
export interface SimulatedConversation {
  say(
    utterance: Utterance,
    channel: ChannelName,
  ): { readonly reply: Reply | undefined; readonly messages: readonly { readonly text: string }[] };
}

/** More pages than anybody has open. A script that asks for more loses its own oldest. */
const MOST = 100;
const IDLE_MS = 30 * 60_000;

export interface SimulatorSessions {
  /** The conversation with this id, or undefined when it has ended. */
  find(id: string): SimulatedConversation | undefined;
  /** Begins one under an id that cannot be guessed. */
  begin(): { readonly id: string; readonly conversation: SimulatedConversation };
  end(id: string): void;
}

/** Conversations of the simulator: at most 100, each forgotten 30 minutes after its last use. Nothing is stored. */
export function createSimulatorSessions(start: () => SimulatedConversation, clock: Clock): SimulatorSessions {
  // In order of last use, oldest first.
  const sessions = new Map<string, { readonly conversation: SimulatedConversation; readonly usedAt: number }>();

  function forgetIdle(): void {
    for (const [id, { usedAt }] of sessions) if (clock.now() - usedAt >= IDLE_MS) sessions.delete(id);
  }

  function keep(id: string, conversation: SimulatedConversation): void {
    sessions.delete(id);
    sessions.set(id, { conversation, usedAt: clock.now() });
    const [oldest] = sessions.keys();
    if (sessions.size > MOST && oldest !== undefined) sessions.delete(oldest);
  }

  return {
    find(id) {
      forgetIdle();
      const found = sessions.get(id)?.conversation;
      if (found !== undefined) keep(id, found);
      return found;
    },
    begin() {
      forgetIdle();
      const id = randomBytes(16).toString("base64url");
      const conversation = start();
      keep(id, conversation);
      return { id, conversation };
    },
    end: (id) => void sessions.delete(id),
  };
}
