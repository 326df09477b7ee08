/**
 * The endpoints of every Service port. A Backend is one object per "<namespace>/<name>:<port>" for as long as anybody
 * refers to it, and only its `endpoints` array is exchanged: thousands of rules may point to a Backend, and a pod that
 * comes or goes must not touch them. Endpoint objects live on while "address:port" stays the same workload, because they
 * carry load and connections.
 */
import type { BackendTls } from "./backend-tls.ts";
import type { BackendTraffic } from "@waystone/engine/retry/backend-traffic";
import type { AuthenticationPlan } from "@waystone/engine/authentication/plan";
import type { Program } from "@waystone/engine/authorization/program";
import { listenKey } from "./listen-key.ts";
import type { StoredPort, StoredService } from "./service-from-resource.ts";
import type { StoredEndpoint, StoredSlice } from "./slice-from-resource.ts";
import type { Backend, Endpoint } from "./snapshot.ts";
import { equalLabels } from "./workload-labels.ts";

export interface HeldBackend extends Backend {
  endpoints: readonly Endpoint[];
  program: Program | undefined;
  authentication: AuthenticationPlan | undefined;
  lingering: readonly Endpoint[];
  traffic: BackendTraffic | undefined;
  /** Every endpoint of the Service port, picked or not, by "address:port". */
  members: ReadonlyMap<string, Member>;
  unusable: string;
  references: number;
}

export interface Member {
  readonly endpoint: Endpoint;
  readonly ready: boolean;
  /** Terminating and still answering: picked only where none is ready. */
  readonly lingering: boolean;
}

/** Of a Service's port, what its endpoints depend on. */
type BackendPort = Pick<StoredPort, "name" | "speaksHttp2">;

/** What a policy says about connections to a Service port: TLS, or that there may be none. */
export type BackendTlsVerdict = BackendTls | { readonly unusable: string } | undefined;

const noEndpoints: readonly Endpoint[] = [];
const noMembers: ReadonlyMap<string, Member> = new Map();

export class BackendSet {
  readonly #backends = new Map<string, HeldBackend>();
  readonly #onEndpointGone: (endpoint: Endpoint) => void;
  readonly #trafficOf: (service: string) => BackendTraffic | undefined;

  constructor(
    onEndpointGone: (endpoint: Endpoint) => void,
    trafficOf: (service: string) => BackendTraffic | undefined,
  ) {
    this.#onEndpointGone = onEndpointGone;
    this.#trafficOf = trafficOf;
  }

  /** The Backend of "<namespace>/<name>" and a port, empty until the Service is known. Each hold needs a release. */
  hold(service: string, port: number): HeldBackend {
    const key = `${service}:${port}`;
    let backend = this.#backends.get(key);
    if (backend === undefined) {
      backend = emptyBackend(key, service, port);
      backend.traffic = this.#trafficOf(service);
      this.#backends.set(key, backend);
    }
    backend.references++;
    return backend;
  }

  release(key: string): void {
    const backend = this.#backends.get(key);
    if (backend === undefined || --backend.references > 0) return;
    this.#backends.delete(key);
    this.#exchange(backend, noMembers);
  }

  get size(): number {
    return this.#backends.size;
  }

  get(key: string): HeldBackend | undefined {
    return this.#backends.get(key);
  }

  /** Works out the members of one port of a Service again from the Service's slices; no Service: there are none. */
  refresh(
    key: string,
    port: BackendPort | undefined,
    slices: Iterable<StoredSlice>,
    tls?: BackendTlsVerdict,
  ): void {
    const backend = this.#backends.get(key);
    if (backend === undefined) return;
    const isUnusable = tls !== undefined && "unusable" in tls;
    backend.unusable = isUnusable ? tls.unusable : "";
    const target = { speaksHttp2: port?.speaksHttp2 ?? false, tls: isUnusable ? undefined : tls };
    const hasNone = port === undefined || isUnusable;
    this.#exchange(backend, hasNone ? noMembers : membersOf(port.name, target, slices, backend.members));
  }

  /** The policies of these Services changed. */
  refreshTraffic(services: ReadonlySet<string>): void {
    for (const backend of this.#backends.values()) {
      const service = `${backend.serviceNamespace}/${backend.serviceName}`;
      if (services.has(service)) backend.traffic = this.#trafficOf(service);
    }
  }

  #exchange(backend: HeldBackend, members: ReadonlyMap<string, Member>): void {
    const before = backend.members;
    backend.members = members;
    Object.assign(backend, pickable(members));
    for (const [key, { endpoint }] of before) {
      if (members.get(key)?.endpoint === endpoint) continue;
      endpoint.pool?.retire();
      this.#onEndpointGone(endpoint);
    }
  }
}

/** The keys of a Service's ports, "<namespace>/<name>:<port>". */
export function backendKey(service: StoredService, port: number): string {
  return `${service.key}:${port}`;
}

function emptyBackend(key: string, service: string, port: number): HeldBackend {
  const slash = service.indexOf("/");
  const serviceNamespace = service.slice(0, slash);
  const serviceName = service.slice(slash + 1);
  return {
    key,
    serviceNamespace,
    serviceName,
    serviceHost: `${serviceName}.${serviceNamespace}.svc.cluster.local`,
    port,
    endpoints: noEndpoints,
    program: undefined,
    authentication: undefined,
    lingering: noEndpoints,
    traffic: undefined,
    members: noMembers,
    unusable: "",
    references: 0,
  };
}

/**
 * The union over slices: an endpoint may be in two of them while it moves from one to the other, and is ready where either
 * says so. Ordered by slice name and address, so that the outcome does not depend on the order of arrival.
 */
function membersOf(
  portName: string,
  target: Pick<Endpoint, "speaksHttp2" | "tls">,
  slices: Iterable<StoredSlice>,
  before: ReadonlyMap<string, Member>,
): ReadonlyMap<string, Member> {
  const found = new Map<string, Member>();
  for (const slice of [...slices].sort((a, b) => (a.key < b.key ? -1 : 1))) {
    for (const { name, port } of slice.ports) {
      if (name !== portName) continue;
      for (const stored of slice.endpoints) addMember(found, before, stored, { port, ...target });
    }
  }
  if (found.size === 0) return noMembers;
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function addMember(
  found: Map<string, Member>,
  before: ReadonlyMap<string, Member>,
  stored: StoredEndpoint,
  target: EndpointPort,
): void {
  const key = listenKey(stored.address, target.port);
  const twin = found.get(key);
  const lingering = stored.serving && stored.terminating;
  found.set(key, {
    endpoint: twin?.endpoint ?? keepEndpoint(before.get(key)?.endpoint, stored, key, target),
    ready: stored.ready || (twin?.ready ?? false),
    lingering: lingering || (twin?.lingering ?? false),
  });
}

type EndpointPort = Pick<Endpoint, "port" | "speaksHttp2" | "tls">;

/**
 * Another workload at the same address is another endpoint, and so is one that is to be spoken to in another protocol or
 * under another policy for TLS: connections, TLS sessions and metric series of the old one are not its.
 */
function keepEndpoint(
  known: Endpoint | undefined,
  stored: StoredEndpoint,
  key: string,
  { port, speaksHttp2, tls }: EndpointPort,
): Endpoint {
  const { address, labels } = stored;
  if (known?.speaksHttp2 === speaksHttp2 && known.tls === tls && equalLabels(known.labels, labels))
    return known;
  return { address, port, key, speaksHttp2, tls, labels, active: 0, pool: undefined, sessions: undefined };
}

/** KEP-1669: those that terminate but still serve count only where no endpoint is ready. */
function pickable(members: ReadonlyMap<string, Member>): Pick<Backend, "endpoints" | "lingering"> {
  const all = [...members.values()];
  const ready = endpointsOf(all.filter((member) => member.ready));
  const lingering = endpointsOf(all.filter((member) => member.lingering && !member.ready));
  return ready.length > 0
    ? { endpoints: ready, lingering }
    : { endpoints: lingering, lingering: noEndpoints };
}

function endpointsOf(members: readonly Member[]): readonly Endpoint[] {
  return members.length === 0 ? noEndpoints : members.map((member) => member.endpoint);
}
