import { join } from "node:path";
import { createAnswering, LOCALES_DIR, systemClock } from "./answering.ts";
import { hoursIn } from "./broadcast/hours.ts";
import { createBroadcastWorker } from "./broadcast/worker.ts";
import { type Config, hasChannel } from "./config.ts";
import { createReceive, type EffectHandlers } from "./conversation/receive.ts";
import { OperatorError } from "./core/errors.ts";
import type { Channel, Checkpoint, Clock, Counter, Logger, Route } from "./core/ports.ts";
import type { ChannelName } from "./core/words.ts";
import { createDelivery } from "./delivery/deliver.ts";
import { createLiveTree } from "./desk/live.ts";
import { createHealthRoutes } from "./http/health.ts";
import { createMetrics } from "./http/metrics.ts";
import { createServer, type Server } from "./http/server.ts";
import type { Translate } from "./locale/translate.ts";
import { createLogger } from "./logger.ts";
import {
  broadcastRates,
  broadcastTemplates,
  numberToText,
  openBroadcastDesk,
  openDesk,
  openDiscord,
  openSlack,
  openTwilio,
} from "./open-channels.ts";
import { loadPrivacyPages } from "./privacy/page.ts";
import { createSweep } from "./privacy/sweep.ts";
import { openDatabase } from "./storage/database.ts";
import { openKeys } from "./storage/keys.ts";
import { createLimiter, type LimiterOptions } from "./storage/limiter.ts";
import { createSpool } from "./storage/spool.ts";
import { createStores } from "./storage/stores.ts";
import { secretOrTrialSecret } from "./storage/trial-secret.ts";
import { createCorrections } from "./subscription/corrections.ts";
import { createUpdateEffects } from "./subscription/effects.ts";
import { createContentRoutes } from "./web/content.ts";
import { createPrivacyRoutes } from "./web/privacy.ts";
import { createQrRoute } from "./web/qr.ts";
import { createSimulatorRoutes } from "./web/simulator.ts";
import { createTermsRoutes, loadTerms } from "./web/terms.ts";

/** Messages of one contact that are answered in a window: more is a machine, or somebody running up a bill. */
const MESSAGES_PER_CONTACT = { name: "contact", points: 40, windowMs: 60 * 60_000 };
const DAY_MS = 24 * 60 * 60_000;
const COUNTRY_LINE = { name: "country", points: 0, windowMs: DAY_MS };
const CEILING_LINE = { name: "ceiling", points: 0, windowMs: DAY_MS };
const SWEEP_EVERY_MS = 60_000;
/** Each card of a broadcast changes less often than this; see `core/broadcast-sheet.ts`. */
const CARDS_EVERY_MS = 1_000;
/** A message whose webhook never came is found within this long. */
const MISSED_EVERY_MS = 3 * 60_000;
const VENDOR_ERASE_EVERY_MS = 15_000;
/** Waiting messages are looked for again this often: with the lease on one, under half a minute after a process died. */
const RESUME_EVERY_MS = 5_000;

/** What a process does: takes in webhooks, answers and sends, or both. Apart only where the database is shared. */
export const ROLES = ["all", "web", "worker"] as const;
export type Role = (typeof ROLES)[number];

/** What tests replace: time and where lines go; and what `serve` was told. */
export interface AppOverrides {
  /** Default: all. */
  readonly role?: Role;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly counter?: Counter;
  readonly checkpoint?: Checkpoint;
}

/** The whole service, as `npm start` runs it. */
export interface App {
  /** Opens the listeners, takes up what was left unanswered, and begins to send. Resolves to where it listens. */
  start(): Promise<{ readonly publicUrl?: string; readonly localUrl: string }>;
  /** Finishes what is under way and closes everything. */
  stop(): Promise<void>;
}

/** The composition root: the one place that knows all rooms. */
export async function createApp(config: Config, overrides: AppOverrides = {}): Promise<App> {
  const clock = overrides.clock ?? systemClock;
  const logger = overrides.logger ?? createLogger(config.logLevel);
  const metrics = createMetrics();
  const counter = overrides.counter ?? metrics.counter;
  // What an operator must put right is said before anything heavy begins.
  const secret = await secretOrTrialSecret(config.secret, config.databaseUrl, hasChannel(config));
  const role = overrides.role ?? "all";
  if (role !== "all" && config.databaseUrl.startsWith("sqlite:"))
    throw new OperatorError("--role needs a database that several processes share: set DATABASE_URL to a Postgres.");
  const database = await openDatabase(config.databaseUrl, { serving: true, clock });
  const keys = await openKeys({ database, secret, clock });
  const onDamage = (table: string) => counter.count("row_unreadable", { table });
  const stores = createStores({ database, keys, clock, onDamage });
  const waiting = (value: (of: { readonly n: number; readonly since: number }) => number) => async () =>
    (await stores.deliveries.waiting()).map((of) => ({ labels: { kind: of.kind }, value: value(of) }));
  metrics.gauge(
    "deliveries_waiting",
    "kind",
    waiting(({ n }) => n),
  );
  metrics.gauge(
    "deliveries_waiting_seconds",
    "kind",
    waiting(({ since }) => (clock.now() - since) / 1_000),
  );
  const answering = await createAnswering(config, { ...overrides, logger, clock });
  const { translate, respond } = answering;

  const channels = new Map<ChannelName, Channel>();
  const checkpoint = overrides.checkpoint ?? (async () => {});
  const timeZone = config.defaultTimeZone;
  const delivery = createDelivery({ stores, channels, clock, logger, counter, translate, timeZone, checkpoint });
  const live = createLiveTree({ tree: answering.tree(), stores, clock, logger, timeZone });
  const limiter = (limit: Pick<LimiterOptions, "name" | "points" | "windowMs" | "lasting">) =>
    createLimiter({ ...limit, database, keys, clock });
  const receive = createReceive({
    stores,
    respond,
    tree: live.tree,
    clock,
    logger,
    counter,
    translate,
    limits: {
      contact: limiter(MESSAGES_PER_CONTACT),
      country: limiter(COUNTRY_LINE),
      ceiling: limiter(CEILING_LINE),
      segments: limiter({ name: "segments", points: config.dailySegmentLimit, windowMs: DAY_MS, lasting: true }),
    },
    dailySegmentLimit: config.dailySegmentLimit,
    spool: createSpool({ folder: config.spoolDir, database, keys, counter, clock }),
    ...(role === "web" && { handOver: (contactId) => void database.wakeups.publish("inbox", contactId) }),
    allowedCountries: config.allowedCountries,
    effects: effectsWith(translate),
    checkpoint,
    clockTime: (at) => timeOfDay(at, timeZone),
    wake: () => delivery.wake(),
  });
  const twilio =
    config.twilio &&
    (await openTwilio(config, {
      ...{ stores, receive, clock, counter, logger, translate, checkpoint },
      receiptSpool: createSpool({ folder: join(config.spoolDir, "receipts"), database, keys, counter, clock }),
    }));
  for (const channel of twilio?.channels ?? []) channels.set(channel.name, channel);
  const desk =
    (config.slack ?? config.discord) &&
    (await openDesk(config, { stores, clock, logger, translate, respond, live, wake: delivery.wake }));
  const broadcastDesk =
    desk && (await openBroadcastDesk(config, { stores, clock, logger, translate, live, wake: delivery.wake }));
  const rooms = desk && broadcastDesk && { desk, broadcastDesk, receive, clock, counter, logger, translate };
  const slack = config.slack && rooms && (await openSlack(config, rooms));
  const discord = config.discord && rooms && (await openDiscord(config, { ...rooms, lease: database.lease }));
  for (const opened of [slack, discord]) if (opened !== undefined) channels.set(opened.channel.name, opened.channel);
  const privacyPages = await loadPrivacyPages(LOCALES_DIR);
  const sweep = createSweep({ stores, clock });
  const broadcasts = createBroadcastWorker({
    stores,
    tree: live.tree,
    translate,
    name: config.organisation.name,
    clock,
    logger,
    counter,
    checkpoint,
    rates: broadcastRates(config),
    ...broadcastTemplates(config),
    announce: async (record) => {
      logger.warn("broadcast.about-to-start", { broadcastId: record.broadcastId });
      // Without a room there is nobody to tell but whoever reads this log.
      return broadcastDesk?.announce(record) ?? true;
    },
    wake: () => delivery.wake(),
  });
  const corrections = createCorrections({
    stores,
    tree: live.tree,
    translate,
    clock,
    hours: (now) => {
      const hours = hoursIn(timeZone, now);
      return hours.open ? hours : undefined;
    },
    wake: () => delivery.wake(),
  });

  let ready = false;
  const routes: Route[] = [
    ...createHealthRoutes(() => ready),
    metrics.route,
    ...(role === "worker" ? [] : [...(twilio?.routes ?? []), ...(slack?.routes ?? [])]),
    ...createPrivacyRoutes({ pages: privacyPages, organisation: config.organisation }),
    ...createTermsRoutes({ terms: await loadTerms(LOCALES_DIR), organisation: config.organisation }),
    createQrRoute(live.tree, numberToText(config)),
    ...createContentRoutes({ directory: config.contentDir, tree: live.tree, stores, translate, clock }),
    ...(config.simulator
      ? createSimulatorRoutes({
          start: () => answering.session({ tree: live.tree }),
          tree: live.tree,
          translate,
          clock,
        })
      : []),
  ];
  const servers: Server[] = [];
  const timers: NodeJS.Timeout[] = [];

  return {
    async start() {
      const open = async (listener: Route["listener"][], host: string, port: number, loopbackOnly: boolean) => {
        const server = await createServer({
          routes: routes.filter((route) => listener.includes(route.listener)),
          logger,
          ...(loopbackOnly && { loopbackOnly: config.adminToken === undefined ? {} : { token: config.adminToken } }),
        });
        servers.push(server);
        return server.listen(host, port);
      };
      // What was withdrawn before is never served, not even by the first answer.
      await live.start();
      // Without a channel there is nothing public: the simulator takes the one port, for this machine alone.
      // A worker takes no webhooks either: its health and its numbers are on the local port.
      const urls =
        role === "worker"
          ? { localUrl: await open(["public", "local"], config.adminHost, config.adminPort, true) }
          : hasChannel(config)
            ? {
                publicUrl: await open(["public"], config.host, config.port, false),
                localUrl: await open(["local"], config.adminHost, config.adminPort, true),
              }
            : { localUrl: await open(["public", "local"], "127.0.0.1", config.port, true) };
      const every = (ms: number, job: string, work: () => Promise<unknown>) =>
        timers.push(setInterval(() => void guard(work(), logger, job), ms));
      await receive.resume();
      every(RESUME_EVERY_MS, "resume", receive.resume);
      if (twilio !== undefined) every(RESUME_EVERY_MS, "receipts", twilio.receipts.resume);
      // Every process must seal with the newest data key long before the sweep drops the one before it.
      every(SWEEP_EVERY_MS, "keys", () => keys.refresh(database.db));
      if (role !== "web") {
        delivery.start();
        database.wakeups.subscribe((topic, contactId) => {
          if (topic === "deliveries") delivery.wake();
          else if (contactId !== undefined) receive.answer(contactId);
        });
        broadcasts.start();
        if (broadcastDesk !== undefined) every(CARDS_EVERY_MS, "broadcast-cards", broadcastDesk.refresh);
        every(SWEEP_EVERY_MS, "corrections", corrections);
        every(SWEEP_EVERY_MS, "sweep", sweep);
        if (twilio !== undefined) {
          void guard(twilio.findMissed(), logger, "missed");
          every(MISSED_EVERY_MS, "missed", twilio.findMissed);
          every(VENDOR_ERASE_EVERY_MS, "vendor-erasures", twilio.erase);
        }
      } else if (twilio !== undefined) {
        every(VENDOR_ERASE_EVERY_MS, "erasures", twilio.noteErasures);
      }
      // Taken in where webhooks are: a worker only sends.
      if (role !== "worker") {
        await slack?.start();
        await discord?.start();
      }
      ready = true;
      logger.info("service.started", {
        twilio: config.twilio !== undefined,
        slack: slack !== undefined,
        discord: discord !== undefined,
        require: config.contentRequire,
      });
      if (role !== "worker") void guard(answering.warmUp(), logger, "warm-up");
      return urls;
    },
    async stop() {
      ready = false;
      for (const timer of timers) clearInterval(timer);
      await live.stop();
      await slack?.stop();
      await discord?.stop();
      await desk?.close();
      await Promise.all(servers.map((server) => server.close()));
      await receive.stop();
      await broadcasts.stop();
      await delivery.stop();
      await answering.matcher.stop();
      await twilio?.close();
      await database.close();
      logger.info("service.stopped");
    },
  };
}

const effectsWith = (translate: Translate): EffectHandlers => ({
  ...createUpdateEffects({ translate }),
  "opt-out": ({ source }, { contactId }, { contacts }) => contacts.optOut(contactId, source),
  "opt-in": ({ source }, { contactId }, { contacts }) => contacts.optIn(contactId, source),
  erase: (_effect, { contactId }, { contacts }) => contacts.erase(contactId),
  "read-waiting": (_effect, { contactId }, { phoneSends }) => phoneSends.read(contactId),
  count: ({ kind: _, ...count }, { channel }, { counts }) => counts.add({ ...count, channel }),
});

function timeOfDay(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat("es", { hour: "numeric", minute: "2-digit", timeZone }).format(at);
}

async function guard(work: Promise<unknown>, logger: Logger, job: string): Promise<void> {
  try {
    await work;
  } catch (error) {
    logger.error("job.failed", { job, error: error instanceof Error ? error.name : "unknown" });
  }
}
