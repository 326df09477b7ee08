/**
 * What an end-to-end test plays in: a folder of manifests of its own, a Service "shop/web" on an address and port of its
 * own, and echo servers as its endpoints. Everything ends with close().
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { freePort } from "@waystone/testkit/free-port";
import { type EchoServer, openEchoServer } from "@waystone/testkit/http-echo-server";
import { startWaystone, type Form, type RunningWaystone } from "../../../examples/harness/forms.ts";
import { type StartOptions, WaystoneProcess } from "../../../examples/harness/waystone-process.ts";

let scenes = 0;

export class Scene {
  readonly folder: string;
  /** Where the Service listens. */
  readonly address: string;
  readonly port: number;
  readonly #closers: (() => Promise<unknown>)[] = [];

  constructor(folder: string, address: string, port: number) {
    this.folder = folder;
    this.address = address;
    this.port = port;
  }

  get url(): string {
    return `http://${this.address}:${this.port}`;
  }

  onClose(close: () => Promise<unknown>): void {
    this.#closers.push(close);
  }

  async write(file: string, text: string): Promise<string> {
    const full = path.join(this.folder, file);
    await writeFile(full, text);
    return full;
  }

  /** An HTTP server, and the file that makes it the one endpoint of `service`. */
  async backend(service: string): Promise<EchoServer> {
    const server = await openEchoServer({ name: service });
    this.onClose(() => server.close());
    await this.write(`${service}.yaml`, backendText(service, server.port));
    return server;
  }

  /** The Namespace and the Service that clients call; `web` has an endpoint of its own. */
  async front(): Promise<EchoServer> {
    const server = await openEchoServer({ name: "web" });
    this.onClose(() => server.close());
    await this.write("front.yaml", frontText({ ...this.place, endpointPort: server.port }));
    return server;
  }

  get place(): { readonly address: string; readonly port: number } {
    return { address: this.address, port: this.port };
  }

  command(args: readonly string[], options?: StartOptions): WaystoneProcess {
    const process = new WaystoneProcess(args, options);
    this.onClose(() => process.stop());
    return process;
  }

  /** `waystone run` on the folder. */
  run(...flags: string[]): WaystoneProcess {
    return this.command(["run", "-f", this.folder, "--admin", "127.0.0.1:0", ...flags]);
  }

  async start(form: Form, ...flags: string[]): Promise<RunningWaystone> {
    const running = await startWaystone(form, this.folder, flags);
    this.onClose(() => running.stop());
    return running;
  }

  async close(): Promise<void> {
    for (const close of this.#closers.toReversed()) await close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

export async function openScene(): Promise<Scene> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "waystone-e2e-"));
  // An address per process and scene: two test files, or two checkouts, never meet.
  const address = `127.${30 + (process.pid % 60)}.${process.hrtime()[1] % 250}.${(scenes++ % 250) + 1}`;
  return new Scene(folder, address, await freePort(address));
}

/** Runs `play` in a scene that is closed whatever happens. */
export async function withScene(play: (scene: Scene) => Promise<void>): Promise<void> {
  const scene = await openScene();
  try {
    await play(scene);
  } finally {
    await scene.close();
  }
}

export interface FrontText {
  readonly address: string;
  readonly port: number;
  readonly endpointPort: number;
}

export function frontText({ address, port, endpointPort }: FrontText): string {
  return `apiVersion: v1
kind: Namespace
metadata: { name: shop, annotations: { waystone.dev/use-waypoint: waypoint } }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { clusterIP: ${address}, ports: [{ name: http, port: ${port}, appProtocol: http }] }
---
${sliceText("web", endpointPort)}`;
}

export function backendText(service: string, endpointPort: number): string {
  return `apiVersion: v1
kind: Service
metadata: { name: ${service}, namespace: shop, annotations: { waystone.dev/use-waypoint: none } }
spec: { ports: [{ name: http, port: 80, appProtocol: http }] }
---
${sliceText(service, endpointPort)}`;
}

function sliceText(service: string, endpointPort: number): string {
  return `apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: ${service}-1, namespace: shop, labels: { kubernetes.io/service-name: ${service} } }
addressType: IPv4
ports: [{ name: http, port: ${endpointPort}, protocol: TCP }]
endpoints: [{ addresses: [127.0.0.1], conditions: { ready: true } }]
`;
}

/** Everything that is sent to `web` goes to `backend`. */
export function routeText(backend: string, name = "web"): string {
  return `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: ${name}, namespace: shop }
spec:
  parentRefs: [{ group: "", kind: Service, name: web }]
  rules:
    - backendRefs: [{ name: ${backend}, port: 80 }]
`;
}
