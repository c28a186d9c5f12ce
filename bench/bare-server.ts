/** The least a webhook server can do: parse the form and compute Twilio's HMAC. The baseline of `bench/webhooks.ts`. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import twilio from "twilio";

const { AUTH_TOKEN = "", PUBLIC_URL = "" } = process.env;

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const form = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
    const expected = twilio.getExpectedTwilioSignature(AUTH_TOKEN, PUBLIC_URL + request.url, form);
    response.writeHead(expected === request.headers["x-twilio-signature"] ? 200 : 403).end("<Response/>");
  });
});
server.listen(0, "127.0.0.1", () =>
  console.log(`listening http://127.0.0.1:${(server.address() as AddressInfo).port}`),
);
