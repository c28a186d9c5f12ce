import type { DeskNews, Judgement } from "./front-desk.ts";
import { buttonRow, type Look, type SheetPart, type TopicPress } from "./sheet.ts";

const JUDGEMENTS: readonly Judgement[] = ["hold", "restore", "dismiss"];

/** What happened at the desk, for the content room or for one person. */
export function newsSheet(look: Look, news: DeskNews): SheetPart[] {
  const say = (key: string, values?: Record<string, string | number>) => look.translate(news.locale, key, values);
  const paragraph = (text: string): SheetPart => ({ kind: "paragraph", text });
  if (news.kind === "gap")
    return [{ kind: "paragraph", text: say("room.news.gap", { by: news.by }), bold: true }, paragraph(news.question)];
  if (news.kind === "judged") return [paragraph(say(`room.news.${news.outcome}`, { title: news.title }))];
  const { topic, title, by, open, held, why, source, locale } = news;
  const line = say(held ? "room.news.flaggedHeld" : "room.news.flagged", { by, count: open });
  const words = [why ?? say("room.news.wordsHidden"), ...(source === undefined ? [] : [source])];
  const judge = (judgement: Judgement) => ({
    text: say(`room.judge.${judgement}`),
    press: { kind: "judge", topic, locale, judgement } as const,
    ...(judgement === "hold" && { style: "danger" as const }),
  });
  const target = { kind: "topic", topic } as const;
  const read = { text: say("room.button.full"), press: { kind: "go", target, locale } as const };
  return [
    { kind: "heading", text: title },
    { kind: "paragraph", text: line, bold: true },
    ...words.map(paragraph),
    ...buttonRow("judge", [...JUDGEMENTS.map(judge), read]),
    { kind: "small", lines: [topic] },
  ];
}

/** An editor's word on an answer, as the content room sees it. */
export interface Judged extends TopicPress {
  readonly judgement: Judgement;
  readonly title: string;
  /** The platform's id of the editor. */
  readonly userId: string;
}

/** A flagged answer's message in the content room, once an editor has spoken: who did what, and what can still be done. */
export function judgedSheet(look: Look, { judgement, topic, locale, title, userId }: Judged): SheetPart[] {
  // A hold can be lifted; what is back in service can be held again.
  const next = judgement === "hold" ? "restore" : "hold";
  return [
    { kind: "heading", text: title },
    { kind: "paragraph", text: look.translate(locale, `room.judge.was.${judgement}`), person: userId },
    ...buttonRow("judge", [
      { text: look.translate(locale, `room.judge.${next}`), press: { kind: "judge", topic, locale, judgement: next } },
    ]),
    { kind: "small", lines: [topic] },
  ];
}
