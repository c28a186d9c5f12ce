import { userInfo } from "node:os";
import { resolve } from "node:path";
import { styleText } from "node:util";
import { type Config, hasChannel, loadConfig } from "../config.ts";
import { loadTree } from "../content/load.ts";
import type { Flag } from "../core/desk.ts";
import { OperatorError } from "../core/errors.ts";
import type { Clock } from "../core/ports.ts";
import type { Stores } from "../core/stores.ts";
import type { Locale } from "../core/words.ts";
import type { Desk } from "../desk/desk.ts";
import { dismissFlags, flagAnswer } from "../desk/flags.ts";
import { holdAnswer, restoreAnswer, withdrawAnswer } from "../desk/holds.ts";
import { createLiveTree } from "../desk/live.ts";
import { approveNotice, draftNotice, endNotice, noticeState } from "../desk/notices.ts";
import { loadPeople, type Person } from "../desk/people.ts";
import { failure, RefusedError } from "../locale/sentence.ts";
import { loadLocales } from "../locale/translate.ts";
import { createLogger } from "../logger.ts";
import { openDatabase } from "../storage/database.ts";
import { openKeys } from "../storage/keys.ts";
import { createStores } from "../storage/stores.ts";
import { secretOrTrialSecret } from "../storage/trial-secret.ts";

/** Options that every command of the desk takes. */
export interface ActOptions {
  /** Who acts, as PEOPLE_FILE names them. */
  readonly as?: string;
}

const clock: Clock = { now: () => Date.now() };

export const LOCALES_DIR = resolve(import.meta.dirname, "../../locales");

/**
 * Opens the desk beside a running service, lets `work` act as one person, and closes it.
 *
 * @throws OperatorError for what is refused as well: a sentence in English, which the command line speaks alone.
 */
export async function atDesk(
  { as }: ActOptions,
  work: (desk: Desk & { readonly stores: Stores }, person: Person) => Promise<void>,
  config: Config = loadConfig(),
): Promise<void> {
  const people = await loadPeople(config.peopleFile);
  const person = people.atMachine(userInfo().username, as);
  const tree = await loadTree(config.contentDir, config.contentRequire);
  const secret = await secretOrTrialSecret(config.secret, config.databaseUrl, hasChannel(config));
  const database = await openDatabase(config.databaseUrl, { serving: false, clock });
  try {
    const keys = await openKeys({ database, secret, clock });
    const stores = createStores({ database, keys, clock });
    const logger = createLogger("error");
    const live = createLiveTree({ tree, stores, clock, logger, timeZone: config.defaultTimeZone });
    await live.refresh();
    await work({ stores, people, tree: live.tree, clock }, person);
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    const { translate } = await loadLocales(LOCALES_DIR);
    throw new OperatorError(failure(translate, "en", error));
  } finally {
    await database.close();
  }
}

export function contentHold(topic: string, { why, ...options }: ActOptions & { why: string }): Promise<void> {
  return atDesk(options, async (desk, person) => {
    await holdAnswer(desk, person, topic, why);
    console.log(`${topic} is held by ${person.name}: a running service says within a second that it is being checked.`);
  });
}

export function contentWithdraw(topic: string, { why, ...options }: ActOptions & { why: string }): Promise<void> {
  return atDesk(options, async (desk, person) => {
    const closed = await withdrawAnswer(desk, person, topic, why);
    console.log(`${topic} is withdrawn by ${person.name}: a running service stops giving it within a second.`);
    tellThoseWhoFlagged(closed);
  });
}

export function contentRestore(topic: string, { why, ...options }: ActOptions & { why: string }): Promise<void> {
  return atDesk(options, async (desk, person) => {
    const closed = await restoreAnswer(desk, person, topic, why);
    console.log(`${topic} is back in service, by ${person.name}.`);
    tellThoseWhoFlagged(closed);
  });
}

export function contentFlag(
  topic: string,
  { why, source, ...options }: ActOptions & { why: string; source?: string },
): Promise<void> {
  return atDesk(options, async (desk, person) => {
    const { held } = await flagAnswer(desk, person, { topic, why, ...(source !== undefined && { source }) });
    console.log(held ? `${topic} is flagged and now held.` : `${topic} is flagged by ${person.name}.`);
  });
}

export function contentDismiss(topic: string, { why, ...options }: ActOptions & { why: string }): Promise<void> {
  return atDesk(options, async (desk, person) => {
    tellThoseWhoFlagged(await dismissFlags(desk, person, topic, why));
  });
}

/** `content desk`: what is out of service and what nobody has judged yet. */
export function contentDesk(options: ActOptions): Promise<void> {
  return atDesk(options, async ({ stores }) => {
    const [holds, flags] = [await stores.holds.current(), await stores.flags.open()];
    if (holds.length + flags.length === 0) console.log("Every answer is in service, and nobody has flagged one.");
    for (const { topic, status, by, at, why } of holds)
      console.log(`${styleText("red", status.padEnd(9))}  ${topic}  ${dayAndTime(at)}, ${by}: ${why}`);
    for (const { topic, by, at, why, source } of flags)
      console.log(
        `${styleText("yellow", "flagged  ")}  ${topic}  ${dayAndTime(at)}, ${by}: ${why}${source ? ` (${source})` : ""}`,
      );
  });
}

export interface NoticeOptions extends ActOptions {
  /** `locale=line`, one for each language. */
  readonly text: readonly string[];
  readonly topic: readonly string[];
  readonly place: readonly string[];
  readonly until: string;
  readonly source?: string;
}

export function noticeDraft({ text, topic, place, until, source, ...options }: NoticeOptions): Promise<void> {
  return atDesk(options, async (desk, person) => {
    const texts = Object.fromEntries(text.map(localeAndLine));
    const draft = { texts, topics: topic, places: place, until, ...(source !== undefined && { source }) };
    const noticeId = await draftNotice(desk, person, draft);
    console.log(`Notice ${noticeId} is written. Somebody else approves it: npx puente notice approve ${noticeId}`);
  });
}

export function noticeApprove(noticeId: string, options: ActOptions): Promise<void> {
  return atDesk(options, async (desk, person) => {
    const { texts } = await approveNotice(desk, person, idOf(noticeId));
    console.log(`Notice ${noticeId} stands before answers within a second:`);
    for (const [locale, text] of Object.entries(texts)) console.log(`  ${locale}  ${text}`);
  });
}

export function noticeEnd(noticeId: string, options: ActOptions): Promise<void> {
  return atDesk(options, async (desk, person) => {
    await endNotice(desk, person, idOf(noticeId));
    console.log(`Notice ${noticeId} has ended.`);
  });
}

export function noticeList(options: ActOptions): Promise<void> {
  return atDesk(options, async ({ stores }) => {
    const notices = await stores.notices.list();
    if (notices.length === 0) console.log("There are no notices.");
    for (const notice of notices) {
      const { noticeId, texts, topics, places, until, draftedBy, approvedBy } = notice;
      const state = noticeState(notice, clock.now());
      const by = approvedBy === undefined ? `by ${draftedBy}` : `by ${draftedBy}, approved by ${approvedBy}`;
      const head = `${noticeId}  ${state}  until ${new Date(until).toISOString().slice(0, 10)}  ${by}`;
      console.log(styleText(state === "shown" ? "green" : "reset", head));
      console.log(`   before ${[...topics, ...places].join(", ")}`);
      for (const [locale, text] of Object.entries(texts)) console.log(`   ${locale}  ${text}`);
    }
  });
}

function tellThoseWhoFlagged(closed: readonly Flag[]): void {
  if (closed.length === 0) return;
  const who = [...new Set(closed.map(({ by }) => by))].join(", ");
  console.log(`Flags closed as ${closed[0]?.outcome}: tell ${who}.`);
}

function localeAndLine(text: string): readonly [Locale, string] {
  const [, locale, line] = /^([a-z]{2,3}(?:-[A-Za-z]+)?)=(.*)$/s.exec(text) ?? [];
  if (locale === undefined || line === undefined)
    throw new OperatorError(`--text is written as es="...", with the language before the line.`);
  return [locale, line.trim()];
}

function idOf(text: string): number {
  if (!/^\d+$/.test(text)) throw new OperatorError("Name a notice by its number: npx puente notice list shows them.");
  return Number(text);
}

function dayAndTime(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace("T", " ");
}
