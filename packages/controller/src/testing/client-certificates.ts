/** A waypoint's Gateway that names the Secret "own" of its namespace as its client certificate, and that Secret. */
import type { Secret } from "@waystone/api/kubernetes/core";

export function gatewayWithCertificate(namespace: string, name = "waypoint"): string {
  return `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  gatewayClassName: waystone-waypoint
  listeners: [{name: mesh, port: 15008, protocol: HTTP}]
  tls: {backend: {clientCertificateRef: {name: own}}}`;
}

/** Of namespace "shop". */
export function ownSecret({ cert, key }: { readonly cert: string; readonly key: string }): Secret {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "own", namespace: "shop" },
    stringData: { "tls.crt": cert, "tls.key": key },
  };
}
