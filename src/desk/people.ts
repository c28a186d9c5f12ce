import { readFile } from "node:fs/promises";
import { z } from "zod";
import { formatFinding } from "../content/finding.ts";
import { readYaml } from "../content/yaml-file.ts";
import type { PersonId } from "../core/desk.ts";
import { OperatorError } from "../core/errors.ts";

export const ROLES = ["volunteer", "sender", "editor", "organizer", "admin"] as const;
/** What somebody on the team may do: see `permissions.ts`. */
export type Role = (typeof ROLES)[number];

/** Someone of the team. Two platforms' ids in one entry are one person: nobody approves what they wrote. */
export interface Person {
  readonly id: PersonId;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly slack?: string;
  readonly discord?: string;
  /** The name under which the person signs in to the machine Puente runs on. */
  readonly account?: string;
  /** SHA-256 in hexadecimal of the code that only this person knows: `npx puente broadcast code`. */
  readonly codeHash?: string;
}

/** Who is who. Where nobody is named, only the account at the machine itself may act. */
export interface People {
  readonly all: readonly Person[];
  find(id: PersonId): Person | undefined;
  /** By the id that the platform has authenticated. */
  on(platform: "slack" | "discord", platformId: string): Person | undefined;
  /**
   * Who is at the machine's command line: the person whose account it is, else whom `as` names.
   *
   * @throws OperatorError when that is nobody, or somebody else than the account's owner.
   */
  atMachine(account: string, as?: PersonId): Person;
}

const text = z.string().trim().min(1);
const peopleSchema = z.array(
  z.strictObject({
    id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "use lower-case letters, digits and hyphens"),
    name: text.exactOptional(),
    slack: text.exactOptional(),
    discord: text.exactOptional(),
    account: text.exactOptional(),
    codeHash: z
      .string()
      .regex(/^[0-9a-f]{64}$/, "copy the line that `npx puente broadcast code` prints")
      .exactOptional(),
    roles: z.array(z.enum(ROLES)).min(1),
  }),
);

/**
 * Reads `people.yaml` (PEOPLE_FILE). Without a file nobody is named.
 *
 * @throws OperatorError naming every line that is wrong, and every id that two entries share.
 */
export async function loadPeople(file: string | undefined): Promise<People> {
  if (file === undefined) return peopleOf([]);
  const content = await readFile(file, "utf8").catch(() => {
    throw new OperatorError(
      `PEOPLE_FILE names ${file}, which cannot be read. Copy content/people.example.yaml there and fill it in.`,
    );
  });
  const yaml = readYaml(file, content, peopleSchema, { whenEmpty: [] });
  if (yaml.value === undefined) {
    throw new OperatorError(
      [`${file} names who may do what and has errors:`, ...yaml.findings.map(formatFinding)].join("\n  "),
    );
  }
  const people = yaml.value.map((person): Person => ({ ...person, name: person.name ?? person.id }));
  for (const key of ["id", "slack", "discord", "account"] as const) {
    const values = people.flatMap((person) => person[key] ?? []);
    const twice = values.find((value, index) => values.indexOf(value) !== index);
    if (twice !== undefined)
      throw new OperatorError(`${file}: ${key} "${twice}" stands in two entries. One person has one entry.`);
  }
  return peopleOf(people);
}

function peopleOf(all: readonly Person[]): People {
  const find = (id: PersonId) => all.find((person) => person.id === id);
  return {
    all,
    find,
    on: (platform, platformId) => all.find((person) => person[platform] === platformId),
    atMachine(account, as) {
      if (all.length === 0) {
        if (as !== undefined)
          throw new OperatorError(
            `--as ${as}: nobody is named yet. Set PEOPLE_FILE (see content/people.example.yaml).`,
          );
        // Whoever can run commands here can change the database as well: there is nothing to protect from them.
        return { id: account, name: account, roles: ROLES };
      }
      const owner = all.find((person) => person.account === account);
      if (owner !== undefined && as !== undefined && as !== owner.id)
        throw new OperatorError(`The account ${account} is ${owner.id}'s in PEOPLE_FILE: it cannot act as ${as}.`);
      const person = owner ?? (as === undefined ? undefined : find(as));
      if (person !== undefined) return person;
      const known = all.map(({ id }) => id).join(", ");
      throw new OperatorError(
        as === undefined
          ? `Say who you are: --as PERSON, one of ${known}.`
          : `PEOPLE_FILE has no ${as}. It has ${known}.`,
      );
    },
  };
}
