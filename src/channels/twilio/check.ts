import twilio from "twilio";
import type { Check, Finding } from "../../core/check.ts";
import type { Clock } from "../../core/ports.ts";
import { createTwilioClient, type TwilioClient } from "./client.ts";
import { toSendError } from "./errors.ts";
import type { TwilioSettings } from "./open.ts";
import { templateChecks } from "./templates.ts";

/** Where people who write to Puente have their numbers from. */
const COUNTRIES = ["US", "MX", "GT", "HN", "SV"];
/** A clock further off than this breaks the sweep of missed messages and the times that people read. */
const CLOCK_OFF_MS = 30_000;
const TOLL_FREE = /^\+1(800|833|844|855|866|877|888)/;
const CONSOLE = "https://console.twilio.com";

/** What can be looked at in a Twilio account, with live calls. The client is closed by `close`. */
export function createTwilioChecks(
  settings: Omit<TwilioSettings, "erase" | "discardContent">,
  clock: Clock,
): { readonly checks: readonly Check[]; close(): Promise<void> } {
  const client = createTwilioClient({ ...settings, authToken: settings.authTokens[0] ?? "" });
  const webhook = `${settings.publicUrl}/twilio/messages`;
  const { smsFrom, messagingServiceSid, whatsappFrom } = settings;
  const check = (id: string, title: string, look: () => Promise<Finding>): Check => ({
    id: `twilio.${id}`,
    title,
    run: () => look().catch(notReached),
  });
  const checks: Check[] = [
    check("credentials", "Twilio account", () => checkAccount(client)),
    check("clock", "Clock", () => checkClock(client, clock)),
  ];
  if (messagingServiceSid !== undefined) {
    checks.push(
      check("service", "Messaging Service", () => checkService(client, messagingServiceSid, webhook)),
      check("service-numbers", "Its numbers", () => checkPool(client, messagingServiceSid)),
    );
  } else if (smsFrom !== undefined)
    checks.push(check("number", "SMS number", () => checkNumber(client, smsFrom, webhook)));
  if (smsFrom !== undefined || messagingServiceSid !== undefined) {
    checks.push(check("registration", "U.S. registration", () => checkRegistration(client, settings)));
    for (const country of COUNTRIES)
      checks.push(check(`reach-${country.toLowerCase()}`, `Texts to ${country}`, () => checkCountry(client, country)));
  }
  if (whatsappFrom !== undefined)
    checks.push(
      check("whatsapp", "WhatsApp sender", () => checkSender(client, whatsappFrom, webhook)),
      ...templateChecks(client).map((one) => check(one.id, one.title, one.run)),
    );
  return { checks, close: () => client.close() };
}

/** An error of the vendor as a finding. The message holds no credential. */
function notReached(error: unknown): Finding {
  if (error instanceof twilio.RestException && error.status === 401)
    return {
      status: "fail",
      says: "Twilio does not accept TWILIO_ACCOUNT_SID with TWILIO_AUTH_TOKEN.",
      remedy: `Copy both again from ${CONSOLE}, Account Info. An API key does not work here: webhooks are signed with the auth token.`,
    };
  if (error instanceof twilio.RestException)
    return {
      status: "fail",
      says: `Twilio refuses (${error.code ?? error.status}).`,
      remedy: `Look it up: https://www.twilio.com/docs/api/errors/${error.code ?? ""}`,
    };
  const { code } = toSendError(error);
  return {
    status: "fail",
    says: `Twilio could not be reached (${code}).`,
    remedy: "Look whether this machine reaches the internet (https, port 443) and try again.",
  };
}

async function checkAccount(client: TwilioClient): Promise<Finding> {
  const { status, type } = await client.account();
  if (status !== "active")
    return { status: "fail", says: `The account is ${status}.`, remedy: `Open ${CONSOLE}: Twilio says there why.` };
  if (type === "Trial")
    return {
      status: "warn",
      says: "A trial account: it sends only to numbers you have verified, and adds a line of its own.",
      remedy: `Add a payment method in ${CONSOLE}, Billing, before you publish the number.`,
    };
  return { status: "ok", says: "Active, and the auth token is right." };
}

async function checkClock(client: TwilioClient, clock: Clock): Promise<Finding> {
  const before = clock.now();
  const date = Date.parse(await client.serverDate());
  if (Number.isNaN(date)) return { status: "warn", says: "Twilio's answer carries no time to compare with." };
  const off = Math.round((clock.now() + before) / 2 - date);
  if (Math.abs(off) <= CLOCK_OFF_MS) return { status: "ok", says: "Agrees with Twilio's." };
  return {
    status: "fail",
    says: `This machine's clock is ${Math.abs(Math.round(off / 1000))} s ${off > 0 ? "ahead of" : "behind"} Twilio's.`,
    remedy: "Turn on time synchronisation (on Linux: `timedatectl set-ntp true`).",
  };
}

async function checkNumber(client: TwilioClient, phoneNumber: string, webhook: string): Promise<Finding> {
  const [number] = await client.incomingPhoneNumbers.list({ phoneNumber, limit: 1 });
  if (number === undefined)
    return {
      status: "fail",
      says: "TWILIO_SMS_FROM is not a number of this account.",
      remedy: `See ${CONSOLE}, Phone Numbers, Active numbers. Write it as +12025550100.`,
    };
  if (!number.capabilities.sms)
    return { status: "fail", says: "This number cannot send texts.", remedy: "Buy one with SMS, or use another." };
  if (number.smsUrl === webhook && number.smsMethod === "POST")
    return { status: "ok", says: "Twilio brings its texts here." };
  return {
    status: "fail",
    says: number.smsUrl === "" ? "Nobody gets the texts sent to it." : "Texts sent to it go to another address.",
    remedy: `Set "A message comes in" to ${webhook} (HTTP POST).`,
    fix: {
      question: `Let Twilio bring the texts of this number to ${webhook}?`,
      async apply() {
        await client.incomingPhoneNumbers(number.sid).update({ smsUrl: webhook, smsMethod: "POST" });
      },
    },
  };
}

async function checkService(client: TwilioClient, sid: string, webhook: string): Promise<Finding> {
  const service = await client.services(sid).fetch();
  const isOurs =
    service.inboundRequestUrl === webhook && service.inboundMethod === "POST" && !service.useInboundWebhookOnNumber;
  if (isOurs) return { status: "ok", says: "Twilio brings its texts here." };
  return {
    status: "fail",
    says: "Texts to this service's numbers do not come here.",
    remedy: `Messaging, Services, Integration: "Send a webhook" to ${webhook} (HTTP POST).`,
    fix: {
      question: `Let this Messaging Service bring its texts to ${webhook}?`,
      async apply() {
        await client
          .services(sid)
          .update({ inboundRequestUrl: webhook, inboundMethod: "POST", useInboundWebhookOnNumber: false });
      },
    },
  };
}

async function checkPool(client: TwilioClient, sid: string): Promise<Finding> {
  const numbers = await client.services(sid).phoneNumbers.list({ limit: 100 });
  if (numbers.length > 0) return { status: "ok", says: `${numbers.length} in its sender pool.` };
  return {
    status: "fail",
    says: "The sender pool is empty, so nothing can be sent.",
    remedy: `${CONSOLE}, Messaging, Services, Sender Pool: add your number.`,
  };
}

/** U.S. carriers drop what comes from an unregistered number (errors 30034 and 30032). */
async function checkRegistration(
  client: TwilioClient,
  { smsFrom, messagingServiceSid }: Pick<TwilioSettings, "smsFrom" | "messagingServiceSid">,
): Promise<Finding> {
  const guide = "docs/twilio.md has the texts to register with.";
  if (smsFrom !== undefined && TOLL_FREE.test(smsFrom))
    return {
      status: "warn",
      says: "A toll-free number must be verified; Twilio's API does not show here whether it is.",
      remedy: `${CONSOLE}, Phone Numbers, Regulatory, Toll-free verification. ${guide}`,
    };
  const registered =
    messagingServiceSid !== undefined && (await client.services(messagingServiceSid).fetch()).usAppToPersonRegistered;
  if (registered) return { status: "ok", says: "The A2P 10DLC campaign is registered." };
  if (messagingServiceSid === undefined && smsFrom !== undefined && !smsFrom.startsWith("+1"))
    return { status: "ok", says: "Not a U.S. number, so none is needed." };
  return {
    status: "warn",
    says:
      messagingServiceSid === undefined
        ? "An ordinary U.S. number is registered through a Messaging Service, and none is set."
        : "No registered A2P 10DLC campaign: U.S. carriers drop most of its texts.",
    remedy: `Register the brand and the campaign; it takes days to weeks. ${guide}`,
  };
}

async function checkCountry(client: TwilioClient, country: string): Promise<Finding> {
  const { permissions } = await client.countries.fetch({ countryCode: country });
  const entry: unknown = Array.isArray(permissions) ? permissions[0] : undefined;
  const isOn = typeof entry === "object" && entry !== null && "enabled" in entry && entry.enabled === true;
  if (isOn) return { status: "ok", says: "Allowed." };
  return {
    status: "warn",
    says: "The account may not send there: people with such a number get no answer (error 21408).",
    remedy: `${CONSOLE}, Messaging, Settings, Geo permissions: tick the country.`,
  };
}

async function checkSender(client: TwilioClient, number: string, webhook: string): Promise<Finding> {
  const senders = await client.senders.list({ channel: "whatsapp", limit: 100 });
  const sender = senders.find(({ senderId }) => senderId === `whatsapp:${number}`);
  if (sender === undefined)
    return {
      status: "fail",
      says: "TWILIO_WHATSAPP_FROM is not a WhatsApp sender of this account.",
      remedy: `${CONSOLE}, Messaging, Senders, WhatsApp senders. The sandbox number does not show here: ignore this while you try it.`,
    };
  if (!sender.status.startsWith("ONLINE"))
    return {
      status: "fail",
      says: `WhatsApp has it as ${sender.status.toLowerCase().replaceAll(":", " ")}.`,
      remedy: `${CONSOLE}, Messaging, Senders, WhatsApp senders shows what Meta waits for.`,
    };
  const { callbackUrl, callbackMethod } = sender.webhook ?? {};
  if (callbackUrl === webhook && callbackMethod === "POST")
    return { status: "ok", says: "Online, and Twilio brings its messages here." };
  return {
    status: "fail",
    says: "Online, but its messages do not come here.",
    remedy: `Set its webhook to ${webhook} (POST).`,
    fix: {
      question: `Let Twilio bring this sender's WhatsApp messages to ${webhook}?`,
      async apply() {
        // The SDK types a class for the body; what it sends is the plain object.
        const body = { webhook: { callback_url: webhook, callback_method: "POST" } };
        await client.senders(sender.sid).update(body as never);
      },
    },
  };
}
