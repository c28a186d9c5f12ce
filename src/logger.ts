import pino from "pino";
import type { Logger } from "./core/ports.ts";

/** JSON lines on standard output, with the event first and ids beside it. The type of `ids` lets no text objects through. */
export function createLogger(level: "debug" | "info" | "warn" | "error"): Logger {
  const log = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime });
  return {
    debug: (event, ids) => log.debug({ event, ...ids }),
    info: (event, ids) => log.info({ event, ...ids }),
    warn: (event, ids) => log.warn({ event, ...ids }),
    error: (event, ids) => log.error({ event, ...ids }),
  };
}
