/**
 * A namespace with a waypoint and two pods that end TLS ("one", "two"), a Service of each and "shop" of both, all captured: the bed
 * of the suites of kinds that only come with some releases of the Gateway API.
 */
import { openTestAuthority, type TestAuthority } from "@waystone/testkit/test-authority";
import type { RunningCluster } from "../running-cluster.ts";
import { getService, untilCaptured } from "./service-state.ts";
import { type TlsPodAnswer, tlsPod, tlsPodPorts } from "./tls-pods.ts";
import { applyObjects } from "./waypoint-gateways.ts";
import { loadWaystoneImage } from "./waystone-image.ts";

export interface TlsShop {
  readonly authority: TestAuthority;
  /** ClusterIP of "shop": HTTP on 80, TLS on 443, lines on 9000. */
  readonly address: string;
}

/** Waystone is there already; the caller deletes the namespace. */
export async function openTlsShop(cluster: RunningCluster, namespace: string): Promise<TlsShop> {
  await cluster.kubectl(["create", "namespace", namespace]);
  await cluster.kubectl(["annotate", "namespace", namespace, "waystone.dev/use-waypoint=waypoint"]);
  const image = await loadWaystoneImage(cluster);
  const authority = await openTestAuthority();
  const releases = ["one", "two"];
  for (const name of releases) {
    const certificate = await authority.issue({ dns: ["one.example", "*.two.example"] });
    await applyObjects(cluster, ...tlsPod({ namespace, name, image }, certificate));
  }
  await applyObjects(
    cluster,
    service(namespace, "shop", { role: "tls-pod" }),
    ...releases.map((name) => service(namespace, name, { app: name })),
  );
  const ready = ["--for=condition=Ready", "--timeout=180s"];
  await cluster.kubectl(["-n", namespace, "wait", "pod", "-l", "role=tls-pod", ...ready]);
  for (const name of ["shop", ...releases]) await untilCaptured(cluster, `${namespace}/${name}`, 90_000);
  const address = (await getService(cluster, `${namespace}/shop`)).spec?.clusterIP ?? "";
  return { authority, address };
}

function service(namespace: string, name: string, selector: Readonly<Record<string, string>>): object {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace },
    spec: {
      selector,
      ports: [
        { name: "http", port: 80, targetPort: tlsPodPorts.http },
        { name: "https", port: 443, targetPort: tlsPodPorts.https },
        { name: "tcp", port: 9000, targetPort: tlsPodPorts.line },
      ],
    },
  };
}

/** A route to "shop", its `parentRef` beside. */
export function shopRoute(namespace: string, kind: string, name: string, spec: object): object {
  return { apiVersion: "gateway.networking.k8s.io/v1", kind, metadata: { name, namespace }, spec };
}

export function shopPort(port: number): object {
  return { group: "", kind: "Service", name: "shop", port };
}

/** Of a path that is asked for once. Over its budget, Waystone answers 503 itself (GEP-3388). */
export async function countTries(address: string, where: string): Promise<number> {
  const response = await fetch(`http://${address}${where}`);
  if (response.status !== 503) throw new Error(`${where} is ${response.status}, not 503`);
  const text = await response.text();
  return text.startsWith("{") ? (JSON.parse(text) as TlsPodAnswer).times : 1;
}
