import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { loadTree } from "../../src/content/load.ts";
import { getTopic, inLocale } from "../../src/content/tree.ts";
import { foldForSms } from "../../src/core/fold.ts";
import { type FakeTwilio, inboundForm, postSigned, startFakeTwilio } from "../support/fake-twilio.ts";
import { type Service, startService } from "../support/service.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const TOPIC = "port-of-entry/what-to-say";
const DANGER = "me estan regresando en el puente que hago";

const tree = await loadTree(join(ROOT, "content"), "checked");
const topic = getTopic(tree, TOPIC);
const text = inLocale(topic.texts, "es");
const code = inLocale(topic.codes, "es");

let twilio: FakeTwilio;
beforeEach(async () => {
  twilio = await startFakeTwilio();
  onTestFinished(() => twilio.close());
});

/** A command in a process of its own, beside the service: `npx puente ...`. */
async function puente(service: Service, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(ROOT, "puente.js"), ...args], {
    cwd: ROOT,
    env: {
      PATH: process.env["PATH"],
      ...service.environment,
      PEOPLE_FILE: join(service.dataDir, "people.yaml"),
    },
  });
  return stdout;
}

/** What the phone gets for a message, over one channel. */
async function ask(service: Service, question: string, from = "+12025550123"): Promise<string> {
  const before = twilio.messages.length;
  await postSigned(`${service.publicUrl}/twilio/messages`, inboundForm(question, { From: from }));
  await service.idle();
  return twilio.messages
    .slice(before)
    .map(({ body }) => body)
    .join("\n")
    .replace(/\s+/g, " ");
}

const sms = (words: string) => foldForSms(words).replace(/\s+/g, " ");

test("what another process withdraws, announces and restores is served so without a restart", async () => {
  const service = await startService({ apiUrl: twilio.url });
  await writeFile(
    join(service.dataDir, "people.yaml"),
    "- { id: eva, roles: [editor] }\n- { id: olga, roles: [organizer] }\n- { id: oto, roles: [organizer] }\n",
  );
  expect(await ask(service, code)).toContain(sms(text.short));

  await puente(service, "content", "withdraw", TOPIC, "--why", "a test", "--as", "eva");
  await expect.poll(() => service.output()).toContain('"held":1');
  for (const from of ["+12025550123", "whatsapp:+12025550124"]) {
    const said = await ask(service, code, from);
    expect(sms(said)).toContain("Quitamos esa respuesta para revisarla.");
    expect(sms(said)).toContain(sms(text.always));
    expect(sms(said)).not.toContain(sms(text.short));
  }
  expect(await ask(service, DANGER)).toContain('"I am afraid to go back. I want to ask for asylum."');

  const line = {
    es: "Una corte decidió sobre el asilo. Revisamos todo.",
    en: "A court ruled on asylum. We check all.",
  };
  const about = [
    "--topic",
    "port-of-entry/turned-back",
    "--until",
    new Date(Date.now() + 864e5).toISOString().slice(0, 10),
  ];
  const drafted = await puente(
    service,
    ...["notice", "draft", "--text", `es=${line.es}`, "--text", `en=${line.en}`, ...about, "--as", "olga"],
  );
  expect(drafted).toContain("Notice 1 is written");
  await expect(puente(service, "notice", "approve", "1", "--as", "olga")).rejects.toThrow("somebody else approves it");
  await puente(service, "notice", "approve", "1", "--as", "oto");
  await expect.poll(() => service.output()).toContain('"notices":1');
  const turned = getTopic(tree, "port-of-entry/turned-back");
  const announced = await ask(service, inLocale(turned.codes, "es"));
  expect(announced).toMatch(/^\d+ \w+ 20\d\d: Una corte decidio sobre el asilo\. Revisamos todo\. /);
  expect(announced).toContain(sms(inLocale(turned.texts, "es").short));
  expect(await ask(service, DANGER)).not.toContain("Una corte");

  await puente(service, "content", "restore", TOPIC, "--why", "corrected", "--as", "eva");
  await expect.poll(() => service.output().match(/"held":0,"notices":1/)).not.toBeNull();
  expect(await ask(service, code)).toContain(sms(text.short));
});

test("a service that starts later does not serve what was withdrawn before", async () => {
  const service = await startService({ apiUrl: twilio.url });
  await writeFile(join(service.dataDir, "people.yaml"), "- { id: eva, roles: [editor] }\n");
  await puente(service, "content", "withdraw", TOPIC, "--why", "a test", "--as", "eva");
  await service.restart();
  expect(await ask(service, code)).toContain("Quitamos esa respuesta");
});
