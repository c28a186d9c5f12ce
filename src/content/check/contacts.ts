import { formatMonth } from "../answer.ts";
import type { Content } from "../assemble.ts";
import type { Finding } from "../finding.ts";
import type { DirectoryEntry } from "../tree.ts";
import { addressesIn, digitsOf, linksIn, longPhonesIn, plainAddress } from "./facts.ts";
import { type Answer, answersOf, error, type Piece, piecesOf, type Rule, warning } from "./rule.ts";

/** A number of a few digits that the text says to call: "llame al 911", "dial 211". */
const SHORT_NUMBER = /\b(?:call|dial|llame(?: al)?|marque(?: al)?)\s+(\d{3,6}#?)(?![\d-])/giu;
const EMAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;

/** Every phone, e-mail and web address in an answer is one of directory.yaml, or an address of sources.yaml. */
export const checkContacts: Rule = (content) => {
  const known = knownContacts(content);
  return answersOf(content).flatMap((answer) => [
    ...piecesOf(answer).flatMap((piece) => unknownIn(answer, piece, known)),
    ...linksIn(answer.text.blocks)
      .filter((link) => !known.addresses.has(plainAddress(link)))
      .map((link) =>
        error(
          "contacts",
          answer.file.file,
          1,
          `The link ${link} is in neither directory.yaml nor sources.yaml. Use one that is, or add it there with its evidence.`,
        ),
      ),
    ...missingDates(content, answer),
  ]);
};

interface KnownContacts {
  readonly phones: ReadonlySet<string>;
  readonly emails: ReadonlySet<string>;
  readonly addresses: ReadonlySet<string>;
}

function knownContacts({ shared }: Content): KnownContacts {
  const entries = shared.directory.value;
  const urls = [...entries, ...shared.sources.value].flatMap(({ url }) => url ?? []);
  return {
    phones: new Set(entries.flatMap(phonesOf).map(digitsOf)),
    emails: new Set(entries.flatMap(({ email }) => email?.toLowerCase() ?? [])),
    addresses: new Set(urls.map(plainAddress)),
  };
}

/** All numbers at which an entry can be reached, as written. */
export function phonesOf({ phone, phoneFromMexico, whatsapp, sms }: Partial<DirectoryEntry>): string[] {
  return [phone, phoneFromMexico, whatsapp, sms?.to].filter((number) => number !== undefined);
}

function unknownIn({ file }: Answer, { text, line }: Piece, known: KnownContacts): Finding[] {
  const phones = [...longPhonesIn(text), ...[...text.matchAll(SHORT_NUMBER)].flatMap((match) => match[1] ?? [])];
  const emails = text.match(EMAIL) ?? [];
  const addresses = addressesIn(text.replace(EMAIL, " "));
  return [
    ...phones
      .filter((phone) => !known.phones.has(digitsOf(phone)))
      .map((phone) =>
        error(
          "contacts",
          file.file,
          line,
          `The number ${phone} is not in directory.yaml. Use one that is; a number is added there only with its evidence.`,
        ),
      ),
    ...emails
      .filter((email) => !known.emails.has(email.toLowerCase()))
      .map((email) =>
        error(
          "contacts",
          file.file,
          line,
          `The e-mail address ${email} is not in directory.yaml. Use one that is, or add it there.`,
        ),
      ),
    ...addresses
      .filter((address) => !known.addresses.has(address))
      .map((address) =>
        error(
          "contacts",
          file.file,
          line,
          `The address ${address} is in neither directory.yaml nor sources.yaml. Use one that is, written in full.`,
        ),
      ),
  ];
}

/** An entry with `showDate` is named together with the month in which its number was last seen. */
function missingDates({ shared }: Content, answer: Answer): Finding[] {
  const dated = shared.directory.value.filter(({ showDate, seen }) => showDate === true && seen !== undefined);
  const undated = (text: string, context: string) => {
    const numbers = longPhonesIn(text).map(digitsOf);
    return dated
      .filter((entry) => phonesOf(entry).some((phone) => numbers.includes(digitsOf(phone))))
      .filter(({ seen = "" }) => !mentionsMonth(context, seen, answer.locale));
  };
  const message = ({ name, seen = "" }: DirectoryEntry) =>
    `The number of ${name} stands without the month it was seen (${formatMonth(seen, answer.locale)}). Add it beside the number, or in the line before the list.`;
  const { file, passages, lineOf } = answer.file;
  return [
    ...passages.flatMap(({ text, line, kind }, index) => {
      const intro =
        kind === "paragraph" ? "" : passages.slice(0, index).findLast((passage) => passage.kind === "paragraph")?.text;
      return undated(text, `${intro ?? ""} ${text}`).map((entry) => error("contacts", file, line, message(entry)));
    }),
    ...(["short", "always"] as const).flatMap((field) =>
      undated(answer.text[field], answer.text[field]).map((entry) =>
        warning("contacts", file, lineOf(field), message(entry)),
      ),
    ),
  ];
}

function mentionsMonth(text: string, month: string, locale: string): boolean {
  const date = Date.parse(month);
  const names = (["long", "short"] as const).map((style) =>
    new Intl.DateTimeFormat(locale, { month: style, timeZone: "UTC" }).format(date).replace(/\.$/, ""),
  );
  return new RegExp(`(?<!\\p{L})(?:${names.join("|")})\\.?(?:\\s+(?:de|del|of))?\\s+${month.slice(0, 4)}`, "iu").test(
    text,
  );
}
