import { createHash } from "node:crypto";
import type { InboxEntry, Stores } from "../core/stores.ts";
import type { Effect } from "../core/turn.ts";
import type { Locale } from "../core/words.ts";
import type { Translate } from "../locale/translate.ts";

type Kind =
  | "ask-opt-in"
  | "subscribe"
  | "unsubscribe"
  | "set-full"
  | "set-locale"
  | "keep-answer"
  | "forget-answer"
  | "read-announcement";

/** Carries out, inside the turn's transaction, what people ask of updates. */
export type UpdateEffects = {
  readonly [K in Kind]: (
    effect: Extract<Effect, { kind: K }>,
    entry: Pick<InboxEntry, "contactId">,
    stores: Pick<Stores, "consents" | "subscriptions" | "keptAnswers" | "broadcasts">,
  ) => Promise<void>;
};

/** Every yes is a line in the ledger, with what the words of the question hash to. */
export function createUpdateEffects({ translate }: { readonly translate: Translate }): UpdateEffects {
  const wording = (locale: Locale, key: string) => wordingVersion(translate, locale, key);
  return {
    async "ask-opt-in"({ to, place, locale }, { contactId }, { consents }) {
      const isUpdates = to === "updates";
      await consents.add(contactId, {
        event: isUpdates ? "updates.asked" : "correction.asked",
        wording: wording(locale, isUpdates ? "updates.ask" : "updates.notifyAsk"),
        ...(place !== undefined && { place }),
      });
    },
    async subscribe({ place, locale }, { contactId }, { consents, subscriptions }) {
      await subscriptions.add(contactId, { place, locale });
      await consents.add(contactId, { event: "updates.given", wording: wording(locale, "updates.ask"), place });
    },
    unsubscribe: (_effect, { contactId }, { subscriptions }) => subscriptions.end(contactId),
    async "set-full"({ full, locale }, { contactId }, { consents, subscriptions }) {
      await subscriptions.setFull(contactId, full);
      const event = full ? "full-text.given" : "full-text.ended";
      await consents.add(contactId, {
        event,
        wording: wording(locale, full ? "updates.fullChoice" : "updates.shortChoice"),
      });
    },
    "set-locale": ({ locale }, { contactId }, { subscriptions }) => subscriptions.setLocale(contactId, locale),
    async "keep-answer"({ topic, locale, textHash, asked }, { contactId }, { consents, keptAnswers }) {
      await keptAnswers.keep({ contactId, topic, locale, textHash });
      if (asked)
        await consents.add(contactId, { event: "correction.given", wording: wording(locale, "updates.notifyAsk") });
    },
    "forget-answer": ({ topic }, { contactId }, { keptAnswers }) => keptAnswers.forget(contactId, topic),
    "read-announcement": ({ broadcastId }, { contactId }, { broadcasts }) =>
      broadcasts.markRead(contactId, broadcastId),
  };
}

/** Which words a consent was asked for in: their hash, without what differs from one organisation or place to another. */
export function wordingVersion(translate: Translate, locale: Locale, key: string): string {
  const words = translate(locale, key, { name: "", place: "", privacy: "" });
  return `${locale}.${createHash("sha256").update(words).digest("hex").slice(0, 12)}`;
}
