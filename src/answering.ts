import { resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Config } from "./config.ts";
import { loadKeptTree } from "./content/kept-tree.ts";
import type { Tree } from "./content/tree.ts";
import { createRespond } from "./conversation/respond.ts";
import { createSession, type Session, type SessionOptions } from "./conversation/session.ts";
import type { Clock, Logger } from "./core/ports.ts";
import { NEW_CONVERSATION } from "./core/turn.ts";
import { loadCommandWords } from "./intent/command-words.ts";
import { createSwappingMatcher, type SwappingMatcher } from "./intent/model-cache.ts";
import { createDetect } from "./locale/detect.ts";
import { loadLocales, type Translate } from "./locale/translate.ts";
import { createLogger } from "./logger.ts";

/** The interface texts are part of the program; the answers (CONTENT_DIR) are the operator's to choose. */
export const LOCALES_DIR = resolve(import.meta.dirname, "../locales");

export const systemClock: Clock = { now: () => Date.now() };

/** What tests replace: time, and where lines go. */
export interface AnsweringOverrides {
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** Everything that turns an utterance into a reply, without a database or a channel. */
export interface Answering {
  readonly translate: Translate;
  readonly matcher: SwappingMatcher;
  tree(): Tree;
  /** A conversation in memory: simulator, `chat`, `ask`. */
  session(options?: Partial<Pick<SessionOptions, "locale" | "welcomed" | "tree">>): Session;
  readonly respond: ReturnType<typeof createRespond>;
  /** Answers the tree's own titles, one a moment: code that has never run takes ten times as long, which nobody should wait. */
  warmUp(): Promise<void>;
}

/**
 * Loads texts and answers and makes ready to respond. A trained model on file is in use from the first answer on; one
 * that must be trained first is not waited for: `matcher.ready` tells.
 *
 * @throws OperatorError, or ContentError naming file and line of what cannot be understood.
 */
export async function createAnswering(config: Config, overrides: AnsweringOverrides = {}): Promise<Answering> {
  const clock = overrides.clock ?? systemClock;
  const logger = overrides.logger ?? createLogger(config.logLevel);
  const [{ translate }, commandWords, { tree, languages }] = await Promise.all([
    loadLocales(LOCALES_DIR),
    loadCommandWords(LOCALES_DIR),
    loadKeptTree(config.contentDir, config.contentRequire, config.modelDir),
  ]);
  const matcher = createSwappingMatcher({ tree, cacheDir: config.modelDir, logger });
  const respond = createRespond({
    translate,
    commandWords,
    detect: createDetect(tree, languages),
    matcher: () => matcher.current(),
    organisation: config.organisation,
    // With real phones only where somebody is named who writes announcements: no consent that nothing honours.
    updates: config.twilio === undefined || config.peopleFile !== undefined,
  });
  return {
    translate,
    matcher,
    respond,
    tree: () => tree,
    session: (options = {}) => createSession({ respond, tree: () => tree, clock, ...options }),
    async warmUp() {
      for (const { texts } of tree.topics.values()) {
        for (const { title } of Object.values(texts)) {
          const contact = { optedOut: false, subscriptions: [] };
          const utterance = { text: title };
          respond({ state: NEW_CONVERSATION, utterance, now: clock.now(), tree, contact, channel: "console" });
          // Whoever asks meanwhile comes first.
          await setImmediate();
        }
      }
    },
  };
}
