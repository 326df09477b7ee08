/** grpc-go as an endpoint: go/grpc/serve.go, which goes as it is told. */
import { ProcessGroup } from "../../process/process-group.ts";
import { untilListening } from "../../process/until-listening.ts";
import { peerProgram } from "../programs.ts";
import { untilRefusing } from "./until-refusing.ts";
import type { Address } from "./waystone.ts";

export interface GrpcGoServer {
  readonly address: Address;
  /** Says GOAWAY and finishes what is under way; resolves once it accepts nobody any more. */
  drain(): Promise<void>;
  /** Ends it where it stands, as a node that is lost does. */
  kill(): Promise<void>;
  /** Its exit code, once it has ended: after `drain` by itself, when its last connection is closed. */
  ended(): Promise<number>;
  stop(): Promise<void>;
}

export async function startGrpcGo(address: Address): Promise<GrpcGoServer> {
  const { host, port } = address;
  const group = ProcessGroup.start(peerProgram("grpc-peer"), ["serve", `${host}:${port}`], {});
  await untilListening(address, group);
  return {
    address,
    async drain() {
      group.signal("SIGTERM");
      await untilRefusing(address);
    },
    async kill() {
      group.signal("SIGKILL");
      await group.exit();
    },
    ended: async () => await group.exit(),
    stop: async () => await group.stop(),
  };
}
