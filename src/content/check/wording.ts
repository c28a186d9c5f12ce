import { wordsToSay } from "../answer.ts";
import { answersOf, error, piecesOf, type Rule } from "./rule.ts";

/** Quotation marks that a phone may not show, and that would hide words to say from what looks for them. */
const CURLY = /[“”„«»‘]/u;
/** Letters and marks that English words to say never hold. */
const NOT_ENGLISH = /[áéíóúüñ¿¡]/iu;

/** Straight double quotes hold words to say aloud, in English, and nothing else; they come in pairs. */
export const checkWording: Rule = (content) =>
  answersOf(content).flatMap((answer) =>
    piecesOf(answer).flatMap(({ text, line, field }) => {
      const { file } = answer.file;
      const report = (message: string) => error("wording", file, line, message);
      return [
        ...(CURLY.test(text)
          ? [
              report(
                "There are curly or angle quotation marks here. Write words to say in straight double quotes, other quotes in straight single ones.",
              ),
            ]
          : []),
        ...((text.split('"').length - 1) % 2 === 1
          ? [
              report(
                `A double quotation mark is left open in "${field}". Close it; a phrase does not run over two lines.`,
              ),
            ]
          : []),
        ...wordsToSay(text)
          .filter((words) => NOT_ENGLISH.test(words))
          .map((words) =>
            report(`'${words}' stands in double quotes, which are for words to say in English. Use single quotes.`),
          ),
      ];
    }),
  );
