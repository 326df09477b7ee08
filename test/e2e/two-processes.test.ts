/** `waystone controller` and `waystone waypoint`: the controller goes and comes back, Gateways are served apart. */
import path from "node:path";
import { freePort } from "@waystone/testkit/free-port";
import { expect, test } from "vitest";
import { ask, askMany, tally } from "../../examples/harness/ask.ts";
import { eventually } from "../../examples/harness/eventually.ts";
import {
  pushAddress,
  readinessAddress,
  startController,
  startWaypoint,
} from "../../examples/harness/forms.ts";
import { TrafficFlow } from "../../examples/harness/traffic-flow.ts";
import { echoName } from "./harness/echo-name.ts";
import { frontText, routeText, withScene } from "./harness/scene.ts";

test("the controller is killed and comes back: no request fails, and what changed meanwhile takes effect", () =>
  withScene(async (scene) => {
    await scene.front();
    await scene.backend("blue");
    await scene.backend("green");
    await scene.write("route.yaml", routeText("blue"));
    // One of its own: a port that the kernel chose would be a connection's by the time the controller is back.
    const push = `127.0.0.1:${await freePort()}`;
    const first = startController(scene.folder, push);
    scene.onClose(() => first.stop());
    await pushAddress(first);
    const waypoint = startWaypoint(push);
    scene.onClose(() => waypoint.stop());
    await waypoint.find(/"serving"/, "it serves");

    const flow = new TrafficFlow(scene.url, (answer) => ["blue", "green"].includes(echoName(answer)));
    first.signal("SIGKILL");
    await first.exited;
    await waypoint.find(/no controller; the configuration that is in use stays in use/, "it says so");
    expect(tally(await askMany(50, scene.url))).toEqual({ 200: 50 });
    await scene.write("route.yaml", routeText("green"));
    const second = startController(scene.folder, push);
    scene.onClose(() => second.stop());
    await eventually(async () => echoName(await ask(scene.url)) === "green", "the change takes effect");
    expect((await flow.stop()).failures).toEqual([]);
  }));

test("a waypoint that starts without its controller serves its last good configuration, and follows when it is back", () =>
  withScene(async (scene) => {
    await scene.front();
    await scene.backend("blue");
    await scene.write("route.yaml", routeText("blue"));
    const state = ["--state-dir", path.join(scene.folder, ".state")];
    const push = `127.0.0.1:${await freePort()}`;
    const controller = startController(scene.folder, push);
    scene.onClose(() => controller.stop());
    await pushAddress(controller);
    const before = startWaypoint(push, state);
    await before.find(/"serving"/, "it serves");
    await Promise.all([before.stop(), controller.stop()]);

    const after = startWaypoint(push, state);
    scene.onClose(() => after.stop());
    const ready = await readinessAddress(after);
    const { status, body } = await ask(`http://${ready}/healthz/ready`);
    expect([status, body]).toEqual([503, expect.stringContaining("waiting for the first complete snapshot")]);
    await after.find(/serving from the last good configuration/, "it gives up waiting");
    await eventually(async () => (await ask(`http://${ready}/healthz/ready`)).status === 200, "it is ready");
    expect(echoName(await ask(scene.url))).toBe("blue");

    await scene.backend("green");
    await scene.write("route.yaml", routeText("green"));
    const back = startController(scene.folder, push);
    scene.onClose(() => back.stop());
    await eventually(async () => echoName(await ask(scene.url)) === "green", "the change takes effect");
  }));

test("a waypoint of one Gateway serves that Gateway's Services alone", () =>
  withScene(async (scene) => {
    const server = await scene.front();
    const place = { address: scene.address.replace(/^127\.\d+/, "127.98"), port: scene.port };
    const other = frontText({ ...place, endpointPort: server.port }).replaceAll("shop", "bank");
    await scene.write("other.yaml", other);
    const controller = startController(scene.folder, "127.0.0.1:0");
    scene.onClose(() => controller.stop());
    const waypoint = startWaypoint(await pushAddress(controller), ["--gateway", "bank/waypoint"]);
    scene.onClose(() => waypoint.stop());
    await waypoint.find(/"serving"/, "it serves");
    expect(echoName(await ask(`http://${place.address}:${place.port}`))).toBe("web");
    await expect(ask(scene.url)).rejects.toThrow("ECONNREFUSED");
  }));

test("with --drain-delay a waypoint serves new connections for that long after SIGTERM, not ready and with Connection: close", () =>
  withScene(async (scene) => {
    await scene.front();
    await scene.backend("blue");
    await scene.write("route.yaml", routeText("blue"));
    const controller = startController(scene.folder, "127.0.0.1:0");
    scene.onClose(() => controller.stop());
    const waypoint = startWaypoint(await pushAddress(controller), ["--drain-delay", "2s"]);
    scene.onClose(() => waypoint.stop());
    await waypoint.find(/"serving"/, "it serves");
    const ready = await readinessAddress(waypoint);
    waypoint.signal("SIGTERM");
    await eventually(
      async () => (await ask(`http://${ready}/healthz/ready`)).status === 503,
      "it is not ready",
    );
    const { status, headers } = await ask(scene.url);
    expect([status, headers.connection]).toEqual([200, "close"]);
    await scene.backend("green");
    await scene.write("route.yaml", routeText("green"));
    await eventually(async () => echoName(await ask(scene.url)) === "green", "it follows its controller");
    expect(await waypoint.exited).toBe(0);
  }));
