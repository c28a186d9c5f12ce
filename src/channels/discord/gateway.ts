import { Client, Events, type GatewayDispatchPayload, GatewayIntentBits, Options } from "discord.js";
import type { Logger } from "../../core/ports.ts";
import { discordCode, isTokenRefused } from "./errors.ts";
import { restOptions } from "./rest.ts";

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** discord.js connects again by itself. A connection that is not there after this long is begun anew. */
const PATIENCE_MS = 60_000;

/** The connection over which Discord tells what happens. */
export interface Gateway {
  open(): void;
  close(): Promise<void>;
}

/**
 * Discord's gateway. It listens to direct messages alone: commands and buttons come without any intent, and what is said
 * in servers never reaches Puente. discord.js resumes a connection that was lost, with what was missed meanwhile; what it
 * gives up is opened again here.
 */
export function createGateway(options: {
  readonly token: string;
  readonly apiUrl: string | undefined;
  readonly onEvent: (event: GatewayDispatchPayload) => void;
  readonly logger: Logger;
}): Gateway {
  const { token, apiUrl, onEvent, logger } = options;
  let client: Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let wait = FIRST_WAIT_MS;
  let wanted = false;

  function connect(): void {
    const opened = createClient(apiUrl);
    client = opened;
    const mine =
      <A extends readonly unknown[]>(act: (...args: A) => void) =>
      (...args: A) => {
        if (client === opened && wanted) act(...args);
      };
    const up = mine(() => {
      clearTimeout(timer);
      wait = FIRST_WAIT_MS;
      logger.info("discord.connected");
    });
    opened.on(Events.Raw, (event: GatewayDispatchPayload) => onEvent(event));
    opened.on(Events.ShardReady, up);
    opened.on(Events.ShardResume, up);
    opened.on(Events.ShardReconnecting, mine(expectConnection));
    opened.on(
      Events.Invalidated,
      mine(() => again(opened)),
    );
    opened.on(
      Events.ShardDisconnect,
      mine(({ code }) => {
        // Discord ends it for good: a token that was changed, or an intent that is not granted.
        logger.error("discord.ended", { code });
        wait = LONGEST_WAIT_MS;
        again(opened);
      }),
    );
    opened.on(Events.Error, (error) => logger.warn("discord.client-failed", { code: discordCode(error) }));
    expectConnection();
    opened.login(token).catch(
      mine((error: unknown) => {
        const refused = isTokenRefused(error);
        if (refused) wait = LONGEST_WAIT_MS;
        logger[refused ? "error" : "warn"](refused ? "discord.token-refused" : "discord.unreachable", {
          code: discordCode(error),
        });
        again(opened);
      }),
    );
  }

  function expectConnection(): void {
    clearTimeout(timer);
    const waited = client;
    timer = setTimeout(() => {
      logger.warn("discord.connection-stuck");
      if (waited !== undefined) again(waited);
    }, PATIENCE_MS);
  }

  function again(given: Client): void {
    if (client !== given) return;
    client = undefined;
    void destroy(given);
    clearTimeout(timer);
    if (!wanted) return;
    timer = setTimeout(connect, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  }

  return {
    open() {
      if (wanted) return;
      wanted = true;
      wait = FIRST_WAIT_MS;
      connect();
    },
    async close() {
      wanted = false;
      clearTimeout(timer);
      const closing = client;
      client = undefined;
      if (closing !== undefined) await destroy(closing);
    },
  };

  async function destroy(given: Client): Promise<void> {
    await given.destroy().catch((error: unknown) => logger.debug("discord.not-closed", { code: discordCode(error) }));
  }
}

/** Events are read as they come, so nothing needs to be kept in memory. */
function createClient(apiUrl: string | undefined): Client {
  return new Client({
    intents: [GatewayIntentBits.DirectMessages],
    makeCache: Options.cacheWithLimits({
      MessageManager: 0,
      DMMessageManager: 0,
      UserManager: {
        maxSize: 0,
        keepOverLimit: (user: { id: string; client: Client }) => user.id === user.client.user?.id,
      },
      GuildMemberManager: 0,
      ApplicationCommandManager: 0,
    }),
    rest: restOptions(apiUrl),
  });
}
