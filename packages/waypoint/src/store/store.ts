/**
 * What a worker knows, and the one way in which it changes: apply(deltas) converts what was pushed, refuses what is bad
 * (its version before stays), and makes the next snapshot of what changed alone. Conversion comes first and may refuse;
 * then everything is taken into use in one go, so that no request ever sees half a delta.
 */
import { typeUrls } from "@waystone/api/names";
import { Route } from "@waystone/api/resources";
import { buildConnectionTable, isConnectionRoute } from "@waystone/engine/route/connection-table";
import type { Route as CompiledRoute, RouteRule } from "@waystone/engine/route/route";
import { routeFromResource } from "@waystone/engine/route/route-from-resource";
import { buildRouteTable, type RouteTable } from "@waystone/engine/route/route-table";
import type { EncodedResource, Rejected, ResourceDelta } from "@waystone/xds/resource";
import { AskingRouteIndex } from "./asking-routes.ts";
import { BackendSet, backendKey } from "./backend-set.ts";
import { backendTlsOf, servicesOverTls } from "./backend-tls-policy.ts";
import { type ClientIdentity, soleIdentity } from "./client-identity.ts";
import { convertUpserts } from "./convert-upserts.ts";
import { decodeResource, RefusedError } from "./decode-resource.ts";
import { settleClaims } from "./listen-claims.ts";
import { BackendTrafficInForce } from "./backend-traffic-policy.ts";
import { isPolicedKind, PolicedRoutes } from "./policed-routes.ts";
import { PolicyStore } from "./policies.ts";
import { secretFromResource, type StoredCredentials } from "./secret-from-resource.ts";
import { routesInReach, servicesInReach } from "./policy-reach.ts";
import { decidersOf, gatewayOf, placeOf, portPolicies } from "./port-policies.ts";
import { RouteAttachments } from "./route-attachments.ts";
import { type AttachedRoutes, addServedPorts } from "./served-ports.ts";
import { holdRule, releaseRule } from "./served-rule.ts";
import { type StoredPort, type StoredService, serviceFromResource } from "./service-from-resource.ts";
import { sliceFromResource } from "./slice-from-resource.ts";
import { SliceIndex } from "./slice-index.ts";
import type {
  Backend,
  Endpoint,
  PortPolicies,
  ServedPort,
  ServedRule,
  Snapshot,
  WorkloadState,
} from "./snapshot.ts";
import { workloadFromResource } from "./workload-from-resource.ts";

export interface StoreOptions {
  /** An endpoint left its backend; its pool was told to retire. */
  readonly onEndpointGone?: (endpoint: Endpoint) => void;
  /** Which addresses are asked about: what is pushed of others is not kept. */
  readonly keepsWorkload?: (address: string) => boolean;
  /** "<namespace>/<gateway>" of the waypoint that we are; "" where we are all of them. */
  readonly ownWaypoint?: string;
}

export interface StoredRoute {
  readonly route: CompiledRoute;
  readonly version: string;
  readonly rules: readonly ServedRule[];
}

export interface Applied {
  readonly snapshot: Snapshot;
  /** One list per delta, in order. */
  readonly rejected: Rejected[][];
}

export class Store {
  readonly services = new Map<string, StoredService>();
  readonly routes = new Map<string, StoredRoute>();
  readonly backends: BackendSet;
  readonly policies = new PolicyStore();
  readonly attachments: AttachedRoutes = {
    requests: new RouteAttachments(buildRouteTable),
    connections: new RouteAttachments(buildConnectionTable),
  };
  readonly #policedRoutes = new PolicedRoutes();
  readonly #traffic = new BackendTrafficInForce();
  readonly #slices = new SliceIndex();
  /** Which Service holds which place. */
  readonly #owners = new Map<string, string>();
  readonly #workloads = new Map<string, WorkloadState>();
  /** By "<namespace>/<gateway>". */
  readonly #identities = new Map<string, ClientIdentity>();
  #credentials: ReadonlyMap<string, StoredCredentials> = new Map();
  readonly #askingRoutes = new AskingRouteIndex();
  // Never asked for a rule that is not in the asker's snapshot, so that one index can serve them all; weak, so that a rule
  // goes with the last request that runs it.
  readonly #rules = new WeakMap<RouteRule, ServedRule>();
  readonly #keepsWorkload: (address: string) => boolean;
  readonly #ownWaypoint: string;
  #heldPlaces: ReadonlySet<string> = new Set();
  #listeners = new Map<string, ServedPort>();
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
    this.#keepsWorkload = options.keepsWorkload ?? (() => true);
    this.#ownWaypoint = options.ownWaypoint ?? "";
    this.#snapshot = {
      sequence: 0,
      listeners: this.#listeners,
      backends: new Map(),
      rules: this.#rules,
      workloads: this.#workloads,
      policies: this.policies.byName,
      askingRoutes: this.#askingRoutes.current(),
      credentials: this.#credentials,
    };
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
    const changed = [...places, ...this.#heldPlaces].filter((p) => places.has(p) !== this.#heldPlaces.has(p));
    this.#heldPlaces = places;
    for (const place of changed) {
      const owner = this.#owners.get(place);
      if (owner !== undefined) this.#dirtyPorts.add(owner);
    }
    this.#advance();
    return this.#snapshot;
  }

  forgetWorkload(address: string): void {
    this.#workloads.delete(address);
  }

  #applyDelta(delta: ResourceDelta): Rejected[] {
    switch (delta.typeUrl) {
      case typeUrls.service:
        return this.#applyServices(delta);
      case typeUrls.endpointSlice:
        return this.#applySlices(delta);
      case typeUrls.route:
        return this.#applyRoutes(delta);
      case typeUrls.workload:
        return this.#applyWorkloads(delta);
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
      owners: this.#owners,
      removals,
      candidates: converted,
    });
    for (const [name, reason] of refused) rejected.push({ name, reason });
    const accepted = [...converted.values()].filter((service) => !refused.has(service.key));
    // Leave all places before any is taken: two Services may swap.
    for (const key of [...removals, ...accepted.map((service) => service.key)]) this.#dropClaims(key);
    for (const key of removals) this.#replaceService(key, undefined);
    for (const service of accepted) this.#replaceService(service.key, service);
    return rejected;
  }

  #dropClaims(key: string): void {
    for (const place of placesOf(this.services.get(key))) {
      this.#owners.delete(place);
      this.#listenersForChange().delete(place);
    }
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
    else this.services.set(key, next);
    for (const place of placesOf(next)) this.#owners.set(place, key);
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

  #applyRoutes(delta: ResourceDelta): Rejected[] {
    const { converted, rejected } = convertUpserts(delta, compileRoute);
    for (const name of delta.removals) if (!converted.has(name)) this.#replaceRoute(name, undefined);
    for (const [name, compiled] of converted) this.#replaceRoute(name, compiled);
    return rejected;
  }

  #replaceRoute(name: string, next: { route: CompiledRoute; version: string } | undefined): void {
    const before = this.routes.get(name);
    if (next === undefined) this.routes.delete(name);
    else {
      const rules = next.route.rules.map((rule) => holdRule(rule, this.backends));
      for (const served of rules) this.#rules.set(served.rule, served);
      this.routes.set(name, { ...next, rules });
    }
    if (before !== undefined) {
      this.#attachmentsOf(before.route).detach(before.route);
      for (const served of before.rules) releaseRule(served, this.backends);
    }
    if (next !== undefined) this.#attachmentsOf(next.route).attach(next.route);
    this.#askingRoutes.settle(name, next?.route);
    this.#settlePoliced(name);
  }

  #attachmentsOf(route: CompiledRoute): Pick<RouteAttachments<RouteTable>, "attach" | "detach"> {
    return isConnectionRoute(route) ? this.attachments.connections : this.attachments.requests;
  }

  #settlePoliced(route: string): void {
    const slash = route.indexOf("/");
    const [kind, name] = [route.slice(0, slash), route.slice(slash + 1)];
    const isPoliced =
      isPolicedKind(kind) && (this.policies.about(kind, name).size > 0 || this.#askingRoutes.has(route));
    this.#policedRoutes.settle(route, isPoliced ? this.routes.get(route)?.route : undefined);
  }

  #applyPolicies(delta: ResourceDelta): Rejected[] {
    const { changes, rejected } = this.policies.apply(delta);
    for (const route of routesInReach(changes)) this.#settlePoliced(route);
    const reach = servicesInReach(changes, {
      services: this.services,
      parentsOf: (name) => this.routes.get(name)?.route.parents.map(({ service }) => service) ?? [],
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
    const { converted, rejected } = convertUpserts(delta, secretFromResource);
    const credentials = new Map(this.#credentials);
    for (const name of [...delta.removals, ...converted.keys()]) {
      this.#identities.delete(name);
      credentials.delete(name);
    }
    for (const [name, secret] of converted) {
      if (secret.case === "identity") this.#identities.set(name, secret.identity);
      else credentials.set(name, secret.credentials);
    }
    this.#credentials = credentials;
    const changes = this.policies.setIdentity(soleIdentity(this.#identities));
    for (const key of servicesOverTls(changes)) this.#dirtyEndpoints.add(key);
    return rejected;
  }

  #applyWorkloads(delta: ResourceDelta): Rejected[] {
    const wanted = delta.upserts.filter((resource) => this.#keepsWorkload(resource.name));
    const { converted, rejected } = convertUpserts({ ...delta, upserts: wanted }, workloadFromResource);
    // Gone, or never known: the certainty that it is nobody, which is an answer too.
    for (const name of delta.removals) {
      if (this.#keepsWorkload(name)) this.#workloads.set(name, { known: false });
    }
    for (const [name, state] of converted) this.#workloads.set(name, state);
    // An identity that cannot be read is no identity, whatever was known before.
    for (const { name } of rejected) this.#workloads.set(name, { known: false });
    return rejected;
  }

  /** Makes the next snapshot of what is dirty. */
  #advance(): void {
    for (const key of this.#dirtyEndpoints) this.#refreshEndpoints(key);
    const { requests, connections } = this.attachments;
    for (const key of [...requests.commit(), ...connections.commit()]) this.#dirtyPorts.add(key);
    for (const key of this.#dirtyPolicies) this.#refreshPrograms(key);
    for (const key of this.#dirtyPorts) this.#refreshListeners(key);
    const backends = this.#portsChanged ? this.#knownBackends() : this.#snapshot.backends;
    this.#dirtyEndpoints.clear();
    this.#dirtyPolicies.clear();
    this.#dirtyPorts.clear();
    this.#portsChanged = false;
    this.#snapshot = {
      sequence: this.#snapshot.sequence + 1,
      listeners: this.#listeners,
      backends,
      rules: this.#rules,
      workloads: this.#workloads,
      policies: this.policies.byName,
      askingRoutes: this.#askingRoutes.current(),
      credentials: this.#credentials,
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
    const routes = this.#policedRoutes.of(service.key, port.port);
    return portPolicies(this.policies, place, deciders, routes);
  }

  #refreshListeners(key: string): void {
    const service = this.services.get(key);
    const places = placesOf(service);
    if (service === undefined || places.length === 0) return;
    const listeners = this.#listenersForChange();
    addServedPorts(listeners, service, this.attachments, this.backends, (port) =>
      this.#portPolicies(service, port),
    );
    for (const place of places) if (this.#heldPlaces.has(place)) listeners.delete(place);
  }

  /** The listeners of the snapshot in the making: a copy, made once, as the last one belongs to its readers. */
  #listenersForChange(): Map<string, ServedPort> {
    if (this.#listeners === this.#snapshot.listeners) this.#listeners = new Map(this.#listeners);
    return this.#listeners;
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

function compileRoute(resource: EncodedResource): { route: CompiledRoute; version: string } {
  const route = routeFromResource(decodeResource(resource, Route));
  if (route.key !== resource.name)
    throw new RefusedError(`named ${resource.name}, but its content says ${route.key}`);
  return { route, version: resource.version };
}

function placesOf(service: StoredService | undefined): string[] {
  return service?.ports.flatMap((port) => port.listen.map((place) => place.key)) ?? [];
}
