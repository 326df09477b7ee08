/**
 * Manifests -> the controller's translation -> a data plane on real sockets, in one process and without files: for the meaning of
 * routes, case by case. Every Service has one endpoint, which answers with the Service's name. Clients come from addresses of
 * the loopback network that are said to be pods of a namespace.
 */
import http from "node:http";
import type { KubernetesObject } from "@waystone/api/kubernetes/meta";
import type { SourcedObject } from "@waystone/controller/model/sources";
import { buildModel } from "@waystone/controller/model/model";
import { createManifestSources } from "@waystone/controller/testing/manifest-sources";
import { translate } from "@waystone/controller/translate/translate";
import { freePort } from "@waystone/testkit/free-port";
import { type Echo, type EchoServer, openEchoServer } from "@waystone/testkit/http-echo-server";
import { until } from "@waystone/testkit/within";
import { openTestPlane, type TestPlane, workloadResource } from "@waystone/waypoint/testing/open-test-plane";
import type { EncodedResource } from "@waystone/xds/resource";
import { afterEach } from "vitest";

export interface MeshAnswer {
  readonly status: number;
  /** Of the Service whose endpoint answered; "" for an answer of the waypoint's own. */
  readonly service: string;
  readonly headers: http.IncomingHttpHeaders;
  /** As the endpoint got them. */
  readonly seen: Readonly<Record<string, string>>;
}

export interface MeshRequest {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The namespace that the client is a pod of. */
  readonly from?: string;
  readonly port?: number;
}

type Sources = ReturnType<typeof createManifestSources>;

let meshes = 0;

export class Mesh {
  readonly #sources: Sources;
  readonly #resources: () => readonly EncodedResource[];
  readonly #plane: TestPlane;
  readonly #servers: EchoServer[] = [];
  readonly #net = `127.${90 + (process.pid % 60)}.${(process.hrtime()[1] % 200) + 1}`;
  readonly #clients = new Map<string, string>();
  #held = new Map<string, EncodedResource>();
  #hosts = 1;
  /** The ports of every Service: one that the routes name, and another one. */
  readonly port: number;
  readonly otherPort: number;

  constructor(sources: Sources, plane: TestPlane, port: number, otherPort: number) {
    this.#sources = sources;
    this.#plane = plane;
    this.port = port;
    this.otherPort = otherPort;
    const model = buildModel(sources.sources, sources.graph, { standalone: true });
    const { resources } = translate(sources.sources, model, sources.graph);
    this.#resources = () => resources.list();
  }

  /** Enrolled: a Namespace whose Services are all served. */
  namespace(name: string): void {
    this.apply(`apiVersion: v1
kind: Namespace
metadata: {name: ${name}, annotations: {waystone.dev/use-waypoint: waypoint}}
`);
    this.#clients.set(name, `127.9.${meshes % 250}.${++this.#hosts}`);
  }

  /** "<namespace>/<name>", with an endpoint of its own for both ports. */
  async service(key: string): Promise<void> {
    const server = await openEchoServer({ name: key });
    this.#servers.push(server);
    const [namespace, name] = key.split("/");
    this.apply(`apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  clusterIP: ${this.address(key)}
  ports:
    - {name: http, port: ${this.port}, appProtocol: http}
    - {name: other, port: ${this.otherPort}, appProtocol: http}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: ${name}-1, namespace: ${namespace}, labels: {kubernetes.io/service-name: ${name}}}
addressType: IPv4
ports: [{name: http, port: ${server.port}, protocol: TCP}, {name: other, port: ${server.port}, protocol: TCP}]
endpoints: [{addresses: [127.0.0.1], conditions: {ready: true}}]
`);
    const listens = (port: number): boolean =>
      this.#plane.emitted.some(
        (message) =>
          message.type === "listening" && message.address === this.address(key) && message.port === port,
      );
    await until(() => listens(this.port) && listens(this.otherPort), `${key} is listened on`);
  }

  readonly #addresses = new Map<string, string>();

  address(key: string): string {
    let address = this.#addresses.get(key);
    if (address === undefined) {
      address = `${this.#net}.${((meshes * 20 + this.#addresses.size) % 250) + 1}`;
      this.#addresses.set(key, address);
    }
    return address;
  }

  apply(text: string): void {
    this.#sources.apply(text);
    this.#follow();
  }

  remove(kind: string, key: string): void {
    this.#sources.remove(kind, key);
    this.#follow();
  }

  /** As an API server would say when it was made; files say nothing of it. */
  date(kind: "httpRoutes", key: string, creationTimestamp: string): void {
    const found: SourcedObject<KubernetesObject> | undefined = this.#sources.sources[kind].get(key);
    if (found === undefined) throw new Error(`there is no ${key}`);
    const { object } = found;
    this.#sources.applyObjects([{ ...object, metadata: { ...object.metadata, creationTimestamp } }]);
    this.#follow();
  }

  /** What changed, in one delta per type, as a push would bring it. */
  #follow(): void {
    const next = new Map(
      this.#resources().map((resource) => [`${resource.typeUrl} ${resource.name}`, resource]),
    );
    const changed = [...next].filter(([key, { version }]) => this.#held.get(key)?.version !== version);
    const gone = [...this.#held].filter(([key]) => !next.has(key));
    this.#held = next;
    this.#plane.apply(
      changed.map(([, resource]) => resource),
      gone.map(([, resource]) => resource),
    );
  }

  async ask(
    key: string,
    { path = "/", headers = {}, from, port = this.port }: MeshRequest = {},
  ): Promise<MeshAnswer> {
    const localAddress = from === undefined ? undefined : this.#clients.get(from);
    const request = http.request({
      host: this.address(key),
      port,
      path,
      headers: { host: "any.example", ...headers },
      agent: false,
      ...(localAddress === undefined ? {} : { localAddress }),
    });
    const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
    request.once("response", resolve).once("error", reject).end();
    const tick = async (): Promise<undefined> => {
      this.#tellWhoAsks();
      await new Promise((next) => setImmediate(next));
      return undefined;
    };
    let response: http.IncomingMessage | undefined;
    while (response === undefined) response = await Promise.race([promise, tick()]);
    const body = Buffer.concat(await response.toArray()).toString();
    const echo = response.statusCode === 200 ? (JSON.parse(body) as Echo) : undefined;
    return {
      status: response.statusCode ?? 0,
      service: echo?.name ?? "",
      headers: response.headers,
      seen: Object.fromEntries((echo?.headers ?? []).map(([name, value]) => [name.toLowerCase(), value])),
    };
  }

  #told = 0;

  /** As a controller does: whose address it is, once a waypoint asks. */
  #tellWhoAsks(): void {
    const { emitted } = this.#plane;
    for (; this.#told < emitted.length; this.#told++) {
      const message = emitted[this.#told]!;
      if (message.type !== "subscribe") continue;
      const [namespace = ""] = [...this.#clients].find(([, address]) => address === message.address) ?? [];
      const resource = workloadResource({ address: message.address, workload: { namespace } });
      this.#plane.apply(namespace === "" ? [] : [resource], namespace === "" ? [resource] : []);
    }
  }

  /** A request of that path arrives at the Service's endpoint. */
  async untilSeen(key: string, path: string): Promise<void> {
    const server = this.#servers.find(({ name }) => name === key);
    await until(() => server?.seen.some(({ target }) => target === path) === true, `${key} sees ${path}`);
  }

  #lines = 0;

  /** The access log's line of the request that came last. */
  async lastLine(): Promise<Record<string, unknown>> {
    const before = this.#lines;
    await until(() => this.#plane.log().length > before, "it is logged");
    this.#lines = this.#plane.log().length;
    return { ...this.#plane.log().at(-1) };
  }

  async close(): Promise<void> {
    this.#plane.close();
    for (const server of this.#servers) await server.close();
  }
}

export async function openMesh(...services: readonly string[]): Promise<Mesh> {
  meshes++;
  const plane = await openTestPlane({ port: await freePort(), endpoints: [] });
  const mesh = new Mesh(createManifestSources(), plane, await freePort(), await freePort());
  opened.push(mesh);
  for (const name of new Set(services.map((key) => key.split("/")[0]!))) mesh.namespace(name);
  for (const key of services) await mesh.service(key);
  return mesh;
}

const opened: Mesh[] = [];

afterEach(async () => {
  for (const mesh of opened.splice(0)) await mesh.close();
});
