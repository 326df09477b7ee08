/** TLS and TCP from files to bytes: which port speaks what, who gets which server, and what a change does to open connections. */
import { rm } from "node:fs/promises";
import { expect, test } from "vitest";
import type { BackendOptions } from "../../examples/harness/backend.ts";
import { eventually } from "../../examples/harness/eventually.ts";
import { openGreetingBackend } from "../../examples/harness/greeting-backend.ts";
import { dialTcp, dialTls, type LineClient } from "../../examples/harness/line-client.ts";
import { freePort } from "@waystone/testkit/free-port";
import { type Scene, withScene } from "./harness/scene.ts";
import { statusOf } from "./harness/status-of.ts";

/** The Service that clients dial, on a port that says nothing of itself, and two backends. */
async function openScene(scene: Scene, habit: NonNullable<BackendOptions["habit"]>): Promise<void> {
  const services = [
    `apiVersion: v1
kind: Namespace
metadata: { name: shop, annotations: { waystone.dev/use-waypoint: waypoint } }
`,
  ];
  for (const name of ["web", "blue", "green"]) {
    const port = await freePort();
    const backend = await openGreetingBackend({ name, host: "127.0.0.1", port, habit });
    scene.onClose(() => backend.close());
    const front = name === "web" ? `clusterIP: ${scene.address}, ` : "";
    const enrolment = name === "web" ? "" : ", annotations: { waystone.dev/use-waypoint: none }";
    services.push(`apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop${enrolment} }
spec: { ${front}ports: [{ name: main, port: ${scene.port} }] }
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: ${name}-1, namespace: shop, labels: { kubernetes.io/service-name: ${name} } }
addressType: IPv4
ports: [{ name: main, port: ${port}, protocol: TCP }]
endpoints: [{ addresses: [127.0.0.1], conditions: { ready: true } }]
`);
  }
  await scene.write("services.yaml", services.join("---\n"));
}

function route(kind: "TLSRoute" | "TCPRoute", scene: Scene, to: string, hostname?: string): string {
  return `apiVersion: gateway.networking.k8s.io/v1
kind: ${kind}
metadata: { name: web, namespace: shop }
spec:
  parentRefs: [{ group: "", kind: Service, name: web }]
${hostname === undefined ? "" : `  hostnames: ["${hostname}"]\n`}  rules: [{ backendRefs: [{ name: ${to}, port: ${scene.port} }] }]
`;
}

/** The first line of a new connection; "" where there is none. */
async function greeting(client: LineClient): Promise<string> {
  try {
    return await client.line();
  } catch {
    return "";
  } finally {
    client.socket.destroy();
  }
}

test("a TLSRoute makes its port TLS, leads names to servers, and connections end with what allowed them", () =>
  withScene(async (scene) => {
    await openScene(scene, "tls");
    await scene.write("route.yaml", route("TLSRoute", scene, "blue", "*.shop.example"));
    const { statusAddress } = await scene.start("two processes");
    const dial = (name: string): LineClient => dialTls(scene.address, scene.port, name);
    const status = await statusOf(statusAddress);
    const web = status.services.find(({ name }) => name === "web");
    expect(web?.ports).toMatchObject([{ protocol: "TLS", protocolReason: "TLSRoute shop/web" }]);
    expect(status.routes).toMatchObject([{ kind: "TLSRoute", name: "web" }]);

    const open = dial("www.shop.example");
    expect(await open.line()).toBe("hello from blue");
    expect(await greeting(dial("other.example"))).toBe("");
    // The same backend by another way: nothing is cut.
    await scene.write("route.yaml", route("TLSRoute", scene, "blue", "www.shop.example"));
    await eventually(async () => (await greeting(dial("api.shop.example"))) === "", "the name is refused");
    expect(await open.say("still here")).toBe("still here");
    await scene.write("route.yaml", route("TLSRoute", scene, "green", "www.shop.example"));
    expect(await open.ended()).toMatch(/ECONNRESET/);
    expect(await greeting(dial("www.shop.example"))).toBe("hello from green");
  }));

test("a TCPRoute leads connections elsewhere, and without it they go to the Service's own endpoints", () =>
  withScene(async (scene) => {
    await openScene(scene, "tcp");
    const file = await scene.write("route.yaml", route("TCPRoute", scene, "blue"));
    await scene.start("one process");
    const dial = (): LineClient => dialTcp(scene.address, scene.port);
    const open = dial();
    expect(await open.line()).toBe("hello from blue");
    await scene.write("route.yaml", route("TCPRoute", scene, "nobody"));
    expect(await open.ended()).toMatch(/ECONNRESET/);
    expect(await greeting(dial())).toBe("");
    await rm(file);
    await eventually(async () => (await greeting(dial())) === "hello from web", "its own endpoint answers");
  }));
