import { inflateSync } from "node:zlib";
import { correction, generate } from "lean-qr";
import { expect, test } from "vitest";
import { createQrRoute, qrPng } from "../../src/web/qr.ts";
import { answering } from "../support/answering.ts";

const get = (route: ReturnType<typeof createQrRoute>, query: Record<string, string>) =>
  route.handle({ method: "GET", url: "/qr.png", query, headers: {}, body: undefined });

test("the picture holds the code's modules, dark on light, with a quiet zone around", () => {
  const png = Buffer.from(qrPng("SMSTO:+12025550100:MIEDO4"));
  const size = png.readUInt32BE(16);
  const length = png.readUInt32BE(33);
  const pixels = inflateSync(png.subarray(41, 41 + length));
  const light = (x: number, y: number) => {
    const byte = pixels.readUInt8(y * (Math.ceil(size / 8) + 1) + 1 + (x >> 3));
    return ((byte >> (7 - (x & 7))) & 1) === 1;
  };
  const modules = size / 8 - 8;
  const code = generate("SMSTO:+12025550100:MIEDO4", { minCorrectionLevel: correction.M });
  expect(modules).toBe(code.size);
  for (let y = -4; y < modules + 4; y += 1)
    for (let x = -4; x < modules + 4; x += 1) expect(light((x + 4) * 8 + 3, (y + 4) * 8 + 3)).toBe(!code.get(x, y));
});

test("only codes of the tree have one, and only where a phone can be reached", async () => {
  const [topic] = answering.tree().topics.values();
  const code = Object.values(topic?.codes ?? {})[0] ?? "";
  const phone = { number: "+12025550100", sms: true };
  expect(await get(createQrRoute(answering.tree, phone), { code })).toMatchObject({ status: 200 });
  expect(await get(createQrRoute(answering.tree, phone), { code: "OTHER1" })).toMatchObject({ status: 404 });
  expect(await get(createQrRoute(answering.tree, phone), {})).toMatchObject({ status: 404 });
  expect(await get(createQrRoute(answering.tree, undefined), { code })).toMatchObject({ status: 404 });
});
