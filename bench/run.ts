/** `npm run bench [name]`: what Puente costs, as ratios against a baseline in the same run. */
const BENCHES: Readonly<Record<string, () => Promise<() => Promise<void>>>> = {
  respond: async () => (await import("./respond.ts")).benchRespond,
  webhooks: async () => (await import("./webhooks.ts")).benchWebhooks,
  storage: async () => (await import("./storage.ts")).benchStorage,
  queue: async () => (await import("./queue.ts")).benchQueue,
  sms: async () => (await import("./sms-cost.ts")).benchSmsCost,
  slack: async () => (await import("./slack.ts")).benchSlack,
  matching: async () => (await import("./matching.ts")).benchMatching,
  broadcast: async () => (await import("./broadcast.ts")).benchBroadcast,
  start: async () => (await import("./start.ts")).benchStart,
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(", ")}. There are: ${Object.keys(BENCHES).join(", ")}.`);
  process.exit(1);
}
for (const [name, load] of Object.entries(BENCHES)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const bench = await load();
  await bench();
}
