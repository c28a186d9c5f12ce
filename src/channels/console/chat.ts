import { createInterface } from "node:readline";
import { styleText } from "node:util";
import type { Reply } from "../../core/reply.ts";
import { countSegments } from "../../core/segments.ts";
import type { Locale, Utterance } from "../../core/words.ts";
import type { Translate } from "../../locale/translate.ts";

/** A conversation that lives in memory alone, as `conversation/session.ts` makes it. */
interface ConsoleConversation {
  say(
    utterance: Utterance,
    channel: "sms" | "whatsapp",
  ): { readonly reply: Reply | undefined; readonly messages: readonly { readonly text: string }[] };
}

export interface ConsoleChatOptions {
  /** Begins a conversation: at first, and at each `/reset`. */
  start(): ConsoleConversation;
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly translate: Translate;
  /** The language of the chat's own words. Replies find theirs. */
  readonly locale: Locale;
  /** One line after each reply on what decided it. */
  readonly why?: boolean;
}

export interface ConsoleChat {
  /** Answers line by line until `/quit` or the end of the input. */
  run(): Promise<void>;
}

/**
 * The simulator in a terminal: one line in, the parts a phone would show out, each with what it would cost as SMS.
 * Piped input is answered without a prompt and without colours.
 */
export function createConsoleChat(options: ConsoleChatOptions): ConsoleChat {
  const { start, input, output, translate, locale, why } = options;
  const atTerminal = isTerminal(input) && isTerminal(output);
  const say = (key: string) => translate(locale, `simulator.${key}`);
  const count = (key: string, number: number) => translate(locale, `simulator.${key}`, { count: number });
  const print = (text = "") => output.write(`${text}\n`);
  const printDim = (text: string) => print(atTerminal ? styleText("dim", text) : text);

  let conversation = start();
  let channel: "sms" | "whatsapp" = "sms";

  function answer(text: string): void {
    const { reply, messages } = conversation.say({ text }, channel);
    for (const message of messages) {
      print(message.text);
      if (channel === "sms") {
        const { encoding, units, segments } = countSegments(message.text);
        printDim([encoding, count("units", units), count("segments", segments)].join(" · "));
      }
      print();
    }
    if (why && reply !== undefined) {
      printDim(whyLine(reply));
      print();
    }
  }

  /** Orders to the chat itself begin with a slash, which no command of Puente does. */
  function obey(order: string): void {
    if (order === "/reset") conversation = start();
    else if (order === "/sms" || order === "/whatsapp") channel = order === "/sms" ? "sms" : "whatsapp";
    else printDim(`${say("chat.unknown")} ${say("chat.commands")}`);
  }

  return {
    async run() {
      const lines = createInterface({ input, output, terminal: atTerminal });
      const prompt = () => {
        lines.setPrompt(`${channel} > `);
        if (atTerminal) lines.prompt();
      };
      printDim(`${say("chat.intro")}\n${say("chat.commands")}`);
      print();
      prompt();
      for await (const line of lines) {
        const text = line.trim();
        if (text === "/quit") break;
        if (text.startsWith("/")) obey(text);
        else if (text !== "") answer(text);
        prompt();
      }
      lines.close();
    },
  };
}

function isTerminal(stream: object): boolean {
  return "isTTY" in stream && stream.isTTY === true;
}

/** "danger: danger rule pushed-back; port-of-entry/turned-back; checked, sources to 2026-06-25". */
function whyLine({ kind, topics, card, evidence }: Reply): string {
  const sure = evidence?.confidence === undefined ? "" : ` (${evidence.confidence.toFixed(2)})`;
  const runnersUp = (evidence?.candidates ?? []).map(({ topic, score }) => `${topic} ${score.toFixed(2)}`);
  return [
    `${kind}: ${evidence?.decidedBy ?? "?"}${sure}`,
    topics.join(", "),
    card === undefined ? "" : `${card.status}, sources to ${card.factsTo}, valid until ${card.validUntil}`,
    runnersUp.length > 0 ? `near: ${runnersUp.join(", ")}` : "",
  ]
    .filter((piece) => piece !== "")
    .join("; ");
}
