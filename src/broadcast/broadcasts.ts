import { setTimeout as sleep } from "node:timers/promises";
import type { Tree } from "../content/tree.ts";
import type {
  Approval,
  BroadcastChannel,
  BroadcastContent,
  BroadcastEvent,
  BroadcastProgress,
  BroadcastRecord,
  Templates,
} from "../core/broadcast.ts";
import type { Clock } from "../core/ports.ts";
import type { Stores } from "../core/stores.ts";
import type { People, Person } from "../desk/people.ts";
import { demand, whoCan } from "../desk/permissions.ts";
import { RefusedError, type Sentence, type TextKey } from "../locale/sentence.ts";
import type { Translate } from "../locale/translate.ts";
import { missingApprovals } from "./approvals.ts";
import { clashesOf, MONTH_MS } from "./clashes.ts";
import { contentHash } from "./content-hash.ts";
import { formsOf } from "./forms.ts";
import { composePreview, type Preview } from "./preview.ts";
import { costOf, type Money } from "./report.ts";
import { type BroadcastRequest, contentOf } from "./request.ts";
import { judgeBroadcast, type Verdict } from "./rules.ts";

/** Further back nothing is compared or listed. */
const LOOKED_BACK = 200;

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
  readonly templates?: Templates;
}

/**
 * Broadcasts as Slack, Discord and the command line use them. Everything that somebody may not do, or that cannot be
 * done now, throws a `RefusedError` that says why, what to do and who can.
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
   * @returns what is still missing; empty when it will go out.
   */
  approve(person: Person, broadcastId: number, shown: string, via: Approval["via"]): Promise<readonly Sentence[]>;
  pause(person: Person, broadcastId: number): Promise<void>;
  resume(person: Person, broadcastId: number): Promise<void>;
  cancel(person: Person, broadcastId: number): Promise<void>;
  find(person: Person, broadcastId: number): Promise<BroadcastRecord>;
  list(person: Person): Promise<readonly BroadcastRecord[]>;
  progress(person: Person, broadcastId: number): Promise<BroadcastProgress>;
  /** What became of it so far. The cost is a guess: the vendor's bill comes later. */
  report(
    person: Person,
    broadcastId: number,
  ): Promise<{ readonly record: BroadcastRecord; readonly progress: BroadcastProgress; readonly cost: Money }>;
  /** Every change of a progress, until the broadcast stands still. */
  watch(
    person: Person,
    broadcastId: number,
  ): AsyncGenerator<{ readonly record: BroadcastRecord; readonly progress: BroadcastProgress }>;
  log(person: Person, broadcastId?: number): Promise<readonly BroadcastEvent[]>;
}

export function createBroadcasts(options: BroadcastsOptions): Broadcasts {
  const { people, tree, translate, name, clock, rates, templates } = options;
  const wording = { translate, name, ...(templates !== undefined && { templates }) };
  const { broadcasts: store, costs, deliveries } = options.stores;

  const judge = (content: BroadcastContent): Verdict =>
    judgeBroadcast(tree(), content, { now: clock.now(), ...wording });

  async function find(broadcastId: number): Promise<BroadcastRecord> {
    const record = await store.find(broadcastId);
    if (record === undefined) throw new RefusedError("broadcast.refused.gone", { id: broadcastId });
    return record;
  }

  function refuseProblems(problems: readonly Sentence[], id?: number): void {
    if (problems.length === 0) return;
    if (id === undefined) throw new RefusedError("broadcast.refused.problems", {}, problems);
    throw new RefusedError("broadcast.refused.problemsOf", { id }, problems);
  }

  /** In the state it has, it cannot be done. */
  const inState = (key: TextKey, { broadcastId: id, state }: BroadcastRecord) =>
    new RefusedError(key, { state: { key: `broadcast.state.${state}`, values: { id } } });

  const clashes = async (record: BroadcastRecord): Promise<Sentence[]> =>
    clashesOf(tree(), record, await store.list(LOOKED_BACK), clock.now());

  const missingFor = async (record: BroadcastRecord, verdict: Verdict): Promise<Sentence[]> =>
    missingApprovals(people, record, await store.approvals(record.broadcastId), verdict);

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
    if (!moved) throw inState(isPause ? "broadcast.refused.notRunning" : "broadcast.refused.over", record);
    if (!isPause) await store.keepReport(broadcastId);
  }

  /** What was paid in the last month. */
  const lately = (now: number) => costs.since(new Date(now - MONTH_MS).toISOString().slice(0, 10));

  async function readable(person: Person, broadcastId: number): Promise<BroadcastRecord> {
    demand(people, person, "read-broadcasts");
    return find(broadcastId);
  }

  return {
    async draft(person, request) {
      demand(people, person, "draft-broadcast");
      const content = contentOf(tree(), request);
      refuseProblems(judge(content).problems);
      return find(await store.create({ ...content, hash: contentHash(content), author: person.id }));
    },

    async edit(person, broadcastId, request) {
      demand(people, person, "draft-broadcast");
      const record = await find(broadcastId);
      const content = contentOf(tree(), request);
      refuseProblems(judge(content).problems);
      if (!(await store.edit(broadcastId, { ...content, hash: contentHash(content) }, person.id)))
        throw inState("broadcast.refused.begun", record);
      return find(broadcastId);
    },

    async preview(person, broadcastId) {
      const record = await readable(person, broadcastId);
      const now = clock.now();
      const verdict = judge(record);
      const open = ["draft", "awaiting-approval", "scheduled"].includes(record.state);
      return composePreview({
        ...{ record, tree: tree(), now, rates, ...wording },
        verdict: { ...verdict, problems: open ? [...verdict.problems, ...(await clashes(record))] : [] },
        counts: await store.count(record.audience, templates),
        templatesUsed: await store.templatesUsed(),
        paid: await lately(now),
        approvals: await store.approvals(broadcastId),
        missing: record.state === "awaiting-approval" ? await missingFor(record, verdict) : [],
      });
    },

    async test(person, broadcastId, phone) {
      demand(people, person, "draft-broadcast");
      const record = await find(broadcastId);
      const contactId = await store.phoneInHand(phone);
      if (contactId === undefined) throw new RefusedError("broadcast.refused.phone");
      const now = clock.now();
      const forms = formsOf(record, "sms", wording);
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
      refuseProblems(judge(record).problems, broadcastId);
      const inTheWay = await clashes(record);
      // An emergency may break the promise of how many; two people answer for it.
      if (!record.emergency) refuseProblems(inTheWay, broadcastId);
      const { recipients } = await this.preview(person, broadcastId);
      if (recipients === 0) throw new RefusedError("broadcast.refused.nobody", { id: broadcastId });
      const able = whoCan(people, "approve-broadcast").filter(({ id }) => id !== person.id);
      if (able.length === 0) throw new RefusedError("broadcast.refused.alone");
      const { hash } = record;
      const move = {
        from: ["draft"] as const,
        to: "awaiting-approval",
        event: "submitted",
        by: person.id,
        hash,
      } as const;
      if (!(await store.move(broadcastId, move))) throw inState("broadcast.refused.moved", record);
      return find(broadcastId);
    },

    async approve(person, broadcastId, shown, via) {
      demand(people, person, "approve-broadcast");
      const record = await find(broadcastId);
      const id = broadcastId;
      if (record.state !== "awaiting-approval") throw inState("broadcast.refused.notApprovable", record);
      if (record.author === person.id) throw new RefusedError("broadcast.refused.own", { id });
      if (record.hash !== shown) throw new RefusedError("broadcast.refused.changed", { id });
      const verdict = judge(record);
      refuseProblems(verdict.problems, id);
      if (!(await store.approve(id, { by: person.id, hash: shown, via })))
        throw new RefusedError("broadcast.refused.repeated", { id });
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
      refuseProblems(judge(content).problems, broadcastId);
      const moved = await store.move(broadcastId, {
        ...{ from: ["paused"], to: "running", event: "resumed", by: person.id },
        ...(record.pause?.reason === "canary" && { passCanary: true }),
      });
      if (!moved) throw inState("broadcast.refused.notPaused", record);
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

    async report(person, broadcastId) {
      const record = await readable(person, broadcastId);
      const progress = await store.progress(broadcastId);
      // Of a short form: most have it, and those who chose the full text are few.
      const segmentsOf = (channel: BroadcastChannel) =>
        Math.max(...formsOf(record, channel, wording).map(({ segments, full }) => (full ? 0 : segments)));
      return { record, progress, cost: costOf(progress, segmentsOf, await lately(clock.now())) };
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
