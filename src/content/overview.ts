import { foldForSms } from "../core/fold.ts";
import type { AnswerStatus } from "../core/reply.ts";
import { countSegments } from "../core/segments.ts";
import type { Locale, TopicId } from "../core/words.ts";
import type { Content } from "./assemble.ts";
import { bodyWords, readingLevel } from "./check/reading-level.ts";
import { type Answer, answersOf } from "./check/rule.ts";
import { answerStatus } from "./state.ts";
import type { TopicText } from "./tree.ts";

/** One answer in one language, as `content status` and the review page list it. */
export interface OverviewRow {
  readonly topic: TopicId;
  readonly locale: Locale;
  readonly status: AnswerStatus;
  readonly factsTo: string;
  readonly checkedOn: string;
  readonly validUntil: string;
  /** Role and day of the sign-off that counts. */
  readonly signedBy?: string;
  /** Role and day of a sign-off that a later edit has voided. */
  readonly voidedSignOff?: string;
  /** Words of the full answer. */
  readonly words: number;
  /** By the language's formula (`check/reading-level.ts`), to one decimal; absent where it has none. */
  readonly readingLevel?: number;
  /** SMS segments of `short` as folded, and what they would be unfolded. */
  readonly segments: number;
  readonly segmentsUnfolded: number;
  /** Units of `short` as folded: the budget is 255. */
  readonly units: number;
}

/** Every answer with its state at a moment, drafts included, in the order of the files. */
export function overview(content: Content, now: number): OverviewRow[] {
  const { tree } = content;
  return answersOf(content).map((answer): OverviewRow => {
    const { topic, locale, text } = answer;
    const { status, validUntil, signedBy } = answerStatus(tree, topic, locale, now);
    const voided = tree.signOffs.findLast(
      (line) => line.topic === topic.id && line.locale === locale && line.sha256 !== text.sha256,
    );
    return {
      topic: topic.id,
      locale,
      status,
      factsTo: topic.factsTo,
      checkedOn: topic.checkedOn,
      validUntil,
      ...(signedBy !== undefined && { signedBy: `${signedBy.role}, ${signedBy.on}` }),
      ...(signedBy === undefined && voided !== undefined && { voidedSignOff: `${voided.role}, ${voided.on}` }),
      ...measure(answer),
    };
  });
}

/** What is measured of a text alone. A text that has not changed is the same object, and is measured once. */
type Measures = Pick<OverviewRow, "words" | "readingLevel" | "segments" | "segmentsUnfolded" | "units">;
const measured = new WeakMap<TopicText, Measures>();

function measure(answer: Answer): Measures {
  const known = measured.get(answer.text);
  if (known !== undefined) return known;
  const level = readingLevel(answer);
  const folded = countSegments(foldForSms(answer.text.short));
  const measures = {
    words: bodyWords(answer),
    ...(level !== undefined && { readingLevel: Math.round(level * 10) / 10 }),
    segments: folded.segments,
    segmentsUnfolded: countSegments(answer.text.short).segments,
    units: folded.units,
  };
  measured.set(answer.text, measures);
  return measures;
}
