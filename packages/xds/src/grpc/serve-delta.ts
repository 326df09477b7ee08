/** Serves the delta stream over gRPC: in plaintext on loopback, or anywhere over TLS to those whom a token admits. */
import { Server as GrpcServer, ServerCredentials } from "@grpc/grpc-js";
import type { Socket } from "node:net";
import { type Clock, systemClock } from "@waystone/base/clock";
import type { DeltaServer } from "../server/delta-server.ts";
import { admitCall } from "./admit-call.ts";
import type { Authenticate } from "./authenticate.ts";
import { buildServerOptions, defaultKeepalive, type Keepalive } from "./channel-settings.ts";
import { deltaMethod } from "./delta-method.ts";
import { openListener, type TlsMaterial } from "./open-listener.ts";
import { formatHostPort, parseLoopbackAddress, parsePushAddress } from "./push-address.ts";
import { type DeltaCall, type ServedCall, serveCall } from "./serve-call.ts";
import { defaultWaitingLimits, type Visitor, type WaitingLimits, WaitingRoom } from "./waiting-room.ts";

export interface ServeDeltaOptions {
  readonly server: DeltaServer;
  /** "127.0.0.1:15010"; port 0 picks a free one. With `secure`, ":15010" is every address. */
  readonly address: string;
  readonly clock?: Clock;
  readonly keepalive?: Keepalive;
  /** TLS and tokens, always together; without, plaintext on loopback. */
  readonly secure?: {
    readonly tls: TlsMaterial;
    readonly authenticate: Authenticate;
    readonly limits?: Partial<WaitingLimits>;
  };
}

export interface ServedDelta {
  /** Where it listens, with the port that was picked. */
  readonly address: string;
  /** Connections of which nobody knows yet whose they are. */
  readonly waitingConnections: number;
  /** Shown to connections from now on; streams that are open stay. */
  replaceTls(material: TlsMaterial): void;
  /** Ends all streams; connections that are still there after `graceMs` are destroyed. The DeltaServer lives on. */
  close(graceMs: number): Promise<void>;
}

interface Connection {
  readonly socket: Socket;
  readonly visitor: Visitor | undefined;
}

/** How long a waypoint may take to read why it was cut before its connection goes. */
const reasonGraceMs = 1000;

export async function serveDelta(options: ServeDeltaOptions): Promise<ServedDelta> {
  const { server, address, clock = systemClock, keepalive = defaultKeepalive, secure } = options;
  const connections = new Map<string, Connection>();
  const calls = new Set<ServedCall>();
  const room = new WaitingRoom({ ...defaultWaitingLimits, ...secure?.limits }, clock);
  const grpc = new GrpcServer(buildServerOptions(keepalive));

  const cutUnlessRead = (call: DeltaCall, socket: Socket | undefined): void => {
    clock.after(reasonGraceMs, () => {
      if (!call.writableFinished && !call.cancelled) socket?.destroy();
    });
  };
  const delta = (call: DeltaCall): void => {
    const connection = connections.get(call.getPeer());
    const ended = (): void => {
      calls.delete(served);
      cutUnlessRead(call, connection?.socket);
    };
    const served: ServedCall =
      secure === undefined
        ? serveCall({ call, server, ended })
        : admitCall({
            call,
            server,
            authenticate: secure.authenticate,
            visitor: connection?.visitor,
            ended,
          });
    calls.add(served);
  };
  grpc.addService({ delta: deltaMethod }, { delta });
  const injector = grpc.createConnectionInjector(ServerCredentials.createInsecure());
  const listener = await openListener({
    at: secure === undefined ? parseLoopbackAddress(address) : parsePushAddress(address),
    tls: secure?.tls,
    connected(socket) {
      const visitor = secure === undefined ? undefined : room.enter(socket);
      if (secure !== undefined && visitor === undefined) return false;
      const peer = peerOf(socket);
      connections.set(peer, { socket, visitor });
      socket.once("close", () => connections.delete(peer));
      return true;
    },
    ready(socket) {
      connections.get(peerOf(socket))?.visitor?.secured();
      injector.injectConnection(socket);
    },
  });
  return {
    address: formatHostPort(listener.bound),
    get waitingConnections() {
      return room.size;
    },
    replaceTls: (material) => listener.replaceTls(material),
    async close(graceMs) {
      const closed = listener.close();
      for (const call of calls) call.end("the controller shuts down");
      injector.drain(graceMs);
      const timer = clock.after(graceMs, () => listener.destroyConnections());
      await closed;
      timer.cancel();
      grpc.forceShutdown();
    },
  };
}

/** As grpc-js names the peer of a call. */
function peerOf(socket: Socket): string {
  return `${socket.remoteAddress}:${socket.remotePort}`;
}
