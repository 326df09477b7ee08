/** What the suites of the admission policies share: the policies in force, an owner at work, and what is expected to be seen. */
import { afterAll, beforeAll } from "vitest";
import type { Transport } from "@waystone/kube/transport/transport";
import { suiteCluster } from "../suite-cluster.ts";
import { CapturedService, type Seen } from "./captured-service.ts";
import { openAccount } from "./controller-account.ts";
import { InstalledPolicy } from "./installed-policy.ts";
import { Owner, type OwnerSpec, type Port, type Tool } from "./owner.ts";
import { ServerLog } from "./server-log.ts";

export const http: Port = { name: "http", port: 80, targetPort: "http" };
export const admin: Port = { name: "admin", port: 81, targetPort: 8081 };
export const web: OwnerSpec = { selector: { app: "web", tier: "front" }, ports: [http, admin] };

export const ours = { "waystone.dev/waypoint": "waypoint" };
export const bySlices = { "waystone.dev/waypoint": "none.by-slices" };
/** The front of `web`, captured by selector. */
export const kept: Seen = { selector: ours, targetPorts: { "80/TCP": 10_001, "81/TCP": 10_002 } };

export interface CaptureOptions {
  readonly spec?: OwnerSpec;
  /** By which it is made. */
  readonly tool?: Tool;
  readonly way?: "by-selector" | "by-slices";
}

export interface PolicySuite {
  readonly owner: Owner;
  /** A Service of its own, captured. */
  readonly captured: (options?: CaptureOptions) => Promise<CapturedService>;
  /** Another Service of the namespace, captured or not. */
  readonly service: (name: string) => CapturedService;
  /** "--as" for kubectl: an account that the policies exempt. */
  readonly as: (account: "waystone-controller" | "waystone-restore") => readonly string[];
}

/** Installs before all tests of the file and removes after; a panic of the API server in between fails the file. */
export function policySuite(namespace: string): PolicySuite {
  const cluster = suiteCluster();
  const owner = new Owner(cluster, namespace);
  const serverLog = new ServerLog(cluster);
  let policy: InstalledPolicy | undefined;
  let transport: Transport | undefined;
  let count = 0;

  beforeAll(async () => {
    await cluster.kubectl(["create", "namespace", namespace]);
    policy = await InstalledPolicy.install(cluster, `${namespace}-system`);
    transport = openAccount(cluster, policy.account("waystone-controller"));
  });
  afterAll(async () => {
    await transport?.close();
    await policy?.remove();
    await cluster.kubectl(["delete", "namespace", namespace, "--wait=false"]);
    const panics = serverLog.panics();
    if (panics.length > 0) throw new Error(`the API server has panicked: ${panics.join("\n")}`);
  });

  const service = (name: string): CapturedService => {
    if (transport === undefined) throw new Error("the suite is not set up yet");
    return new CapturedService(transport, namespace, name);
  };
  return {
    owner,
    service,
    captured: async ({ spec = web, tool = "client-side apply", way = "by-selector" } = {}) => {
      count++;
      const made = service(`web-${count}`);
      await owner.write(tool, made.name, spec, true);
      await made.capture(way);
      return made;
    },
    as: (account) => ["--as", policy?.account(account) ?? ""],
  };
}

export function portKey({ port, protocol = "TCP" }: Port): string {
  return `${port}/${protocol}`;
}

/** As Kubernetes has it when it is not captured. */
export function asWritten({ selector = {}, ports }: OwnerSpec): Seen {
  const targetPorts = ports.map((port) => [portKey(port), port.targetPort ?? port.port] as const);
  return { selector, targetPorts: Object.fromEntries(targetPorts) };
}

/** As it must be while it is captured by selector: old ports have the waypoint's, new ones the reserved one. */
export function asOurs(before: OwnerSpec, { ports }: OwnerSpec): Seen {
  const known = before.ports.map(portKey);
  const targetPorts = ports.map((port) => {
    const at = known.indexOf(portKey(port));
    return [portKey(port), at === -1 ? 9 : 10_001 + at] as const;
  });
  return { selector: ours, targetPorts: Object.fromEntries(targetPorts) };
}
