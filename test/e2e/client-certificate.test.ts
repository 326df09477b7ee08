/**
 * The certificate that a waypoint shows to backends (Gateway.spec.tls.backend.clientCertificateRef), from a Secret in the files to a
 * server that asks for one; and where its key is not: in no log, no dump, no metrics, no status and no file.
 */
import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import path from "node:path";
import type { TLSSocket } from "node:tls";
import { openTestAuthority } from "@waystone/testkit/test-authority";
import { expect, test } from "vitest";
import { ask } from "../../examples/harness/ask.ts";
import { eventually } from "../../examples/harness/eventually.ts";
import { forms, type Form } from "../../examples/harness/forms.ts";
import { type Scene, withScene } from "./harness/scene.ts";

interface Material {
  readonly cert: string;
  readonly key: string;
}

const inYaml = (text: string): string => text.trimEnd().replaceAll("\n", "\n    ");

const secretText = ({ cert, key }: Material): string => `apiVersion: v1
kind: Secret
metadata: {name: own, namespace: shop}
type: kubernetes.io/tls
stringData:
  tls.crt: |
    ${inYaml(cert)}
  tls.key: |
    ${inYaml(key)}
`;

const manifests = (scene: Scene, endpointPort: number, ca: string): string => `apiVersion: v1
kind: Namespace
metadata: {name: shop, annotations: {waystone.dev/use-waypoint: waypoint}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: waypoint, namespace: shop}
spec:
  gatewayClassName: waystone-waypoint
  listeners: [{name: mesh, port: 15008, protocol: HTTP}]
  tls: {backend: {clientCertificateRef: {name: own}}}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {clusterIP: ${scene.address}, ports: [{name: http, port: ${scene.port}}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web-1, namespace: shop, labels: {kubernetes.io/service-name: web}}
addressType: IPv4
ports: [{name: http, port: ${endpointPort}}]
endpoints: [{addresses: [127.0.0.1], conditions: {ready: true}}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: ca, namespace: shop}
data:
  ca.crt: |
    ${inYaml(ca)}
---
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {name: tls, namespace: shop}
spec:
  targetRefs: [{group: "", kind: Service, name: web}]
  validation:
    caCertificateRefs: [{group: "", kind: ConfigMap, name: ca}]
    hostname: web.test
`;

/** A server that takes clients with a certificate alone, and answers with its common name. */
async function openDemandingServer(scene: Scene, server: Material, ca: string): Promise<number> {
  const options = { ...server, ca, requestCert: true, rejectUnauthorized: true };
  const listening = createServer(options, (request, response) => {
    const { subject } = (request.socket as TLSSocket).getPeerCertificate();
    response.end(String(subject.CN));
  });
  listening.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  scene.onClose(async () => {
    listening.closeAllConnections();
    await new Promise<void>((resolve) => listening.close(() => resolve()));
  });
  return (listening.address() as AddressInfo).port;
}

async function allFiles(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts = files.map(async (file) => await readFile(path.join(file.parentPath, file.name), "latin1"));
  return (await Promise.all(texts)).join("\n");
}

test.for(forms)(
  "a backend that asks for a certificate gets the Gateway's, and nobody else its key (%s)",
  (form: Form) =>
    withScene(async (scene) => {
      const authority = await openTestAuthority();
      const port = await openDemandingServer(
        scene,
        await authority.issue({ dns: ["web.test"] }),
        authority.certificate,
      );
      const first = await authority.issue({ commonName: "first", usage: "client" });
      const second = await authority.issue({ commonName: "second", usage: "client" });
      await scene.write("all.yaml", manifests(scene, port, authority.certificate));
      await scene.write("secret.yaml", secretText(first));
      const state = path.join(scene.folder, ".state");
      const waystone = await scene.start(form, "--state-dir", state, "--log-level", "debug");
      expect(await ask(scene.url)).toMatchObject({ status: 200, body: "first" });

      await scene.write("secret.yaml", secretText(second));
      await eventually(
        async () => (await ask(scene.url)).body === "second",
        "the other one is shown",
        10_000,
      );
      await scene.write("secret.yaml", secretText({ cert: first.cert, key: second.key }));
      await eventually(async () => (await ask(scene.url)).status === 503, "none is shown");

      const told = [waystone.waypoint.stdout, waystone.waypoint.stderr, waystone.controller.stderr];
      for (const address of new Set([waystone.statusAddress, waystone.metricsAddress])) {
        for (const page of ["/config_dump", "/status", "/metrics"]) {
          told.push((await ask(`http://${address}${page}`)).body);
        }
      }
      await waystone.stop();
      told.push(await allFiles(state));
      for (const { key } of [first, second]) {
        // The first line of a key is much the same for all, the second is not.
        const markers = key
          .split("\n")
          .slice(1, 3)
          .map((line) => line.slice(8, 40));
        expect(told.filter((text) => markers.some((marker) => text.includes(marker)))).toEqual([]);
      }
      expect(told.join("\n")).toContain("its tls.key is not the key of its tls.crt");
    }),
);
