import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import type { CheckpointName } from "../../src/core/ports.ts";
import { DATABASE_KINDS, type DatabaseKind, emptyDatabase } from "../support/databases.ts";
import { type FakeTwilio, inboundForm, postSigned, startFakeTwilio } from "../support/fake-twilio.ts";
import { type Service, startService } from "../support/service.ts";

const QUESTION = "me estan regresando en el puente que hago";
/** A killed process's lease (30 s), and a minute until what a look-up does not show is surely absent. */
const SETTLED_MS = 180_000;
/** Long enough for a second answer to follow a first one. */
const QUIET_MS = 3_000;

interface Scene {
  readonly twilio: FakeTwilio;
  readonly service: Service;
  ask(): Promise<unknown>;
  /** What Twilio has accepted for the person, which is what counts. */
  sent(): number;
}

async function setUp(
  kind: DatabaseKind,
  at: { readonly crashAt?: CheckpointName; readonly pauseAt?: CheckpointName },
): Promise<Scene> {
  const twilio = await startFakeTwilio();
  onTestFinished(() => twilio.close());
  const environment = { DATABASE_URL: await emptyDatabase(kind) };
  const service = await startService({ apiUrl: twilio.url, environment, ...at });
  return {
    twilio,
    service,
    ask: () =>
      postSigned(`${service.publicUrl}/twilio/messages`, inboundForm(QUESTION)).catch(() => "it died with the process"),
    sent: () => twilio.messages.length,
  };
}

/** Waits for the answer, and then for one too many. */
async function expectOneAnswer({ sent, twilio }: Scene): Promise<void> {
  await expect.poll(sent, { timeout: SETTLED_MS, interval: 200 }).toBe(1);
  await sleep(QUIET_MS);
  expect(sent()).toBe(1);
  // The answer, and not the line for a message that could not be read.
  expect(twilio.messages[0]?.body).toContain("I want to ask for asylum");
}

/** Dies at a checkpoint, starts again, and must have answered exactly once. */
async function crash(kind: DatabaseKind, crashAt: CheckpointName): Promise<void> {
  const scene = await setUp(kind, { crashAt });
  await scene.ask();
  await scene.service.gone();
  await scene.service.restart();
  await expectOneAnswer(scene);
}

/** Dies while it takes in a receipt. The vendor's next one is taken as if it were the first. */
async function crashDuringReceipt(kind: DatabaseKind): Promise<void> {
  const scene = await setUp(kind, { crashAt: "receipt.arrived" });
  await scene.ask();
  await expect.poll(scene.sent).toBe(1);
  const [message] = scene.twilio.messages;
  if (message === undefined) throw new Error("no message");
  await scene.twilio.callback(message, "delivered").catch(() => "it died with the process");
  await scene.service.gone();
  await scene.service.restart();
  expect(await scene.twilio.callback(message, "delivered")).toBe(204);
  await expectOneAnswer(scene);
}

/** Is stopped in the middle of its work until its lease is over, and then goes on as if no time had passed. */
async function pause(kind: DatabaseKind, pauseAt: CheckpointName): Promise<void> {
  const scene = await setUp(kind, { pauseAt });
  const asked = scene.ask();
  await expect.poll(() => scene.service.output()).toContain("paused at");
  const second =
    kind === "postgres"
      ? // Another process takes over meanwhile.
        await startService({ apiUrl: scene.twilio.url, environment: scene.service.environment })
      : undefined;
  await sleep(35_000);
  scene.service.signal("SIGCONT");
  await asked;
  await expectOneAnswer(scene);
  await second?.kill();
}

for (const kind of DATABASE_KINDS)
  describe(`on ${kind}, exactly one answer goes out`, () => {
    // Side by side: each waits for leases most of the time.
    test("whatever the moment at which the process dies or is paused", async () => {
      await Promise.all([
        crash(kind, "message.accepted"),
        crash(kind, "turn.responded"),
        crash(kind, "attempt.begun"),
        crash(kind, "part.sent"),
        crashDuringReceipt(kind),
        pause(kind, "turn.responded"),
        pause(kind, "attempt.begun"),
        pause(kind, "part.sent"),
      ]);
    });
  });
