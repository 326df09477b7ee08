/**
 * For tests: the push channel of a leader, over real sockets on loopback, with an API server that reviews tokens and objects
 * as an API server has them. Two tenants: namespaces a and b, each with a Gateway, its waypoint's pods, a Service and a route.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { systemClock } from "@waystone/base/clock";
import { createLogger } from "@waystone/base/logger";
import { seededRng } from "@waystone/base/rng";
import { wildcardTypeUrls } from "@waystone/api/names";
import { type ApiWorld, openApiWorld } from "@waystone/kube/testing/api-world";
import type { JsonObject } from "@waystone/testkit/faulty-api-server/json";
import { until } from "@waystone/testkit/within";
import { createDeltaClient, type DeltaClient } from "@waystone/xds/client/delta-client";
import { connectDelta } from "@waystone/xds/grpc/connect-delta";
import type { ResourceDelta } from "@waystone/xds/resource";
import { type Controller, createController } from "../app.ts";
import { openPush, type Push, type PushOptions } from "../serve/open-push.ts";
import { createManifestSources, type ManifestSources } from "./manifest-sources.ts";

/** What the API server says of a token. */
export interface TokenFacts {
  readonly namespace: string;
  readonly account: string;
  readonly pod?: { readonly name: string; readonly uid: string };
  readonly audience?: string;
}

export interface DialledWaypoint {
  readonly client: DeltaClient;
  readonly applied: ResourceDelta[];
  /** Every byte of every response. */
  readonly received: Uint8Array[];
  readonly lines: string[];
  completions: number;
  /** Why it had no stream, in the order of its attempts. */
  reasons(): string[];
  writeToken(token: string): Promise<void>;
  close(): void;
}

const serverName = "waystone-push.waystone-system.svc";

export class PushWorld {
  readonly api: ApiWorld;
  readonly objects: ManifestSources;
  readonly controller: Controller;
  /** By token. A token that is not in here is not authenticated. */
  readonly tokens = new Map<string, TokenFacts>();
  readonly bundles: string[] = [];
  readonly folder: string;
  push: Push;
  reviews = 0;
  readonly #closers: (() => void)[] = [];
  readonly #beganMs = systemClock.wallMs();

  private constructor(api: ApiWorld, folder: string, options: Partial<PushOptions>) {
    this.api = api;
    this.folder = folder;
    this.objects = createManifestSources([tenant("a", 1), "---", tenant("b", 2)].join("\n"), {
      cluster: { ownNamespace: "waystone-system" },
    });
    const { sources, graph } = this.objects;
    const logger = createLogger({ level: "silent", stream: { write() {} } });
    this.controller = createController({
      source: sources,
      graph,
      clock: api.clock,
      logger,
      standalone: true,
    });
    api.server.reviews.set("tokenreviews", (review) => this.#review(review));
    this.push = this.open(options);
  }

  static async open(options: Partial<PushOptions> = {}): Promise<PushWorld> {
    const folder = await mkdtemp(path.join(os.tmpdir(), "waystone-push-"));
    return new PushWorld(await openApiWorld(), folder, options);
  }

  /** As when the lease is won (again). */
  open(options: Partial<PushOptions> = {}): Push {
    const { clock, transport } = this.api;
    this.push = openPush({
      transport,
      server: this.controller.server,
      sources: this.objects.sources,
      namespace: "waystone-system",
      clusterDomain: "cluster.local",
      // TLS judges certificates by the machine's time: the test's begins there too.
      clock: {
        wallMs: () => this.#beganMs + clock.now(),
        now: () => clock.now(),
        after: (delayMs, run) => clock.after(delayMs, run),
        every: (periodMs, run) => clock.every(periodMs, run),
      },
      rng: seededRng(1),
      logger: createLogger({ level: "silent", stream: { write() {} } }),
      publishCa: (pem) => void this.bundles.push(pem),
      address: "127.0.0.1:0",
      ...options,
    });
    return this.push;
  }

  /** Of the pod `<tenant>/waypoint-<number>`, as its projected token is. */
  issue(token: string, tenantName: string, number = 1, change: Partial<TokenFacts> = {}): void {
    const name = `waypoint-${number}`;
    const pod = { name, uid: `${tenantName}-${name}` };
    this.tokens.set(token, { namespace: tenantName, account: "waypoint", pod, ...change });
  }

  async dial(token: string, nodeId: string): Promise<DialledWaypoint> {
    const push = await this.push.listening;
    const [file, caFile] = ["token", "ca.crt"].map((name) =>
      path.join(this.folder, `${nodeId.replaceAll("/", "-")}-${name}`),
    ) as [string, string];
    await writeFile(file, token);
    await writeFile(caFile, this.bundles.at(-1) ?? "");
    const lines: string[] = [];
    const waypoint: DialledWaypoint = {
      client: createDeltaClient({
        nodeId,
        wildcardTypes: wildcardTypeUrls,
        clock: systemClock,
        apply: async (delta) => {
          waypoint.applied.push(delta);
          return [];
        },
        onComplete: () => void waypoint.completions++,
      }),
      applied: [],
      received: [],
      lines,
      completions: 0,
      reasons: () => lines.flatMap((line) => (JSON.parse(line) as { reason?: string }).reason ?? []),
      writeToken: async (text) => await writeFile(file, text),
      close: () => connection.close(),
    };
    const { client } = waypoint;
    const connection = connectDelta({
      client: {
        ...bound(client),
        receive: async (bytes) => {
          waypoint.received.push(bytes);
          await client.receive(bytes);
        },
      },
      address: `${serverName}:${push.slice(push.lastIndexOf(":") + 1)}`,
      clock: systemClock,
      rng: seededRng(1),
      logger: createLogger({ level: "debug", stream: { write: (line) => void lines.push(line) } }),
      tls: { caFile },
      tokenFile: file,
      backoff: { minMs: 10, maxMs: 100 },
      resolve: async () => ["127.0.0.1"],
    });
    this.#closers.push(() => connection.close());
    return waypoint;
  }

  /** Dials and waits until it has everything, and the server knows that: else the next jump of the clock would be a silence. */
  async connect(token: string, nodeId: string): Promise<DialledWaypoint> {
    const waypoint = await this.dial(token, nodeId);
    await until(() => waypoint.completions > 0, `${nodeId} has its configuration`);
    const isAnswered = (): boolean =>
      this.controller.server.streams().every(({ unansweredBytes }) => unansweredBytes === 0);
    await until(isAnswered, `the server has the answers of ${nodeId}`);
    return waypoint;
  }

  /** Dials and answers with why there is no stream. What may only be late is waited for: time passes. */
  async refusal(token: string, nodeId: string): Promise<string> {
    const before = this.reviews;
    const waypoint = await this.dial(token, nodeId);
    await until(() => this.reviews > before, "its token is reviewed");
    const isRefused = (): boolean => {
      this.api.clock.advance(50);
      return waypoint.reasons().length > 0;
    };
    await until(isRefused, `${nodeId} is refused`);
    waypoint.close();
    return waypoint.reasons()[0] ?? "";
  }

  get connected(): string[] {
    return this.controller.server.streams().flatMap(({ node }) => (node === undefined ? [] : [node.id]));
  }

  async close(): Promise<void> {
    for (const close of this.#closers) close();
    await this.push.close();
    this.controller.close();
    await this.api.close();
    await rm(this.folder, { recursive: true });
  }

  #review(review: JsonObject): JsonObject {
    this.reviews++;
    const { token, audiences } = review["spec"] as { token: string; audiences: string[] };
    const facts = this.tokens.get(token);
    if (facts === undefined) return { ...review, status: { error: "token has expired" } };
    const { namespace, account, pod, audience = "waystone.dev" } = facts;
    if (!audiences.includes(audience)) return { ...review, status: { error: "invalid audience" } };
    const extra: JsonObject =
      pod === undefined
        ? {}
        : {
            "authentication.kubernetes.io/pod-name": [pod.name],
            "authentication.kubernetes.io/pod-uid": [pod.uid],
          };
    const user = { username: `system:serviceaccount:${namespace}:${account}`, uid: "account", extra };
    return { ...review, status: { authenticated: true, audiences: [audience], user } };
  }
}

/** Methods that can be taken off their object. */
function bound(client: DeltaClient): DeltaClient {
  return {
    open: (wire) => client.open(wire),
    receive: (bytes) => client.receive(bytes),
    writable: () => client.writable(),
    disconnected: () => client.disconnected(),
    subscribe: (typeUrl, name) => client.subscribe(typeUrl, name),
    unsubscribe: (typeUrl, name) => client.unsubscribe(typeUrl, name),
    held: (typeUrl) => client.held(typeUrl),
  };
}

export function waypointPod(tenantName: string, number: number): string {
  const name = `waypoint-${number}`;
  return `
apiVersion: v1
kind: Pod
metadata:
  {name: ${name}, namespace: ${tenantName}, uid: ${tenantName}-${name}, labels: {waystone.dev/waypoint: waypoint}}
spec: {serviceAccountName: waypoint, containers: [{name: waypoint, image: waystone}]}
status: {phase: Running, podIP: 127.0.0.1, podIPs: [{ip: 127.0.0.1}]}`;
}

function tenant(name: string, number: number): string {
  return `
apiVersion: v1
kind: Namespace
metadata: {name: ${name}, annotations: {waystone.dev/use-waypoint: waypoint}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: waypoint, namespace: ${name}}
spec: {gatewayClassName: waystone-waypoint, listeners: [{name: mesh, port: 15008, protocol: HTTP}]}
---
${waypointPod(name, 1)}
---
${waypointPod(name, 2)}
---
apiVersion: v1
kind: Service
metadata: {name: service-of-${name}, namespace: ${name}}
spec: {clusterIP: 127.0.0.1${number}, ports: [{name: http, port: 8080}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: slice-of-${name}, namespace: ${name}, labels: {kubernetes.io/service-name: service-of-${name}}}
addressType: IPv4
ports: [{name: http, port: 8080}]
endpoints: [{addresses: [10.${number}.0.1], targetRef: {kind: Pod, namespace: ${name}, name: pod-of-${name}}}]
---
apiVersion: v1
kind: Pod
metadata: {name: pod-of-${name}, namespace: ${name}, labels: {app: app-of-${name}}}
spec: {serviceAccountName: account-of-${name}, containers: [{name: app, image: app}]}
status: {phase: Running, podIP: 10.${number}.0.1, podIPs: [{ip: 10.${number}.0.1}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: route-of-${name}, namespace: ${name}}
spec:
  parentRefs: [{group: "", kind: Service, name: service-of-${name}}]
  hostnames: [host-of-${name}.example]
  rules:
  - matches: [{path: {type: PathPrefix, value: /path-of-${name}}}]
    backendRefs: [{name: service-of-${name}, port: 8080}]`;
}
