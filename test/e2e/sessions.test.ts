/** Sessions over waypoints that know nothing of each other, as replicas of one Gateway do (GEP-1619). */
import { openEchoServer } from "@waystone/testkit/http-echo-server";
import http from "node:http";
import { expect, test } from "vitest";
import { pushAddress, startController, startWaypoint } from "../../examples/harness/forms.ts";
import { type Scene, withScene } from "./harness/scene.ts";

interface Answer {
  readonly endpoint: string;
  readonly cookie: string;
}

/** On a connection of its own: the next one may come to another waypoint. */
async function ask(scene: Scene, path: string, cookie = ""): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
  const options = { agent: false, headers: cookie === "" ? {} : { cookie } };
  http.get(`${scene.url}${path}`, options, resolve).once("error", reject);
  const response = await promise;
  response.resume();
  return {
    endpoint: String(response.headers["x-echo-name"]),
    cookie: response.headers["set-cookie"]?.[0]?.split(";")[0] ?? "",
  };
}

/** "web" with three endpoints on one port. */
async function frontWithThree(scene: Scene): Promise<void> {
  const first = await scene.front();
  const hosts = ["127.0.0.1", "127.0.0.2", "127.0.0.3"];
  for (const host of hosts.slice(1)) {
    const server = await openEchoServer({ name: host, host, port: first.port });
    scene.onClose(() => server.close());
  }
  await scene.write(
    "more.yaml",
    `apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: web-2, namespace: shop, labels: { kubernetes.io/service-name: web } }
addressType: IPv4
ports: [{ name: http, port: ${first.port}, protocol: TCP }]
endpoints: [${hosts
      .slice(1)
      .map((host) => `{ addresses: [${host}], conditions: { ready: true } }`)
      .join(", ")}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: web, namespace: shop }
spec:
  parentRefs: [{ group: "", kind: Service, name: web }]
  rules:
    - sessionPersistence: { cookie: { name: cart } }
      backendRefs: [{ name: web, port: ${scene.port} }]
`,
  );
}

test("a waypoint reads the tokens of another one that it shares nothing with: the session outlives the process that began it", () =>
  withScene(async (scene) => {
    await frontWithThree(scene);
    const controller = startController(scene.folder, "127.0.0.1:0");
    scene.onClose(() => controller.stop());
    const push = await pushAddress(controller);
    const playWith = async <T>(play: () => Promise<T>): Promise<T> => {
      const waypoint = startWaypoint(push);
      scene.onClose(() => waypoint.stop());
      await waypoint.find(/"serving"/, "it serves");
      const outcome = await play();
      waypoint.signal("SIGKILL");
      await waypoint.exited;
      return outcome;
    };

    const first = await playWith(() => ask(scene, "/"));
    expect(first.cookie).toMatch(/^cart=1/);
    await playWith(async () => {
      for (let i = 0; i < 20; i++) {
        expect(await ask(scene, `/${i}`, first.cookie)).toEqual({ endpoint: first.endpoint, cookie: "" });
      }
    });
  }));
