import type { Visitor } from "../../core/front-desk.ts";
import type { Clock, Logger } from "../../core/ports.ts";
import type { Locale } from "../../core/words.ts";
import type { SlackClient } from "./client.ts";
import { slackCode } from "./errors.ts";

/** How long somebody counts as what Slack said they are. */
const KEEP_MS = 10 * 60_000;
const KEEP_MOST = 2_000;

interface Known {
  readonly outsider: boolean;
  readonly locale: Locale;
  readonly until: number;
}

export interface Visitors {
  /** Who somebody is. Whoever Slack does not vouch for is an outsider: nothing fails open. */
  find(userId: string): Promise<Visitor>;
  /** The language somebody uses Slack in, as far as Puente speaks it. */
  localeOf(userId: string): Promise<Locale>;
}

export interface VisitorsOptions {
  readonly client: SlackClient;
  readonly teamId: () => Promise<string | undefined>;
  readonly locales: readonly Locale[];
  readonly clock: Clock;
  readonly logger: Logger;
}

export function createVisitors({ client, teamId, locales, clock, logger }: VisitorsOptions): Visitors {
  const known = new Map<string, Known>();
  const fallback = locales.includes("en") ? "en" : (locales[0] ?? "en");

  async function look(userId: string): Promise<Known> {
    const before = known.get(userId);
    if (before !== undefined && before.until > clock.now()) return before;
    try {
      const [{ user }, team] = await Promise.all([client.users.info({ user: userId, include_locale: true }), teamId()]);
      const teams = [user?.team_id, ...(user?.enterprise_user?.teams ?? [])];
      const guest = user?.is_restricted || user?.is_ultra_restricted || user?.is_stranger || user?.is_bot;
      const member = user !== undefined && !user.deleted && !guest && team !== undefined && teams.includes(team);
      const language = user?.locale?.split("-")[0] ?? "";
      const found = {
        outsider: !member,
        locale: locales.includes(language) ? language : fallback,
        until: clock.now() + KEEP_MS,
      };
      if (known.size >= KEEP_MOST) known.clear();
      known.set(userId, found);
      return found;
    } catch (error) {
      logger.warn("slack.visitor-unknown", { code: slackCode(error) });
      return { outsider: true, locale: fallback, until: 0 };
    }
  }

  return {
    async find(userId) {
      return { platform: "slack", id: userId, outsider: (await look(userId)).outsider };
    },
    async localeOf(userId) {
      return (await look(userId)).locale;
    },
  };
}
