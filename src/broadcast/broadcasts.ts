import { setTimeout as sleep } from "node:timers/promises";
import type { Tree } from "../content/tree.ts";
import {
  type Approval,
  BROADCAST_CHANNELS,
  type BroadcastChannel,
  type BroadcastContent,
  type BroadcastEvent,
  type BroadcastProgress,
  type BroadcastRecord,
} from "../core/broadcast.ts";
import { OperatorError } from "../core/errors.ts";
import type { Clock } from "../core/ports.ts";
import type { Stores } from "../core/stores.ts";
import type { Locale, TopicId } from "../core/words.ts";
import type { People, Person } from "../desk/people.ts";
import { can, demand, whoCan } from "../desk/permissions.ts";
import type { Translate } from "../locale/translate.ts";
import { contentHash } from "./content-hash.ts";
import { formsOf } from "./forms.ts";
import { composePreview, type Preview } from "./preview.ts";
import { judgeBroadcast, type Verdict } from "./rules.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** What subscribers were promised when they said yes: `updates.ask` in locales/. */
const AT_MOST_A_MONTH = 4;
const MONTH_MS = 30 * DAY_MS;
const SAME_WITHIN_MS = HOUR_MS;
/** Further back nothing is compared or listed. */
const LOOKED_BACK = 200;

/** What somebody asks to be sent. */
export interface BroadcastRequest {
  readonly texts: Readonly<Record<Locale, string>>;
  readonly topic?: TopicId;
  readonly source?: string;
  /** Milliseconds since the epoch. */
  readonly until?: number;
  /** Ids of places.yaml; "all" means every one of them. */
  readonly places: readonly string[] | "all";
  /** Default: every language of the service. */
  readonly locales?: readonly Locale[];
  /** Default: both. */
  readonly channels?: readonly BroadcastChannel[];
  readonly sendAt?: number;
  readonly emergency?: boolean;
}

export interface BroadcastsOptions {
  readonly stores: Pick<Stores, "broadcasts" | "costs" | "deliveries">;
  readonly people: People;
  readonly tree: () => Tree;
  readonly translate: Translate;
  /** The organisation's name, as it stands in every text. */
  readonly name: string;
  readonly clock: Clock;
  /** Segments (SMS) or messages (WhatsApp) a second, of each channel that is on. */
  readonly rates: Readonly<Partial<Record<BroadcastChannel, number>>>;
}

/**
 * Broadcasts as Slack, Discord and the command line use them. Everything that somebody may not do, or that cannot be
 * done now, throws an `OperatorError` whose message says why, what to do and who can.
 */
export interface Broadcasts {
  draft(person: Person, request: BroadcastRequest): Promise<BroadcastRecord>;
  /** Replaces the content. Whatever was approved is approved no longer, and the person is its author now. */
  edit(person: Person, broadcastId: number, request: BroadcastRequest): Promise<BroadcastRecord>;
  /** What would go out, to how many, to whom not, and what it costs. Changes nothing. */
  preview(person: Person, broadcastId: number): Promise<Preview>;
  /** Sends both forms to the organizer's own phone, which has written to Puente today. Resolves to how many messages. */
  test(person: Person, broadcastId: number, phone: string): Promise<number>;
  /** Asks others to approve it. */
  submit(person: Person, broadcastId: number): Promise<BroadcastRecord>;
  /**
   * Approves exactly what was shown.
   *
   * @param shown the hash of the content as the approver saw it.
   * @returns what is still missing, in words; empty when it will go out.
   */
  approve(person: Person, broadcastId: number, shown: string, via: Approval["via"]): Promise<readonly string[]>;
  pause(person: Person, broadcastId: number): Promise<void>;
  resume(person: Person, broadcastId: number): Promise<void>;
  cancel(person: Person, broadcastId: number): Promise<void>;
  find(person: Person, broadcastId: number): Promise<BroadcastRecord>;
  list(person: Person): Promise<readonly BroadcastRecord[]>;
  progress(person: Person, broadcastId: number): Promise<BroadcastProgress>;
  /** Every change of a progress, until the broadcast stands still. */
  watch(
    person: Person,
    broadcastId: number,
  ): AsyncGenerator<{ readonly record: BroadcastRecord; readonly progress: BroadcastProgress }>;
  log(person: Person, broadcastId?: number): Promise<readonly BroadcastEvent[]>;
}

export function createBroadcasts(options: BroadcastsOptions): Broadcasts {
  const { people, tree, translate, name, clock, rates } = options;
  const { broadcasts: store, costs, deliveries } = options.stores;

  const judge = (content: BroadcastContent): Verdict =>
    judgeBroadcast(tree(), content, { now: clock.now(), translate, name });

  async function find(broadcastId: number): Promise<BroadcastRecord> {
    const record = await store.find(broadcastId);
    if (record === undefined) throw new OperatorError(`There is no broadcast ${broadcastId}.`);
    return record;
  }

  function contentOf(request: BroadcastRequest): BroadcastContent {
    const { texts, topic, source, until, sendAt, emergency = false } = request;
    const places = request.places === "all" ? tree().places.map(({ id }) => id) : [...new Set(request.places)];
    const trimmed = Object.entries(texts).map(([locale, text]) => [locale, text.normalize("NFC").trim()] as const);
    return {
      texts: Object.fromEntries(trimmed),
      audience: {
        places: places.toSorted(),
        locales: [...new Set(request.locales ?? tree().locales)].toSorted(),
        channels: [...new Set(request.channels ?? BROADCAST_CHANNELS)].toSorted(),
      },
      emergency,
      ...(topic !== undefined && { topic }),
      ...(source !== undefined && { source }),
      ...(until !== undefined && { until }),
      ...(sendAt !== undefined && { sendAt }),
    };
  }

  function refuseProblems(what: string, { problems }: Verdict): void {
    if (problems.length > 0) throw new OperatorError([`${what} cannot go out:`, ...problems].join("\n  - "));
  }

  /** What others have sent stands against this one: the promise of how many a month, and the same words twice. */
  async function clashes(record: BroadcastRecord): Promise<string[]> {
    const now = clock.now();
    const others = (await store.list(LOOKED_BACK)).filter(
      ({ broadcastId, audience }) =>
        broadcastId !== record.broadcastId &&
        audience.places.some((place) => record.audience.places.includes(place)) &&
        audience.locales.some((locale) => record.audience.locales.includes(locale)),
    );
    const problems: string[] = [];
    const texts = (one: BroadcastContent) => JSON.stringify(Object.entries(one.texts).toSorted());
    const twin = others.find(
      (other) =>
        texts(other) === texts(record) &&
        !["draft", "cancelled", "expired"].includes(other.state) &&
        now - (other.startedAt ?? other.createdAt) < SAME_WITHIN_MS,
    );
    if (twin !== undefined)
      problems.push(
        `Broadcast ${twin.broadcastId} says the same to the same places within the hour. Is this one a repeat?`,
      );
    for (const place of record.audience.places) {
      const sent = others.filter(
        ({ audience, startedAt }) =>
          startedAt !== undefined && now - startedAt < MONTH_MS && audience.places.includes(place),
      );
      const oldest = sent.at(-1)?.startedAt;
      if (sent.length < AT_MOST_A_MONTH || oldest === undefined) continue;
      const from = new Date(oldest + MONTH_MS).toISOString().slice(0, 10);
      problems.push(
        `Subscribers were promised ${AT_MOST_A_MONTH} updates a month at most, and ${place} has had ${sent.length}. The next can go out on ${from}.`,
      );
    }
    return problems;
  }

  async function missingFor(record: BroadcastRecord, verdict: Verdict): Promise<string[]> {
    const approvers = (await store.approvals(record.broadcastId)).flatMap(({ by }) => people.find(by) ?? []);
    const missing: string[] = [];
    const needed = record.emergency ? 2 : 1;
    const able = whoCan(people, "approve-broadcast").filter(
      ({ id }) => id !== record.author && !approvers.some((one) => one.id === id),
    );
    if (approvers.length < needed)
      missing.push(`${needed - approvers.length} more to approve. Who can: ${namesOf(able)}.`);
    if (verdict.needsEditor && !approvers.some((one) => can(one, "approve-legal-broadcast")))
      missing.push(
        `It speaks of law and leads to no answer that is current: a content editor approves it. Who can: ${namesOf(able.filter((one) => can(one, "approve-legal-broadcast")))}.`,
      );
    return missing;
  }

  async function stop(person: Person, broadcastId: number, event: "paused" | "cancelled"): Promise<void> {
    demand(people, person, "stop-broadcast");
    const record = await find(broadcastId);
    const isPause = event === "paused";
    const moved = await store.move(broadcastId, {
      from: isPause ? ["running"] : ["draft", "awaiting-approval", "scheduled", "running", "paused"],
      to: event,
      event,
      by: person.id,
      ...(isPause && { pause: { reason: "person" as const } }),
    });
    if (!moved)
      throw new OperatorError(
        `Broadcast ${broadcastId} is ${record.state}: there is nothing to ${isPause ? "pause" : "cancel"}.`,
      );
    if (!isPause) await store.keepReport(broadcastId);
  }

  async function readable(person: Person, broadcastId: number): Promise<BroadcastRecord> {
    demand(people, person, "read-broadcasts");
    return find(broadcastId);
  }

  return {
    async draft(person, request) {
      demand(people, person, "draft-broadcast");
      const content = contentOf(request);
      refuseProblems("This broadcast", judge(content));
      return find(await store.create({ ...content, hash: contentHash(content), author: person.id }));
    },

    async edit(person, broadcastId, request) {
      demand(people, person, "draft-broadcast");
      const record = await find(broadcastId);
      const content = contentOf(request);
      refuseProblems("This broadcast", judge(content));
      if (!(await store.edit(broadcastId, { ...content, hash: contentHash(content) }, person.id)))
        throw new OperatorError(
          `Broadcast ${broadcastId} is ${record.state}: its text cannot be changed any more. Cancel it and write another.`,
        );
      return find(broadcastId);
    },

    async preview(person, broadcastId) {
      const record = await readable(person, broadcastId);
      const now = clock.now();
      const verdict = judge(record);
      const since = new Date(now - MONTH_MS).toISOString().slice(0, 10);
      const open = ["draft", "awaiting-approval", "scheduled"].includes(record.state);
      return composePreview({
        ...{ record, tree: tree(), translate, name, now, rates },
        verdict: { ...verdict, problems: open ? [...verdict.problems, ...(await clashes(record))] : [] },
        counts: await store.count(record.audience),
        paid: await costs.since(since),
      });
    },

    async test(person, broadcastId, phone) {
      demand(people, person, "draft-broadcast");
      const record = await find(broadcastId);
      const contactId = await store.phoneInHand(phone);
      if (contactId === undefined)
        throw new OperatorError(
          "That phone has not written to Puente today by text message, or has said STOP. Write anything to Puente from it, and try again: so nobody else's phone can be used.",
        );
      const now = clock.now();
      const forms = formsOf(record, "sms", { translate, name });
      await deliveries.enqueue(
        forms.map(({ text, locale }, index) => ({
          kind: "sent-by-volunteer" as const,
          contactId,
          groupId: `test ${broadcastId} ${now}`,
          ...{ part: index + 1, parts: forms.length, text, locale, notBefore: now },
        })),
      );
      return forms.length;
    },

    async submit(person, broadcastId) {
      demand(people, person, "draft-broadcast");
      const record = await find(broadcastId);
      refuseProblems(`Broadcast ${broadcastId}`, judge(record));
      const inTheWay = await clashes(record);
      // An emergency may break the promise of how many; two people answer for it.
      if (inTheWay.length > 0 && !record.emergency) throw new OperatorError(inTheWay.join("\n"));
      const { recipients } = await this.preview(person, broadcastId);
      if (recipients === 0)
        throw new OperatorError(
          `Broadcast ${broadcastId} would reach nobody: no subscriber of these places can get it now.`,
        );
      const able = whoCan(people, "approve-broadcast").filter(({ id }) => id !== person.id);
      if (able.length === 0)
        throw new OperatorError(
          "Nobody else can approve it: PEOPLE_FILE names no second organizer or editor. A broadcast needs two people.",
        );
      const { hash } = record;
      const move = {
        from: ["draft"] as const,
        to: "awaiting-approval",
        event: "submitted",
        by: person.id,
        hash,
      } as const;
      if (!(await store.move(broadcastId, move)))
        throw new OperatorError(
          `Broadcast ${broadcastId} is ${record.state}, or was changed just now: look at it again.`,
        );
      return find(broadcastId);
    },

    async approve(person, broadcastId, shown, via) {
      demand(people, person, "approve-broadcast");
      const record = await find(broadcastId);
      if (record.state !== "awaiting-approval")
        throw new OperatorError(`Broadcast ${broadcastId} is ${record.state}: there is nothing to approve.`);
      if (record.author === person.id)
        throw new OperatorError(
          `${person.name} wrote broadcast ${broadcastId}: somebody else approves it, whatever the platform.`,
        );
      if (record.hash !== shown)
        throw new OperatorError(`Broadcast ${broadcastId} was changed since it was shown to you: look at it again.`);
      const verdict = judge(record);
      refuseProblems(`Broadcast ${broadcastId}`, verdict);
      if (!(await store.approve(broadcastId, { by: person.id, hash: shown, via })))
        throw new OperatorError(
          `Broadcast ${broadcastId} was changed just now, or ${person.name} has approved it before.`,
        );
      const missing = await missingFor(record, verdict);
      if (missing.length === 0)
        await store.move(broadcastId, { from: ["awaiting-approval"], to: "scheduled", event: "ready", hash: shown });
      return missing;
    },

    pause: (person, broadcastId) => stop(person, broadcastId, "paused"),
    cancel: (person, broadcastId) => stop(person, broadcastId, "cancelled"),

    async resume(person, broadcastId) {
      demand(people, person, "resume-broadcast");
      const record = await find(broadcastId);
      // Its time has come and gone: only what is wrong with the words counts now.
      const { sendAt: _, ...content } = record;
      refuseProblems(`Broadcast ${broadcastId}`, judge(content));
      const moved = await store.move(broadcastId, {
        ...{ from: ["paused"], to: "running", event: "resumed", by: person.id },
        ...(record.pause?.reason === "canary" && { passCanary: true }),
      });
      if (!moved) throw new OperatorError(`Broadcast ${broadcastId} is ${record.state}: there is nothing to resume.`);
    },

    find: readable,

    async list(person) {
      demand(people, person, "read-broadcasts");
      return store.list(LOOKED_BACK);
    },

    async progress(person, broadcastId) {
      await readable(person, broadcastId);
      return store.progress(broadcastId);
    },

    async *watch(person, broadcastId) {
      for (;;) {
        const record = await readable(person, broadcastId);
        const from = clock.now();
        yield { record, progress: await store.progress(broadcastId) };
        if (!["scheduled", "running"].includes(record.state)) return;
        // Counting a large audience takes time: never more than a quarter of it.
        await sleep(Math.max(1_000, 3 * (clock.now() - from)));
      }
    },

    async log(person, broadcastId) {
      demand(people, person, "read-broadcasts");
      return store.log(broadcastId);
    },
  };
}

function namesOf(persons: readonly Person[]): string {
  return persons.length === 0 ? "nobody yet; PEOPLE_FILE names them" : persons.map(({ name }) => name).join(", ");
}
