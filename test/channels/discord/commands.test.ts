import { expect, test } from "vitest";
import { differingCommands, wantedCommands } from "../../../src/channels/discord/commands.ts";
import { registerCommands } from "../../../src/channels/discord/register.ts";
import { answering } from "../../support/answering.ts";
import { APPLICATION_ID, BOT_TOKEN } from "../../support/discord-objects.ts";
import { problemsOfCommands } from "../../support/discord-rules.ts";
import { startFakeDiscord } from "../../support/fake-discord.ts";
import { recorder } from "../../support/recorder.ts";

const { translate } = answering;
const wanted = wantedCommands(translate);

test("the commands keep Discord's rules, and speak Spanish of both kinds", () => {
  expect(problemsOfCommands(wanted.map((command) => ({ ...command })))).toEqual([]);
  expect(wanted.map(({ name }) => name)).toEqual(["asylum", "asilo", "topics", "temas", "Ask Puente"]);
  const localised = JSON.stringify(wanted);
  for (const locale of ["es-419", "es-ES", "en-US"]) expect(localised).toContain(`"${locale}"`);
});

test("differ in nothing from themselves as Discord gives them back, and in what was changed", () => {
  const back = wanted.map((command) => ({
    id: "1",
    version: "2",
    default_member_permissions: null,
    nsfw: false,
    description: "",
    ...JSON.parse(JSON.stringify(command)),
  }));
  expect(differingCommands(wanted, back)).toEqual([]);
  expect(differingCommands(wanted, back.slice(1))).toEqual(["asylum"]);
  expect(differingCommands(wanted, [...back, { ...back[0], name: "old" }])).toEqual(["old"]);
  back[1].description_localizations["en-US"] = "other";
  expect(differingCommands(wanted, back)).toEqual(["asilo"]);
});

test("are registered once, and written again only when they differ", async () => {
  const discord = await startFakeDiscord();
  const register = () =>
    registerCommands(
      { token: BOT_TOKEN, applicationId: APPLICATION_ID, apiUrl: discord.url },
      translate,
      recorder().logger,
    );
  const writes = () => discord.requests.filter(({ method }) => method === "PUT").length;
  try {
    expect(await register()).toHaveLength(wanted.length);
    expect(await register()).toEqual([]);
    expect(writes()).toBe(1);
    Object.assign(discord.commands[0] ?? {}, { description: "changed by hand" });
    expect(await register()).toEqual(["asylum"]);
    expect(await register()).toEqual([]);
    expect(discord.violations).toEqual([]);
    discord.tokenValid = false;
    await expect(register()).rejects.toThrow("npx puente doctor");
  } finally {
    await discord.close();
  }
});
