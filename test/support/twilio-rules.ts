import { APPROVAL, CONTENT, misfits, SENDER_UPDATE, type Shape } from "./twilio-json.ts";

/**
 * What Twilio takes, per operation: method, path, parameters with their kinds and limits, and the status of success. Read
 * from its OpenAPI description, github.com/twilio/twilio-oai, release 2.7.0 of 2026-08-11, commit
 * 75f03e6e1f4928cac319ca13765e2212272821bc, folder spec/json:
 *
 * - the account, messages, media and numbers (/2010-04-01): twilio_api_v2010.json
 * - Messaging Services and their numbers (/v1/Services): twilio_messaging_v1.json
 * - senders (/v2/Channels): twilio_messaging_v2.json
 * - content and its approval (/v1/Content): twilio_content_v1.json
 * - countries (/v1/Messaging/GeoPermissions): twilio_accounts_v1.json
 *
 * All parameters of every operation here are named, as on the wire. A limit in double quotes is one the description has
 * only in words. Not in it, so stricter by the stand-in's own choice: that a parameter it does not name is refused, that
 * one which is no list is given once, that `address` has a pattern, and that no URL's host may have an underscore (which
 * it says of StatusCallback). Error codes and rules that hang on a message's state are not in it either: see fake-twilio.ts.
 */
export interface Rule {
  /** `operationId` of the description. */
  readonly operation: string;
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: RegExp;
  /** The status that says it went well. */
  readonly status: 200 | 201 | 202 | 204;
  readonly parameters: Readonly<Record<string, Kind>>;
  readonly required?: readonly string[];
  /** `x-twilio.conditional`: one of each group must be there. */
  readonly oneOf?: readonly (readonly string[])[];
  /** Parameters that mean nothing without another. */
  readonly needs?: Readonly<Record<string, string>>;
  /** Takes JSON of this shape. Every other POST takes a form. */
  readonly json?: Shape;
}

/** `atMost`: a list, sent as the same parameter again and again. */
type Kind = { readonly atMost?: number } & (
  | { readonly kind: "text"; readonly longest?: number; readonly pattern?: RegExp }
  | { readonly kind: "integer"; readonly least: number; readonly most: number }
  | { readonly kind: "enum"; readonly values: readonly string[] }
  | { readonly kind: "uri" }
  | { readonly kind: "date-time" }
);

const text = { kind: "text" } as const;
/** "It can be up to 64 characters long." */
const friendlyName = { kind: "text", longest: 64 } as const;
const uri = { kind: "uri" } as const;
const dateTime = { kind: "date-time" } as const;
const words = (...values: string[]) => ({ kind: "enum", values }) as const;
const boolean = words("true", "false");
const httpMethod = words("GET", "POST");
const integer = (least: number, most: number) => ({ kind: "integer", least, most }) as const;
const id = (prefix: string) => `(${prefix})[0-9a-fA-F]{32}`;
const sid = (prefix: string) => ({ kind: "text", pattern: new RegExp(`^${id(prefix)}$`) }) as const;
/**
 * "E.164 format (for SMS/MMS) or channel address, e.g. whatsapp:+15552229999". A person may be an opaque id there, which
 * is in Twilio's guide to WhatsApp only. A sender may also be a word, a short code or a SIM; Puente's never is.
 */
const address = { kind: "text", pattern: /^(\+[1-9]\d{1,14}|whatsapp:(\+[1-9]\d{1,14}|[A-Z]{2}\.\w+))$/ } as const;
const paging = {
  PageSize: integer(1, 1000),
  Page: integer(0, Number.POSITIVE_INFINITY),
  PageToken: text,
} as const;
/** "An integer from 1 to 36,000", in seconds. */
const validity = integer(1, 36_000);

const path = (pattern: string) => new RegExp(`^${pattern.replaceAll(".", "\\.")}$`);
const ACCOUNT = `/2010-04-01/Accounts/${id("AC")}`;
const MESSAGE = `${ACCOUNT}/Messages/${id("SM|MM")}`;
const SERVICE = `/v1/Services/${id("MG")}`;
const APPROVALS = `/v1/Content/${id("HX")}/ApprovalRequests`;

export const RULES: readonly Rule[] = [
  {
    operation: "CreateMessage",
    method: "POST",
    path: path(`${ACCOUNT}/Messages.json`),
    status: 201,
    parameters: {
      To: address,
      From: address,
      FallbackFrom: address,
      MessagingServiceSid: sid("MG"),
      // "Can be up to 1,600 characters in length."
      Body: { kind: "text", longest: 1600 },
      ContentSid: sid("HX"),
      ContentVariables: text,
      // "You can include up to ten media_url parameters per message." The format is not checked (`ignoreFormat`).
      MediaUrl: { ...text, atMost: 10 },
      PersistentAction: { ...text, atMost: Number.POSITIVE_INFINITY },
      StatusCallback: uri,
      ApplicationSid: sid("AP"),
      ValidityPeriod: validity,
      Attempt: integer(0, Number.POSITIVE_INFINITY),
      MaxPrice: { kind: "text", pattern: /^\d+(\.\d+)?$/ },
      ContentRetention: words("retain", "discard"),
      AddressRetention: words("retain", "obfuscate"),
      TrafficType: words("free"),
      RiskCheck: words("enable", "disable"),
      ScheduleType: words("fixed"),
      SendAt: dateTime,
      ProvideFeedback: boolean,
      ForceDelivery: boolean,
      SmartEncoded: boolean,
      ShortenUrls: boolean,
      SendAsMms: boolean,
    },
    required: ["To"],
    oneOf: [
      ["From", "MessagingServiceSid"],
      ["Body", "MediaUrl", "ContentSid"],
    ],
    // "`content_sid` parameter must also be provided."
    needs: { ContentVariables: "ContentSid" },
  },
  {
    operation: "ListMessage",
    method: "GET",
    path: path(`${ACCOUNT}/Messages.json`),
    status: 200,
    parameters: {
      To: address,
      From: address,
      DateSent: dateTime,
      "DateSent<": dateTime,
      "DateSent>": dateTime,
      ...paging,
    },
  },
  { operation: "FetchMessage", method: "GET", path: path(`${MESSAGE}.json`), status: 200, parameters: {} },
  {
    operation: "UpdateMessage",
    method: "POST",
    path: path(`${MESSAGE}.json`),
    status: 200,
    // "To redact the text content of a Message, this parameter's value must be an empty string"
    parameters: { Body: { kind: "text", longest: 0 }, Status: words("canceled") },
  },
  { operation: "DeleteMessage", method: "DELETE", path: path(`${MESSAGE}.json`), status: 204, parameters: {} },
  {
    operation: "ListMedia",
    method: "GET",
    path: path(`${MESSAGE}/Media.json`),
    status: 200,
    parameters: { DateCreated: dateTime, "DateCreated<": dateTime, "DateCreated>": dateTime, ...paging },
  },
  {
    operation: "DeleteMedia",
    method: "DELETE",
    path: path(`${MESSAGE}/Media/${id("ME")}.json`),
    status: 204,
    parameters: {},
  },
  { operation: "FetchAccount", method: "GET", path: path(`${ACCOUNT}.json`), status: 200, parameters: {} },
  {
    operation: "ListIncomingPhoneNumber",
    method: "GET",
    path: path(`${ACCOUNT}/IncomingPhoneNumbers.json`),
    status: 200,
    parameters: {
      // "You can specify partial numbers and use '*' as a wildcard for any digit."
      PhoneNumber: { kind: "text", pattern: /^\+?[\d*]+$/ },
      FriendlyName: text,
      Beta: boolean,
      // "Can be: `twilio` or `hosted`."
      Origin: words("twilio", "hosted"),
      ...paging,
    },
  },
  {
    operation: "UpdateIncomingPhoneNumber",
    method: "POST",
    path: path(`${ACCOUNT}/IncomingPhoneNumbers/${id("PN")}.json`),
    status: 200,
    parameters: {
      ...{ AccountSid: sid("AC"), ApiVersion: text, FriendlyName: friendlyName },
      ...{ SmsApplicationSid: sid("AP"), SmsUrl: uri, SmsMethod: httpMethod },
      ...{ SmsFallbackUrl: uri, SmsFallbackMethod: httpMethod },
      ...{ StatusCallback: uri, StatusCallbackMethod: httpMethod },
      ...{ VoiceApplicationSid: sid("AP"), VoiceUrl: uri, VoiceMethod: httpMethod, VoiceCallerIdLookup: boolean },
      ...{ VoiceFallbackUrl: uri, VoiceFallbackMethod: httpMethod, VoiceReceiveMode: words("voice", "fax") },
      ...{ EmergencyStatus: words("Active", "Inactive"), EmergencyAddressSid: sid("AD"), TrunkSid: sid("TK") },
      ...{ IdentitySid: sid("RI"), AddressSid: sid("AD"), BundleSid: sid("BU") },
    },
  },
  { operation: "FetchService", method: "GET", path: path(SERVICE), status: 200, parameters: {} },
  {
    operation: "UpdateService",
    method: "POST",
    path: path(SERVICE),
    status: 200,
    parameters: {
      ...{ FriendlyName: friendlyName, ValidityPeriod: validity, StatusCallback: uri },
      Usecase: words("notifications", "marketing", "verification", "discussion", "poll", "undeclared"),
      ...{ InboundRequestUrl: uri, InboundMethod: httpMethod, FallbackUrl: uri, FallbackMethod: httpMethod },
      ...{ UseInboundWebhookOnNumber: boolean, ScanMessageContent: words("inherit", "enable", "disable") },
      ...{ StickySender: boolean, MmsConverter: boolean, SmartEncoding: boolean, FallbackToLongCode: boolean },
      ...{ AreaCodeGeomatch: boolean, SynchronousValidation: boolean },
    },
  },
  {
    operation: "ListPhoneNumber",
    method: "GET",
    path: path(`${SERVICE}/PhoneNumbers`),
    status: 200,
    parameters: paging,
  },
  {
    operation: "ListChannelsSender",
    method: "GET",
    path: path("/v2/Channels/Senders"),
    status: 200,
    // "Supported values are `whatsapp` and `rcs`."
    parameters: { Channel: words("whatsapp", "rcs"), ...paging },
    required: ["Channel"],
  },
  {
    operation: "UpdateChannelsSender",
    method: "POST",
    path: path(`/v2/Channels/Senders/${id("XE")}`),
    status: 202,
    parameters: {},
    json: SENDER_UPDATE,
  },
  { operation: "ListContent", method: "GET", path: path("/v1/Content"), status: 200, parameters: paging },
  { operation: "CreateContent", method: "POST", path: path("/v1/Content"), status: 201, parameters: {}, json: CONTENT },
  { operation: "FetchApprovalFetch", method: "GET", path: path(APPROVALS), status: 200, parameters: {} },
  {
    operation: "CreateApprovalCreate",
    method: "POST",
    path: path(`${APPROVALS}/whatsapp`),
    status: 201,
    parameters: {},
    json: APPROVAL,
  },
  {
    operation: "FetchMessagingGeopermissions",
    method: "GET",
    path: path("/v1/Messaging/GeoPermissions"),
    status: 200,
    // One country or several, as "IN,PK,US".
    parameters: { CountryCode: { kind: "text", pattern: /^[A-Z]{2}(,[A-Z]{2})*$/ } },
  },
];

/** What is wrong with a request, in words; empty when it holds against the description. `body` is what was posted. */
export function violationsOf(rule: Rule, query: URLSearchParams, body: string, contentType = ""): string[] {
  const isForm = rule.method === "POST" && rule.json === undefined;
  const problems = isForm && query.size > 0 ? [`${rule.operation} has no query`] : [];
  const asked = rule.json ? "application/json" : "application/x-www-form-urlencoded";
  if (rule.method === "POST" && contentType.split(";")[0] !== asked) problems.push(`${rule.operation} takes ${asked}`);
  if (rule.json !== undefined) problems.push(...misfits(parsed(body), rule.json, rule.operation));
  return [...problems, ...violationsIn(rule, isForm ? new URLSearchParams(body) : query)];
}

function violationsIn(rule: Rule, parameters: URLSearchParams): string[] {
  const problems: string[] = [];
  const isGiven = (name: string) => (parameters.get(name) ?? "") !== "";
  for (const name of new Set(parameters.keys())) {
    const kind = rule.parameters[name];
    const values = parameters.getAll(name);
    if (kind === undefined) problems.push(`${rule.operation} has no parameter ${name}`);
    else if (values.length > (kind.atMost ?? 1)) problems.push(`${rule.operation} takes fewer ${name}`);
    else if (!values.every((value) => fits(kind, value))) problems.push(`${rule.operation} does not take this ${name}`);
  }
  for (const name of rule.required ?? []) if (!isGiven(name)) problems.push(`${rule.operation} requires ${name}`);
  for (const group of rule.oneOf ?? [])
    if (!group.some(isGiven)) problems.push(`${rule.operation} requires one of ${group.join(", ")}`);
  for (const [name, other] of Object.entries(rule.needs ?? {}))
    if (isGiven(name) && !isGiven(other)) problems.push(`${rule.operation} takes ${name} only with ${other}`);
  return problems;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
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
