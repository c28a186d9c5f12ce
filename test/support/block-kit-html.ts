import type { Json } from "./fake-slack.ts";

/** Block Kit as HTML, near enough to how Slack shows it: for the pictures in the docs, from real payloads. */
export function blocksToHtml(blocks: readonly Json[], images: (url: string) => string): string {
  return blocks.map((block) => blockToHtml(block, images)).join("\n");
}

const escaped = (text: unknown) =>
  String(text ?? "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
const list = (value: unknown) => (Array.isArray(value) ? (value as Json[]) : []);
const textOf = (value: unknown) => escaped((value as Json | undefined)?.["text"]);

function blockToHtml(block: Json, images: (url: string) => string): string {
  switch (block["type"]) {
    case "header":
      return `<h3>${textOf(block["text"])}</h3>`;
    case "divider":
      return "<hr>";
    case "context":
      return `<div class="context">${list(block["elements"])
        .map(textOf)
        .map((text) => `<span>${text}</span>`)
        .join("")}</div>`;
    case "section": {
      const accessory = block["accessory"] as Json | undefined;
      const picture = accessory === undefined ? "" : imageToHtml(accessory, images);
      return `<div class="section"><p>${textOf(block["text"])}</p>${picture}</div>`;
    }
    case "image":
      return `<div class="large">${imageToHtml(block, images)}</div>`;
    case "actions":
      return `<div class="actions">${list(block["elements"]).map(buttonToHtml).join("")}</div>`;
    case "input":
      return inputToHtml(block);
    case "rich_text":
      return list(block["elements"]).map(richToHtml).join("");
    default:
      return "";
  }
}

function imageToHtml(image: Json, images: (url: string) => string): string {
  return `<img src="${escaped(images(String(image["image_url"])))}" alt="${escaped(image["alt_text"])}">`;
}

function buttonToHtml(button: Json): string {
  return `<button class="${escaped(button["style"] ?? "")}">${textOf(button["text"])}</button>`;
}

function inputToHtml(block: Json): string {
  const element = (block["element"] ?? {}) as Json;
  const label = `<label>${textOf(block["label"])}</label>`;
  const hint = block["hint"] === undefined ? "" : `<small>${textOf(block["hint"])}</small>`;
  if (element["type"] === "checkboxes")
    return `${label}${list(element["options"])
      .map((option) => `<p class="check">${isChosen(element, option) ? "☑" : "☐"} ${textOf(option["text"])}</p>`)
      .join("")}`;
  const tall = element["multiline"] === true ? " tall" : "";
  const chosen = [element["initial_option"], ...list(element["initial_options"])].filter((one) => one !== undefined);
  const value = element["initial_value"] ?? element["initial_date"] ?? element["initial_time"];
  const shown = value === undefined ? chosen.map((one) => textOf((one as Json)["text"])).join(", ") : escaped(value);
  return `${label}<div class="field${tall}">${shown || textOf(element["placeholder"])}</div>${hint}`;
}

function isChosen(element: Json, option: Json): boolean {
  return list(element["initial_options"]).some(({ value }) => value === option["value"]);
}

function richToHtml(element: Json): string {
  const children = list(element["elements"]);
  switch (element["type"]) {
    case "rich_text_list": {
      const tag = element["style"] === "ordered" ? "ol" : "ul";
      return `<${tag}>${children.map((child) => `<li>${list(child["elements"]).map(inlineToHtml).join("")}</li>`).join("")}</${tag}>`;
    }
    case "rich_text_quote":
      return `<blockquote>${children.map(inlineToHtml).join("")}</blockquote>`;
    default:
      return `<p>${children.map(inlineToHtml).join("").trim()}</p>`;
  }
}

function inlineToHtml(inline: Json): string {
  const text = escaped(inline["text"]);
  if (inline["type"] === "link") return `<a>${text}</a>`;
  if (inline["type"] === "user") return "<a>@Eva</a>";
  return (inline["style"] as Json | undefined)?.["bold"] === true ? `<b>${text}</b>` : text;
}
