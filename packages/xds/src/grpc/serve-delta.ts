/**
 * Serves the delta stream over gRPC. We own the listening socket and each connection, because a waypoint that has stopped
 * reading can't be ended politely: its status would queue behind the bytes that it does not read.
 */
import { createServer, type Server as NetServer, type Socket } from "node:net";
import { Server as GrpcServer, ServerCredentials } from "@grpc/grpc-js";
import { type Clock, systemClock } from "@waystone/base/clock";
import type { DeltaServer } from "../server/delta-server.ts";
import { buildServerOptions, defaultKeepalive, type Keepalive } from "./channel-settings.ts";
import { deltaMethod } from "./delta-method.ts";
import { formatHostPort, type HostPort, parseLoopbackAddress } from "./loopback-address.ts";
import { type DeltaCall, type ServedCall, serveCall } from "./serve-call.ts";

export interface ServeDeltaOptions {
  readonly server: DeltaServer;
  /** "127.0.0.1:15010"; port 0 picks a free one. */
  readonly address: string;
  readonly clock?: Clock;
  readonly keepalive?: Keepalive;
}

export interface ServedDelta {
  /** Where it listens, with the port that was picked. */
  readonly address: string;
  /** Ends all streams; connections that are still there after `graceMs` are destroyed. The DeltaServer lives on. */
  close(graceMs: number): Promise<void>;
}

/** How long a waypoint may take to read why it was cut before its connection goes. */
const reasonGraceMs = 1000;

export async function serveDelta(options: ServeDeltaOptions): Promise<ServedDelta> {
  const { server, address, clock = systemClock, keepalive = defaultKeepalive } = options;
  const sockets = new Map<string, Socket>();
  const calls = new Set<ServedCall>();
  const grpc = new GrpcServer(buildServerOptions(keepalive));
  const delta = (call: DeltaCall): void => {
    const socket = sockets.get(call.getPeer());
    const served = serveCall(call, server, () => {
      calls.delete(served);
      clock.after(reasonGraceMs, () => {
        if (!call.writableFinished && !call.cancelled) socket?.destroy();
      });
    });
    calls.add(served);
  };
  grpc.addService({ delta: deltaMethod }, { delta });
  const injector = grpc.createConnectionInjector(ServerCredentials.createInsecure());
  const listener = createServer({ noDelay: true }, (socket) => {
    const peer = `${socket.remoteAddress}:${socket.remotePort}`;
    sockets.set(peer, socket);
    socket.on("close", () => sockets.delete(peer));
    injector.injectConnection(socket);
  });
  const bound = await listen(listener, parseLoopbackAddress(address));
  return {
    address: formatHostPort(bound),
    async close(graceMs) {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      for (const call of calls) call.end("the controller shuts down");
      injector.drain(graceMs);
      const timer = clock.after(graceMs, () => sockets.forEach((socket) => socket.destroy()));
      await closed;
      timer.cancel();
      grpc.forceShutdown();
    },
  };
}

function listen(listener: NetServer, { host, port }: HostPort): Promise<HostPort> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => {
      const cause = error.code === "EADDRINUSE" ? "the address is in use by another process" : error.message;
      reject(new Error(`cannot listen on push address ${formatHostPort({ host, port })}: ${cause}`));
    };
    listener.once("error", fail);
    listener.listen(port, host, () => {
      listener.off("error", fail);
      const bound = listener.address();
      resolve({ host, port: bound !== null && typeof bound === "object" ? bound.port : port });
    });
  });
}
