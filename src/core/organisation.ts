/** Who runs this Puente: shown in HELP, PERSON, the welcome and the public pages. */
export interface Organisation {
  readonly name: string;
  readonly phone?: string;
  readonly hours?: string;
  readonly url?: string;
  readonly legalDesk?: string;
}
