import { expect, test } from "vitest";
import { ANA, aBroadcastRoom, BEA, EDI, TEXTS } from "./fixture.ts";

test("nothing leaves before the team was told: it waits, they are tried again, and after an hour it is too late", async () => {
  const room = await aBroadcastRoom("sqlite");
  await room.subscribe(3);
  room.telling(false);
  const { broadcastId } = await room.approved();
  await room.run(10);
  expect(room.sent).toHaveLength(0);
  expect((await room.broadcasts.find(ANA, broadcastId)).state).toBe("scheduled");
  // Not at every look.
  expect(room.announced).toHaveLength(1);
  room.clock.advance(30_000);
  room.telling(true);
  await room.run(10);
  expect(room.announced).toHaveLength(2);
  expect(room.sent).toHaveLength(3);

  room.telling(false);
  const late = await room.approved({ texts: { es: `${TEXTS.es} Gracias.`, en: `${TEXTS.en} Thanks.` } });
  await room.run(2);
  room.clock.advance(3_600_001);
  await room.run(2);
  expect((await room.broadcasts.find(ANA, late.broadcastId)).state).toBe("expired");
  expect(room.sent).toHaveLength(3);
});

test("an emergency waits two minutes for that and no longer", async () => {
  const room = await aBroadcastRoom("sqlite");
  await room.subscribe(3);
  room.telling(false);
  const { broadcastId, hash } = await room.broadcasts.draft(ANA, {
    texts: TEXTS,
    places: ["tijuana"],
    emergency: true,
  });
  await room.broadcasts.submit(ANA, broadcastId);
  await room.broadcasts.approve(BEA, broadcastId, hash, "slack");
  await room.broadcasts.approve(EDI, broadcastId, hash, "discord");
  await room.run(20);
  expect(room.sent).toHaveLength(0);
  room.clock.advance(2 * 60_000);
  await room.run(20);
  expect(room.sent).toHaveLength(3);
});
