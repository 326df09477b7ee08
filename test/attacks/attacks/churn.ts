/** Connections that come and go, with and without a request (reference D10). */
import { connect } from "node:net";
import type { Attack, Target } from "../attack.ts";
import { repeat } from "./attacker-socket.ts";

function once(target: Target, request: string, resets: boolean): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ port: target.port, host: "127.0.0.1" }, () => {
      target.count("connections");
      if (request === "") end();
      else socket.write(request);
    });
    const end = (): void => {
      if (resets) socket.resetAndDestroy();
      else socket.destroy();
    };
    socket.on("data", end);
    socket.on("error", () => {});
    socket.on("close", () => resolve());
  });
}

function churn(name: string, request: string, resets: boolean): Attack {
  return {
    name,
    id: "D10",
    mustCount: "connections",
    run: async (target) => await repeat(target, 16, async () => await once(target, request, resets)),
  };
}

export const churns: readonly Attack[] = [
  churn("connections that say nothing and reset", "", true),
  churn("a connection for each request", "GET / HTTP/1.1\r\nHost: web\r\n\r\n", false),
];
