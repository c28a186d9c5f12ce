import {
  type APIActionRowComponent,
  type APIButtonComponentWithCustomId,
  type APIComponentInContainer,
  type APIContainerComponent,
  ButtonStyle,
  ComponentType,
} from "discord.js";
import type { SheetButton, SheetPart, TopicPress } from "../../core/sheet.ts";
import { blockText, bold, escaped, line, link } from "./markdown.ts";
import { encodePress } from "./presses.ts";

/** Discord's limits (docs.discord.com/developers/components/reference). The text is that of a whole message. */
const LIMITS = { text: 4000, button: 80, row: 5 } as const;
/** What stands at the end of every page, with the way to a guest's phone. */
const ENDING: ReadonlySet<SheetPart["kind"]> = new Set(["picture", "divider", "buttons", "small"]);
/** For a heading again, and for what is between pieces. */
const SPARE = 150;

/** A sheet, or one page of it, as a message's only component. */
export interface Page {
  readonly container: APIContainerComponent;
  readonly pages: number;
}

type Piece = { readonly text: string } | { readonly picture: SheetPart & { readonly kind: "picture" } };

export interface PageOptions {
  /** From 0. */
  readonly page?: number;
  /** What a button to another page is about; without it what does not fit is left out. */
  readonly of?: TopicPress;
  /** The words for "page 2 of 3" and on buttons. */
  readonly label: (page: number, pages: number) => string;
}

/**
 * A sheet as Components V2. What is longer than a message is cut into pages between its paragraphs; what ends a sheet
 * ends every page.
 */
export function pageOf(parts: readonly SheetPart[], { page = 0, of, label }: PageOptions): Page {
  const end = parts.findLastIndex(({ kind }) => !ENDING.has(kind)) + 1;
  const head = parts.find(({ kind }) => kind === "heading");
  const tail = parts.slice(end);
  const room = LIMITS.text - SPARE - tail.flatMap(piecesOf).reduce((sum, piece) => sum + sizeOf(piece), 0);
  const pages = cut(parts.slice(0, end).flatMap(piecesOf), room);
  const at = Math.min(page, pages.length - 1);
  const turns = of === undefined ? [] : turnButtons(at, pages.length, of, label);
  const again = at > 0 && head?.kind === "heading" ? piecesOf(head) : [];
  const components = [...again, ...(pages[at] ?? [])].map(componentOf);
  const rows = createRows();
  return {
    container: {
      type: ComponentType.Container,
      components: merged([...components, ...rows(turns), ...tail.flatMap((part) => tailComponents(part, rows))]),
    },
    pages: pages.length,
  };
}

/** The pages a sheet would have. */
function cut(pieces: readonly Piece[], room: number): Piece[][] {
  const pages: Piece[][] = [[]];
  let left = room;
  for (const piece of pieces.flatMap((one) => split(one, room))) {
    const size = sizeOf(piece);
    if (size > left && pages.at(-1)?.length !== 0) {
      pages.push([]);
      left = room;
    }
    pages.at(-1)?.push(piece);
    left -= size;
  }
  return pages;
}

/** A list or a text that is longer than a page, in lines. */
function split(piece: Piece, room: number): Piece[] {
  if ("picture" in piece || sizeOf(piece) <= room) return [piece];
  return piece.text.split("\n").map((text) => ({ text: text.slice(0, room - 1) }));
}

function sizeOf(piece: Piece): number {
  return ("picture" in piece ? escaped(piece.picture.text ?? "") : piece.text).length + 1;
}

function piecesOf(part: SheetPart): Piece[] {
  switch (part.kind) {
    case "heading":
      return [{ text: line("##", part.text) }];
    case "paragraph": {
      const text = part.bold ? part.text.split("\n").map(bold).join("\n") : escaped(part.text);
      return [{ text: part.person === undefined ? text : `${text} <@${part.person}>` }];
    }
    case "small":
      return [{ text: part.lines.map((one) => line("-#", one)).join("\n") }];
    case "body":
      return part.blocks.map((block) => ({ text: blockText(block) }));
    case "quotes":
      return part.words.map((words) => ({ text: line(">", words) }));
    case "links":
      return part.items.map(({ text, url }) => ({
        text: url === undefined ? line("-", text) : `- ${link(text, url)}`,
      }));
    case "picture":
      return [{ picture: part }];
    case "divider":
    case "buttons":
      return [];
  }
}

function componentOf(piece: Piece): APIComponentInContainer {
  if (!("picture" in piece)) return { type: ComponentType.TextDisplay, content: piece.text };
  const { url, alt, text } = piece.picture;
  const media = { url };
  if (text === undefined) return { type: ComponentType.MediaGallery, items: [{ media, description: alt }] };
  return {
    type: ComponentType.Section,
    components: [{ type: ComponentType.TextDisplay, content: escaped(text) }],
    accessory: { type: ComponentType.Thumbnail, media, description: alt },
  };
}

function tailComponents(part: SheetPart, rows: ReturnType<typeof createRows>): APIComponentInContainer[] {
  if (part.kind === "divider") return [{ type: ComponentType.Separator }];
  if (part.kind === "buttons")
    return rows(part.buttons.map((button) => (part.row === "choices" ? stepping(button) : customButton(button))));
  return piecesOf(part).map(componentOf);
}

/** Neighbouring texts are one component: a message may have 40. */
function merged(components: readonly APIComponentInContainer[]): APIComponentInContainer[] {
  const done: APIComponentInContainer[] = [];
  for (const next of components) {
    const last = done.at(-1);
    if (last?.type === ComponentType.TextDisplay && next.type === ComponentType.TextDisplay)
      done.splice(-1, 1, { ...last, content: `${last.content}\n${next.content}` });
    else done.push(next);
  }
  return done;
}

interface ButtonSpec {
  readonly id: string;
  readonly label: string;
  readonly danger: boolean;
}

function customButton({ text, press, style }: SheetButton): ButtonSpec {
  return { id: encodePress(press), label: text, danger: style === "danger" };
}

/** A choice of a menu, or of a question back, takes the place of the message it stands in. */
function stepping({ text, press }: SheetButton): ButtonSpec {
  return { id: encodePress(press.kind === "go" ? { ...press, kind: "step" } : press), label: text, danger: false };
}

function turnButtons(at: number, pages: number, of: TopicPress, label: PageOptions["label"]): ButtonSpec[] {
  return [at - 1, at + 1]
    .filter((page) => page >= 0 && page < pages)
    .map((page) => ({
      id: encodePress({ kind: "page", topic: of.topic, locale: of.locale, page }),
      label: label(page + 1, pages),
      danger: false,
    }));
}

/** Makes rows of buttons. A button's id must be the only one of its kind in a message: what stands there already is left out. */
function createRows() {
  const taken = new Set<string>();
  return (specs: readonly ButtonSpec[]): APIActionRowComponent<APIButtonComponentWithCustomId>[] => {
    const fresh = specs.filter(({ id }) => !taken.has(id) && taken.add(id));
    const buttons = fresh.map(
      ({ id, label, danger }): APIButtonComponentWithCustomId => ({
        type: ComponentType.Button,
        style: danger ? ButtonStyle.Danger : ButtonStyle.Secondary,
        label: label.length > LIMITS.button ? `${label.slice(0, LIMITS.button - 1)}…` : label,
        custom_id: id,
      }),
    );
    return Array.from({ length: Math.ceil(buttons.length / LIMITS.row) }, (_, row) => ({
      type: ComponentType.ActionRow,
      components: buttons.slice(row * LIMITS.row, (row + 1) * LIMITS.row),
    }));
  };
}
