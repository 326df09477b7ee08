/**
 * A worker for tests of supervision: real thread, real store, and a data plane of a few lines. It listens where the snapshot
 * says; a connection sends one command and gets one answer. Some commands are what a worker must never do.
 */
import { createServer, type Server, type Socket } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import { systemClock } from "@waystone/base/clock";
import { systemRng } from "@waystone/base/rng";
import type { Snapshot } from "../../store/snapshot.ts";
import type { DataPlane, DataPlaneOptions } from "../data-plane-seam.ts";
import { runWorker } from "../run-worker.ts";

function openStandIn(options: DataPlaneOptions): DataPlane {
  const servers = new Map<string, Server>();
  const sockets = new Set<Socket>();
  const commands = options.metrics.counter("stand_in_commands_total", "Commands.", {});
  let isDraining = false;
  const checkDrained = (): void => {
    if (isDraining && sockets.size === 0) options.emit({ type: "drained" });
  };
  const accept = (place: string, socket: Socket): void => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => {
      sockets.delete(socket);
      checkDrained();
    });
    socket.once("data", (bytes: Buffer) => {
      commands.add(1);
      runCommand(options, place, bytes.toString().trim(), (answer) => socket.end(JSON.stringify(answer)));
    });
  };
  return {
    follow(snapshot: Snapshot) {
      for (const [place, server] of servers) {
        if (snapshot.listeners.has(place)) continue;
        server.close();
        servers.delete(place);
      }
      for (const [place, served] of snapshot.listeners) {
        if (servers.has(place)) continue;
        const where = served.listen.find((listen) => place === `${listen.address}:${listen.port}`)!;
        const server = createServer((socket) => accept(place, socket));
        server.on("error", (error) => {
          servers.delete(place);
          options.emit({ type: "listen-failed", ...pick(where), reason: error.message });
        });
        server.listen({ host: where.address, port: where.port, reusePort: true }, () =>
          options.emit({ type: "listening", ...pick(where) }),
        );
        servers.set(place, server);
      }
    },
    takeKeys() {},
    leave() {},
    drain() {
      isDraining = true;
      checkDrained();
    },
    close() {},
    setLogLevel(level) {
      options.emit({ type: "log", level: "info", fields: {}, message: `level ${level}` });
    },
  };
}

function pick({ address, port }: { address: string; port: number }): { address: string; port: number } {
  return { address, port };
}

function runCommand(options: DataPlaneOptions, place: string, command: string, answer: (value: unknown) => void): void {
  const [verb, argument = ""] = command.split(" ");
  const served = options.current().listeners.get(place);
  switch (verb ?? "") {
    case "what":
      return answer({
        worker: options.workerId,
        service: served?.key,
        routes: served?.routes?.size ?? 0,
        endpoints: served?.backend.endpoints.map(({ key }) => key),
        forbidden: options.settings.forbiddenAddresses,
        level: options.settings.logLevel,
      });
    case "who":
      return options.identity.whenKnown(argument, 2_000, (state) => answer(state ?? "not known"));
    case "hold":
      return;
    case "log":
      options.emit({ type: "access-log", lines: `${argument}-1\n` });
      options.emit({ type: "access-log", lines: `${argument}-2\n` });
      options.emit({ type: "log", level: "warn", fields: { place }, message: argument });
      return answer("logged");
    case "spin":
      options.emit({ type: "log", level: "info", fields: {}, message: "spins" });
      for (;;);
    case "flood":
      for (let i = 0; i < Number(argument); i++) options.emit({ type: "access-log", lines: `${"x".repeat(99_999)}\n` });
      return answer("flooded");
    case "throw":
      setImmediate(() => {
        throw new Error("told to throw");
      });
      return;
    case "exit":
      return process.exit(3);
    case "oom": {
      const hoard: unknown[] = [];
      for (;;) hoard.push(Array.from({ length: 1_000 }, () => hoard.length));
    }
  }
}

runWorker({
  port: parentPort!,
  init: workerData,
  clock: systemClock,
  rng: systemRng,
  openDataPlane: openStandIn,
});
