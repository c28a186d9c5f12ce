import { OperatorError } from "../../core/errors.ts";
import type { Logger } from "../../core/ports.ts";
import type { SlackClient } from "./client.ts";
import { slackCode } from "./errors.ts";

/** Which workspace the token is of, and who we are there. */
export interface Identity {
  readonly teamId: string;
  readonly botUserId: string;
}

/** Waiting mends none of these. */
const TOKEN_ERRORS = ["not_authed", "invalid_auth", "account_inactive", "token_revoked", "token_expired"];

/**
 * Asks Slack who we are, once. While Slack cannot be reached it is asked again the next time: the rest of the service
 * does not wait for it.
 *
 * The first call of `check` throws OperatorError when Slack refuses the token.
 */
export function createIdentity(client: SlackClient, logger: Logger) {
  let known: Promise<Identity | undefined> | undefined;

  async function ask(): Promise<Identity> {
    const { team_id = "", user_id = "" } = await client.auth.test();
    return { teamId: team_id, botUserId: user_id };
  }

  return {
    async check(): Promise<void> {
      try {
        const identity = await ask();
        known = Promise.resolve(identity);
      } catch (error) {
        const code = slackCode(error);
        if (TOKEN_ERRORS.includes(code))
          throw new OperatorError(
            `Slack refused SLACK_BOT_TOKEN (${code}). Copy the Bot User OAuth Token from OAuth & Permissions of your app at api.slack.com/apps.`,
          );
        logger.warn("slack.unreachable", { code });
      }
    },
    get(): Promise<Identity | undefined> {
      known ??= ask().catch((error: unknown) => {
        known = undefined;
        logger.warn("slack.unreachable", { code: slackCode(error) });
        return undefined;
      });
      return known;
    },
  };
}

export type IdentitySource = ReturnType<typeof createIdentity>;
