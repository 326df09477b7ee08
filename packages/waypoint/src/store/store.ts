/**
 * What a worker knows, and the one way in which it changes: apply(deltas) converts what was pushed, refuses what is bad
 * (its version before stays), and makes the next snapshot of what changed alone. Conversion comes first and may refuse;
 * then everything is taken into use in one go, so that no request ever sees half a delta.
 */
import { typeUrls } from "@waystone/api/names";
import type { Rejected, ResourceDelta } from "@waystone/xds/resource";
import { BackendSet, backendKey } from "./backend-set.ts";
import { backendTlsOf, servicesOverTls } from "./backend-tls-policy.ts";
import { BackendTrafficInForce } from "./backend-traffic-policy.ts";
import { convertUpserts } from "./convert-upserts.ts";
import { settleClaims } from "./listen-claims.ts";
import { PolicyStore } from "./policies.ts";
import { routesInReach, servicesInReach } from "./policy-reach.ts";
import { decidersOf, gatewayOf, placeOf, portPolicies } from "./port-policies.ts";
import { RouteStore } from "./routes.ts";
import { SecretStore } from "./secrets.ts";
import { ServedPlaces } from "./served-places.ts";
import { servedPorts } from "./served-ports.ts";
import { type StoredPort, type StoredService, serviceFromResource } from "./service-from-resource.ts";
import { sliceFromResource } from "./slice-from-resource.ts";
import { SliceIndex } from "./slice-index.ts";
import type { Backend, Endpoint, PortPolicies, Snapshot } from "./snapshot.ts";
import { WorkloadStore } from "./workloads.ts";

export interface StoreOptions {
  /** An endpoint left its backend; its pool was told to retire. */
  readonly onEndpointGone?: (endpoint: Endpoint) => void;
  /** Which addresses are asked about: what is pushed of others is not kept. */
  readonly keepsWorkload?: (address: string) => boolean;
  /** "<namespace>/<gateway>" of the waypoint that we are; "" where we are all of them. */
  readonly ownWaypoint?: string;
}

export interface Applied {
  readonly snapshot: Snapshot;
  /** One list per delta, in order. */
  readonly rejected: Rejected[][];
}

export class Store {
  readonly services = new Map<string, StoredService>();
  readonly backends: BackendSet;
  readonly policies = new PolicyStore();
  readonly routes: RouteStore;
  readonly #traffic = new BackendTrafficInForce();
  readonly #slices = new SliceIndex();
  readonly #places = new ServedPlaces();
  readonly #workloads: WorkloadStore;
  readonly #secrets = new SecretStore();
  readonly #ownWaypoint: string;
  #backendsByKey: ReadonlyMap<string, Backend> = new Map();
  #snapshot: Snapshot;
  /** Services whose ports or tables changed in the apply under way; the other set: whose endpoints did. */
  readonly #dirtyPorts = new Set<string>();
  readonly #dirtyEndpoints = new Set<string>();
  /** Services whose programs are to be compiled anew. */
  readonly #dirtyPolicies = new Set<string>();
  #portsChanged = false;

  constructor(options: StoreOptions) {
    this.backends = new BackendSet(options.onEndpointGone ?? (() => {}), (service) =>
      this.#traffic.of(service, this.policies.about("Service", service)),
    );
    this.routes = new RouteStore(this.backends, this.policies);
    this.#workloads = new WorkloadStore(options.keepsWorkload ?? (() => true));
    this.#ownWaypoint = options.ownWaypoint ?? "";
    this.#snapshot = this.#makeSnapshot(0);
  }

  current(): Snapshot {
    return this.#snapshot;
  }

  apply(deltas: readonly ResourceDelta[]): Applied {
    const rejected = deltas.map((delta) => this.#applyDelta(delta));
    this.#advance();
    return { snapshot: this.#snapshot, rejected };
  }

  /** Leaves these places ("address:port") out of the snapshot's listeners: they cannot be listened on, for now. */
  holdPlaces(places: ReadonlySet<string>): Snapshot {
    for (const key of this.#places.hold(places)) this.#dirtyPorts.add(key);
    this.#advance();
    return this.#snapshot;
  }

  forgetWorkload(address: string): void {
    this.#workloads.forget(address);
  }

  #applyDelta(delta: ResourceDelta): Rejected[] {
    switch (delta.typeUrl) {
      case typeUrls.service:
        return this.#applyServices(delta);
      case typeUrls.endpointSlice:
        return this.#applySlices(delta);
      case typeUrls.route:
        return this.routes.apply(delta);
      case typeUrls.workload:
        return this.#workloads.apply(delta);
      case typeUrls.policy:
        return this.#applyPolicies(delta);
      case typeUrls.secret:
        return this.#applySecrets(delta);
      case typeUrls.listener:
      default: {
        // Fail closed: what is not understood is refused by name, so that a status says so.
        const reason = `this waypoint does not know ${delta.typeUrl}; controller and waypoint may be of different versions`;
        return delta.upserts.map(({ name }) => ({ name, reason }));
      }
    }
  }

  #applyServices(delta: ResourceDelta): Rejected[] {
    const { converted, rejected } = convertUpserts(delta, (resource) =>
      serviceFromResource(resource, this.#ownWaypoint),
    );
    const removals = new Set(delta.removals.filter((name) => !converted.has(name)));
    const refused = settleClaims({
      current: this.services,
      owners: this.#places.owners,
      removals,
      candidates: converted,
    });
    for (const [name, reason] of refused) rejected.push({ name, reason });
    const accepted = [...converted.values()].filter((service) => !refused.has(service.key));
    // Leave all places before any is taken: two Services may swap.
    for (const key of [...removals, ...accepted.map((service) => service.key)])
      this.#places.leave(this.services.get(key));
    for (const key of removals) this.#replaceService(key, undefined);
    for (const service of accepted) this.#replaceService(service.key, service);
    return rejected;
  }

  #replaceService(key: string, next: StoredService | undefined): void {
    const before = this.services.get(key);
    if (before === undefined && next === undefined) return;
    // Held before the old ones are released, so that a Backend that stays keeps its endpoints and their connections.
    for (const port of next?.ports ?? []) this.backends.hold(key, port.port);
    for (const port of before?.ports ?? []) {
      const backend = backendKey(before!, port.port);
      if (next?.ports.some((other) => other.port === port.port) !== true)
        this.backends.refresh(backend, undefined, []);
      this.backends.release(backend);
    }
    if (next === undefined) this.services.delete(key);
    else {
      this.services.set(key, next);
      this.#places.take(next);
    }
    this.#dirtyPorts.add(key);
    this.#dirtyPolicies.add(key);
    this.#dirtyEndpoints.add(key);
    this.#portsChanged = true;
  }

  #applySlices(delta: ResourceDelta): Rejected[] {
    const { converted, rejected } = convertUpserts(delta, sliceFromResource);
    const changes = [...delta.removals, ...converted.keys()];
    for (const name of changes) {
      for (const service of this.#slices.replace(name, converted.get(name)))
        this.#dirtyEndpoints.add(service);
    }
    return rejected;
  }

  #applyPolicies(delta: ResourceDelta): Rejected[] {
    const { changes, rejected } = this.policies.apply(delta);
    for (const route of routesInReach(changes)) this.routes.settlePoliced(route);
    const reach = servicesInReach(changes, {
      services: this.services,
      parentsOf: (name) => this.routes.parentsOf(name),
      gatewayOf: (service) => gatewayOf(service, this.#ownWaypoint),
    });
    for (const key of reach) {
      this.#dirtyPolicies.add(key);
      this.#dirtyPorts.add(key);
    }
    for (const key of servicesOverTls(changes)) this.#dirtyEndpoints.add(key);
    this.backends.refreshTraffic(reach);
    return [...rejected];
  }

  /** Where what we show to backends changes, their connections are made anew. */
  #applySecrets(delta: ResourceDelta): Rejected[] {
    const rejected = this.#secrets.apply(delta);
    const changes = this.policies.setIdentity(this.#secrets.identity);
    for (const key of servicesOverTls(changes)) this.#dirtyEndpoints.add(key);
    return rejected;
  }

  /** Makes the next snapshot of what is dirty. */
  #advance(): void {
    for (const key of this.#dirtyEndpoints) this.#refreshEndpoints(key);
    for (const key of this.routes.commit()) this.#dirtyPorts.add(key);
    for (const key of this.#dirtyPolicies) this.#refreshPrograms(key);
    for (const key of this.#dirtyPorts) this.#refreshListeners(key);
    if (this.#portsChanged) this.#backendsByKey = this.#knownBackends();
    this.#dirtyEndpoints.clear();
    this.#dirtyPolicies.clear();
    this.#dirtyPorts.clear();
    this.#portsChanged = false;
    this.#snapshot = this.#makeSnapshot(this.#snapshot.sequence + 1);
  }

  #makeSnapshot(sequence: number): Snapshot {
    return {
      sequence,
      listeners: this.#places.current(),
      backends: this.#backendsByKey,
      rules: this.routes.rules,
      workloads: this.#workloads.byAddress,
      policies: this.policies.byName,
      askingRoutes: this.routes.asking(),
      credentials: this.#secrets.credentials,
    };
  }

  #refreshEndpoints(key: string): void {
    const service = this.services.get(key);
    for (const port of service?.ports ?? []) {
      const verdict = backendTlsOf(this.policies.about("Service", key), key, port.name);
      this.backends.refresh(backendKey(service!, port.port), port, this.#slices.of(key), verdict);
    }
  }

  #refreshPrograms(key: string): void {
    const service = this.services.get(key);
    for (const port of service?.ports ?? []) {
      const backend = this.backends.get(backendKey(service!, port.port));
      if (backend === undefined) continue;
      const { program, plan } = decidersOf(this.policies, placeOf(service!, port, this.#ownWaypoint));
      backend.program = program;
      backend.authentication = plan;
    }
  }

  #portPolicies(service: StoredService, port: StoredPort): PortPolicies | undefined {
    const place = placeOf(service, port, this.#ownWaypoint);
    const backend = this.backends.get(backendKey(service, port.port));
    const deciders = { program: backend?.program, plan: backend?.authentication };
    const routes = this.routes.policedAt(service.key, port.port);
    return portPolicies(this.policies, place, deciders, routes);
  }

  #refreshListeners(key: string): void {
    const service = this.services.get(key);
    if (service === undefined) return;
    const { attachments } = this.routes;
    this.#places.serve(
      servedPorts(service, attachments, this.backends, (port) => this.#portPolicies(service, port)),
    );
  }

  #knownBackends(): ReadonlyMap<string, Backend> {
    const known = new Map<string, Backend>();
    for (const service of this.services.values()) {
      for (const port of service.ports) {
        const key = backendKey(service, port.port);
        const backend = this.backends.get(key);
        if (backend !== undefined) known.set(key, backend);
      }
    }
    return known;
  }
}

export function createStore(options: StoreOptions = {}): Store {
  return new Store(options);
}
