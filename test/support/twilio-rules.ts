/**
 * What Twilio takes, per operation: the parameters, their kinds and limits, as published in its OpenAPI description
 * (github.com/twilio/twilio-oai, spec/json, read at commit 00c8d36829d67333c14bef357affd57851408ad7: api_v2010,
 * messaging_v1, messaging_v2, content_v1, accounts_v1). Where the description names a limit only in words, the words are
 * quoted. Names are those on the wire.
 */
export interface Rule {
  /** `operationId` of the description. */
  readonly operation: string;
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: RegExp;
  readonly parameters: Readonly<Record<string, Kind>>;
  readonly required?: readonly string[];
  /** `x-twilio.conditional`: one of each group must be there. */
  readonly oneOf?: readonly (readonly string[])[];
  /** Takes JSON, whose fields the stand-in checks itself. */
  readonly json?: true;
}

type Kind =
  | { readonly kind: "text"; readonly longest?: number; readonly pattern?: RegExp }
  | { readonly kind: "integer"; readonly least: number; readonly most: number }
  | { readonly kind: "enum"; readonly values: readonly string[] }
  | { readonly kind: "uri" }
  | { readonly kind: "date-time" };

const text = { kind: "text" } as const;
const boolean = { kind: "enum", values: ["true", "false"] } as const;
const httpMethod = { kind: "enum", values: ["GET", "POST"] } as const;
const sid = (prefix: string) => ({ kind: "text", pattern: new RegExp(`^(${prefix})[0-9a-fA-F]{32}$`) }) as const;
/** "E.164 format (for SMS/MMS) or channel address, e.g. whatsapp:+15552229999". A person may be an opaque id there. */
const address = { kind: "text", pattern: /^(\+[1-9]\d{1,14}|whatsapp:(\+[1-9]\d{1,14}|[A-Z]{2}\.\w+))$/ } as const;
/** "The default is 50, and the maximum is 1000." */
const paging = {
  PageSize: { kind: "integer", least: 1, most: 1000 },
  Page: { kind: "integer", least: 0, most: 1_000_000 },
  PageToken: text,
} as const;

const ACCOUNT = "/2010-04-01/Accounts/AC[0-9a-f]{32}";
const path = (pattern: string) => new RegExp(`^${pattern}$`);

export const RULES: readonly Rule[] = [
  {
    operation: "CreateMessage",
    method: "POST",
    path: path(`${ACCOUNT}/Messages.json`),
    parameters: {
      To: address,
      From: address,
      MessagingServiceSid: sid("MG"),
      // "Can be up to 1,600 characters in length."
      Body: { kind: "text", longest: 1600 },
      ContentSid: sid("HX"),
      ContentVariables: text,
      MediaUrl: { kind: "uri" },
      StatusCallback: { kind: "uri" },
      // "Accepted values are integers from 1 to 36000."
      ValidityPeriod: { kind: "integer", least: 1, most: 36_000 },
      ContentRetention: { kind: "enum", values: ["retain", "discard"] },
      AddressRetention: { kind: "enum", values: ["retain", "obfuscate"] },
      SmartEncoded: boolean,
      ShortenUrls: boolean,
      ScheduleType: { kind: "enum", values: ["fixed"] },
      SendAt: { kind: "date-time" },
      RiskCheck: { kind: "enum", values: ["enable", "disable"] },
    },
    required: ["To"],
    oneOf: [
      ["From", "MessagingServiceSid"],
      ["Body", "MediaUrl", "ContentSid"],
    ],
  },
  {
    operation: "ListMessage",
    method: "GET",
    path: path(`${ACCOUNT}/Messages.json`),
    parameters: {
      To: address,
      From: address,
      DateSent: { kind: "date-time" },
      "DateSent<": { kind: "date-time" },
      "DateSent>": { kind: "date-time" },
      ...paging,
    },
  },
  {
    operation: "FetchMessage",
    method: "GET",
    path: path(`${ACCOUNT}/Messages/(SM|MM)[0-9a-f]{32}.json`),
    parameters: {},
  },
  {
    operation: "UpdateMessage",
    method: "POST",
    path: path(`${ACCOUNT}/Messages/(SM|MM)[0-9a-f]{32}.json`),
    // "To redact the text content of a Message, this parameter's value must be an empty string"
    parameters: { Body: { kind: "text", longest: 0 }, Status: { kind: "enum", values: ["canceled"] } },
  },
  {
    operation: "DeleteMessage",
    method: "DELETE",
    path: path(`${ACCOUNT}/Messages/(SM|MM)[0-9a-f]{32}.json`),
    parameters: {},
  },
  {
    operation: "ListMedia",
    method: "GET",
    path: path(`${ACCOUNT}/Messages/(SM|MM)[0-9a-f]{32}/Media.json`),
    parameters: paging,
  },
  {
    operation: "DeleteMedia",
    method: "DELETE",
    path: path(`${ACCOUNT}/Messages/(SM|MM)[0-9a-f]{32}/Media/ME[0-9a-f]{32}.json`),
    parameters: {},
  },
  { operation: "FetchAccount", method: "GET", path: path(`${ACCOUNT}.json`), parameters: {} },
  {
    operation: "ListIncomingPhoneNumber",
    method: "GET",
    path: path(`${ACCOUNT}/IncomingPhoneNumbers.json`),
    parameters: { PhoneNumber: address, FriendlyName: text, Beta: boolean, Origin: text, ...paging },
  },
  {
    operation: "UpdateIncomingPhoneNumber",
    method: "POST",
    path: path(`${ACCOUNT}/IncomingPhoneNumbers/PN[0-9a-f]{32}.json`),
    parameters: { SmsUrl: { kind: "uri" }, SmsMethod: httpMethod, SmsFallbackUrl: { kind: "uri" } },
  },
  { operation: "FetchService", method: "GET", path: path("/v1/Services/MG[0-9a-f]{32}"), parameters: {} },
  {
    operation: "UpdateService",
    method: "POST",
    path: path("/v1/Services/MG[0-9a-f]{32}"),
    parameters: {
      InboundRequestUrl: { kind: "uri" },
      InboundMethod: httpMethod,
      UseInboundWebhookOnNumber: boolean,
      SmartEncoding: boolean,
    },
  },
  {
    operation: "ListServicePhoneNumber",
    method: "GET",
    path: path("/v1/Services/MG[0-9a-f]{32}/PhoneNumbers"),
    parameters: paging,
  },
  {
    operation: "ListChannelsSender",
    method: "GET",
    path: path("/v2/Channels/Senders"),
    parameters: { Channel: text, ...paging },
    required: ["Channel"],
  },
  {
    operation: "UpdateChannelsSender",
    method: "POST",
    path: path("/v2/Channels/Senders/XE[0-9a-f]{32}"),
    parameters: {},
    json: true,
  },
  { operation: "ListContent", method: "GET", path: path("/v1/Content"), parameters: paging },
  { operation: "CreateContent", method: "POST", path: path("/v1/Content"), parameters: {}, json: true },
  {
    operation: "FetchApprovalFetch",
    method: "GET",
    path: path("/v1/Content/HX[0-9a-f]{32}/ApprovalRequests"),
    parameters: {},
  },
  {
    operation: "CreateApprovalCreate",
    method: "POST",
    path: path("/v1/Content/HX[0-9a-f]{32}/ApprovalRequests/whatsapp"),
    parameters: {},
    json: true,
  },
  {
    operation: "FetchMessagingGeopermissions",
    method: "GET",
    path: path("/v1/Messaging/GeoPermissions"),
    parameters: { CountryCode: text },
  },
];

/** What is wrong with the parameters of a request, in words; empty when it holds against the description. */
export function violationsOf(rule: Rule, parameters: URLSearchParams): string[] {
  const problems: string[] = [];
  for (const [name, value] of parameters) {
    const kind = rule.parameters[name];
    if (kind === undefined) problems.push(`${rule.operation} has no parameter ${name}`);
    else if (!fits(kind, value)) problems.push(`${rule.operation} does not take this ${name}`);
  }
  for (const name of rule.required ?? [])
    if (!parameters.has(name)) problems.push(`${rule.operation} requires ${name}`);
  for (const group of rule.oneOf ?? [])
    if (!group.some((name) => (parameters.get(name) ?? "") !== ""))
      problems.push(`${rule.operation} requires one of ${group.join(", ")}`);
  return problems;
}

function fits(kind: Kind, value: string): boolean {
  switch (kind.kind) {
    case "text":
      return [...value].length <= (kind.longest ?? Number.POSITIVE_INFINITY) && (kind.pattern?.test(value) ?? true);
    case "integer":
      return /^\d+$/.test(value) && Number(value) >= kind.least && Number(value) <= kind.most;
    case "enum":
      return kind.values.includes(value);
    case "uri":
      return URL.canParse(value) && !new URL(value).hostname.includes("_");
    case "date-time":
      return !Number.isNaN(Date.parse(value));
  }
}
