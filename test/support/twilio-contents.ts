import { randomBytes } from "node:crypto";

/** A Content resource as Twilio keeps it. Its fields, and which of them must be there, are those of `twilio-json.ts`. */
export interface FakeContent {
  readonly sid: string;
  readonly friendly_name: string;
  readonly language: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly types: Readonly<Record<string, ContentType>>;
  /** What WhatsApp was asked, and says. */
  approval: Approval | undefined;
}

/** `content.v1.content.approval_create` of the description. */
interface Approval {
  name: string;
  category: string;
  content_type: string;
  status: string;
  rejection_reason: string;
  allow_category_change: boolean;
}

interface ContentType {
  readonly body: string;
  readonly button?: string;
  readonly actions?: readonly { readonly title: string; readonly id?: string }[];
  readonly items?: readonly { readonly item: string; readonly id: string; readonly description?: string }[];
}

/**
 * Makes a resource of what holds against the description, or says which limit of Twilio's guides (twilio.com/docs/content,
 * by content type, and "Using Variables"; none of them is in the description) it breaks: a body of 1,600 characters for
 * text and 1,024 for the others, 1 to 5 actions, 1 to 10 items with ids of 200 and descriptions of 72, 100 variables with
 * names of 16 and a sample of up to 1,600 for each that is used.
 */
export function makeContent(sent: unknown): FakeContent | string {
  const {
    friendly_name = "",
    language,
    variables = {},
    types,
  } = sent as Omit<FakeContent, "variables"> & Partial<FakeContent>;
  const used = [...JSON.stringify(types).matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? "");
  if (used.some((name) => !(name in variables))) return "a variable has no sample";
  if (Object.keys(variables).length > 100) return "too many variables";
  if (Object.keys(variables).some((name) => !/^\w{1,16}$/.test(name))) return "the name of a variable";
  if (Object.values(variables).some((value) => value === "" || value.length > 1600)) return "a sample";
  if (Object.keys(types).length === 0) return "no types";
  for (const [type, { body, actions, items }] of Object.entries(types)) {
    if (body === "" || [...body].length > (type === "twilio/text" ? 1600 : 1024)) return `the body of ${type}`;
    if (actions !== undefined && (actions.length < 1 || actions.length > 5)) return "the actions";
    if (items !== undefined && (items.length < 1 || items.length > 10)) return "the items";
    if (items?.some(({ id, description = "" }) => id.length > 200 || description.length > 72)) return "an item";
  }
  const sid = `HX${randomBytes(16).toString("hex")}`;
  return { sid, friendly_name, language, variables, types, approval: undefined };
}

/** `content.v1.content` of the description: what was asked of WhatsApp is not in it. */
export function contentResource({ approval: _, ...content }: FakeContent): object {
  const url = `https://content.twilio.com/v1/Content/${content.sid}`;
  const approvals = `${url}/ApprovalRequests`;
  return { ...content, url, links: { approval_create: `${approvals}/whatsapp`, approval_fetch: approvals } };
}

/**
 * Submits a resource to WhatsApp, or says which rule of Twilio's guide to approvals it breaks: names of lower case letters,
 * digits and `_`, three categories, and no list picker, which needs no approval and gets none.
 */
export function submit(content: FakeContent, { name, category }: Pick<Approval, "name" | "category">) {
  if (!/^[a-z0-9_]{1,512}$/.test(name)) return "the name";
  if (!["UTILITY", "MARKETING", "AUTHENTICATION"].includes(category)) return "the category";
  const [content_type = ""] = Object.keys(content.types);
  if (content_type === "twilio/list-picker") return "the type";
  const fresh = { status: "received", rejection_reason: "", allow_category_change: true };
  content.approval = { name, category, content_type, ...fresh };
  return undefined;
}

/** A filled-in message with buttons, as the phone shows it. */
export interface Rendered {
  readonly body: string;
  readonly buttons: readonly { readonly title: string; readonly id: string }[];
}

/**
 * Fills a resource in, or gives the code of Twilio's error pages (twilio.com/docs/api/errors; the description has no codes):
 * 21656 for variables that are no JSON, empty, or hold a line break, a tab or more than four spaces; 63021 for a body that
 * became too long; 63013 for labels over WhatsApp's limits (20, in a list 24) or more than three of them in an open session.
 */
export function render(content: FakeContent, contentVariables: string | null): Rendered | number {
  const values = parse(contentVariables ?? "{}");
  if (values === undefined) return 21656;
  for (const value of Object.values(values))
    if (typeof value !== "string" || value === "" || /[\n\t]| {5,}/.test(value)) return 21656;
  const merged = { ...content.variables, ...(values as Record<string, string>) };
  const fill = (text = "") => text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => merged[name] ?? "");
  const [[name, type] = []] = Object.entries(content.types);
  const body = fill(type?.body);
  if ([...body].length > (name === "twilio/text" ? 1600 : 1024)) return 63021;
  const actions = (type?.actions ?? []).map(({ title, id = "" }) => ({ title: fill(title), id: fill(id) }));
  const items = (type?.items ?? []).map(({ item, id }) => ({ title: fill(item), id: fill(id) }));
  if (actions.length > 3 || actions.some(({ title }) => title.length > 20)) return 63013;
  if (items.some(({ title }) => title.length > 24) || fill(type?.button).length > 20) return 63013;
  const buttons = [...actions, ...items];
  if (new Set(buttons.map(({ title }) => title)).size < buttons.length) return 63013;
  return { body, buttons };
}

function parse(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
