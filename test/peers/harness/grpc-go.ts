/** grpc-go as a client: one case of go/grpc/call.go, and what it saw. */
import { runPeer } from "./run-peer.ts";
import type { Address } from "./waystone.ts";

/** What a client saw of its call: names are the case's. */
export type Seen = Readonly<Record<string, unknown>>;

export async function callGo(
  { host, port }: Address,
  name: string,
  ...rest: readonly (string | number)[]
): Promise<Seen> {
  const { stdout, stderr } = await runPeer("grpc-peer", [
    "call",
    `${host}:${port}`,
    name,
    ...rest.map(String),
  ]);
  if (stdout === "") throw new Error(`grpc-peer said nothing: ${stderr}`);
  return JSON.parse(stdout) as Seen;
}
