/** Servers and clients for the tests of one file, closed after each test. */
import { afterEach } from "vitest";
import { openTestServer, type TestServer, type TestServerOptions } from "./open-test-server.ts";
import { openMutePeer, openPeer, type RawPeer } from "./raw-peer.ts";

export interface Peers {
  server(options?: TestServerOptions): Promise<TestServer>;
  peer(server: TestServer, ...pairs: readonly (readonly [id: number, value: number])[]): Promise<RawPeer>;
  mute(server: TestServer): Promise<RawPeer>;
}

export function usePeers(): Peers {
  const servers: TestServer[] = [];
  const peers: RawPeer[] = [];
  afterEach(async () => {
    for (const peer of peers.splice(0)) peer.close();
    for (const server of servers.splice(0)) await server.close();
  });
  const kept = (peer: RawPeer): RawPeer => {
    peers.push(peer);
    return peer;
  };
  return {
    async server(options) {
      const server = await openTestServer(options);
      servers.push(server);
      return server;
    },
    peer: async (server, ...pairs) => kept(await openPeer(server.port, ...pairs)),
    mute: async (server) => kept(await openMutePeer(server.port)),
  };
}
