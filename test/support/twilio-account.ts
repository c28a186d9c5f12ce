import { metaPageOf, pageOf } from "./twilio-pages.ts";

/**
 * What an account has besides messages. Fields are named as on the wire, after the schemas of Twilio's OpenAPI description
 * (files and commit: `twilio-rules.ts`): `api.v2010.account` and its incoming_phone_number, `messaging.v1.service` and its
 * phone_number, `messaging.v2.channels_sender_response`, `accounts.v1.messaging_geopermissions`. Of each there is as much
 * as Puente reads. The welcome address of a new number, and that it has one, are from Twilio's console. A test may change
 * any field.
 */
export interface FakeAccount {
  status: "active" | "suspended" | "closed";
  type: "Trial" | "Full";
  readonly numbers: Record<string, unknown>[];
  readonly services: Record<string, unknown>[];
  /** Numbers of every service. */
  readonly pool: string[];
  readonly senders: (Record<string, unknown> & { webhook: Record<string, unknown> })[];
  /** Countries that messages may go to. */
  readonly countries: Set<string>;
  /** Answers an operation; undefined: there is no such thing. */
  handle(operation: string, url: URL, sent: string): object | undefined;
}

const NUMBER_SID = `PN${"b2".repeat(16)}`;
export const SERVICE_SID = `MG${"c3".repeat(16)}`;
const SENDER_SID = `XE${"d4".repeat(16)}`;

/** An account with one number, one Messaging Service and one WhatsApp sender, whose webhooks point nowhere yet. */
export function createFakeAccount(accountSid: string): FakeAccount {
  const account: FakeAccount = {
    status: "active",
    type: "Full",
    numbers: [
      {
        sid: NUMBER_SID,
        phone_number: "+12025550100",
        capabilities: { sms: true, mms: true, voice: true, fax: false },
        sms_url: "https://demo.twilio.com/welcome/sms/reply",
        sms_method: "POST",
      },
    ],
    services: [
      {
        sid: SERVICE_SID,
        friendly_name: "Puente",
        inbound_request_url: null,
        inbound_method: "POST",
        use_inbound_webhook_on_number: false,
        smart_encoding: true,
        us_app_to_person_registered: true,
        links: {},
      },
    ],
    pool: ["+12025550100"],
    senders: [
      {
        sid: SENDER_SID,
        sender_id: "whatsapp:+12025550100",
        status: "ONLINE",
        webhook: { callback_url: null, callback_method: "POST" },
      },
    ],
    countries: new Set(["US", "MX", "GT", "HN", "SV"]),
    handle(operation, url, sent) {
      const sid = url.pathname.match(/(PN|MG|XE)[0-9a-f]{32}/)?.[0];
      switch (operation) {
        case "FetchAccount":
          return { sid: accountSid, status: account.status, type: account.type, friendly_name: "Example" };
        case "ListIncomingPhoneNumber": {
          const wanted = url.searchParams.get("PhoneNumber");
          const found = account.numbers.filter((one) => wanted === null || one["phone_number"] === wanted);
          return pageOf("incoming_phone_numbers", found, url, (one) => one);
        }
        case "UpdateIncomingPhoneNumber":
          return change(account.numbers, sid, { sms_url: "SmsUrl", sms_method: "SmsMethod" }, sent);
        case "FetchService":
          return account.services.find((one) => one["sid"] === sid);
        case "UpdateService": {
          const names = { inbound_request_url: "InboundRequestUrl", inbound_method: "InboundMethod" };
          const changed = change(account.services, sid, names, sent);
          if (changed !== undefined && new URLSearchParams(sent).get("UseInboundWebhookOnNumber") === "false")
            changed["use_inbound_webhook_on_number"] = false;
          return changed;
        }
        case "ListPhoneNumber": {
          const about = { sid: NUMBER_SID, country_code: "US", capabilities: ["SMS"] };
          const numbers = account.pool.map((phone_number) => ({ phone_number, ...about }));
          return metaPageOf("phone_numbers", numbers, url);
        }
        case "ListChannelsSender":
          return metaPageOf("senders", account.senders, url);
        case "UpdateChannelsSender": {
          const sender = account.senders.find((one) => one["sid"] === sid);
          if (sender !== undefined) Object.assign(sender.webhook, JSON.parse(sent).webhook);
          return sender;
        }
        case "FetchMessagingGeopermissions": {
          const codes = url.searchParams.get("CountryCode")?.split(",") ?? [...account.countries];
          const enabled = (country_code: string) => account.countries.has(country_code);
          return {
            permissions: codes.map((code) => ({ country_code: code, type: "country", enabled: enabled(code) })),
          };
        }
        default:
          return undefined;
      }
    },
  };
  return account;
}

function change(
  list: Record<string, unknown>[],
  sid: string | undefined,
  names: Readonly<Record<string, string>>,
  sent: string,
): Record<string, unknown> | undefined {
  const one = list.find((candidate) => candidate["sid"] === sid);
  const form = new URLSearchParams(sent);
  for (const [field, name] of Object.entries(names)) if (one && form.has(name)) one[field] = form.get(name);
  return one;
}
