/**
 * What Discord refuses in components: Component Reference (github.com/discord/discord-api-docs, components/reference, read
 * in its stored copy at commit 72d020b). Each problem names the rule in the documentation's words where it has them.
 */
export type Json = Record<string, unknown>;

/** Component types. */
export const ROW = 1;
const BUTTON = 2;
const SELECT = 3;
const TEXT_INPUT = 4;
const SECTION = 9;
export const TEXT = 10;
const THUMBNAIL = 11;
const GALLERY = 12;
const SEPARATOR = 14;
const CONTAINER = 17;
export const LABEL = 18;
const CHECKBOX_GROUP = 22;
const CHECKBOX = 23;
const OTHER_SELECTS = [5, 6, 7, 8];

export const isJson = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
export const list = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isJson) : []);
export const str = (value: unknown): string => (typeof value === "string" ? value : "");
export const num = (value: unknown): number => (typeof value === "number" ? value : 0);
export const size = (value: unknown) => [...str(value)].length;

/** Every component of a message or a dialogue, the nested ones after their parent. */
export function componentsOf(value: unknown): Json[] {
  return list(value).flatMap((one) => [
    one,
    ...componentsOf(one["components"]),
    ...componentsOf(["accessory", "component"].map((name) => one[name]).filter(isJson)),
  ]);
}

/** Every text that a reader of a message sees. */
export function textsOf(message: Json): string[] {
  const shown = (component: Json) => [component["content"], component["label"], component["placeholder"]];
  const options = (component: Json) =>
    list(component["options"]).flatMap(({ label, description }) => [label, description]);
  const texts = componentsOf(message["components"]).flatMap((one) => [...shown(one), ...options(one)]);
  const embeds = list(message["embeds"]).flatMap((one) => [
    one["title"],
    one["description"],
    ...list(one["fields"]).flatMap(({ name, value }) => [name, value]),
    isJson(one["footer"]) ? one["footer"]["text"] : undefined,
  ]);
  return [message["content"], ...embeds, ...texts].map(str).filter((text) => text !== "");
}

/** Collects what is wrong, each with where it is. */
export function createProblems(at: string) {
  const found: string[] = [];
  const unless = (holds: boolean, rule: string) => {
    if (!holds) found.push(`${at}: ${rule}`);
  };
  const longest = (value: unknown, most: number, name: string, least = 0) => {
    const length = size(value);
    unless(
      length <= most && length >= least,
      `${name}: ${least === 1 ? `1-${most}` : `max ${most}`} characters (${length})`,
    );
  };
  return { found, unless, longest };
}

type Problems = ReturnType<typeof createProblems>;

/** What is wrong with one component and those in it. */
export function component(problems: Problems, one: Json, surface: "message" | "modal", files: readonly string[]): void {
  const children = list(one["components"]);
  const types = children.map(({ type }) => num(type));
  switch (one["type"]) {
    case ROW:
      problems.unless(
        (types.length >= 1 && types.length <= 5 && types.every((type) => type === BUTTON)) ||
          (types.length === 1 && [SELECT, ...OTHER_SELECTS].includes(types[0] ?? 0)) ||
          (surface === "modal" && types.length === 1 && types[0] === TEXT_INPUT),
        "action row: up to 5 buttons or a single select component",
      );
      break;
    case BUTTON:
      button(problems, one);
      break;
    case SELECT:
      customId(problems, one);
      options(problems, one, 25);
      problems.longest(one["placeholder"], 150, "select placeholder");
      problems.unless(
        num(one["max_values"] ?? 1) <= Math.min(25, list(one["options"]).length),
        "max_values: no more than options",
      );
      problems.unless(
        surface === "message" || one["disabled"] === undefined,
        "using disabled in a modal will result in an error",
      );
      break;
    case TEXT_INPUT:
      customId(problems, one);
      problems.unless(surface === "modal", "text inputs can only be used within modals");
      problems.unless(one["style"] === 1 || one["style"] === 2, "text input style: 1 or 2");
      problems.longest(one["label"], 45, "text input label");
      problems.longest(one["placeholder"], 100, "text input placeholder");
      problems.longest(one["value"], 4000, "text input value");
      problems.unless(
        num(one["max_length"] ?? 1) <= 4000 && num(one["max_length"] ?? 1) >= 1,
        "max_length: min 1, max 4000",
      );
      problems.unless(num(one["min_length"]) <= 4000, "min_length: min 0, max 4000");
      break;
    case SECTION:
      problems.unless(children.length >= 1 && children.length <= 3, "section: one to three child components");
      problems.unless(
        types.every((type) => type === TEXT),
        "section: only text displays",
      );
      problems.unless(
        isJson(one["accessory"]) && [BUTTON, THUMBNAIL].includes(num(one["accessory"]["type"])),
        "section: accessory is a button or a thumbnail",
      );
      if (isJson(one["accessory"])) component(problems, one["accessory"], surface, files);
      break;
    case TEXT:
      problems.unless(str(one["content"]).trim() !== "", "text display: content is required");
      break;
    case THUMBNAIL:
      media(problems, one["media"], files);
      problems.longest(one["description"], 1024, "description");
      break;
    case GALLERY:
      problems.unless(
        list(one["items"]).length >= 1 && list(one["items"]).length <= 10,
        "media gallery: 1 to 10 items",
      );
      for (const item of list(one["items"])) {
        media(problems, item["media"], files);
        problems.longest(item["description"], 1024, "description");
      }
      break;
    case SEPARATOR:
      problems.unless([undefined, 1, 2].includes(one["spacing"] as number | undefined), "separator spacing: 1 or 2");
      break;
    case CONTAINER:
      problems.unless(surface === "message" && children.length > 0, "container: only in messages, and not empty");
      problems.unless(
        types.every((type) => [ROW, TEXT, SECTION, GALLERY, SEPARATOR, 13].includes(type)),
        "container: not these child components",
      );
      break;
    case LABEL:
      problems.unless(surface === "modal", "labels wrap modal components");
      problems.longest(one["label"], 45, "label", 1);
      problems.longest(one["description"], 100, "label description");
      problems.unless(
        isJson(one["component"]) &&
          [SELECT, TEXT_INPUT, ...OTHER_SELECTS, 19, 21, CHECKBOX_GROUP, CHECKBOX].includes(
            num(one["component"]["type"]),
          ),
        "label: not this component",
      );
      if (isJson(one["component"])) {
        problems.unless(
          one["component"]["label"] === undefined,
          "the label field on a text input is deprecated in favor of label",
        );
        component(problems, one["component"], surface, files);
      }
      break;
    case CHECKBOX_GROUP:
      customId(problems, one);
      options(problems, one, 10);
      break;
    case CHECKBOX:
      customId(problems, one);
      break;
    default:
      problems.unless(false, `component type ${String(one["type"])} is not known here`);
  }
  for (const child of children) component(problems, child, surface, files);
}

export function customId(problems: Problems, one: Json): void {
  problems.longest(one["custom_id"], 100, "custom_id", 1);
}

function options(problems: Problems, one: Json, most: number): void {
  const all = list(one["options"]);
  problems.unless(all.length >= 1 && all.length <= most, `options: max ${most}`);
  problems.unless(new Set(all.map(({ value }) => value)).size === all.length, "options: the value is already used");
  for (const option of all) {
    problems.longest(option["label"], 100, "option label", 1);
    problems.longest(option["value"], 100, "option value", 1);
    problems.longest(option["description"], 100, "option description");
  }
}

function button(problems: Problems, one: Json): void {
  problems.longest(one["label"], 80, "button label");
  problems.unless(size(one["label"]) > 0 || isJson(one["emoji"]), "button: a label or an emoji");
  if (one["style"] === 5) {
    problems.unless(one["custom_id"] === undefined, "link buttons must have a url, and cannot have a custom_id");
    problems.unless(/^https?:\/\//.test(str(one["url"])), "link button: url");
    problems.longest(one["url"], 512, "button url", 1);
    return;
  }
  problems.unless([1, 2, 3, 4].includes(num(one["style"])), "button style");
  problems.unless(one["url"] === undefined, "non-link buttons must have a custom_id, and cannot have a url");
  customId(problems, one);
}

function media(problems: Problems, value: unknown, files: readonly string[]): void {
  const url = isJson(value) ? str(value["url"]) : "";
  const attached = /^attachment:\/\/(.+)$/.exec(url)?.[1];
  problems.unless(
    attached === undefined ? /^https?:\/\//.test(url) : files.includes(attached),
    "media: the url names nothing",
  );
}
