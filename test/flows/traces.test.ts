import { expect, onTestFinished, test } from "vitest";
import { DATABASE_KINDS, emptyDatabase } from "../support/databases.ts";
import { inboundForm, postSigned, startFakeTwilio } from "../support/fake-twilio.ts";
import { startService } from "../support/service.ts";

/** What a person may write, with words that appear nowhere in the program. */
const NAME = "Zoraidaximena";
const UTTERANCES = [
  `me llamo ${NAME} y me estan regresando en el puente`,
  `my name is ${NAME}, they are turning me away`,
  "MENU",
  "1",
  "SOURCES",
  "ALTO",
  `${NAME} ${"x".repeat(1_500)}`,
  "AYUDA",
  `${NAME} \u0000\ud800 <script>`,
  "BORRAR",
  "1",
];
const TRACES = [NAME, "2025550123", "2025550177", "regresando en", "turning me away", "afraid to go back"];

test.each(DATABASE_KINDS)(
  "neither logs, metrics, errors nor a crash say a number, a name or a word of anybody, on %s",
  async (kind) => {
    const twilio = await startFakeTwilio();
    onTestFinished(() => twilio.close());
    const service = await startService({
      apiUrl: twilio.url,
      environment: { DATABASE_URL: await emptyDatabase(kind), LOG_LEVEL: "debug" },
    });
    const url = `${service.publicUrl}/twilio/messages`;
    const answers: string[] = [];
    twilio.behave = (_form, call) =>
      call % 4 === 0 ? { status: 400, code: call % 8 === 0 ? 21610 : 30008 } : "accept";
    for (const text of UTTERANCES) await postSigned(url, inboundForm(text));
    for (const From of ["whatsapp:+12025550177", "+442079460123", `+1202555${NAME}`, ""])
      await postSigned(url, inboundForm(NAME, { From }));
    // What is refused, what cannot be read, and what is too long.
    const bodies = [NAME, `From=+12025550123&Body=${NAME}`, `{"${NAME}":`, NAME.repeat(10_000)];
    for (const type of ["application/x-www-form-urlencoded", "application/json", "text/plain"])
      for (const body of bodies) {
        const response = await fetch(`${url}?${NAME}=+12025550123`, {
          method: "POST",
          headers: { "content-type": type },
          body,
        });
        answers.push(await response.text());
      }
    answers.push(await (await fetch(`${service.publicUrl}/${NAME}/+12025550123`)).text());
    await expect.poll(() => twilio.messages.length).toBeGreaterThan(UTTERANCES.length / 2);
    for (const message of twilio.messages.slice(0, 3)) await twilio.callback(message, "undelivered", 30_003);
    const metrics = await (await fetch(`${service.localUrl()}/metrics`)).text();
    expect(metrics).toContain("puente_message_accepted_total");
    expect(metrics).toContain("puente_deliveries_waiting");
    await service.kill();
    for (const [where, text] of [
      ["the log", service.output()],
      ["the metrics", metrics],
      ["an answer over HTTP", answers.join()],
    ] as const)
      for (const trace of TRACES) expect(text, `${trace} in ${where}`).not.toContain(trace);
  },
);
