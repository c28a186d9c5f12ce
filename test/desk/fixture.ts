import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Tree } from "../../src/content/tree.ts";
import type { Stores } from "../../src/core/stores.ts";
import type { Desk } from "../../src/desk/desk.ts";
import { createLiveTree, type LiveTree } from "../../src/desk/live.ts";
import { loadPeople, type People, type Person } from "../../src/desk/people.ts";
import { fixtureTree } from "../content/fixture.ts";
import { testClock } from "../support/clock.ts";
import { recorder } from "../support/recorder.ts";
import { memoryStores } from "../support/stores.ts";

export const TURNED = "port-of-entry/turned-back";
export const WORDS = "port-of-entry/what-to-say";

const PEOPLE = `
- { id: ana, slack: U1, discord: "11", roles: [volunteer] }
- { id: beto, slack: U2, roles: [volunteer] }
- { id: eva, name: Eva Example, slack: U3, account: eva, roles: [editor] }
- { id: olga, slack: U4, roles: [organizer] }
- { id: oto, slack: U5, roles: [organizer] }
- { id: ada, roles: [admin] }
`;

/** `people.yaml` with this text, read as the service reads it. */
export async function peopleFrom(yaml: string): Promise<People> {
  const folder = await mkdtemp(join(tmpdir(), "puente-people-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "people.yaml"), yaml);
  return loadPeople(join(folder, "people.yaml"));
}

export interface DeskFixture extends Desk {
  readonly stores: Stores;
  readonly clock: ReturnType<typeof testClock>;
  readonly live: LiveTree;
  person(id: string): Person;
  /** The tree as a service that looks now would serve it. */
  served(): Promise<Tree>;
}

/** A desk over the fixture tree, with a team of six, on a database in memory. */
export async function aDesk(changes: Partial<Tree> = {}): Promise<DeskFixture> {
  const clock = testClock();
  const stores = await memoryStores(clock);
  const people = await peopleFrom(PEOPLE);
  const tree = await fixtureTree({}, { locales: ["en", "es"], ...changes });
  const live = createLiveTree({ tree, stores, clock, logger: recorder().logger, timeZone: "America/Tijuana" });
  return {
    ...{ stores, people, clock, live, tree: live.tree },
    person(id) {
      const person = people.find(id);
      if (person === undefined) throw new Error(`no ${id} in the fixture`);
      return person;
    },
    async served() {
      await live.refresh();
      return live.tree();
    },
  };
}
