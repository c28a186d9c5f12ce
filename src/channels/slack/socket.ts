import { setTimeout as sleep } from "node:timers/promises";
import { type Logger as BoltLogger, type Receiver, SocketModeReceiver } from "@slack/bolt";
import { OperatorError } from "../../core/errors.ts";
import type { Logger } from "../../core/ports.ts";
import { clientOptions } from "./client.ts";
import { slackCode } from "./errors.ts";
import { processEvent } from "./receiver.ts";

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** The rest of the service starts without Slack if that takes longer. */
const START_WAIT_MS = 10_000;
/** Errors of the app-level token: waiting mends none of them. */
const TOKEN_ERRORS = [
  "not_authed",
  "invalid_auth",
  "account_inactive",
  "token_revoked",
  "missing_scope",
  "not_allowed_token_type",
];

export interface SocketReceiver {
  readonly receiver: Receiver;
  /** Resolves when connected, or when it is clear that it takes longer: it goes on trying. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Socket Mode: for a shelter without a public address. Slack ends a connection every few hours on purpose; the SDK's own
 * reconnecting ends the process when the token is refused meanwhile, so connecting again is done here.
 *
 * `start` throws OperatorError when Slack refuses the token.
 */
export function createSocketReceiver(options: {
  readonly appToken: string;
  readonly apiUrl: string | undefined;
  readonly boltLogger: BoltLogger;
  readonly logger: Logger;
}): SocketReceiver {
  const { appToken, apiUrl, boltLogger, logger } = options;
  const inner = new SocketModeReceiver({
    appToken,
    logger: boltLogger,
    autoReconnectEnabled: false,
    installerOptions: { clientOptions: clientOptions(apiUrl, boltLogger, "impatient") },
  });
  let stopped = false;
  let waiting: NodeJS.Timeout | undefined;
  let wait = FIRST_WAIT_MS;

  async function connect(): Promise<void> {
    await inner.client.start();
    wait = FIRST_WAIT_MS;
    logger.info("slack.socket-connected");
    inner.client.once("disconnected", () => {
      if (!stopped) again(0);
    });
  }

  function again(inMs: number): void {
    waiting = setTimeout(() => {
      connect().catch((error: unknown) => {
        const code = slackCode(error);
        logger[TOKEN_ERRORS.includes(code) ? "error" : "warn"]("slack.socket-refused", { code });
        wait = Math.min(wait * 2, LONGEST_WAIT_MS);
        if (!stopped) again(wait);
      });
    }, inMs);
  }

  return {
    receiver: {
      init: (app) =>
        inner.init({ processEvent: (event) => processEvent(app, event) } as Parameters<typeof inner.init>[0]),
      start: async () => {},
      stop: async () => {},
    },
    async start() {
      stopped = false;
      let begun = false;
      const first = connect().catch((error: unknown) => {
        const code = slackCode(error);
        const refused = TOKEN_ERRORS.includes(code);
        if (refused && !begun)
          throw new OperatorError(
            `Slack refused SLACK_APP_TOKEN (${code}). Make one with the scope connections:write under Basic Information > App-Level Tokens.`,
          );
        logger[refused ? "error" : "warn"](refused ? "slack.socket-refused" : "slack.socket-unreachable", { code });
        // Also when that comes after the service has gone on without.
        if (!stopped) again(wait);
      });
      await Promise.race([first, sleep(START_WAIT_MS, undefined, { ref: false })]);
      begun = true;
    },
    async stop() {
      stopped = true;
      clearTimeout(waiting);
      await inner.client.disconnect();
    },
  };
}
