/**
 * Answers whoever dials with the address that it is seen under, and with who answers. Every controller does, leading or not:
 * the leader dials the others through a ClusterIP (probe-source.ts).
 */
import { createServer } from "node:http";
import { parseIp } from "@waystone/base/ip";

export interface SeenSource {
  /** Of the peer, in the form of base/ip. */
  readonly address: string;
  /** Who answers. */
  readonly pod: string;
}

export interface AnswerSourceOptions {
  readonly pod: string;
  /** Every address unless given. */
  readonly address?: string;
  readonly port: number;
}

const headerMs = 5_000;
const connections = 64;

/** Rejects where the port is taken. */
export async function openSourceAnswers({ pod, address, port }: AnswerSourceOptions): Promise<{
  readonly port: number;
  close(): Promise<void>;
}> {
  const server = createServer({ headersTimeout: headerMs, requestTimeout: headerMs }, (request, response) => {
    const seen: SeenSource = { address: parseIp(request.socket.remoteAddress ?? "") ?? "", pod };
    response.setHeader("connection", "close");
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(seen));
  });
  server.maxConnections = connections;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, ...(address === undefined ? {} : { host: address }) }, resolve);
  });
  const bound = server.address();
  return {
    port: bound !== null && typeof bound === "object" ? bound.port : port,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
