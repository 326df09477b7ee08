/**
 * `waystone run` with limits of the kernel's (`ulimit -n`, a control group's memory): a Service "web" whose endpoint answers, and one,
 * "mute", whose endpoint takes connections and reads nothing. What has to end is ended by id.
 */
import { mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import os from "node:os";
import path from "node:path";
import { freePort } from "@waystone/testkit/free-port";
import { until } from "@waystone/testkit/within";
import { WaystoneProcess } from "../../../examples/harness/waystone-process.ts";

export interface WholeWaystone {
  readonly process: WaystoneProcess;
  readonly admin: string;
  readonly address: string;
  readonly webPort: number;
  readonly mutePort: number;
  /** A sample of its metrics, summed over its series. */
  metric(name: string): Promise<number>;
  close(): Promise<void>;
}

const memoryGroups = "/sys/fs/cgroup/memory";

/** Undefined: this machine lets nobody make control groups (of version 1, which is what can be made within a container). */
export function openMemoryGroup(bytes: number): string | undefined {
  const folder = path.join(memoryGroups, `waystone-attack-${process.pid}`);
  try {
    mkdirSync(folder);
    writeFileSync(path.join(folder, "memory.limit_in_bytes"), String(bytes));
    return folder;
  } catch {
    return undefined;
  }
}

export async function openWholeWaystone(shell: string): Promise<WholeWaystone> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "waystone-attack-"));
  const sockets = new Set<Socket>();
  const web = createHttpServer((request, response) => {
    request.resume();
    response.end("ok");
  });
  const mute = createServer((socket) => {
    socket.pause();
    socket.on("error", () => {});
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  const address = "127.77.0.1";
  const [webPort, mutePort] = [await freePort(address), await freePort(address)];
  const endpoints = [await listen(web), await listen(mute)] as const;
  const text = manifests(address, [
    ["web", webPort, endpoints[0]],
    ["mute", mutePort, endpoints[1]],
  ]);
  await writeFile(path.join(folder, "all.yaml"), text);
  const command = path.join(folder, "waystone");
  const main = path.resolve(import.meta.dirname, "../../../packages/cli/bin/waystone");
  await writeFile(command, `#!/bin/sh\n${shell}\nexec ${main} "$@"\n`, { mode: 0o755 });
  const args = ["run", "-f", path.join(folder, "all.yaml"), "--admin", "127.0.0.1:0", "--access-log", "off"];
  const running = new WaystoneProcess(args, { command, environment: { WAYSTONE_WORKERS: "1" } });
  await running.find(/ serving/, "it serves", 60_000);
  const admin = await running.admin();
  return {
    process: running,
    admin,
    address,
    webPort,
    mutePort,
    async metric(name) {
      const lines = (await (await fetch(`http://${admin}/metrics`)).text()).split("\n");
      const ours = lines.filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
      return ours.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
    },
    async close() {
      await running.stop();
      for (const socket of sockets) socket.destroy();
      web.closeAllConnections();
      web.close();
      mute.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The group is gone once its last process is. */
export async function closeMemoryGroup(folder: string): Promise<void> {
  await until(() => {
    try {
      rmdirSync(folder);
      return true;
    } catch {
      return false;
    }
  }, "the control group is empty");
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

function manifests(address: string, services: readonly (readonly [string, number, number])[]): string {
  const parts = services.map(
    ([name, port, endpoint]) => `apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { clusterIP: ${address}, ports: [{ name: http, port: ${port}, appProtocol: http }] }
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: ${name}-1, namespace: shop, labels: { kubernetes.io/service-name: ${name} } }
addressType: IPv4
ports: [{ name: http, port: ${endpoint}, protocol: TCP }]
endpoints: [{ addresses: [127.0.0.1], conditions: { ready: true } }]
`,
  );
  const namespace = `apiVersion: v1
kind: Namespace
metadata: { name: shop, annotations: { waystone.dev/use-waypoint: waypoint } }
`;
  return [namespace, ...parts].join("---\n");
}
