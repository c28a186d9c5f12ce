import type { Content, TopicFiles } from "../content/assemble.ts";
import { type OverviewRow, overview } from "../content/overview.ts";
import type { SignOff, Topic, Tree } from "../content/tree.ts";
import type { Flag, Hold } from "../core/desk.ts";
import type { Locale, TopicId } from "../core/words.ts";

/** One topic as the review shows it, drafts included. */
export interface ReviewedTopic {
  readonly topic: Topic;
  readonly files: TopicFiles;
  /** State, dates and measures in each language. */
  readonly rows: ReadonlyMap<Locale, OverviewRow>;
  readonly hold?: Hold;
  readonly flags: readonly Flag[];
}

/** The content folder as it is now, with what the desk has decided. */
export interface Review {
  /** As served: what is held, what an answer must be. */
  readonly tree: Tree;
  readonly sections: readonly {
    readonly id: string;
    readonly title: Readonly<Record<Locale, string>>;
    readonly topics: readonly ReviewedTopic[];
  }[];
  find(id: TopicId): ReviewedTopic | undefined;
}

export function reviewOf(
  content: Content,
  served: Tree,
  holds: readonly Hold[],
  flags: readonly Flag[],
  now: number,
): Review {
  const tree = { ...content.tree, require: served.require, held: served.held, notices: served.notices };
  const rows = Map.groupBy(overview({ ...content, tree }, now), ({ topic }) => topic);
  const reviewed = content.topics.flatMap((files): ReviewedTopic[] => {
    const { topic } = files;
    if (topic === undefined) return [];
    const hold = holds.find((one) => one.topic === topic.id);
    return [
      {
        topic,
        files,
        rows: new Map((rows.get(topic.id) ?? []).map((row) => [row.locale, row])),
        ...(hold !== undefined && { hold }),
        flags: flags.filter((flag) => flag.topic === topic.id),
      },
    ];
  });
  const order = new Map(content.sections.map(({ id, yaml }) => [id, yaml.value]));
  const sections = [...Map.groupBy(reviewed, ({ topic }) => topic.section)]
    .map(([id, topics]) => {
      const section = order.get(id);
      const places = section?.topics.map((name) => `${id}/${name}`) ?? [];
      const place = ({ topic }: ReviewedTopic) => places.indexOf(topic.id) + 1 || Number.POSITIVE_INFINITY;
      return {
        id,
        at: section?.order ?? Number.POSITIVE_INFINITY,
        title: section?.title ?? {},
        topics: topics.toSorted((a, b) => place(a) - place(b)),
      };
    })
    .toSorted((a, b) => a.at - b.at);
  return { tree, sections, find: (id) => reviewed.find(({ topic }) => topic.id === id) };
}

/** The newest sign-off of an answer that a later edit has voided; undefined while one counts or none was made. */
export function voidedSignOff({ tree }: Review, { topic, rows }: ReviewedTopic, locale: Locale): SignOff | undefined {
  if (rows.get(locale)?.signedBy !== undefined) return undefined;
  const sha256 = topic.texts[locale]?.sha256;
  return tree.signOffs.findLast((line) => line.topic === topic.id && line.locale === locale && line.sha256 !== sha256);
}

/** The sign-off that counts for the text as it stands. */
export function signOffInForce({ tree }: Review, { topic, rows }: ReviewedTopic, locale: Locale): SignOff | undefined {
  if (rows.get(locale)?.signedBy === undefined) return undefined;
  const sha256 = topic.texts[locale]?.sha256;
  return tree.signOffs
    .filter((line) => line.topic === topic.id && line.locale === locale && line.sha256 === sha256)
    .toSorted((a, b) => (a.validUntil < b.validUntil ? 1 : -1))[0];
}
