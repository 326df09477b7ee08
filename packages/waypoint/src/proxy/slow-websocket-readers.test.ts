/** What a WebSocket peer that does not read costs the waypoint (reference U06, D09), measured in its own process after a collection. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { Duplex } from "node:stream";
import { freePort } from "@waystone/testkit/free-port";
import { until } from "@waystone/testkit/within";
import { afterEach, describe, expect, test } from "vitest";
import type { FromPlaneProcess, ToPlaneProcess } from "../testing/plane-process.ts";
import { useTunnelPeers, type Version } from "../testing/tunnel-peers.ts";

const tunnels = useTunnelPeers();

/** Buffers of each: what waits for the peer, and what the sender's connection reads into. */
const mostEach = 256 * 1024;
const readers = 6;
/** More than all kernels' buffers on the way. */
const pieces = 24;
const piece = Buffer.alloc(1024 * 1024, "x");

const versions: readonly Version[] = ["HTTP/1.1", "HTTP/2"];
const pairs = versions.flatMap((client) => versions.map((endpoint) => ({ client, endpoint })));

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill();
});

async function openPlane(endpoint: string, version: Version): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(new URL("../testing/plane-process.ts", import.meta.url), { execArgv: ["--expose-gc"] });
  children.push(child);
  const port = await freePort();
  const protocol = version === "HTTP/2" ? "http2" : "http";
  child.send({ type: "open", port, endpoint, protocol } satisfies ToPlaneProcess);
  await once(child, "message");
  return { child, port };
}

async function bufferBytes(child: ChildProcess): Promise<number> {
  const answer = once(child, "message");
  child.send({ type: "measure" } satisfies ToPlaneProcess);
  const [message] = (await answer) as [FromPlaneProcess];
  return message.type === "measured" ? message.bufferBytes : Number.NaN;
}

/** Until what is still to be sent has been the same for a while: everything on the way is full. */
async function untilHeld(senders: readonly Duplex[]): Promise<void> {
  const left = (): number => senders.reduce((sum, { writableLength }) => sum + writableLength, 0);
  let [last, same] = [left(), 0];
  await until(() => {
    const now = left();
    same = now === last ? same + 1 : 0;
    last = now;
    return same === 50;
  }, "nothing moves any more");
  for (const { writableLength } of senders) expect(writableLength).toBeGreaterThan(0);
}

describe.for(pairs)("[U06] $client to $endpoint", (pair) => {
  test.for(["client", "endpoint"] as const)(
    "a tunnel whose %s does not read takes a bounded amount of memory more than an idle one",
    async (slow) => {
      const endpoint = await tunnels.endpoint(pair.endpoint);
      const { child, port } = await openPlane(endpoint.key, pair.endpoint);
      const senders: Duplex[] = [];
      for (let i = 0; i < readers; i++) {
        const { client } = await tunnels.open(pair.client, port);
        const server = await endpoint.next();
        for (const side of [client, server]) side.on("error", () => {});
        senders.push(slow === "client" ? server : client);
      }
      const before = await bufferBytes(child);
      for (const sender of senders) for (let sent = 0; sent < pieces; sent++) sender.write(piece);
      await untilHeld(senders);
      // Buffers that are garbage by now are given back a while after the collection.
      const each = async (): Promise<number> => ((await bufferBytes(child)) - before) / readers;
      await until(async () => (await each()) <= mostEach, `each takes at most ${mostEach} bytes`);
    },
  );
});
