import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, type TestContext, test } from "vitest";
import type { CheckpointName } from "../../src/core/ports.ts";
import { inboundForm, postSigned, startFakeTwilio } from "../support/fake-twilio.ts";
import { type Service, startService } from "../support/service.ts";

const QUESTION = "me estan regresando en el puente que hago";
const NUMBER = "2025550123";
/** A dead process's lease has to run out, and a message that a look-up does not show is absent only after a minute. */
const SETTLED_MS = 180_000;

/** A vendor and a service for one test: those that wait for leases to run out do it side by side. */
async function installation({ onTestFinished }: TestContext, crashAt?: CheckpointName) {
  const twilio = await startFakeTwilio();
  onTestFinished(async () => {
    expect(twilio.violations).toEqual([]);
    await twilio.close();
  });
  const service = await startService({ apiUrl: twilio.url, onTestFinished, ...(crashAt && { crashAt }) });
  const toPerson = () => twilio.messages.filter(({ to }) => to.endsWith(NUMBER));
  return { service, toPerson };
}

const post = (service: Service, form: Record<string, string>) =>
  postSigned(`${service.publicUrl}/twilio/messages`, form);

/** Everything that lies on the disk, as bytes: database, WAL and whatever else. */
async function disk(service: Service): Promise<string> {
  const names = await readdir(service.dataDir, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return (await Promise.all(files.map((file) => readFile(file, "latin1")))).join();
}

async function expectNoTrace(service: Service): Promise<void> {
  const found = (await disk(service)) + service.output();
  for (const trace of [NUMBER, "regresando", "puente que hago", "afraid to go back"])
    expect(found).not.toContain(trace);
}

test("one question gets one answer, and the same message again gets none", async (context) => {
  const { service, toPerson } = await installation(context);
  const form = inboundForm(QUESTION);
  for (let time = 0; time < 5; time += 1) expect(await post(service, form)).toBe(200);
  await expect.poll(() => toPerson().length).toBe(1);
  await service.idle();
  expect(toPerson()).toHaveLength(1);
  expect(toPerson()[0]?.body).toContain('"I am afraid to go back. I want to ask for asylum."');
  await expectNoTrace(service);
});

test("after BORRAR a message that was answered before is still a repeat, and nothing of the person is left", async (context) => {
  const { service, toPerson } = await installation(context);
  const form = inboundForm(QUESTION);
  await post(service, form);
  await expect.poll(() => toPerson().length).toBe(1);
  await post(service, inboundForm("BORRAR"));
  await expect.poll(() => toPerson().length).toBe(2);
  await post(service, inboundForm("1"));
  await expect.poll(() => toPerson().at(-1)?.body).toContain("Listo.");
  const sent = toPerson().length;
  expect(await post(service, form)).toBe(200);
  await service.idle();
  expect(toPerson()).toHaveLength(sent);
  await expectNoTrace(service);
});

test("a wrong signature is refused and nothing is stored or sent", async (context) => {
  const { service, toPerson } = await installation(context);
  const url = `${service.publicUrl}/twilio/messages`;
  expect(await postSigned(url, inboundForm(QUESTION), { authToken: "wrong" })).toBe(403);
  await service.idle();
  expect(toPerson()).toEqual([]);
});

describe.concurrent("killed", () => {
  test.for<CheckpointName>(["message.accepted", "turn.responded"])(
    "at %s, the question is answered once after the restart",
    async (crashAt, context) => {
      const { expect } = context;
      const { service, toPerson } = await installation(context, crashAt);
      await post(service, inboundForm(QUESTION)).catch(() => "the connection died with the process");
      await service.gone();
      await expectNoTrace(service);
      await service.restart();
      await expect.poll(() => toPerson().length).toBe(1);
      await service.idle();
      expect(toPerson()).toHaveLength(1);
      await expectNoTrace(service);
    },
  );

  test("at part.sent, Twilio is asked, and the answer is not sent again", async (context) => {
    const { expect } = context;
    const { service, toPerson } = await installation(context, "part.sent");
    await post(service, inboundForm(QUESTION));
    await service.gone();
    expect(toPerson()).toHaveLength(1);
    await service.restart();
    await expect.poll(() => service.output(), { timeout: SETTLED_MS }).toContain("delivery.found");
    expect(toPerson()).toHaveLength(1);
    await expectNoTrace(service);
  });

  test("at attempt.begun, the answer still arrives, at most twice", async (context) => {
    const { expect } = context;
    const { service, toPerson } = await installation(context, "attempt.begun");
    await post(service, inboundForm(QUESTION));
    await service.gone();
    expect(toPerson()).toEqual([]);
    await service.restart();
    await expect.poll(() => toPerson().length, { timeout: SETTLED_MS }).toBe(1);
    expect(service.output()).toContain("delivery.resent");
  });
});
