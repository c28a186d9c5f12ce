import { marked } from "marked";
import { isJson, type Json, list, str } from "./discord-components.ts";

/** Components as HTML, near enough to how Discord shows them: for the pictures in the docs, from real payloads. */
export function componentsToHtml(components: readonly Json[], images: (url: string) => string): string {
  return components.map((one) => componentToHtml(one, images)).join("\n");
}

const plain = (text: unknown) => str(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

function componentToHtml(one: Json, images: (url: string) => string): string {
  const inner = () => componentsToHtml(list(one["components"]), images);
  switch (one["type"]) {
    case 1:
      return `<div class="row">${inner()}</div>`;
    case 2:
      return `<button class="s${String(one["style"])}">${plain(one["label"])}</button>`;
    case 3:
      return `<div class="field">${list(one["options"])
        .map(({ label }) => `☐ ${plain(label)}`)
        .join("<br>")}</div>`;
    case 4:
      return `<div class="field${one["style"] === 2 ? " tall" : ""}">${plain(one["placeholder"])}</div>`;
    case 9:
      return `<div class="section"><div>${inner()}</div>${isJson(one["accessory"]) ? componentToHtml(one["accessory"], images) : ""}</div>`;
    case 10:
      return markdownToHtml(str(one["content"]));
    case 11:
      return picture(one, images);
    case 12:
      return `<div class="large">${list(one["items"])
        .map((item) => picture(item, images))
        .join("")}</div>`;
    case 14:
      return "<hr>";
    case 17:
      return `<div class="container">${inner()}</div>`;
    case 18:
      return `<label>${plain(one["label"])}</label><small>${plain(one["description"])}</small>${
        isJson(one["component"]) ? componentToHtml(one["component"], images) : ""
      }`;
    default:
      return "";
  }
}

function picture(one: Json, images: (url: string) => string): string {
  const url = isJson(one["media"]) ? str(one["media"]["url"]) : "";
  return `<img src="${images(url)}" alt="${plain(one["description"])}">`;
}

/** Discord's markdown: every line ends where it ends, a list with its last item, and `-#` is small. */
function markdownToHtml(text: string): string {
  const blocks = text
    .replace(/^-# (.*)$/gm, "\n<small>$1</small>\n")
    .replace(/^(#{1,3} .*)$/gm, "$1\n")
    .replace(/^((?:-|\d+\.) .*)\n(?!-|\d+\.|\n)/gm, "$1\n\n");
  return marked.parse(blocks, { async: false, breaks: true });
}
