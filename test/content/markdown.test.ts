import { describe, expect, test } from "vitest";
import { parseBody } from "../../src/content/markdown.ts";

describe("reading the body of an answer", () => {
  test("gives paragraphs, lists, bold and links, each with its line", () => {
    const { blocks, passages, findings } = parseBody(
      "es.md",
      'If it is **true**,\nsay: "I am afraid."\n\n1. One [page](https://help.example.org).\n2. Two\n\n- **Head.** Text\n',
      10,
    );
    expect(findings).toEqual([]);
    expect(blocks).toEqual([
      {
        kind: "paragraph",
        inlines: [{ text: "If it is " }, { text: "true", bold: true }, { text: ', say: "I am afraid."' }],
      },
      {
        kind: "list",
        ordered: true,
        items: [
          [{ text: "One " }, { text: "page", href: "https://help.example.org" }, { text: "." }],
          [{ text: "Two" }],
        ],
      },
      { kind: "list", ordered: false, items: [[{ text: "Head.", bold: true }, { text: " Text" }]] },
    ]);
    expect(passages.map(({ line, kind, text }) => [line, kind, text])).toEqual([
      [10, "paragraph", 'If it is true, say: "I am afraid."'],
      [13, "step", "One page."],
      [14, "step", "Two"],
      [16, "item", "Head. Text"],
    ]);
  });

  test("an escaped mark is part of the text around it, and a character by its name is not used", () => {
    const { blocks, findings } = parseBody("es.md", "Call *\\*1234*\\*\nor **dial \\*5**\nat 5&nbsp;p.m.", 3);
    expect(blocks).toEqual([
      {
        kind: "paragraph",
        inlines: [{ text: "Call * or " }, { text: "dial *5", bold: true }, { text: " at 5&nbsp;p.m." }],
      },
    ]);
    expect(findings.map(({ line, message }) => `${line}: ${message}`)).toEqual([
      "3: Italics are not used here. Use **bold** or plain words.",
      "4: A character written as &name; is not used here. Write the character itself.",
    ]);
  });

  test("keeps what looks like a mark inside words", () => {
    expect(parseBody("es.md", "Número A (A-123), 1_000 & 8 a.m. – 5 < 6", 1).blocks).toEqual([
      { kind: "paragraph", inlines: [{ text: "Número A (A-123), 1_000 & 8 a.m. – 5 < 6" }] },
    ]);
  });
});
