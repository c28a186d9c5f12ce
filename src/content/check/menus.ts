import { foldForSms } from "../../core/fold.ts";
import { countSegments } from "../../core/segments.ts";
import type { Content, SectionFile } from "../assemble.ts";
import type { Finding } from "../finding.ts";
import { MENU_ENTRIES, menuPages } from "../menu.ts";
import { error, type Rule, warning } from "./rule.ts";

/** Two segments, less the line that leads back or asks for a number. */
const MENU_UNITS = 306 - 50;

/** Menus answer to one digit and fit two SMS segments; every topic is in its section's menu, under a label of its own. */
export const checkMenus: Rule = (content) => [
  ...topMenuFindings(content),
  ...content.sections.flatMap((section) => [
    ...membership(content, section),
    ...labels(content, section),
    ...sizes(content, section),
  ]),
];

function topMenuFindings({ sections, tree }: Content): Finding[] {
  const findings = sections
    .filter(({ yaml }) => yaml.value !== undefined && yaml.value.order === undefined)
    .map(({ yaml }) =>
      warning(
        "menus",
        yaml.file,
        1,
        'The section has no "order", so it comes last in the menu. Add a line "order: 1", 2, 3 ...',
      ),
    );
  if (tree.sections.length > MENU_ENTRIES) {
    findings.push(
      error(
        "menus",
        "sources.yaml",
        1,
        `There are ${tree.sections.length} sections; the menu holds ${MENU_ENTRIES}. Join two.`,
      ),
    );
  }
  return findings;
}

function membership({ topics }: Content, { id, yaml }: SectionFile): Finding[] {
  const listed = yaml.value?.topics;
  if (listed === undefined) return [];
  const existing = new Set(topics.map((topic) => topic.id));
  const dead = listed.flatMap((name, index) =>
    existing.has(`${id}/${name}`)
      ? []
      : [
          error(
            "menus",
            yaml.file,
            yaml.lineOf(["topics", index]),
            `There is no topic '${name}' in this section. Correct the spelling or remove it.`,
          ),
        ],
  );
  const twice = listed.filter((name, index) => listed.indexOf(name) !== index);
  const unlisted = topics.filter(
    (topic) => topic.id.startsWith(`${id}/`) && !listed.includes(topic.id.slice(id.length + 1)),
  );
  return [
    ...dead,
    ...twice.map((name) =>
      error("menus", yaml.file, yaml.lineOf(["topics"]), `'${name}' is listed twice. Remove one.`),
    ),
    ...unlisted.map((topic) =>
      error(
        "menus",
        yaml.file,
        yaml.lineOf(["topics"]),
        `The topic '${topic.id}' is in no menu. Add '${topic.id.slice(id.length + 1)}' to "topics".`,
      ),
    ),
  ];
}

function labels({ tree, topics }: Content, { id }: SectionFile): Finding[] {
  return tree.locales.flatMap((locale) => {
    const owners = new Map<string, string>();
    return topics.flatMap(({ id: topicId, texts }) => {
      const file = texts.get(locale);
      const label = file?.text?.label.toLowerCase();
      if (!topicId.startsWith(`${id}/`) || file === undefined || label === undefined) return [];
      const owner = owners.get(label);
      owners.set(label, owner ?? topicId);
      if (owner === undefined) return [];
      return [
        error(
          "labels",
          file.file,
          file.lineOf("label"),
          `The label '${file.text?.label}' is also that of ${owner}, in the same menu. Give each its own.`,
        ),
      ];
    });
  });
}

function sizes({ tree }: Content, { id, yaml }: SectionFile): Finding[] {
  const section = tree.sections.find((candidate) => candidate.id === id);
  if (section === undefined) return [];
  return tree.locales.flatMap((locale) =>
    menuPages(section.topics).flatMap((page, index) => {
      const lines = page.map((topic, at) => `${at + 1} ${tree.topics.get(topic)?.texts[locale]?.label ?? ""}`);
      const { units, encoding } = countSegments(foldForSms([section.title[locale] ?? "", ...lines].join("\n")));
      if (encoding === "UCS-2" || units <= MENU_UNITS) return [];
      return [
        error(
          "menus",
          yaml.file,
          1,
          `Page ${index + 1} of this menu takes ${units} units of an SMS in ${locale}; ${MENU_UNITS} is the limit. Shorten some labels.`,
        ),
      ];
    }),
  );
}
