import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { styleText } from "node:util";
import { type Broadcasts, createBroadcasts } from "../broadcast/broadcasts.ts";
import { createDescribe, type Describe, type Look } from "../broadcast/describe.ts";
import { reportCsv } from "../broadcast/report.ts";
import { requestOf } from "../broadcast/request.ts";
import { loadConfig } from "../config.ts";
import type { Tree } from "../content/tree.ts";
import { OperatorError } from "../core/errors.ts";
import type { Person } from "../desk/people.ts";
import { loadLocales } from "../locale/translate.ts";
import { broadcastRates, broadcastTemplates } from "../open-channels.ts";
import { type ContentOptions, typedFrom } from "./broadcast-input.ts";
import { dayAndTime, previewLines } from "./broadcast-lines.ts";
import { type ActOptions, atDesk, LOCALES_DIR } from "./desk.ts";

interface Room {
  readonly broadcasts: Broadcasts;
  readonly person: Person;
  readonly tree: Tree;
  readonly describe: Describe;
}

/** Opens the broadcasts beside a running service, which does the sending. */
async function atBroadcasts(options: ActOptions, work: (room: Room) => Promise<void>): Promise<void> {
  const config = loadConfig();
  const { translate } = await loadLocales(LOCALES_DIR);
  const { name } = config.organisation;
  await atDesk(
    options,
    async ({ stores, people, tree, clock }, person) => {
      const broadcasts = createBroadcasts({
        stores,
        people,
        tree,
        translate,
        name,
        clock,
        rates: broadcastRates(config),
        ...broadcastTemplates(config),
      });
      const describe = createDescribe({ translate, locale: "en", tree: tree(), people });
      await work({ broadcasts, person, tree: tree(), describe });
    },
    config,
  );
}

export function broadcastDraft(options: ContentOptions & ActOptions): Promise<void> {
  return atBroadcasts(options, async ({ broadcasts, person, tree, describe }) => {
    const { broadcastId } = await broadcasts.draft(person, requestOf(tree, typedFrom(options)));
    print(previewLines(describe, await broadcasts.preview(person, broadcastId)));
    console.log(
      `\nBroadcast ${broadcastId} is written. Nothing is sent yet: npx puente broadcast submit ${broadcastId}`,
    );
  });
}

export function broadcastEdit(number: string, options: ContentOptions & ActOptions): Promise<void> {
  return atBroadcasts(options, async ({ broadcasts, person, tree, describe }) => {
    await broadcasts.edit(person, idOf(number), requestOf(tree, typedFrom(options)));
    print(previewLines(describe, await broadcasts.preview(person, idOf(number))));
    console.log(`\nBroadcast ${number} is a draft again: npx puente broadcast submit ${number}`);
  });
}

export function broadcastPreview(number: string, options: ActOptions): Promise<void> {
  return atBroadcasts(options, async ({ broadcasts, person, describe }) => {
    print(previewLines(describe, await broadcasts.preview(person, idOf(number))));
  });
}

export function broadcastTest(number: string, { to, ...options }: ActOptions & { to: string }): Promise<void> {
  return atBroadcasts(options, async ({ broadcasts, person }) => {
    const count = await broadcasts.test(person, idOf(number), to);
    console.log(`${count} messages are on their way to your phone: every language, without and with its text.`);
  });
}

export function broadcastSubmit(number: string, options: ActOptions): Promise<void> {
  return atBroadcasts(options, async ({ broadcasts, person }) => {
    const { emergency } = await broadcasts.submit(person, idOf(number));
    const who = emergency ? "two others" : "somebody else";
    console.log(`Broadcast ${number} waits for ${who} to approve it: npx puente broadcast approve ${number}`);
  });
}

export function broadcastApprove(number: string, { code, ...options }: ActOptions & { code?: string }): Promise<void> {
  return atBroadcasts(options, async ({ broadcasts, person, describe }) => {
    demandProof(person, code);
    const preview = await broadcasts.preview(person, idOf(number));
    print(previewLines(describe, preview));
    const missing = await broadcasts.approve(person, idOf(number), preview.record.hash, "machine");
    console.log(`\n${person.name} has approved broadcast ${number}.`);
    for (const line of missing) console.log(styleText("yellow", describe.sentence(line)));
    if (missing.length === 0) console.log(`It goes out as said above. Follow it: npx puente broadcast watch ${number}`);
  });
}

export function broadcastPause(number: string, options: ActOptions): Promise<void> {
  return atBroadcasts(options, async ({ broadcasts, person }) => {
    await broadcasts.pause(person, idOf(number));
    console.log(`Broadcast ${number} stands still. Go on with the rest: npx puente broadcast resume ${number}`);
  });
}

export function broadcastResume(number: string, options: ActOptions): Promise<void> {
  return atBroadcasts(options, async ({ broadcasts, person }) => {
    await broadcasts.resume(person, idOf(number));
    console.log(`Broadcast ${number} goes on.`);
  });
}

export function broadcastCancel(number: string, options: ActOptions): Promise<void> {
  return atBroadcasts(options, async ({ broadcasts, person }) => {
    await broadcasts.cancel(person, idOf(number));
    console.log(`Broadcast ${number} is cancelled. Those who got it read that it was taken back.`);
  });
}

/** `broadcast watch`: one line that changes on a terminal, one line each time elsewhere. */
export function broadcastWatch(number: string, options: ActOptions): Promise<void> {
  return atBroadcasts(options, async ({ broadcasts, person, describe }) => {
    const isTerminal = process.stdout.isTTY;
    const width = process.stdout.columns ?? 200;
    let before: Look | undefined;
    for await (const { record, progress } of broadcasts.watch(person, idOf(number))) {
      const at = Date.now();
      const { line, done } = describe.progress(record, progress, at, before);
      before ??= { at, done };
      const words = `${describe.title(record)}  ${line}`.slice(0, width - 1);
      process.stdout.write(isTerminal ? `\r\x1b[2K${words}` : `${words}\n`);
    }
    if (isTerminal) process.stdout.write("\n");
    const report = await broadcasts.report(person, idOf(number));
    print(describe.pause(report.record));
    if (report.record.state === "paused") console.log(`Go on: npx puente broadcast resume ${number}`);
    else print(describe.report(report));
  });
}

export function broadcastReport(number: string, { csv, ...options }: ActOptions & { csv?: string }): Promise<void> {
  return atBroadcasts(options, async ({ broadcasts, person, describe }) => {
    const report = await broadcasts.report(person, idOf(number));
    print([
      styleText("bold", describe.title(report.record)),
      ...describe.pause(report.record),
      ...describe.report(report),
    ]);
    if (csv === undefined) return;
    await writeFile(csv, reportCsv(report.progress));
    console.log(`\n${csv} is written.`);
  });
}

export function broadcastList(options: ActOptions): Promise<void> {
  return atBroadcasts(options, async ({ broadcasts, person, describe }) => {
    const all = await broadcasts.list(person);
    if (all.length === 0) console.log("There are no broadcasts.");
    for (const record of all) {
      const { author, createdAt, audience } = record;
      const places = audience.places.length > 3 ? `${audience.places.length} places` : audience.places.join(", ");
      console.log(`${describe.title(record)}  ${dayAndTime(createdAt)} UTC, ${author}  ${places}`);
      console.log(`   ${describe.summary(record)}`);
    }
  });
}

export function broadcastLog(number: string | undefined, options: ActOptions): Promise<void> {
  return atBroadcasts(options, async ({ broadcasts, person }) => {
    const log = await broadcasts.log(person, number === undefined ? undefined : idOf(number));
    if (log.length === 0) console.log("Nothing has happened yet.");
    for (const { broadcastId, event, by = "Puente", at, hash, detail = {} } of log) {
      const { texts, ...rest } = detail;
      const why = ["reason", "code", "via", "recipients"].flatMap((key) =>
        rest[key] === undefined ? [] : `${key} ${rest[key]}`,
      );
      console.log(
        `${dayAndTime(at)}  ${broadcastId}  ${event}  ${by}  ${hash.slice(0, 12)}  ${why.join(", ")}`.trimEnd(),
      );
      for (const [locale, text] of Object.entries(texts ?? {})) console.log(`   ${locale}  ${text}`);
    }
  });
}

/** `broadcast code`: shown once and stored nowhere; only its hash goes into the people file. */
export function broadcastCode(): void {
  const code = randomBytes(10)
    .toString("hex")
    .replace(/(.{5})(?=.)/g, "$1-");
  console.log(`Your code: ${code}\nKeep it to yourself. Whoever looks after PEOPLE_FILE adds this line to your entry:`);
  console.log(`  codeHash: ${hashOf(code)}`);
}

/** An approval counts only of somebody the machine knows: by their own account, or by a code that is theirs alone. */
function demandProof(person: Person, code: string | undefined): void {
  if (person.account === userInfo().username) return;
  if (code !== undefined && person.codeHash !== undefined) {
    if (timingSafeEqual(Buffer.from(hashOf(code)), Buffer.from(person.codeHash))) return;
    throw new OperatorError(`That is not ${person.name}'s code.`);
  }
  throw new OperatorError(
    `Anybody at this account could say that they are ${person.name}. Approve in Slack, sign in with your own account (account in PEOPLE_FILE), or give your code (--code; npx puente broadcast code makes one).`,
  );
}

function hashOf(code: string): string {
  return createHash("sha256")
    .update(code.replace(/[^0-9a-f]/g, ""))
    .digest("hex");
}

function idOf(text: string): number {
  if (!/^\d+$/.test(text))
    throw new OperatorError("Name a broadcast by its number: npx puente broadcast list shows them.");
  return Number(text);
}

function print(lines: readonly string[]): void {
  for (const line of lines) console.log(line);
}
