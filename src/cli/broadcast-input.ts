import { BROADCAST_CHANNELS, type BroadcastChannel } from "../core/broadcast.ts";
import type { TypedBroadcast } from "../core/broadcast-desk.ts";
import { OperatorError } from "../core/errors.ts";

/** A broadcast's content as typed. */
export interface ContentOptions {
  /** `locale=text`, one for each language. */
  readonly text: readonly string[];
  readonly place: readonly string[];
  readonly locale: readonly string[];
  readonly channel: readonly BroadcastChannel[];
  readonly topic?: string;
  readonly source?: string;
  readonly until?: string;
  readonly at?: string;
  readonly emergency?: boolean;
}

/** @throws OperatorError for what cannot be read. */
export function typedFrom({
  text,
  place,
  locale,
  channel,
  emergency = false,
  ...more
}: ContentOptions): TypedBroadcast {
  const { topic, source, until, at } = more;
  return {
    texts: Object.fromEntries(text.map(localeAndText)),
    places: place,
    locales: locale,
    channels: channel.map(channelNamed),
    emergency,
    ...(topic !== undefined && { topic }),
    ...(source !== undefined && { source }),
    ...(until !== undefined && { until }),
    ...(at !== undefined && { at }),
  };
}

function localeAndText(text: string): readonly [string, string] {
  const [, locale, words] = /^([a-z]{2,3}(?:-[A-Za-z]+)?)=(.*)$/s.exec(text) ?? [];
  if (locale === undefined || words === undefined)
    throw new OperatorError(`--text is written as es="...", with the language before the text.`);
  return [locale, words];
}

function channelNamed(name: string): BroadcastChannel {
  const known = BROADCAST_CHANNELS.find((one) => one === name);
  if (known === undefined) throw new OperatorError(`--channel is one of ${BROADCAST_CHANNELS.join(", ")}.`);
  return known;
}
