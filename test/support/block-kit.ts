/**
 * Block Kit's limits as Slack enforces them (docs.slack.dev/reference/block-kit/blocks and .../views), and the total of
 * a message's text that it enforces without saying so (slackapi/bolt-js#2509).
 */
const MESSAGE_TOTAL = 13_200;

type Json = Readonly<Record<string, unknown>>;

const isJson = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);
const list = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isJson) : []);
const str = (value: unknown): string => (typeof value === "string" ? value : "");

/** What is wrong with the blocks of a message. */
export function problemsOfMessage(message: Json): string[] {
  const problems = problemsOfBlocks(message["blocks"], "message", 50);
  if (str(message["text"]) === "" && list(message["blocks"]).length === 0) problems.push("no_text");
  if (str(message["text"]).length > 40_000) problems.push("msg_too_long");
  if (list(message["blocks"]).length > 0 && str(message["text"]) === "")
    problems.push("text: nothing for screen readers");
  if (textsOf(message["blocks"]).join("").length > MESSAGE_TOTAL) problems.push("msg_blocks_too_long");
  return problems;
}

/** What is wrong with a modal or a Home tab. */
export function problemsOfView(view: Json): string[] {
  const problems = problemsOfBlocks(view["blocks"], str(view["type"]), 100);
  if (view["type"] !== "modal" && view["type"] !== "home") problems.push(`type: ${str(view["type"])}`);
  if (view["type"] === "modal") {
    for (const name of ["title", "submit", "close"]) plainText(view[name], 24, name, problems, name === "title");
    const inputs = list(view["blocks"]).some((block) => block["type"] === "input" && block["dispatch_action"] !== true);
    if (inputs && view["submit"] === undefined) problems.push("submit: required with input blocks");
  }
  if (str(view["private_metadata"]).length > 3000) problems.push("private_metadata: over 3000");
  if (str(view["callback_id"]).length > 255) problems.push("callback_id: over 255");
  return problems;
}

/** Every text that a reader of the blocks sees. */
export function textsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (!isJson(value)) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    key === "text" && typeof child === "string"
      ? [child]
      : key === "value" || key === "action_id"
        ? []
        : textsOf(child),
  );
}

function problemsOfBlocks(value: unknown, surface: string, most: number): string[] {
  const problems: string[] = [];
  const blocks = list(value);
  if (blocks.length > most) problems.push(`blocks: ${blocks.length} of at most ${most}`);
  const ids = blocks.map((block) => block["block_id"]).filter((id) => id !== undefined);
  if (new Set(ids).size < ids.length) problems.push("block_id: twice");
  blocks.forEach((block, index) => {
    const at = (what: string) => `blocks/${index} ${str(block["type"])}: ${what}`;
    const found: string[] = [];
    if (str(block["block_id"]).length > 255) found.push("block_id over 255");
    checkBlock(block, surface, found);
    problems.push(...found.map(at));
  });
  return problems;
}

function checkBlock(block: Json, surface: string, problems: string[]): void {
  switch (block["type"]) {
    case "header":
      plainText(block["text"], 150, "text", problems, true);
      return;
    case "divider":
      return;
    case "section":
      text(block["text"], 3000, "text", problems);
      if (isJson(block["accessory"])) checkElement(block["accessory"], problems);
      return;
    case "context": {
      const elements = list(block["elements"]);
      if (elements.length < 1 || elements.length > 10) problems.push(`${elements.length} elements`);
      for (const element of elements) text(element, 2000, "element", problems);
      return;
    }
    case "actions": {
      const elements = list(block["elements"]);
      if (elements.length < 1 || elements.length > 25) problems.push(`${elements.length} elements`);
      const ids = elements.map((element) => str(element["action_id"]));
      if (new Set(ids).size < ids.length) problems.push("action_id twice");
      for (const element of elements) checkElement(element, problems);
      return;
    }
    case "image":
      checkElement(block, problems);
      return;
    case "input":
      if (surface === "message") problems.push("no input in a message");
      plainText(block["label"], 2000, "label", problems, true);
      plainText(block["hint"], 2000, "hint", problems, false);
      if (isJson(block["element"])) checkElement(block["element"], problems);
      return;
    case "rich_text":
      for (const element of list(block["elements"])) checkRichText(element, problems);
      if (list(block["elements"]).length === 0) problems.push("no elements");
      return;
    default:
      problems.push("unknown type");
  }
}

function checkElement(element: Json, problems: string[]): void {
  if (str(element["action_id"]).length > 255) problems.push("action_id over 255");
  switch (element["type"]) {
    case "button":
      plainText(element["text"], 75, "button", problems, true);
      if (str(element["value"]).length > 2000) problems.push("value over 2000");
      if (element["style"] !== undefined && !["primary", "danger"].includes(str(element["style"])))
        problems.push(`style ${str(element["style"])}`);
      if (isJson(element["confirm"])) {
        const { title, text: words, confirm, deny } = element["confirm"];
        plainText(title, 100, "confirm title", problems, true);
        plainText(words, 300, "confirm text", problems, true);
        plainText(confirm, 30, "confirm yes", problems, true);
        plainText(deny, 30, "confirm no", problems, true);
      }
      return;
    case "image": {
      const url = str(element["image_url"]);
      if (!/^https:\/\//.test(url) && !/^http:\/\/127\.0\.0\.1/.test(url)) problems.push("image_url is not https");
      if (url.length > 3000) problems.push("image_url over 3000");
      const alt = str(element["alt_text"]);
      if (alt === "" || alt.length > 2000) problems.push("alt_text");
      return;
    }
    case "plain_text_input":
      plainText(element["placeholder"], 150, "placeholder", problems, false);
      if (typeof element["max_length"] === "number" && element["max_length"] > 3000) problems.push("max_length");
      return;
    case "checkboxes":
      if (list(element["options"]).length > 10) problems.push("more than 10 options");
      checkOptions(element, problems);
      return;
    case "static_select":
    case "multi_static_select": {
      const groups = list(element["option_groups"]);
      if (groups.length > 100) problems.push("more than 100 option groups");
      for (const group of groups) {
        plainText(group["label"], 75, "option group", problems, true);
        checkOptions(group, problems);
      }
      return;
    }
    case "datepicker":
      if (element["initial_date"] !== undefined && !/^\d{4}-\d\d-\d\d$/.test(str(element["initial_date"])))
        problems.push("initial_date");
      return;
    case "timepicker":
      if (element["initial_time"] !== undefined && !/^\d\d:\d\d$/.test(str(element["initial_time"])))
        problems.push("initial_time");
      return;
    default:
      problems.push(`unknown element ${str(element["type"])}`);
  }
}

function checkOptions(holder: Json, problems: string[]): void {
  const options = list(holder["options"]);
  if (options.length < 1 || options.length > 100) problems.push(`${options.length} options`);
  for (const option of options) {
    text(option["text"], 75, "option", problems);
    if (str(option["value"]).length > 150) problems.push("option value");
  }
  for (const option of list(holder["initial_options"]))
    if (!options.some((one) => JSON.stringify(one) === JSON.stringify(option))) problems.push("initial_options");
}

const RICH_TEXT = ["rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted"];

function checkRichText(element: Json, problems: string[]): void {
  if (!RICH_TEXT.includes(str(element["type"]))) problems.push(`unknown rich text ${str(element["type"])}`);
  const children = list(element["elements"]);
  if (children.length === 0) problems.push("empty rich text");
  for (const child of children) {
    if (element["type"] === "rich_text_list") checkRichText(child, problems);
    else if (child["type"] === "text" && str(child["text"]) === "") problems.push("empty text");
    else if (child["type"] === "link" && !/^https?:\/\//.test(str(child["url"]))) problems.push("link without address");
    else if (!["text", "link", "user", "emoji"].includes(str(child["type"])))
      problems.push("unknown rich text element");
  }
}

function text(value: unknown, most: number, name: string, problems: string[]): void {
  if (!isJson(value)) return void problems.push(`${name} missing`);
  if (value["type"] !== "mrkdwn") plainText(value, most, name, problems, true);
  else if (str(value["text"]) === "" || str(value["text"]).length > most) problems.push(`${name} length`);
}

function plainText(value: unknown, most: number, name: string, problems: string[], required: boolean): void {
  if (value === undefined && !required) return;
  if (!isJson(value) || value["type"] !== "plain_text") return void problems.push(`${name} is no plain text`);
  const { length } = str(value["text"]);
  if (length < 1 || length > most) problems.push(`${name}: ${length} of at most ${most}`);
}
