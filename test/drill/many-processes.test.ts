import { randomBytes } from "node:crypto";
import { expect, inject, onTestFinished, test } from "vitest";
import { emptyPostgres } from "../support/databases.ts";
import { inboundForm, postSigned, startFakeTwilio } from "../support/fake-twilio.ts";
import { untilIdle } from "../support/idle.ts";
import { startService } from "../support/service.ts";

const PROCESSES = 4;
const CONTACTS = 1_000;
/** Each has another answer, in one message. */
const QUESTIONS = [
  "me negaron la entrada q hago",
  "cuanto dura la entrevista de miedo creible",
  "necesito un abogado gratis",
  "MENU",
  "que es el asilo",
  "HELP",
  "puedo pedir interprete en la entrevista",
  "que es el parole",
  "AYUDA",
  "SOURCES",
];
/** Webhooks under way at a time, as a vendor would send them in a crisis. */
const AT_ONCE = 24;
/** Fictional numbers: 555-0100 to 555-0199 of ten area codes. */
const AREAS = [202, 303, 404, 505, 606, 707, 808, 909, 210, 310];
/** A killed process's leases, and the minute after which a message nobody can find is sent again. */
const SETTLED_MS = 150_000;

test("four processes on one Postgres answer 10,000 questions from 1,000 contacts exactly once and in order per contact, one killed on the way", async () => {
  const twilio = await startFakeTwilio();
  onTestFinished(() => twilio.close());
  const environment = {
    DATABASE_URL: await emptyPostgres(inject("postgres").url),
    PUENTE_SECRET: randomBytes(32).toString("base64"),
    DAILY_SEGMENT_LIMIT: "10000000",
    LOG_LEVEL: "warn",
  };
  const services = await Promise.all(
    Array.from({ length: PROCESSES }, () => startService({ apiUrl: twilio.url, environment })),
  );
  const numbers = AREAS.flatMap((area) =>
    Array.from({ length: 100 }, (_, n) => `+1${area}55501${String(n).padStart(2, "0")}`),
  ).slice(0, CONTACTS);

  const bodiesOf = () => {
    const bodies = new Map<string, string[]>();
    for (const { to, body } of twilio.messages) bodies.set(to, [...(bodies.get(to) ?? []), body]);
    return bodies;
  };
  let turn = 0;
  /** Hands one message to the processes in turn, and like the vendor to another one when the first is gone. */
  async function ask(from: string, question: string): Promise<void> {
    const form = inboundForm(question, { From: from });
    for (let tries = 0; tries < PROCESSES * 2; tries += 1) {
      turn += 1;
      const service = services[turn % PROCESSES];
      const status = await postSigned(`${service?.publicUrl}/twilio/messages`, form).catch(() => 0);
      if (status === 200) return;
    }
    throw new Error("no process took the message");
  }

  // What one person gets who waits for each answer: what everybody has to get.
  const alone = "+15125550100";
  const expected: string[] = [];
  for (const question of QUESTIONS) {
    const before = bodiesOf().get(alone)?.length ?? 0;
    await ask(alone, question);
    await untilIdle(environment.DATABASE_URL);
    expect(bodiesOf().get(alone)?.length ?? 0).toBeGreaterThan(before);
  }
  expected.push(...(bodiesOf().get(alone) ?? []));
  expect(expected.length).toBeGreaterThanOrEqual(QUESTIONS.length);

  let asked = 0;
  const killed = services[0];
  const queue = numbers.map((number) => ({ number, next: 0 }));
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let person = queue.shift(); person !== undefined; person = queue.shift()) {
        const question = QUESTIONS[person.next];
        if (question === undefined) continue;
        await ask(person.number, question);
        asked += 1;
        if (asked === (CONTACTS * QUESTIONS.length) / 2) await killed?.kill();
        // Back of the queue: everybody's questions come mixed with everybody else's.
        queue.push({ number: person.number, next: person.next + 1 });
      }
    }),
  );
  expect(asked).toBe(CONTACTS * QUESTIONS.length);

  /** Who got something else: which of the expected messages, in the order they came. */
  const wrong = () => {
    const bodies = bodiesOf();
    const inOrder = expected.map((_, index) => index);
    return numbers
      .map((number) => (bodies.get(number) ?? []).map((body) => expected.indexOf(body)))
      .filter((got) => answersOf(got).join() !== answersOf(inOrder).join() || got.length !== inOrder.length);
  };
  /** The welcome is a message of its own after the first answer, and overtakes that after 30 s. */
  const welcome = expected.findIndex((body) => body.startsWith("Puente es un programa"));
  const answersOf = (got: readonly number[]) => got.filter((index) => index !== welcome);
  await expect.poll(wrong, { timeout: SETTLED_MS, interval: 1_000 }).toEqual([]);
  // And nothing follows.
  const total = twilio.messages.length;
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  expect(twilio.messages.length).toBe(total);
  expect(total).toBe((CONTACTS + 1) * expected.length);
});
