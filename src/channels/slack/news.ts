import type { DeskNews, Judgement } from "../../core/front-desk.ts";
import type { Locale, TopicId } from "../../core/words.ts";
import { buttons, context, header, type KnownBlock, paragraph } from "./blocks.ts";
import type { Look, Rendered } from "./reply.ts";
import { ACTION, encode } from "./values.ts";

/** What happened at the desk, for the content room or for one person. */
export function renderNews(look: Look, news: DeskNews): Rendered {
  const say = (key: string, values?: Record<string, string | number>) => look.translate(news.locale, key, values);
  if (news.kind === "gap") {
    const title = say("slack.news.gap", { by: news.by });
    return { text: `${title}\n${news.question}`, blocks: [paragraph(title, { bold: true }), paragraph(news.question)] };
  }
  if (news.kind === "judged") {
    const text = say(`slack.news.${news.outcome}`, { title: news.title });
    return { text, blocks: [paragraph(text)] };
  }
  const { topic, title, by, open, held, why, source, locale } = news;
  const line = say(held ? "slack.news.flaggedHeld" : "slack.news.flagged", { by, count: open });
  const words = [why ?? say("slack.news.wordsHidden"), ...(source === undefined ? [] : [source])];
  const choices = (["hold", "restore", "dismiss"] as const).map((judgement) => ({
    text: say(`slack.judge.${judgement}`),
    action: ACTION.judge,
    value: encode({ topic, locale, judgement }),
    ...(judgement === "hold" && { style: "danger" as const }),
  }));
  const target = { kind: "topic", topic } as const;
  const read = { text: say("slack.button.full"), action: ACTION.go, value: encode({ target, locale }) };
  const blocks: KnownBlock[] = [
    header(title),
    paragraph(line, { bold: true }),
    ...words.map((text) => paragraph(text)),
    ...buttons("judge", [...choices, read]),
    context(topic),
  ];
  return { text: [title, line, ...words].join("\n"), blocks };
}

/** A flagged answer's message in the content room, once an editor has spoken: who did what, and what can still be done. */
export function renderJudged(
  look: Look,
  news: {
    readonly judgement: Judgement;
    readonly topic: TopicId;
    readonly locale: Locale;
    readonly title: string;
    readonly userId: string;
  },
): Rendered {
  const { judgement, topic, locale, title, userId } = news;
  const line = look.translate(locale, `slack.judge.was.${judgement}`);
  // A hold can be lifted; what is back in service can be held again.
  const next = judgement === "hold" ? "restore" : "hold";
  const value = encode({ topic, locale, judgement: next });
  return {
    text: `${title}\n${line}`,
    blocks: [
      header(title),
      {
        type: "rich_text",
        elements: [
          {
            type: "rich_text_section",
            elements: [
              { type: "text", text: `${line} ` },
              { type: "user", user_id: userId },
            ],
          },
        ],
      },
      ...buttons("judge", [{ text: look.translate(locale, `slack.judge.${next}`), action: ACTION.judge, value }]),
      context(topic),
    ],
  };
}
