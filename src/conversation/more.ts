import { composeAnswer } from "../content/answer.ts";
import type { Card, ReplyMessage } from "../core/reply.ts";
import type { Context, TurnResult } from "../core/turn.ts";
import type { TopicId } from "../core/words.ts";
import { pagesOf } from "../delivery/parts.ts";
import { endTurn, plainReply, type Scene } from "./scene.ts";

/** The next page of the last answer's full text, or undefined when there is nothing to go on with. */
export function morePages(scene: Scene): TurnResult | undefined {
  const last = lastAnswer(scene);
  if (last === undefined) return undefined;
  const { topic, card, context } = last;
  const { choices } = context;
  const pages = pagesOf(card.blocks, scene.turn.channel);
  const page = pages[context.pagesSent];
  const pagesSent = context.pagesSent + 1;
  const goesOn = pagesSent < pages.length;
  const message: ReplyMessage =
    page === undefined
      ? { text: scene.say("reply.noMore"), choices }
      : { text: page, choices: goesOn ? [] : choices, ...(goesOn && { closing: scene.say("reply.more") }) };
  const reply = plainReply(scene, "command", "command more", message, [topic]);
  return endTurn(scene, reply, { topic, pagesSent, choices });
}

/** Where the last answer comes from and how old that is, or undefined when there is no answer to speak of. */
export function sourcesOf(scene: Scene): TurnResult | undefined {
  const last = lastAnswer(scene);
  if (last === undefined) return undefined;
  const { topic, card, context } = last;
  const lines = card.sources.map(({ title, date }) => (date === undefined ? `- ${title}` : `- ${title} (${date})`));
  const mayChange = scene.options.updates && scene.turn.tree.topics.get(topic)?.inFlux;
  const text = [
    scene.say("reply.sources", { title: card.title, date: card.factsTo }),
    ...lines,
    ...(card.status === "signed" ? [] : [scene.say("reply.notSigned")]),
    ...(mayChange ? [scene.say("updates.mayChange")] : []),
  ].join("\n");
  const reply = plainReply(scene, "command", "command sources", { text, choices: [] }, [topic]);
  return endTurn(scene, reply, { topic, pagesSent: context.pagesSent, choices: context.choices });
}

/** The answer that MORE and SOURCES speak of: the last one, within 30 minutes. */
function lastAnswer({ context, turn, locale, options }: Scene) {
  if (context?.topic === undefined) return undefined;
  const { topic } = context;
  const { card } = composeAnswer(turn.tree, topic, locale, turn.now, { kind: "answer", translate: options.translate });
  if (card === undefined) return undefined;
  return { topic, card, context } satisfies { topic: TopicId; card: Card; context: Context };
}
