/** No proxy at all: what the load and the backend do by themselves. */
import type { Peer } from "./peer.ts";

export const direct: Peer = {
  name: "direct",
  async missing() {
    return undefined;
  },
  async version() {
    return "";
  },
  async start(setup) {
    return { host: "127.0.0.1", port: setup.backendPort, process: undefined, stop: async () => {} };
  },
};
