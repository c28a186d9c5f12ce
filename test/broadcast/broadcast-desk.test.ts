import { expect, test } from "vitest";
import { createBroadcastDesk } from "../../src/broadcast/broadcast-desk.ts";
import { createBroadcasts } from "../../src/broadcast/broadcasts.ts";
import type { BroadcastRoom, TypedBroadcast } from "../../src/core/broadcast-desk.ts";
import type { Visitor } from "../../src/core/front-desk.ts";
import type { People, Person } from "../../src/desk/people.ts";
import { recorder } from "../support/recorder.ts";
import { refusalOf } from "../support/refusals.ts";
import { aBroadcastRoom, TEXTS, translate, tree } from "./fixture.ts";

const ANA: Person = { id: "ana", name: "Ana", roles: ["organizer"], slack: "U1", discord: "D1" };
const BEA: Person = { id: "bea", name: "Bea", roles: ["organizer"], discord: "D2" };
const ADA: Person = { id: "ada", name: "Ada", roles: ["admin"], slack: "U3" };
const all = [ANA, BEA, ADA];
const people: People = {
  all,
  find: (id) => all.find((one) => one.id === id),
  on: (platform, id) => all.find((one) => one[platform] === id),
  atMachine: () => ANA,
};
const on = (platform: Visitor["platform"], id: string, outsider = false): Visitor => ({ platform, id, outsider });
const TYPED: TypedBroadcast = { texts: TEXTS, places: ["tijuana"], locales: [], channels: [], emergency: false };

async function aDesk() {
  const room = await aBroadcastRoom("sqlite");
  await room.subscribe(3);
  const { logger, lines } = recorder();
  const common = { stores: room.stores, people, tree: () => tree, translate, clock: room.clock };
  const broadcasts = createBroadcasts({ ...common, name: "Example shelter", rates: { sms: 10 } });
  const desk = createBroadcastDesk({ ...common, broadcasts, logger, wake: () => {} });
  return { room, desk, broadcasts, lines };
}

/** A platform's room that reaches some people and not others. */
function aRoomOf(
  platform: "slack" | "discord",
  reach: { readonly room?: boolean; readonly people: readonly string[] },
) {
  const told: string[] = [];
  const room: BroadcastRoom = {
    platform,
    hasContentRoom: reach.room !== undefined,
    show: async (_view, place) => (reach.room ? (place ?? "C0/1") : undefined),
    async tell(to, words) {
      const ok = "person" in to ? reach.people.includes(to.person) : reach.room === true;
      if (ok) told.push("person" in to ? to.person : `room: ${words("es").lead}`);
      return ok;
    },
  };
  return { room, told };
}

test("whoever wrote it in Slack approves it nowhere: the person counts, not the account", async () => {
  const { desk } = await aDesk();
  const broadcastId = await desk.write(on("slack", "U1"), TYPED);
  const { seal, actions } = await desk.act(on("slack", "U1"), "submit", { broadcastId, seal: "" }, "en");
  expect(actions).not.toContain("approve");
  const shown = { broadcastId, seal };
  expect(await refusalOf(desk.act(on("discord", "D1"), "approve", shown, "en"))).toMatch(/whatever the platform/);
  // The id of one platform is nobody's on the other.
  expect(await refusalOf(desk.act(on("slack", "D2"), "approve", shown, "en"))).toMatch(
    /may not approve.*you are not in PEOPLE_FILE/,
  );
  // A guest is nobody, whatever the people file says.
  expect(await refusalOf(desk.act(on("discord", "D2", true), "approve", shown, "en"))).toMatch(/may not approve/);
  for (const seal of ["", shown.seal.slice(0, 15), "0".repeat(16)])
    expect(await refusalOf(desk.act(on("discord", "D2"), "approve", { broadcastId, seal }, "en"))).toMatch(
      /was changed since it was shown/,
    );
  const approved = await desk.act(on("discord", "D2"), "approve", shown, "es");
  expect(approved).toMatchObject({ state: "scheduled", lead: "Usted lo aprobó, y sale." });
  expect(approved.facts).toContain("Lo aprobó Bea (Discord).");
});

test("only what somebody may do is offered to them", async () => {
  const { desk } = await aDesk();
  const broadcastId = await desk.write(on("slack", "U1"), TYPED);
  const actionsOf = async (visitor: Visitor) => (await desk.view(visitor, broadcastId, "en")).actions;
  expect(await actionsOf(on("slack", "U1"))).toEqual(["edit", "test", "submit", "cancel"]);
  expect(await actionsOf(on("slack", "U3"))).toEqual(["cancel"]);
  expect(desk.mayRead(on("slack", "U3"))).toBe(true);
  expect(desk.mayRead(on("slack", "U9"))).toBe(false);
  const choosing = Promise.try(() => desk.choices(on("slack", "U3"), "es"));
  expect(await refusalOf(choosing, "es")).toBe("Usted no puede escribir un aviso. Quién puede: Ana, Bea.");
});

test("before it goes out all organizers and admins are told, each where they are, and the log says how many", async () => {
  const { desk, broadcasts, lines } = await aDesk();
  const broadcastId = await desk.write(on("slack", "U1"), TYPED);
  const record = await broadcasts.find(ANA, broadcastId);
  // Without a room there is nobody to tell but whoever reads the log.
  expect(await desk.announce(record)).toBe(true);
  const slack = aRoomOf("slack", { room: true, people: ["U1", "U3"] });
  const discord = aRoomOf("discord", { people: ["D2"] });
  desk.join(slack.room);
  desk.join(discord.room);
  expect(await desk.announce(record)).toBe(true);
  expect(slack.told).toEqual([expect.stringContaining("Está por salir"), "U1", "U3"]);
  expect(discord.told).toEqual(["D2"]);
  expect(lines.join("\n")).toMatch(/broadcast\.team-told.*"people":3,"of":3,"rooms":1/);
});

test("where somebody could be told and nobody was, it says so", async () => {
  const { desk, broadcasts, lines } = await aDesk();
  const broadcastId = await desk.write(on("slack", "U1"), TYPED);
  desk.join(aRoomOf("slack", { room: false, people: [] }).room);
  expect(await desk.announce(await broadcasts.find(ANA, broadcastId))).toBe(false);
  expect(lines.join("\n")).toMatch(/broadcast\.team-not-told/);
  // And whoever submits one is told that no card could be posted.
  const { lead } = await desk.act(on("slack", "U1"), "submit", { broadcastId, seal: "" }, "en");
  expect(lead).toContain("No content room could be told");
});
