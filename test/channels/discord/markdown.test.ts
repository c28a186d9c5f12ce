import fc from "fast-check";
import { expect, test } from "vitest";
import { blockText, escaped, line, link } from "../../../src/channels/discord/markdown.ts";

/** What Discord shows: a backslash before a mark is not seen (support.discord.com, Markdown Text 101). */
const shown = (text: string) => text.replace(/\\([\\*_~`|[\]<#>+\-.)])/g, "$1").replaceAll("\u200b", "");

test("whatever text it is, Discord shows it as it was written", () => {
  const marks = fc.string({ unit: fc.constantFrom(..."\\*_~`|[]<>#+-@.1) ab\n") });
  fc.assert(fc.property(marks, (text) => shown(escaped(text)) === text));
});

test.each([
  ["**bold** _it_ ~~no~~ `code` ||hidden||", /(?<!\\)[*_~`|]/],
  ["# heading", /^#/],
  ["- item", /^-/],
  ["> quote", /^>/],
  ["<@1500000000000000002> <#1> <t:1>", /(?<!\\)</],
  ["@everyone @here", /@(everyone|here)/],
  ["[text](https://example.org)", /(?<!\\)\[/],
])("%j makes no markup", (text, markup) => expect(escaped(text)).not.toMatch(markup));

test("an address stays one that can be followed, and a mail address one that can be copied", () => {
  expect(escaped("See https://example.org/a_b*c now")).toContain("https://example.org/a_b*c now");
  expect(escaped("help@example.org")).toBe("help@example.org");
});

test("lists, links and lines keep their own marks", () => {
  const items = [[{ text: "one", bold: true as const }], [{ text: "two", href: "https://example.org/(a)" }]];
  expect(blockText({ kind: "list", ordered: true, items })).toBe("1. **one**\n2. [two](https://example.org/%28a%29)");
  expect(link("a]b", "https://example.org")).toBe("[a\\]b](https://example.org)");
  expect(line("##", "two\nlines")).toBe("## two lines");
});
