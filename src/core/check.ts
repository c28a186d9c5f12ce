/** What a check found, for somebody who is no engineer: a sentence, and where something is to be done, what. */
export interface Finding {
  /** `warn` works but should be looked at; `fail` does not work. */
  readonly status: "ok" | "warn" | "fail";
  readonly says: string;
  readonly remedy?: string;
  /** Puente can do it itself, when it is asked to. */
  readonly fix?: {
    /** As a question that yes or no answers. */
    readonly question: string;
    /** @throws Error when it could not be done. */
    apply(): Promise<void>;
  };
}

/** One thing that can be looked at from outside. Every channel has its own; `doctor` and the wizard run them. */
export interface Check {
  /** In JSON: `twilio.number`. */
  readonly id: string;
  readonly title: string;
  /** Never throws for what it looks at: that is a finding. */
  run(): Promise<Finding>;
}
