import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { ACCOUNT_SID, AUTH_TOKEN } from "./fake-twilio.ts";

/** A complete environment with Twilio on and everything else fictional; listeners on free ports, a database in `dataDir`. */
export function twilioEnvironment(options: {
  readonly dataDir: string;
  readonly apiUrl: string;
}): Record<string, string> {
  return {
    ...(process.env["PATH"] && { PATH: process.env["PATH"] }),
    ...(process.env["MODEL_DIR"] && { MODEL_DIR: process.env["MODEL_DIR"] }),
    PORT: "0",
    ADMIN_PORT: "0",
    PUBLIC_URL: "https://puente.example.org",
    DATABASE_URL: `sqlite:${join(options.dataDir, "puente.db")}`,
    SPOOL_DIR: join(options.dataDir, "spool"),
    PUENTE_SECRET: randomBytes(32).toString("base64"),
    CONTENT_REQUIRE: "checked",
    ORG_NAME: "Example shelter",
    ORG_PHONE: "+1 202 555 0101",
    ORG_HOURS: "9-5",
    ORG_URL: "https://example.org",
    LEGAL_DESK: "Example legal desk, +1 202 555 0102",
    TWILIO_ACCOUNT_SID: ACCOUNT_SID,
    TWILIO_AUTH_TOKEN: AUTH_TOKEN,
    TWILIO_SMS_FROM: "+12025550100",
    TWILIO_WHATSAPP_FROM: "+12025550100",
    TWILIO_API_URL: options.apiUrl,
  };
}
