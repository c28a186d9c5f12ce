/**
 * Why a send did not work, as classes that decide what happens next. Vendor codes are mapped to them in the channel
 * that knows them; `delivery/` acts on the class alone.
 *
 * - `person`: this person cannot or does not want to be reached. Suppress.
 * - `opted-out`: this person has told the vendor to stop. Suppress and record the opt-out.
 * - `message`: this message can never be sent. Fail it.
 * - `configuration`: our account or set-up is wrong. Everything waits; raise an alarm.
 * - `throttled`: the vendor refused before processing. Always safe to try again.
 * - `carrier-transient`: the carrier lost it. A new try is a new message: few, spaced.
 * - `ambiguous`: nobody knows whether it was accepted. Look it up before anything else.
 */
export type SendErrorClass =
  | "person"
  | "opted-out"
  | "message"
  | "configuration"
  | "throttled"
  | "carrier-transient"
  | "ambiguous";

/** A failed send. `code` is the vendor's own, for the record; the message holds no number and no text. */
export class SendError extends Error {
  override readonly name = "SendError";
  readonly class: SendErrorClass;
  readonly code: string;
  /** How long the vendor asked us to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(errorClass: SendErrorClass, code: string, retryAfterMs?: number) {
    super(`send failed: ${errorClass} (${code})`);
    this.class = errorClass;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** A run that another process has taken the place of. Nothing of it may be kept, and nothing is lost. */
export class OvertakenError extends Error {
  override readonly name = "OvertakenError";
}

/** Something the person running Puente must put right. The message is a sentence that says what and where. */
export class OperatorError extends Error {
  override readonly name = "OperatorError";
}
