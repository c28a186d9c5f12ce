import type { types } from "@slack/bolt";
import { footer } from "../../core/card-sheet.ts";
import type { HomePage } from "../../core/front-desk.ts";
import type { AnswerStatus } from "../../core/reply.ts";
import type { Look } from "../../core/sheet.ts";
import type { Locale } from "../../core/words.ts";
import {
  type ButtonSpec,
  buttons,
  context,
  divider,
  header,
  type KnownBlock,
  links,
  paragraph,
  plain,
} from "./blocks.ts";
import { ACTION, encode } from "./values.ts";

/** Longer lists would bury what matters; a Home tab holds 100 blocks. */
const MOST_LISTED = 10;
const COUNTED: readonly AnswerStatus[] = ["signed", "checked", "expired", "held", "withdrawn"];

/** The app's Home tab: search, the tree to browse, notices, how the answers are, and the visitor's own flags. */
export function homeView(look: Look, page: HomePage, locale: Locale, broadcasts = false): types.HomeView {
  const say = (key: string, values?: Record<string, string | number>) => look.translate(locale, key, values);
  const titled = (key: string, lines: readonly string[]): KnownBlock[] =>
    lines.length === 0 ? [] : [header(say(key)), links(lines.slice(0, MOST_LISTED).map((text) => ({ text })))];
  return {
    type: "home",
    blocks: [
      header(say("slack.home.title")),
      paragraph(say("slack.home.intro")),
      search(look, locale),
      ...buttons("home-language", [
        ...languageButtons(look, locale),
        ...(broadcasts
          ? [
              {
                text: look.translate(locale, "broadcast.button.list"),
                action: ACTION.broadcasts,
                value: encode({ locale }),
              },
            ]
          : []),
      ]),
      divider(),
      header(say("slack.home.browse")),
      ...buttons(
        "sections",
        page.sections.map((section) => sectionButton(section, locale)),
      ),
      ...titled("slack.home.notices", page.notices),
      divider(),
      header(say("slack.home.health")),
      context(COUNTED.map((status) => say(`slack.home.count.${status}`, { count: page.health[status] })).join(" · ")),
      ...titled(
        "slack.home.stopped",
        page.stopped.map(({ title, status }) => `${title} (${say(`slack.home.status.${status}`)})`),
      ),
      ...titled(
        "slack.home.expiring",
        page.expiring.map(({ title, validUntil }) => say("slack.home.until", { title, validUntil })),
      ),
      ...titled(
        "slack.home.flags",
        page.flags.map(({ title, outcome }) => `${title}: ${say(`slack.outcome.${outcome ?? "open"}`)}`),
      ),
      divider(),
      context(say("slack.home.about")),
      context(footer(look, locale)),
    ],
  };
}

function search({ translate }: Look, locale: Locale): KnownBlock {
  return {
    type: "input",
    block_id: ACTION.search,
    dispatch_action: true,
    label: plain(translate(locale, "slack.home.search")),
    element: {
      type: "plain_text_input",
      action_id: ACTION.search,
      max_length: 500,
      placeholder: plain(translate(locale, "slack.home.searchHint"), 150),
      dispatch_action_config: { trigger_actions_on: ["on_enter_pressed"] },
    },
  };
}

function languageButtons({ locales, translate }: Look, locale: Locale): ButtonSpec[] {
  return locales
    .filter((other) => other !== locale)
    .map((other) => ({
      text: translate(other, "room.button.language"),
      action: ACTION.homeLanguage,
      value: encode({ locale: other }),
    }));
}

function sectionButton({ section, title, answers }: HomePage["sections"][number], locale: Locale): ButtonSpec {
  const target = { kind: "section", section } as const;
  return { text: `${title} (${answers})`, action: ACTION.go, value: encode({ target, locale }) };
}
