import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { html } from "ghtml";
import { signedVersion } from "../content/history.ts";
import { createContentReader } from "../content/load.ts";
import type { Tree } from "../content/tree.ts";
import type { DeskStores } from "../core/desk.ts";
import type { Clock, Route, RouteRequest, RouteResponse } from "../core/ports.ts";
import type { Translate } from "../locale/translate.ts";
import { assetRoutes } from "./assets.ts";
import { createPage, framed, type Page } from "./content-frame.ts";
import { contentListPage } from "./content-list-page.ts";
import { contentSheetPage } from "./content-sheet-page.ts";
import { type ChangesSinceSigned, contentTopicPage } from "./content-topic-page.ts";
import { type Review, type ReviewedTopic, reviewOf, voidedSignOff } from "./content-view.ts";
import { pageLocale } from "./page-locale.ts";
import { pocketCards } from "./pocket-cards.ts";

export interface ContentPagesOptions {
  /** The content folder. An editor who has changed a file in it reloads the page and sees the edit. */
  readonly directory: string;
  /** The tree as it is served. */
  tree(): Tree;
  readonly stores: Pick<DeskStores, "holds" | "flags">;
  readonly translate: Translate;
  readonly clock: Clock;
}

/** The review of the content, for this machine alone: the tree, each topic, sheets to sign, pocket cards. */
export function createContentRoutes({ directory, tree, stores, translate, clock }: ContentPagesOptions): Route[] {
  const readContent = createContentReader(directory);
  async function read(): Promise<Review> {
    const [content, holds, flags] = await Promise.all([readContent(), stores.holds.current(), stores.flags.open()]);
    return reviewOf(content, tree(), holds, flags, clock.now());
  }

  const route = (
    path: string,
    show: (review: Review, page: Page, request: RouteRequest) => Promise<string | undefined>,
  ) =>
    ({
      method: "GET",
      path,
      listener: "local",
      async handle(request): Promise<RouteResponse> {
        const review = await read();
        const { locales } = review.tree;
        const page = createPage(pageLocale(request, locales), locales, translate);
        const body = await show(review, page, request);
        const headers = { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" };
        if (body !== undefined) return { status: 200, headers, body };
        const missing = html`<h1>${page.say("missing")}</h1><p><a href="${page.href("/content")}">${page.say("title")}</a></p>`;
        return {
          status: 404,
          headers,
          body: framed(page, { title: page.say("missing"), path: "/content", kind: "topic", body: missing }),
        };
      },
    }) satisfies Route;

  return [
    route("/content", async (review, page, { query }) => contentListPage(page, review, String(query["show"] ?? ""))),
    route("/content/topics/:section/:topic", async (review, page, request) => {
      const reviewed = review.find(pathOf(request).slice(-2).join("/"));
      if (reviewed === undefined) return undefined;
      return contentTopicPage(page, review, reviewed, await changesOf(directory, review, reviewed), clock.now());
    }),
    route("/content/sheets/:section", async (review, page, request) => {
      const section = review.sections.find(({ id }) => id === pathOf(request).at(-1));
      return section && contentSheetPage(page, review, section);
    }),
    route("/content/cards", async (review, page, { query }) => {
      const section = review.sections.find(({ id }) => id === query["section"])?.id;
      const cards = pocketCards({
        ...{ tree: review.tree, locale: page.locale, translate, now: clock.now() },
        ...(section !== undefined && { section }),
      });
      const title = page.say("cards.title");
      const body = html`<h1>${title}</h1><p class="lead">${page.say("cards.how")}</p><div class="cut">!${cards === "" ? html`<p class="quiet">${page.say("nothing")}</p>` : cards}</div>`;
      return framed(page, { title, path: "/content/cards", kind: "cards", body });
    }),
    ...assetRoutes("/content", ["base.css", "content.css", "cards.css", "bridge.svg"]),
  ];
}

function pathOf({ url }: RouteRequest): string[] {
  return url.replace(/\?.*/s, "").split("/").map(decodeURIComponent);
}

/** What Git knows of each signature that an edit has voided. */
async function changesOf(directory: string, review: Review, reviewed: ReviewedTopic): Promise<ChangesSinceSigned> {
  const changes = new Map<
    string,
    { before: { text: string; topic: string }; after: { text: string; topic: string } }
  >();
  const { id } = reviewed.topic;
  for (const locale of reviewed.rows.keys()) {
    const voided = voidedSignOff(review, reviewed, locale);
    const before = voided && (await signedVersion(directory, id, locale, voided.sha256));
    if (before === undefined) continue;
    const [text, topic] = await Promise.all([
      readFile(join(directory, id, `${locale}.md`), "utf8"),
      readFile(join(directory, id, "topic.yaml"), "utf8"),
    ]);
    changes.set(locale, { before, after: { text, topic } });
  }
  return changes;
}
