/** The manifests that the benchmark gives to Waystone: one Service, its endpoint, one file per route. */
import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { type PeerSetup, tlsName } from "./peer.ts";
import { authorizerService, buildPolicyObjects, buildRouteFilters } from "./waystone-policies.ts";

/** Where the front Service is listened on. */
export const serviceAddress = "127.88.0.1";
export const namespace = "bench";
const service = "web";

/** TLS is for a name, which load generators look up. */
export function addressOf({ mode }: PeerSetup): string {
  return mode === "tls" ? "127.0.0.1" : serviceAddress;
}

export async function writeManifests(setup: PeerSetup, port: number): Promise<string> {
  const folder = path.join(setup.folder, "manifests");
  await mkdir(path.join(folder, "routes"), { recursive: true });
  await writeFile(path.join(folder, "service.json"), JSON.stringify(buildService(port, setup), null, 2));
  if (setup.mode === "tls")
    await writeFile(path.join(folder, "route.json"), JSON.stringify(buildTlsRoute(port)));
  const isHttp = setup.mode === undefined || setup.mode === "http";
  const prefixes = isHttp ? setup.routes.prefixes : [];
  await Promise.all(prefixes.map(async (_, at) => await writeRoute(setup, port, at)));
  return folder;
}

/** Writes the file of one route anew. `generation`: shows in the answer's header x-generation. */
export async function writeRoute(
  setup: PeerSetup,
  port: number,
  at: number,
  generation?: number,
): Promise<void> {
  const name = `route-${String(at).padStart(4, "0")}`;
  const file = path.join(setup.folder, "manifests/routes", `${name}.json`);
  await writeFile(
    file,
    JSON.stringify(
      buildRoute(name, setup.routes.prefixes[at] ?? "/", port, filtersOf(setup, generation)),
      null,
      2,
    ),
  );
}

function filtersOf({ policies }: PeerSetup, generation: number | undefined): readonly object[] {
  const changes = buildRouteFilters(policies);
  if (generation === undefined) return changes;
  const set = [{ name: "x-generation", value: String(generation) }];
  return [...changes, { type: "ResponseHeaderModifier", responseHeaderModifier: { set } }];
}

function buildRoute(name: string, prefix: string, port: number, filters: readonly object[]): object {
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: { name, namespace },
    spec: {
      parentRefs: [{ group: "", kind: "Service", name: service }],
      rules: [
        {
          matches: [{ path: { type: "PathPrefix", value: prefix } }],
          ...(filters.length === 0 ? {} : { filters }),
          backendRefs: [{ name: service, port }],
        },
      ],
    },
  };
}

function buildTlsRoute(port: number): object {
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "TLSRoute",
    metadata: { name: "route", namespace },
    spec: {
      parentRefs: [{ group: "", kind: "Service", name: service }],
      hostnames: [`www.${tlsName}`, tlsName],
      rules: [{ backendRefs: [{ name: service, port }] }],
    },
  };
}

function protocolOf({ mode, backendSpeaksHttp2 }: PeerSetup): string {
  if (mode !== undefined && mode !== "http") return mode;
  return backendSpeaksHttp2 === true ? "grpc" : "http";
}

function buildTlsPolicy(ca: string): readonly object[] {
  return [
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "ca", namespace }, data: { "ca.crt": ca } },
    {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "BackendTLSPolicy",
      metadata: { name: "tls", namespace },
      spec: {
        targetRefs: [{ group: "", kind: "Service", name: service }],
        validation: {
          caCertificateRefs: [{ group: "", kind: "ConfigMap", name: "ca" }],
          hostname: tlsName,
        },
      },
    },
  ];
}

function buildService(port: number, setup: PeerSetup): object {
  const { backendPort, backendAddresses = ["127.0.0.1"], backendCa, policies, authorizerPort } = setup;
  const items = [
    ownNamespace,
    ...servicePair(
      { name: service, port, appProtocol: protocolOf(setup), clusterIP: addressOf(setup) },
      { addresses: backendAddresses, port: backendPort },
    ),
    ...(authorizerPort === undefined ? [] : buildAuthorizer(policies?.authorizer === "grpc", authorizerPort)),
    ...(backendCa === undefined ? [] : buildTlsPolicy(readFileSync(backendCa, "utf8"))),
    ...(policies === undefined ? [] : buildPolicyObjects(policies, { namespace, service })),
  ];
  return { apiVersion: "v1", kind: "List", items };
}

/** All of its Services have a waypoint. */
export const ownNamespace: object = {
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name: namespace, annotations: { "waystone.dev/use-waypoint": "waypoint" } },
};

/** Waypoints ask its endpoints, never its address. */
function buildAuthorizer(speaksGrpc: boolean, port: number): readonly object[] {
  const asked = { ...authorizerService, appProtocol: speaksGrpc ? "grpc" : "http", clusterIP: "127.88.0.2" };
  return servicePair(asked, { addresses: ["127.0.0.1"], port });
}

interface ServiceShape {
  readonly name: string;
  readonly port: number;
  readonly appProtocol: string;
  readonly clusterIP: string;
}

interface EndpointShape {
  readonly addresses: readonly string[];
  readonly port: number;
}

/** A Service and the slice of its endpoints. */
export function servicePair(
  { name, port, appProtocol, clusterIP }: ServiceShape,
  { addresses, port: endpointPort }: EndpointShape,
): readonly object[] {
  return [
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, namespace },
      spec: { clusterIP, ports: [{ name: "http", port, protocol: "TCP", appProtocol }] },
    },
    {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { name: `${name}-1`, namespace, labels: { "kubernetes.io/service-name": name } },
      addressType: "IPv4",
      ports: [{ name: "http", port: endpointPort, protocol: "TCP" }],
      endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
    },
  ];
}
