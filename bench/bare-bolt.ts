/** The baseline of `bench/slack.ts`: Bolt's own HTTP receiver with one command that says the same short thing. */
import { App } from "@slack/bolt";

const app = new App({
  token: "xoxb-test",
  signingSecret: process.env["SLACK_SIGNING_SECRET"] ?? "",
  clientOptions: { slackApiUrl: `${process.env["SLACK_API_URL"]}/api/` },
  endpoints: "/slack/events",
});
app.command("/asylum", async ({ ack }) => {
  await ack({ response_type: "ephemeral", text: "hello" });
});
const server = (await app.start({ port: 0, host: "127.0.0.1" })) as { address(): { port: number } };
console.log(`listening http://127.0.0.1:${server.address().port}`);
