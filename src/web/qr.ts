import { crc32, deflateSync } from "node:zlib";
import { correction, generate } from "lean-qr";
import type { Tree } from "../content/tree.ts";
import type { Route } from "../core/ports.ts";

/** Pixels of a module, and modules of white around: the least that scanners are promised (ISO/IEC 18004, 4 modules). */
const MODULE = 8;
const QUIET = 4;
/** A number and a code change seldom, and whoever fetches the picture is the vendor, not the guest. */
const CACHE_SECONDS = 24 * 60 * 60;

/**
 * The picture a guest's phone reads: it opens a text to us that holds an answer's code, ready to be sent. Only codes of
 * the tree have one, and there is nothing in it that is not on the card.
 */
export function createQrRoute(
  tree: () => Tree,
  phone: { readonly number: string; readonly sms: boolean } | undefined,
): Route {
  return {
    method: "GET",
    path: "/qr.png",
    listener: "public",
    async handle({ query }) {
      const { code } = query;
      const known = [...tree().topics.values()].some(({ codes }) => Object.values(codes).some((one) => one === code));
      if (!known || typeof code !== "string" || phone === undefined)
        return { status: 404, headers: { "content-type": "text/plain" }, body: "Not found." };
      const text = phone.sms
        ? `SMSTO:${phone.number}:${code}`
        : `https://wa.me/${phone.number.replace("+", "")}?text=${code}`;
      return {
        status: 200,
        headers: {
          "content-type": "image/png",
          "cache-control": `public, max-age=${CACHE_SECONDS}`,
          // Shown by other sites: that is what it is for.
          "cross-origin-resource-policy": "cross-origin",
        },
        body: qrPng(text),
      };
    },
  };
}

/** A QR code as a picture of one bit a pixel (PNG, W3C REC-png-3). */
export function qrPng(text: string): Uint8Array {
  const code = generate(text, { minCorrectionLevel: correction.M });
  const modules = code.size + 2 * QUIET;
  const size = modules * MODULE;
  const lineBytes = Math.ceil(size / 8);
  const pixels = Buffer.alloc(size * (lineBytes + 1));
  for (let y = 0; y < size; y += 1) {
    const line = y * (lineBytes + 1) + 1;
    for (let x = 0; x < size; x += 1) {
      const dark = code.get(Math.floor(x / MODULE) - QUIET, Math.floor(y / MODULE) - QUIET);
      if (!dark) pixels.writeUInt8(pixels.readUInt8(line + (x >> 3)) | (0x80 >> (x & 7)), line + (x >> 3));
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.writeUInt8(1, 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(pixels)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const framed = Buffer.alloc(8 + body.length);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), 4 + body.length);
  return framed;
}
