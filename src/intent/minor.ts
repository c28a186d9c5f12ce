import type { CommandWords } from "./commands.ts";
import { squeeze, words } from "./normalise.ts";

/**
 * True when the person says of themselves to be under 18: the phrases `minor` of `locales/*.commands.json`. "My son is
 * 12" is not that; nor is a length of time ("tengo 5 años aquí", "I am 5 months pregnant").
 */
export function isMinor(text: string, { minor }: Pick<CommandWords, "minor">): boolean {
  const tokens = words(text).map(squeeze);
  return minor.phrases.heardIn(tokens).length > 0 && minor.unless.heardIn(tokens).length === 0;
}
