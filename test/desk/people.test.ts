import { describe, expect, test } from "vitest";
import { loadPeople, ROLES } from "../../src/desk/people.ts";
import { peopleFrom } from "./fixture.ts";

describe("people.yaml", () => {
  test("names one person by the ids of every platform", async () => {
    const people = await peopleFrom('- { id: ana, slack: U1, discord: "11", roles: [volunteer] }');
    expect(people.on("slack", "U1")).toBe(people.find("ana"));
    expect(people.on("discord", "11")).toBe(people.find("ana"));
    expect(people.on("slack", "11")).toBeUndefined();
  });

  test("the example can be read as it is", async () => {
    const { all } = await loadPeople("content/people.example.yaml");
    expect(all.flatMap(({ roles }) => roles)).toEqual(
      expect.arrayContaining(["volunteer", "editor", "organizer", "admin"]),
    );
  });

  test.each([
    ["- { id: ana, roles: [boss] }", "one of: volunteer, "],
    ["- { id: ana, roles: [] }", "empty or too short"],
    ["- { id: Ana B, roles: [editor] }", "lower-case letters"],
    ["- { id: ana, roles: [editor], slak: U1 }", '"slak" is not a field known here'],
    [
      "- { id: ana, slack: U1, roles: [editor] }\n- { id: beto, slack: U1, roles: [editor] }",
      'slack "U1" stands in two entries',
    ],
  ])("%s is refused with what to put right", async (yaml, problem) => {
    await expect(peopleFrom(yaml)).rejects.toThrow(problem);
  });

  test("a file that is not there is named, with where to begin", async () => {
    await expect(loadPeople("/nowhere/people.yaml")).rejects.toThrow("people.example.yaml");
  });
});

describe("at the command line", () => {
  const TEAM = "- { id: ana, roles: [editor] }\n- { id: eva, account: shelter-eva, roles: [editor] }";

  test("an account that is somebody's is that person and nobody else", async () => {
    const people = await peopleFrom(TEAM);
    expect(people.atMachine("shelter-eva").id).toBe("eva");
    expect(people.atMachine("shelter-eva", "eva").id).toBe("eva");
    expect(() => people.atMachine("shelter-eva", "ana")).toThrow("it cannot act as ana");
  });

  test("a shared account says who it is", async () => {
    const people = await peopleFrom(TEAM);
    expect(people.atMachine("desk", "ana").id).toBe("ana");
    expect(() => people.atMachine("desk")).toThrow("--as PERSON, one of ana, eva");
    expect(() => people.atMachine("desk", "olga")).toThrow("PEOPLE_FILE has no olga");
  });

  test("without a file, whoever runs commands may do everything, under the name of the account alone", async () => {
    const people = await loadPeople(undefined);
    expect(people.atMachine("root")).toMatchObject({
      id: "root",
      roles: ROLES,
    });
    expect(() => people.atMachine("root", "ana")).toThrow("Set PEOPLE_FILE");
  });
});
