/** What the waypoint of the soak serves, and how it changes: a route that is rewritten, endpoints that come and go. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { SoakPorts } from "./backend-process.ts";

export interface SoakPlaces extends SoakPorts {
  readonly address: string;
  /** Of a Service that nothing changes for. */
  readonly polite: number;
}

export interface SoakService {
  readonly name: string;
  readonly protocol: string;
  readonly port: number;
  readonly endpoint: number;
}

export function servicesOf(
  places: SoakPlaces,
  endpoints: SoakPorts & { readonly polite: number },
): readonly SoakService[] {
  return [
    { name: "web", protocol: "http", port: places.http, endpoint: endpoints.http },
    { name: "grpc", protocol: "grpc", port: places.grpc, endpoint: endpoints.grpc },
    { name: "tcp", protocol: "tcp", port: places.tcp, endpoint: endpoints.tcp },
    { name: "polite", protocol: "http", port: places.polite, endpoint: endpoints.polite },
  ];
}

export async function writeServices(
  folder: string,
  address: string,
  all: readonly SoakService[],
): Promise<void> {
  const parts = all.map(
    ({ name, protocol, port }) => `apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { clusterIP: ${address}, ports: [{ name: main, port: ${port}, appProtocol: ${protocol} }] }
`,
  );
  const namespace = `apiVersion: v1
kind: Namespace
metadata: { name: shop, annotations: { waystone.dev/use-waypoint: waypoint } }
`;
  await writeFile(path.join(folder, "services.yaml"), [namespace, ...parts].join("---\n"));
}

/** `count`: 1 or 2 endpoints for each Service. */
export async function writeEndpoints(
  folder: string,
  all: readonly SoakService[],
  count: number,
): Promise<void> {
  const addresses = ["127.0.0.1", "127.0.0.2"].slice(0, count);
  const endpoints = addresses
    .map((each) => `{ addresses: [${each}], conditions: { ready: true } }`)
    .join(", ");
  const parts = all.map(
    ({ name, endpoint }) => `apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: ${name}-1, namespace: shop, labels: { kubernetes.io/service-name: ${name} } }
addressType: IPv4
ports: [{ name: main, port: ${endpoint}, protocol: TCP }]
endpoints: [${endpoints}]
`,
  );
  await writeFile(path.join(folder, "endpoints.yaml"), parts.join("---\n"));
}

/** `prefix`: of the paths of the only requests that it takes. */
export async function writeRoute(
  folder: string,
  port: number,
  generation: number,
  prefix = "/",
): Promise<void> {
  await writeFile(
    path.join(folder, "route.yaml"),
    `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: web, namespace: shop }
spec:
  parentRefs: [{ group: "", kind: Service, name: web }]
  rules:
    - matches: [{ path: { type: PathPrefix, value: ${prefix} } }]
      filters:
        - type: ResponseHeaderModifier
          responseHeaderModifier: { set: [{ name: x-generation, value: "${generation}" }] }
      backendRefs: [{ name: web, port: ${port} }]
`,
  );
}
