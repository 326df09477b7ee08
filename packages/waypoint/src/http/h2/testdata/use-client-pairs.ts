/** A client of ours and the peer that its connection leads to, which says exactly what it is told. */
import { until } from "@waystone/testkit/within";
import { afterEach, beforeEach, expect } from "vitest";
import { ACK, type Fields, settings } from "./frames.ts";
import { openTestClient, type TestClient, type TestClientOptions } from "./open-test-client.ts";
import { openPeerServer, type PeerServer, type RawPeer } from "./raw-peer.ts";

/** For one test file: a server for each of its tests, whose clients are closed after it. */
export function useClientPairs() {
  let server: PeerServer;
  const clients: TestClient[] = [];
  beforeEach(async () => {
    server = await openPeerServer();
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await server.close();
  });

  async function openPair(
    options: TestClientOptions = {},
    ...pairs: readonly (readonly [number, number])[]
  ): Promise<{ client: TestClient; peer: RawPeer }> {
    const client = await openTestClient(server.port, { ...options, isWaitedFor: false });
    clients.push(client);
    const peer = await server.accept();
    expect(client.connection.capacity).toBe(0);
    peer.send(settings(...pairs));
    await until(
      () => peer.frames.some(({ type, flags }) => type === "SETTINGS" && flags === ACK),
      "SETTINGS are read",
    );
    return { client, peer };
  }
  return { openPair };
}

export const ok: Fields = [[":status", "200"]];
export const okWith = (...more: Fields): Fields => [...ok, ...more];
