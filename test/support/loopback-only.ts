import net from "node:net";

/**
 * Makes every connection that leaves this machine fail, in this process. Child processes get it with
 * `--import test/support/loopback-only.ts`. A test that needs the network is a test that cannot be trusted.
 */
const connect = net.Socket.prototype.connect;
const LOOPBACK = new Set(["localhost", "127.0.0.1", "::1", undefined]);

net.Socket.prototype.connect = function guarded(this: net.Socket, ...args: unknown[]) {
  // Node normalises its own calls to one array of [options, callback].
  const first = Array.isArray(args[0]) ? args[0][0] : args[0];
  const host = typeof first === "object" && first !== null ? (first as { host?: string }).host : args[1];
  const isPath = typeof first === "object" && first !== null && "path" in first && first.path != null;
  if (!isPath && !LOOPBACK.has(typeof host === "string" ? host : undefined))
    throw new Error(`a test tried to reach ${String(host)}: only this machine may be reached`);
  return Reflect.apply(connect, this, args);
} as typeof connect;
