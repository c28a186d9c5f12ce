import { randomBytes } from "node:crypto";

/** A Content resource as Twilio keeps it. */
export interface FakeContent {
  readonly sid: string;
  readonly friendly_name: string;
  readonly language: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly types: Readonly<Record<string, ContentType>>;
  approval: { name: string; category: string; status: string } | undefined;
}

interface ContentType {
  readonly body?: string;
  readonly button?: string;
  readonly actions?: readonly { readonly title: string; readonly id?: string }[];
  readonly items?: readonly { readonly item: string; readonly id: string; readonly description?: string }[];
}

/**
 * Makes a resource, or says what is wrong with it: the limits of twilio.com/docs/content (quick-reply: 1 to 10 actions,
 * body 1,024; list-picker: 1 to 10 items, id 200, description 72; 100 variables).
 */
export function makeContent(sent: unknown): FakeContent | string {
  const { friendly_name = "", language, variables = {}, types = {} } = sent as Partial<FakeContent>;
  if (typeof language !== "string") return "language is required";
  const all = JSON.stringify(types);
  const used = [...all.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? "");
  if (used.some((name) => !(name in variables))) return "a variable has no sample";
  if (Object.keys(variables).length > 100) return "too many variables";
  if (Object.values(variables).some((value) => value === "")) return "a sample is empty";
  for (const [type, { body = "", actions, items }] of Object.entries(types)) {
    if (body === "" || [...body].length > 1024) return `the body of ${type}`;
    if (type === "twilio/quick-reply" && !(actions && actions.length >= 1 && actions.length <= 10))
      return "the actions";
    if (type === "twilio/list-picker" && !(items && items.length >= 1 && items.length <= 10)) return "the items";
    if (items?.some(({ id, description = "" }) => id.length > 200 || description.length > 72)) return "an item";
  }
  if (Object.keys(types).length === 0) return "no types";
  const sid = `HX${randomBytes(16).toString("hex")}`;
  return { sid, friendly_name, language, variables, types, approval: undefined };
}

/** A filled-in message with buttons, as the phone shows it. */
export interface Rendered {
  readonly body: string;
  readonly buttons: readonly { readonly title: string; readonly id: string }[];
}

/**
 * Fills a resource in, or gives Twilio's error code: 21656 for variables that are no JSON, empty, or hold a line break, a
 * tab or more than four spaces; 63021 for a body over 1,024; 63013 for labels over WhatsApp's limits or too many of them
 * in an open session.
 */
export function render(content: FakeContent, contentVariables: string | null): Rendered | number {
  const values = parse(contentVariables ?? "{}");
  if (values === undefined) return 21656;
  for (const value of Object.values(values))
    if (typeof value !== "string" || value === "" || /[\n\t]| {5,}/.test(value)) return 21656;
  const merged = { ...content.variables, ...(values as Record<string, string>) };
  const fill = (text = "") => text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => merged[name] ?? "");
  const [type] = Object.values(content.types);
  const body = fill(type?.body);
  if ([...body].length > 1024) return 63021;
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
