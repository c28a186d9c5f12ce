import type { Stores } from "../core/stores.ts";

/** Pauses the whole broadcast of a delivery that failed for a reason that every other one will fail for too. */
export async function stopBroadcast(
  { broadcasts }: Pick<Stores, "broadcasts">,
  broadcastId: number | undefined,
  code: string,
): Promise<void> {
  if (broadcastId === undefined) return;
  const pause = { reason: "configuration", code } as const;
  await broadcasts.move(broadcastId, { from: ["running"], to: "paused", event: "paused", pause });
}
