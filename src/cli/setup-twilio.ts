import { multiselect } from "@clack/prompts";
import { type Asker, chosen, looksRight } from "./prompts.ts";

const SENDERS: Readonly<
  Record<string, { label: string; hint: string; message: string; placeholder: string; check: string }>
> = {
  TWILIO_SMS_FROM: {
    label: "SMS, one Twilio number",
    hint: "toll-free, or outside the U.S.",
    message: "Your Twilio number",
    placeholder: "+12025550100",
    check: "twilio.number",
  },
  TWILIO_MESSAGING_SERVICE_SID: {
    label: "SMS, a Messaging Service",
    hint: "ordinary U.S. numbers need one",
    message: "SID of the Messaging Service",
    placeholder: "MG...",
    check: "twilio.service",
  },
  TWILIO_WHATSAPP_FROM: {
    label: "WhatsApp",
    hint: "a WhatsApp sender in Twilio",
    message: "Number of the WhatsApp sender",
    placeholder: "+12025550100",
    check: "twilio.whatsapp",
  },
};

/** Asks for what SMS and WhatsApp need. */
export async function setUpTwilio(asker: Asker): Promise<void> {
  await asker.ask("PUBLIC_URL", "The https address at which Twilio reaches this server", {
    placeholder: "https://puente.example.org",
  });
  const before = asker.now();
  const senders = await chosen(
    multiselect({
      message: "How do people write to you? (space marks, enter goes on)",
      required: true,
      initialValues: Object.keys(SENDERS).filter((name) => before[name] !== undefined && before[name] !== ""),
      options: Object.entries(SENDERS).map(([value, { label, hint }]) => ({ value, label, hint })),
    }),
  );
  do {
    await asker.ask("TWILIO_ACCOUNT_SID", "Account SID (console.twilio.com, Account Info)", { placeholder: "AC..." });
    await asker.secret("TWILIO_AUTH_TOKEN", "Auth token (the same place)");
  } while (!(await isAccepted(asker, "twilio.credentials")));
  for (const [name, { message, placeholder, check }] of Object.entries(SENDERS)) {
    asker.set(name, "");
    if (!senders.includes(name)) continue;
    do await asker.ask(name, message, { placeholder });
    while (!(await isAccepted(asker, check)));
  }
}

/** Asks Twilio. A webhook that points elsewhere is not the value's fault: it can be put right. */
async function isAccepted(asker: Asker, id: string): Promise<boolean> {
  const { createTwilioChecks } = await import("../channels/twilio/check.ts");
  const env = asker.now();
  const { TWILIO_ACCOUNT_SID = "", TWILIO_AUTH_TOKEN = "", PUBLIC_URL = "", TWILIO_API_URL } = env;
  const { checks, close } = createTwilioChecks(
    {
      accountSid: TWILIO_ACCOUNT_SID,
      authTokens: [TWILIO_AUTH_TOKEN],
      publicUrl: PUBLIC_URL,
      ...(env["TWILIO_SMS_FROM"] && { smsFrom: env["TWILIO_SMS_FROM"] }),
      ...(env["TWILIO_MESSAGING_SERVICE_SID"] && { messagingServiceSid: env["TWILIO_MESSAGING_SERVICE_SID"] }),
      ...(env["TWILIO_WHATSAPP_FROM"] && { whatsappFrom: env["TWILIO_WHATSAPP_FROM"] }),
      ...(TWILIO_API_URL && { apiUrl: TWILIO_API_URL }),
    },
    { now: () => Date.now() },
  );
  try {
    const asked = checks.filter((check) => check.id === id);
    return await looksRight("Twilio", asked, ({ status, fix }) => status !== "fail" || fix !== undefined);
  } finally {
    await close();
  }
}
