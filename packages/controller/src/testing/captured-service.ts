/** A Service in the words of tests, and whether it is captured. */
import type { ClusterWorld } from "./cluster-world.ts";

const http = "ports: [{name: http, port: 80, targetPort: 8080}]";

export interface Written {
  readonly namespace?: string;
  /** More of the metadata, and of the spec. */
  readonly meta?: string;
  readonly spec?: string;
  readonly ports?: string;
}

export function service({
  namespace = "shop",
  meta = "",
  spec = "selector: {app: web}",
  ports = http,
}: Written): string {
  return `
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: ${namespace}${meta === "" ? "" : `, ${meta}`}}
spec: {clusterIP: 10.96.0.1, ${spec}${spec === "" ? "" : ", "}${ports}}`;
}

export const own = "annotations: {waystone.dev/use-waypoint: waypoint}";

/** "captured", or the reason why not, or "" where nobody asks. */
export function outcome(world: ClusterWorld, key = "shop/web"): string {
  const target = world.targetOf(key);
  if (target === undefined) return "no such Service";
  return target.is === "captured" ? "captured" : (target.refusal?.reason ?? "");
}

export function messageOf(world: ClusterWorld, key = "shop/web"): string {
  const target = world.targetOf(key);
  return target?.is === "direct" ? (target.refusal?.message ?? "") : "";
}
