import type { Locale } from "./words.ts";

/** What the public page on privacy says, in one language. */
export interface PrivacyPage {
  readonly locale: Locale;
  readonly title: string;
  readonly intro: readonly string[];
  readonly columns: { readonly what: string; readonly why: string; readonly keep: string; readonly who: string };
  /** One for each kind of thing that is stored. `keep`: whichever sentence comes true first. */
  readonly rows: readonly {
    readonly what: string;
    readonly why: string;
    readonly keep: readonly string[];
    readonly who: string;
    /** Tables and columns, for those who read the program. */
    readonly where: string;
  }[];
  readonly sections: readonly { readonly title: string; readonly paragraphs: readonly string[] }[];
}
