import { setImmediate as nextTurn } from "node:timers/promises";
import { answerStatus, isCurrent } from "../content/state.ts";
import type { Tree } from "../content/tree.ts";
import type { BroadcastChannel, BroadcastLane, BroadcastRecord, Templates } from "../core/broadcast.ts";
import type { Checkpoint, Clock, Counter, Logger } from "../core/ports.ts";
import type { Stores } from "../core/stores.ts";
import type { Translate } from "../locale/translate.ts";
import { formsOf } from "./forms.ts";
import { hoursIn } from "./hours.ts";

/** Between two looks at what there is to do. Bounds how late a broadcast begins; a pause does not wait for it. */
const TICK_MS = 250;
/** A schedule that was missed by more than this is not sent: what was true in the morning may harm in the evening. */
const GRACE_MS = 60 * 60_000;
/** Nobody of the team could be told: it waits, and they are tried again. An emergency waits so long and no longer. */
const TELL_AGAIN_MS = 30_000;
const EMERGENCY_WAITS_MS = 2 * 60_000;
/** One step of the frozen list: the database is free for others between two. */
const FREEZE_STEP = 2_000;
/** So many get it first, where there are more than `CANARY_FROM`; then somebody looks at how they fared. */
const CANARY = 20;
const CANARY_FROM = 100;
/** More failures than this, among at least so many, and somebody has to look. */
const FAILURE_SHARE = 0.2;
const FAILURES_TELL_FROM = 50;
const LOOK_AT_FAILURES_MS = 1_000;
const KEEP_REPORTS_MS = 60 * 60_000;
/** Handed to the worker ahead of what the sender takes: two seconds of it. */
const AHEAD_S = 2;
const AHEAD_AT_MOST = 1_000;

export interface BroadcastWorkerOptions {
  readonly stores: Pick<Stores, "broadcasts">;
  readonly tree: () => Tree;
  readonly translate: Translate;
  /** The organisation's name. */
  readonly name: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly counter: Counter;
  readonly checkpoint: Checkpoint;
  /** Segments (SMS) or messages (WhatsApp) a second, of each channel that is on. */
  readonly rates: Readonly<Partial<Record<BroadcastChannel, number>>>;
  readonly templates?: Templates;
  /** Tells every organizer and admin that it is about to go out. False: there is somebody to tell, and nobody was. */
  readonly announce: (record: BroadcastRecord) => Promise<boolean>;
  /** Says that deliveries were queued. */
  readonly wake: () => void;
}

/** Moves broadcasts on: begins them, freezes who gets them, hands recipients to the deliveries, and ends them. */
export interface BroadcastWorker {
  /** One look at all broadcasts. Resolves to how many recipients were handed over. */
  tick(): Promise<number>;
  start(): void;
  stop(): Promise<void>;
}

/** Any number of processes may run one: every step is a transaction that holds the broadcast's row. */
export function createBroadcastWorker(options: BroadcastWorkerOptions): BroadcastWorker {
  const { stores, tree, clock, logger, counter, checkpoint, rates } = options;
  const { broadcasts } = stores;
  const telling = new Map<number, Promise<boolean>>();
  let stopping = false;
  let failuresAt = 0;
  let reportsAt = 0;

  async function begin(record: BroadcastRecord): Promise<void> {
    const { broadcastId, sendAt = 0, readyAt = 0, until, hash, emergency } = record;
    const now = clock.now();
    if (now < sendAt) return;
    const from = { from: ["scheduled"] as const, hash };
    if (now > Math.max(sendAt, readyAt) + GRACE_MS || (until !== undefined && now >= until)) {
      logger.warn("broadcast.expired", { broadcastId });
      await broadcasts.move(broadcastId, { ...from, to: "expired", event: "expired" });
      return;
    }
    if (!(await teamKnows(record))) {
      if (!emergency || now - Math.max(sendAt, readyAt) < EMERGENCY_WAITS_MS) return;
      logger.error("broadcast.started-untold", { broadcastId });
      counter.count("broadcast_untold");
    }
    if (await broadcasts.move(broadcastId, { ...from, to: "running", event: "started" })) {
      logger.info("broadcast.started", { broadcastId });
      await checkpoint("broadcast.started");
    }
  }

  /**
   * Whether the team has been told. Beside everything else: a room that does not answer holds up no other broadcast.
   */
  async function teamKnows(record: BroadcastRecord): Promise<boolean> {
    const { broadcastId } = record;
    if (record.announced) return true;
    if (!telling.has(broadcastId) && (await broadcasts.takeAnnouncement(broadcastId, TELL_AGAIN_MS)))
      telling.set(
        broadcastId,
        tellTeam(record).finally(() => telling.delete(broadcastId)),
      );
    return (await Promise.race([telling.get(broadcastId), nextTurn()])) === true;
  }

  async function tellTeam(record: BroadcastRecord): Promise<boolean> {
    try {
      if (!(await options.announce(record))) return false;
      await broadcasts.noteAnnounced(record.broadcastId);
      return true;
    } catch (error) {
      counter.count("broadcast_error");
      logger.error("broadcast.team-not-told", { error: error instanceof Error ? error.name : "unknown" });
      return false;
    }
  }

  async function carryOn(record: BroadcastRecord): Promise<number> {
    const { broadcastId, until } = record;
    const now = clock.now();
    if (until !== undefined && now >= until) {
      await broadcasts.move(broadcastId, { from: ["running"], to: "expired", event: "expired" });
      await broadcasts.keepReport(broadcastId);
      return 0;
    }
    if (!stillLeads(record, now)) {
      await pause(record, "rules");
      return 0;
    }
    if (record.frozenAt === undefined) {
      while (!stopping && !(await broadcasts.freeze(broadcastId, FREEZE_STEP))) {
        await checkpoint("broadcast.frozen");
        await nextTurn();
      }
      // The list's length decides about the canary: the next look knows it.
      return 0;
    }
    const lanes = (await broadcasts.lanes(broadcastId)).filter(({ channel }) => rates[channel] !== undefined);
    const waiting = lanes.filter((lane) => lane.waiting);
    const canary = needsCanary(record) ? CANARY : undefined;
    let handed = 0;
    for (const lane of lanes) handed += await handOver(record, lane, canary);
    if (handed > 0) {
      options.wake();
      await checkpoint("broadcast.released");
      return handed;
    }
    if (await broadcasts.hasOpen(broadcastId)) return 0;
    if (canary !== undefined && (await broadcasts.handed(broadcastId, canary)) >= canary) await pause(record, "canary");
    else if (waiting.length === 0) await finish(record, lanes);
    return 0;
  }

  function needsCanary({ emergency, canaryPassed, recipients = 0 }: BroadcastRecord): boolean {
    return !emergency && !canaryPassed && recipients > CANARY_FROM;
  }

  /** A lane's next recipients, while the people of its place are awake. */
  async function handOver(record: BroadcastRecord, lane: BroadcastLane, canary: number | undefined): Promise<number> {
    const { broadcastId } = record;
    const perSecond = rates[lane.channel];
    const hours = hoursOf(lane.place);
    if (perSecond === undefined || !hours?.open) return 0;
    const expiresAt = Math.min(hours.until, record.until ?? Number.POSITIVE_INFINITY);
    if (!lane.waiting) return broadcasts.revive(broadcastId, lane.lane, expiresAt);
    const ahead = Math.min(Math.max(Math.ceil(perSecond * AHEAD_S), 1), AHEAD_AT_MOST);
    const room = ahead - (await broadcasts.backlog(broadcastId, lane.channel));
    // Many at a time cost little more than few.
    if (room < ahead / 4) return 0;
    const { channel } = lane;
    const forms = formsOf(record, channel, options);
    return broadcasts.release({
      ...{ broadcastId, lane: lane.lane, channel, forms, expiresAt, perSecond, limit: room },
      ...(canary !== undefined && { canary }),
      ...(options.templates !== undefined && { templates: options.templates }),
    });
  }

  function hoursOf(id: string) {
    const place = tree().places.find((one) => one.id === id);
    return place && hoursIn(place.timeZone, clock.now());
  }

  async function finish(record: BroadcastRecord, lanes: readonly BroadcastLane[]): Promise<void> {
    const { broadcastId } = record;
    // What was not sent in its hours waits for the next ones.
    const progress = await broadcasts.progress(broadcastId);
    if (progress.rows.some(({ status, reason }) => status === "skipped" && reason === "expired") && lanes.length > 0)
      return;
    if (!(await broadcasts.move(broadcastId, { from: ["running"], to: "finished", event: "finished" }))) return;
    await broadcasts.keepReport(broadcastId);
    logger.info("broadcast.finished", { broadcastId, recipients: progress.recipients });
    counter.count("broadcast_finished");
    await checkpoint("broadcast.stopped");
  }

  async function pause({ broadcastId }: BroadcastRecord, reason: "canary" | "failures" | "rules"): Promise<void> {
    const moved = await broadcasts.move(broadcastId, {
      from: ["running"],
      to: "paused",
      event: "paused",
      pause: { reason },
    });
    if (!moved) return;
    logger.warn("broadcast.paused", { broadcastId, reason });
    counter.count("broadcast_paused", { reason });
    await checkpoint("broadcast.stopped");
  }

  /** An answer that was withdrawn since takes what leads to it along. */
  function stillLeads({ topic: id, audience }: BroadcastRecord, now: number): boolean {
    if (id === undefined) return true;
    const topic = tree().topics.get(id);
    return (
      topic !== undefined &&
      audience.locales.every((locale) => isCurrent(answerStatus(tree(), topic, locale, now).status, tree().require))
    );
  }

  async function lookAtFailures(running: readonly BroadcastRecord[]): Promise<void> {
    if (clock.now() - failuresAt < LOOK_AT_FAILURES_MS) return;
    failuresAt = clock.now();
    for (const record of running) {
      const { ended, failed } = await broadcasts.recent(record.broadcastId);
      if (ended >= FAILURES_TELL_FROM && failed / ended > FAILURE_SHARE) await pause(record, "failures");
    }
  }

  /** Receipts come for days; the rows they change go after a week. */
  async function keepReports(): Promise<void> {
    const now = clock.now();
    if (now - reportsAt < KEEP_REPORTS_MS) return;
    reportsAt = now;
    for (const { broadcastId, finishedAt } of await broadcasts.list(50))
      if (finishedAt !== undefined && now - finishedAt < 5 * 24 * KEEP_REPORTS_MS)
        await broadcasts.keepReport(broadcastId);
  }

  async function tick(): Promise<number> {
    let handed = 0;
    const active = await broadcasts.active();
    for (const record of active) {
      if (record.state === "scheduled") await begin(record);
      else if (record.state === "running") handed += await carryOn(record);
    }
    await lookAtFailures(active.filter(({ state }) => state === "running"));
    await keepReports();
    return handed;
  }

  let loop = Promise.resolve();
  let ring = () => {};

  return {
    tick,
    start() {
      stopping = false;
      loop = (async () => {
        while (!stopping) {
          try {
            await tick();
          } catch (error) {
            counter.count("broadcast_error");
            logger.error("broadcast.loop-broke", { error: error instanceof Error ? error.name : "unknown" });
          }
          if (stopping) break;
          await new Promise<void>((resolve) => {
            const timer = setTimeout(resolve, TICK_MS);
            ring = () => {
              clearTimeout(timer);
              resolve();
            };
          });
        }
      })();
    },
    async stop() {
      stopping = true;
      ring();
      await loop;
      await Promise.all(telling.values());
    },
  };
}
