import type { Clock, Counter } from "../../core/ports.ts";
import type { TwilioClient } from "./client.ts";

/** WhatsApp's limits in an open session (twilio.com/docs/content: quick-reply, list-picker). */
const BUTTONS_AT_MOST = 3;
const BUTTON_LENGTH = 20;
const ROWS_AT_MOST = 10;
const ROW_LENGTH = 24;
const BODY_LENGTH = 1024;
/** After a refusal buttons are left out this long: the numbers in the text do the same. */
const OFF_AFTER_REFUSAL_MS = 60 * 60_000;
/** Content resources looked through for those made before. */
const LISTED_AT_MOST = 1000;

/** What a message with buttons is sent with instead of a body. */
interface FilledContent {
  readonly contentSid: string;
  readonly contentVariables: string;
}

/**
 * Buttons and lists for WhatsApp. Twilio wants a Content resource for them, and a variable may hold no line break
 * (error 21656), so a resource is a shape: so many lines, so many choices, every one a variable. Resources hold no
 * words, are few, and tell nobody which answer was sent.
 */
export interface Contents {
  /**
   * The text with its choices as buttons (up to 3) or as a list (up to 10). Undefined where that cannot be: too many or
   * too long labels, a shape that is only now being made, or buttons that were refused. Then the numbered text goes out.
   */
  fill(text: string, choices: readonly string[], listButton: string): FilledContent | undefined;
  /** Says that a message with buttons was refused: none are tried for a while. */
  refused(): void;
}

export function createContents(options: {
  readonly client: Pick<TwilioClient, "contents">;
  readonly clock: Clock;
  readonly counter: Counter;
}): Contents {
  const { client, clock, counter } = options;
  const known = new Map<string, string>();
  let isMaking = false;
  let listed = false;
  let offUntil = 0;

  const refused = () => {
    offUntil = clock.now() + OFF_AFTER_REFUSAL_MS;
    counter.count("buttons_refused");
  };

  /** One at a time, and apart from any send: a send has a lease to keep. */
  async function make(shape: Shape): Promise<void> {
    if (isMaking) return;
    isMaking = true;
    try {
      if (!listed) {
        for (const { friendlyName, sid } of await client.contents.list({ limit: LISTED_AT_MOST }))
          if (friendlyName.startsWith(PREFIX)) known.set(friendlyName, sid);
        listed = true;
      }
      if (!known.has(shape.name)) {
        // The SDK types a class per resource; what it sends is the plain object.
        const created = await client.contents.create(resourceOf(shape) as never);
        known.set(shape.name, created.sid);
      }
    } catch {
      refused();
    } finally {
      isMaking = false;
    }
  }

  return {
    refused,
    fill(text, choices, listButton) {
      const shape = shapeOf(text, choices);
      if (shape === undefined || clock.now() < offUntil) return undefined;
      const contentSid = known.get(shape.name);
      if (contentSid === undefined) {
        void make(shape);
        return undefined;
      }
      const values = [...shape.lines, ...choices, ...(shape.isList ? [listButton] : [])];
      const variables = Object.fromEntries(values.map((value, index) => [String(index + 1), value]));
      return { contentSid, contentVariables: JSON.stringify(variables) };
    },
  };
}

const PREFIX = "puente_choices_";

interface Shape {
  readonly name: string;
  readonly lines: readonly string[];
  /** The body, with a variable for each line that is not blank. */
  readonly body: string;
  readonly choices: number;
  readonly isList: boolean;
}

function shapeOf(text: string, choices: readonly string[]): Shape | undefined {
  if (choices.length === 0 || choices.length > ROWS_AT_MOST || text.length > BODY_LENGTH) return undefined;
  // WhatsApp refuses two buttons with the same words.
  if (new Set(choices).size < choices.length) return undefined;
  const isList = choices.length > BUTTONS_AT_MOST;
  if (choices.some((label) => label.length > (isList ? ROW_LENGTH : BUTTON_LENGTH))) return undefined;
  const all = text.split("\n").map((line) => line.replace(/\s+/g, " ").trim());
  const lines = all.filter((line) => line !== "");
  if (lines.length === 0) return undefined;
  let number = 0;
  const body = all.map((line) => (line === "" ? "" : `{{${++number}}}`)).join("\n");
  const pattern = all.map((line) => (line === "" ? "0" : "1")).join("");
  return { name: `${PREFIX}${pattern}_${choices.length}`, lines, body, choices: choices.length, isList };
}

function resourceOf({ name, lines, body, choices, isList }: Shape): object {
  const numbers = Array.from({ length: choices }, (_, index) => index + 1);
  const variable = (index: number) => `{{${lines.length + index}}}`;
  const count = lines.length + choices + (isList ? 1 : 0);
  return {
    friendly_name: name,
    language: "es",
    variables: Object.fromEntries(Array.from({ length: count }, (_, index) => [String(index + 1), "-"])),
    types: isList
      ? {
          "twilio/list-picker": {
            body,
            button: variable(choices + 1),
            items: numbers.map((number) => ({ item: variable(number), id: String(number), description: "" })),
          },
        }
      : {
          "twilio/quick-reply": {
            body,
            actions: numbers.map((number) => ({ type: "QUICK_REPLY", title: variable(number), id: String(number) })),
          },
        },
  };
}
