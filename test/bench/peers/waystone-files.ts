/** The manifests that the benchmark gives to Waystone: one Service, its endpoint, one file per route. */
import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { type PeerSetup, tlsName } from "./peer.ts";

/** Where the front Service is listened on. */
export const serviceAddress = "127.88.0.1";
const namespace = "bench";
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
    JSON.stringify(buildRoute(name, setup.routes.prefixes[at] ?? "/", port, generation), null, 2),
  );
}

function buildRoute(name: string, prefix: string, port: number, generation: number | undefined): object {
  const set = [{ name: "x-generation", value: String(generation) }];
  const filter = { type: "ResponseHeaderModifier", responseHeaderModifier: { set } };
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: { name, namespace },
    spec: {
      parentRefs: [{ group: "", kind: "Service", name: service }],
      rules: [
        {
          matches: [{ path: { type: "PathPrefix", value: prefix } }],
          ...(generation === undefined ? {} : { filters: [filter] }),
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
  const { backendPort, backendAddresses: addresses = ["127.0.0.1"] } = setup;
  const items = [
    {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: namespace, annotations: { "waystone.dev/use-waypoint": "waypoint" } },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: service, namespace },
      spec: {
        clusterIP: addressOf(setup),
        ports: [{ name: "http", port, protocol: "TCP", appProtocol: protocolOf(setup) }],
      },
    },
    {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { name: `${service}-1`, namespace, labels: { "kubernetes.io/service-name": service } },
      addressType: "IPv4",
      ports: [{ name: "http", port: backendPort, protocol: "TCP" }],
      endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
    },
  ];
  const policy = setup.backendCa === undefined ? [] : buildTlsPolicy(readFileSync(setup.backendCa, "utf8"));
  return { apiVersion: "v1", kind: "List", items: [...items, ...policy] };
}
