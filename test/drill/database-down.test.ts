import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { inboundForm, postSigned, startFakeTwilio } from "../support/fake-twilio.ts";
import { startPostgres } from "../support/postgres-server.ts";
import { startService } from "../support/service.ts";

const QUESTION = "me estan regresando en el puente que hago";

test("with the database gone a question waits, sealed, through a crash too, and is answered once when it is back", async () => {
  const postgres = await startPostgres({ durable: true });
  const twilio = await startFakeTwilio();
  onTestFinished(async () => {
    await twilio.close();
    await postgres.stop();
  });
  const service = await startService({ apiUrl: twilio.url, environment: { DATABASE_URL: postgres.url } });
  await postgres.halt();
  const form = inboundForm(QUESTION);
  const post = () => postSigned(`${service.publicUrl}/twilio/messages`, form);
  // The vendor may say it twice.
  expect([await post(), await post()]).toEqual([200, 200]);
  expect(twilio.messages).toEqual([]);
  expect(await readdir(join(service.dataDir, "spool"))).toHaveLength(2);
  await service.kill();
  await postgres.resume();
  await service.restart();
  await expect.poll(() => twilio.messages.length).toBeGreaterThan(0);
  await sleep(3_000);
  expect(twilio.messages).toHaveLength(1);
  expect(await readdir(join(service.dataDir, "spool"))).toEqual([]);
});

test("web and worker processes share the work, and the worker's death is made good by another", async () => {
  const postgres = await startPostgres({ durable: true });
  const twilio = await startFakeTwilio();
  onTestFinished(async () => {
    await twilio.close();
    await postgres.stop();
  });
  const web = await startService({ apiUrl: twilio.url, role: "web", environment: { DATABASE_URL: postgres.url } });
  const post = (text: string) => postSigned(`${web.publicUrl}/twilio/messages`, inboundForm(text));
  expect(await post(QUESTION)).toBe(200);
  await sleep(2_000);
  expect(twilio.messages).toEqual([]);
  const worker = await startService({ apiUrl: twilio.url, role: "worker", environment: web.environment });
  await expect.poll(() => twilio.messages.length).toBe(1);
  // Woken, not polled: a poll comes after 5 s at the latest.
  const asked = Date.now();
  await post("MENU");
  await expect.poll(() => twilio.messages.length, { timeout: 4_000, interval: 20 }).toBeGreaterThan(1);
  expect(Date.now() - asked).toBeLessThan(4_000);
  await worker.kill();
  const before = twilio.messages.length;
  await post("HELP");
  await startService({ apiUrl: twilio.url, role: "worker", environment: web.environment });
  await expect.poll(() => twilio.messages.length).toBeGreaterThan(before);
});
