import { answerVersion } from "../content/answer-version.ts";
import type { Tree } from "../content/tree.ts";
import { foldForSms } from "../core/fold.ts";
import type { Clock } from "../core/ports.ts";
import type { Stores } from "../core/stores.ts";
import type { KeptAnswer } from "../core/subscription.ts";
import type { Translate } from "../locale/translate.ts";

/** Told in one transaction: short, so that nobody else waits. */
const TOLD_AT_ONCE = 200;

export interface CorrectionOptions {
  readonly stores: Pick<Stores, "keptAnswers" | "transaction">;
  readonly tree: () => Tree;
  readonly translate: Translate;
  readonly clock: Clock;
  /** From a moment on, when and how long people may be written to; undefined: not now. By the clock of the service. */
  readonly hours: (now: number) => { readonly until: number } | undefined;
  /** Says that a delivery was queued. */
  readonly wake: () => void;
}

/**
 * Tells those who asked for it that an answer they were given was withdrawn or now says something else: one message,
 * once, that names no subject. READ then gives the answer as it is. Resolves to how many were told.
 */
export function createCorrections(options: CorrectionOptions): () => Promise<number> {
  const { stores, clock, translate } = options;

  async function tell(version: Omit<KeptAnswer, "contactId">, until: number): Promise<number> {
    return stores.transaction(async ({ keptAnswers, deliveries }) => {
      const contactIds = await keptAnswers.takeToTell(version, TOLD_AT_ONCE);
      const now = clock.now();
      const text = foldForSms(translate(version.locale, "updates.changed"));
      await deliveries.enqueue(
        contactIds.map((contactId) => ({
          kind: "notice" as const,
          contactId,
          groupId: `correction ${version.topic} ${now}`,
          ...{ part: 1, parts: 1, text, locale: version.locale, notBefore: now, expiresAt: until },
        })),
      );
      return contactIds.length;
    });
  }

  return async () => {
    const open = options.hours(clock.now());
    if (open === undefined) return 0;
    let told = 0;
    for (const version of await stores.keptAnswers.versions()) {
      if (!hasChanged(options.tree(), version)) continue;
      for (;;) {
        const count = await tell(version, open.until);
        told += count;
        if (count < TOLD_AT_ONCE) break;
      }
    }
    if (told > 0) options.wake();
    return told;
  };
}

/** Withdrawn, gone, or in other words. One that is only held is still being looked at. */
function hasChanged(tree: Tree, { topic, locale, textHash }: Omit<KeptAnswer, "contactId">): boolean {
  if (tree.held.get(topic) === "withdrawn") return true;
  const text = tree.topics.get(topic)?.texts[locale];
  return text === undefined || answerVersion(text) !== textHash;
}
