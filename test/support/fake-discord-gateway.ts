import { randomBytes } from "node:crypto";
import type { Server } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import { isJson, type Json, num, str } from "./discord-components.ts";

/** Gateway opcodes and close codes (Opcodes and Status Codes). */
const DISPATCH = 0;
const HEARTBEAT = 1;
const IDENTIFY = 2;
const RESUME = 6;
const RECONNECT = 7;
const INVALID_SESSION = 9;
const HELLO = 10;
const HEARTBEAT_ACK = 11;
const CLOSE = {
  unknown: 4000,
  unknownOpcode: 4001,
  notAuthenticated: 4003,
  authenticationFailed: 4004,
  alreadyAuthenticated: 4005,
  invalidSequence: 4007,
  invalidIntents: 4013,
  disallowedIntents: 4014,
} as const;
export const INTENTS = { guilds: 1, guildMessages: 1 << 9, directMessages: 1 << 12 } as const;
/** GUILD_MEMBERS, GUILD_PRESENCES and MESSAGE_CONTENT need to be switched on by hand. */
const PRIVILEGED = (1 << 1) | (1 << 8) | (1 << 15);
const ALL_INTENTS = 0x331ffff;

interface Session {
  readonly id: string;
  readonly intents: number;
  readonly events: Json[];
  sequence: number;
  socket: WebSocket | undefined;
}

export interface FakeGateway {
  /** Open connections that have identified or resumed. */
  readonly connected: number;
  /** Every IDENTIFY and RESUME that was accepted, in order, and every heartbeat. */
  readonly log: ("identify" | "resume" | "heartbeat")[];
  heartbeatMs: number;
  /** False: heartbeats are not acknowledged, as on a connection that is dead without knowing it. */
  acknowledges: boolean;
  /** False: nobody gets through, as in an outage. */
  open: boolean;
  /** Sends an event to every session that asked for it; one without a socket gets it when it resumes. */
  dispatch(name: string, data: Json, intent?: number): void;
  /** Cuts every connection without a word; the sessions can be resumed. */
  dropSocket(): void;
  /** Asks everyone to reconnect and resume (opcode 7). */
  askToReconnect(): void;
  /** Ends every session (opcode 9): the bot has to identify again. */
  invalidateSession(): void;
  /** Closes every connection with this code. */
  closeWith(code: number): void;
  close(): void;
}

interface Options {
  readonly token: string;
  readonly ready: () => Json;
  /** What is sent right after READY, for these intents. */
  readonly first: (intents: number) => readonly (readonly [string, Json])[];
  readonly url: () => string;
}

/**
 * The gateway on loopback: HELLO, heartbeats, IDENTIFY, READY, RESUME with replay, INVALID_SESSION, RECONNECT and the close
 * codes (Gateway; Gateway Events; Opcodes and Status Codes).
 */
export function createFakeGateway(server: Server, { token, ready, first, url }: Options): FakeGateway {
  const sessions = new Map<string, Session>();
  const sockets = new WebSocketServer({ server, path: "/gateway" });
  const timers = new Set<NodeJS.Timeout>();
  const send = (socket: WebSocket | undefined, op: number, d: unknown = null, more: Json = {}) =>
    socket?.send(JSON.stringify({ op, d, s: null, t: null, ...more }));

  function emit(session: Session, t: string, d: Json): void {
    session.sequence += 1;
    const event = { op: DISPATCH, d, s: session.sequence, t };
    session.events.push(event);
    session.socket?.send(JSON.stringify(event));
  }

  function attach(session: Session, socket: WebSocket): void {
    session.socket = socket;
    socket.once("close", (code) => {
      if (session.socket === socket) session.socket = undefined;
      // "If you close with 1000 or 1001, your session will be invalidated" (Gateway, Disconnecting).
      if (code === 1000 || code === 1001) sessions.delete(session.id);
    });
  }

  function identify(socket: WebSocket, data: Json): void {
    const intents = num(data["intents"]);
    if (data["token"] !== token) return void socket.close(CLOSE.authenticationFailed, "Authentication failed.");
    if ((intents & ~ALL_INTENTS) !== 0) return void socket.close(CLOSE.invalidIntents, "Invalid intent(s).");
    if ((intents & PRIVILEGED) !== 0) return void socket.close(CLOSE.disallowedIntents, "Disallowed intent(s).");
    const session = { id: randomBytes(16).toString("hex"), intents, events: [], sequence: 0, socket };
    sessions.set(session.id, session);
    attach(session, socket);
    gateway.log.push("identify");
    emit(session, "READY", {
      ...ready(),
      v: 10,
      session_id: session.id,
      resume_gateway_url: url(),
      session_type: "normal",
    });
    for (const [name, event] of first(intents)) emit(session, name, event);
  }

  function resume(socket: WebSocket, data: Json): void {
    const session = sessions.get(str(data["session_id"]));
    if (data["token"] !== token) return void socket.close(CLOSE.authenticationFailed, "Authentication failed.");
    if (session === undefined) return void send(socket, INVALID_SESSION, false);
    if (num(data["seq"]) > session.sequence) return void socket.close(CLOSE.invalidSequence, "Invalid seq.");
    attach(session, socket);
    gateway.log.push("resume");
    for (const event of session.events.filter(({ s }) => num(s) > num(data["seq"]))) socket.send(JSON.stringify(event));
    emit(session, "RESUMED", { _trace: [] });
  }

  sockets.on("connection", (socket) => {
    if (!gateway.open) return socket.terminate();
    let heardAt = performance.now();
    const watch = setInterval(() => {
      if (performance.now() - heardAt > gateway.heartbeatMs * 2) socket.close(CLOSE.unknown, "No heartbeat.");
    }, gateway.heartbeatMs);
    timers.add(watch);
    socket.on("close", () => clearInterval(watch));
    socket.on("message", (data) => {
      const { op, d } = JSON.parse(data.toString()) as { op: number; d: unknown };
      heardAt = performance.now();
      const known = [...sessions.values()].some((session) => session.socket === socket);
      if (op === HEARTBEAT) {
        gateway.log.push("heartbeat");
        if (gateway.acknowledges) send(socket, HEARTBEAT_ACK);
      } else if ((op === IDENTIFY || op === RESUME) && known) socket.close(CLOSE.alreadyAuthenticated);
      else if (op === IDENTIFY) identify(socket, isJson(d) ? d : {});
      else if (op === RESUME) resume(socket, isJson(d) ? d : {});
      else if (!known) socket.close(CLOSE.notAuthenticated);
      // Presence and voice updates need no answer.
      else if (op !== 3 && op !== 4) socket.close(CLOSE.unknownOpcode);
    });
    send(socket, HELLO, { heartbeat_interval: gateway.heartbeatMs });
  });

  const each = (act: (session: Session, socket: WebSocket) => void) => {
    for (const session of sessions.values()) if (session.socket !== undefined) act(session, session.socket);
  };
  const gateway: FakeGateway = {
    get connected() {
      return [...sessions.values()].filter(({ socket }) => socket !== undefined).length;
    },
    log: [],
    heartbeatMs: 41_250,
    acknowledges: true,
    open: true,
    dispatch(name, data, intent = 0) {
      for (const session of sessions.values()) if ((session.intents & intent) === intent) emit(session, name, data);
    },
    dropSocket: () => each((_, socket) => socket.terminate()),
    askToReconnect: () => each((_, socket) => send(socket, RECONNECT)),
    invalidateSession: () =>
      each((session, socket) => {
        sessions.delete(session.id);
        send(socket, INVALID_SESSION, false);
      }),
    closeWith: (code) => each((_, socket) => socket.close(code)),
    close() {
      for (const timer of timers) clearInterval(timer);
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
  return gateway;
}
