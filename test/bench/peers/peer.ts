/** A proxy under comparison: what it needs, and how it is started with given routes in front of a given backend. */
import { setTimeout as sleep } from "node:timers/promises";
import tls from "node:tls";
import type { ProcessGroup } from "../../process/process-group.ts";
import { type BenchPolicies, tokenHeader } from "../policies.ts";
import type { BenchRoutes } from "../routes.ts";

export type PeerMode = "http" | "tcp" | "tls";

export interface PeerSetup {
  readonly routes: BenchRoutes;
  readonly backendPort: number;
  /** 127.0.0.1 when undefined. The others are given that one alone: they have no limit of connections to an endpoint. */
  readonly backendAddresses?: readonly string[];
  /** With prior knowledge, and nothing else. */
  readonly backendSpeaksHttp2?: boolean;
  /** Requests go to it over TLS, to a certificate for tlsName that the authority of this file signed. */
  readonly backendCa?: string;
  /** What passes: requests ("http" when undefined), bytes, or TLS for the name "localhost" by its ClientHello. */
  readonly mode?: PeerMode;
  /** Of those that know any: waystone and envoy. */
  readonly policies?: BenchPolicies;
  /** Says yes, by either protocol of authorizers. */
  readonly authorizerPort?: number;
  /** An empty folder of its own, removed after the run. */
  readonly folder: string;
  /** Where to write CPU profiles, if the peer can. */
  readonly profileFolder?: string;
}

export interface RunningPeer {
  readonly host: string;
  readonly port: number;
  /** Undefined for "direct": nothing of its own runs. */
  readonly process: ProcessGroup | undefined;
  /** The file that the access log goes to, where the policies want one. */
  readonly accessLog?: string;
  stop(): Promise<void>;
}

export interface Peer {
  readonly name: string;
  /** Undefined when it can run here; else what is missing and how to get it. */
  missing(): Promise<string | undefined>;
  version(): Promise<string>;
  start(setup: PeerSetup): Promise<RunningPeer>;
}

const startsWithinMs = 30_000;

/** Resolves once a GET of the target is answered 200; else stops the process and fails with its words. */
export async function untilServing(
  url: string,
  group: ProcessGroup | undefined,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const end = performance.now() + startsWithinMs;
  let last = "no answer";
  for (;;) {
    const isHopeless = performance.now() > end || group?.isRunning === false;
    if (isHopeless) break;
    last = await statusOf(url, headers);
    if (last === "200") return;
    await sleep(20);
  }
  await group?.stop();
  throw new Error(`${url} is not served (last: ${last}). ${group?.describe() ?? ""}`);
}

async function statusOf(url: string, headers: Readonly<Record<string, string>>): Promise<string> {
  if (url.startsWith("https:")) return await statusOfTls(new URL(url));
  try {
    const response = await fetch(url, { headers: { ...headers, connection: "close" } });
    await response.arrayBuffer();
    return String(response.status);
  } catch (error) {
    return String(error);
  }
}

/** Whether TLS for the name comes about is enough; requests are for the load. */
async function statusOfTls({ hostname, port }: URL): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const options = { host: hostname, port: Number(port), servername: tlsName, rejectUnauthorized: false };
  const socket = tls.connect(options, () => resolve("200"));
  socket.on("error", (error) => resolve(String(error)));
  socket.on("close", () => resolve("closed"));
  const status = await promise;
  socket.destroy();
  return status;
}

/** The name that TLS is for: what load generators find at 127.0.0.1 by themselves. */
export const tlsName = "localhost";

/** What the load shows at each request. */
export function shownHeaders({ policies }: Pick<PeerSetup, "policies">): Readonly<Record<string, string>> {
  return policies === undefined ? {} : tokenHeader(policies.token);
}

/** Where the first answer is waited for. */
export function firstUrl(host: string, port: number, { mode, routes }: PeerSetup): string {
  return `${mode === "tls" ? "https" : "http"}://${host}:${port}${routes.target}`;
}
