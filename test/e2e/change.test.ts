/** What happens while it runs: files change, turn bad and well again, backends die. In one process and in two. */
import { rm } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { ask, askMany, tally } from "../../examples/harness/ask.ts";
import { eventually } from "../../examples/harness/eventually.ts";
import { forms } from "../../examples/harness/forms.ts";
import { TrafficFlow } from "../../examples/harness/traffic-flow.ts";
import { echoName } from "./harness/echo-name.ts";
import { frontText, routeText, withScene } from "./harness/scene.ts";
import { statusOf } from "./harness/status-of.ts";

describe.each(forms)("%s", (form) => {
  test("routes change back and forth under traffic: no request fails, none goes elsewhere, each change takes effect", () =>
    withScene(async (scene) => {
      await scene.front();
      await scene.backend("blue");
      await scene.backend("green");
      await scene.write("route.yaml", routeText("blue"));
      await scene.start(form);
      const flow = new TrafficFlow(scene.url, (answer) => ["blue", "green"].includes(echoName(answer)));
      for (const colour of ["green", "blue", "green", "blue", "green"]) {
        await scene.write("route.yaml", routeText(colour));
        await eventually(async () => echoName(await ask(scene.url)) === colour, `${colour} answers`);
        // From now on nobody gets the other one.
        const names = new Set((await askMany(50, scene.url)).map(echoName));
        expect(names).toEqual(new Set([colour]));
      }
      await eventually(() => flow.count > 100, "so many are asked");
      const { failures } = await flow.stop();
      expect(failures).toEqual([]);
    }));

  test("an object that turns bad keeps its last good version, and log and status say so until it is well again", () =>
    withScene(async (scene) => {
      await scene.front();
      await scene.backend("blue");
      const file = await scene.write("route.yaml", routeText("blue"));
      const { controller, statusAddress } = await scene.start(form);
      const problem = `${file}:6:3: HTTPRoute shop/web: spec.rule: unknown field; did you mean rules?`;

      await scene.write("route.yaml", routeText("green").replace("rules", "rule"));
      await eventually(() => controller.stderr.includes(problem), "the log names the mistake");
      expect(tally(await askMany(20, scene.url))).toEqual({ 200: 20 });
      expect(echoName(await ask(scene.url))).toBe("blue");
      const bad = await statusOf(statusAddress);
      expect(bad.problems.map(({ text }) => text)).toContain(problem);
      expect(bad.routes[0]?.refusedVersion).toContain(
        "the newest version was refused, generation 1 stays in force",
      );
      expect(bad.routes[0]?.generation).toBe(1);

      await scene.backend("green");
      await scene.write("route.yaml", routeText("green"));
      await eventually(
        async () => echoName(await ask(scene.url)) === "green",
        "the good version takes effect",
      );
      await eventually(() => controller.stderr.includes(`over: ${file}:6:3`), "the log says that it is over");
      const good = await statusOf(statusAddress);
      expect(good.problems).toEqual([]);
      expect(good.routes[0]).toMatchObject({ refusedVersion: null, generation: 2 });
    }));

  test("Programmed is True once the waypoint runs this generation", () =>
    withScene(async (scene) => {
      await scene.front();
      await scene.backend("blue");
      await scene.write("route.yaml", routeText("blue"));
      const { statusAddress } = await scene.start(form);
      const programmed = async (generation: number): Promise<boolean> => {
        const route = (await statusOf(statusAddress)).routes[0];
        const condition = route?.parents[0]?.conditions.find(({ type }) => type === "Programmed");
        return condition?.status === "True" && condition.observedGeneration === generation;
      };
      await eventually(async () => await programmed(1), "generation 1 is programmed");
      await scene.write("route.yaml", routeText("web").replace("port: 80", `port: ${scene.port}`));
      await eventually(async () => await programmed(2), "generation 2 is programmed");
      const condition = (await statusOf(statusAddress)).routes[0]?.parents[0]?.conditions.find(
        ({ type }) => type === "Programmed",
      );
      expect(condition?.message).toContain("1/1 waypoints at generation 2");
    }));

  test("a file that is removed takes its route with it, and the Service answers by itself again", () =>
    withScene(async (scene) => {
      await scene.front();
      await scene.backend("blue");
      const file = await scene.write("route.yaml", routeText("blue"));
      await scene.start(form);
      expect(echoName(await ask(scene.url))).toBe("blue");
      await rm(file);
      await eventually(
        async () => echoName(await ask(scene.url)) === "web",
        "the Service's own endpoint answers",
      );
    }));

  test("a Service that is added is listened on, and one that is removed no longer", () =>
    withScene(async (scene) => {
      const server = await scene.front();
      await scene.start(form);
      const place = { address: scene.address.replace(/^127\.\d+/, "127.99"), port: scene.port };
      const second = frontText({ ...place, endpointPort: server.port })
        .replace(/^.*?---\n/s, "")
        .replaceAll("web", "second");
      const file = await scene.write("second.yaml", second);
      const url = `http://${place.address}:${place.port}`;
      const answers = async (): Promise<boolean> => (await ask(url).catch(() => undefined))?.status === 200;
      await eventually(answers, "the new Service answers");
      await rm(path.join(file));
      await eventually(async () => !(await answers()), "the removed Service no longer answers");
      expect(echoName(await ask(scene.url))).toBe("web");
    }));

  test("a killed backend: 503 at once while it is gone, with flag and cause in the access log; then it is back", () =>
    withScene(async (scene) => {
      await scene.front();
      const blue = await scene.backend("blue");
      await scene.write("route.yaml", routeText("blue"));
      const { waypoint } = await scene.start(form);
      expect(echoName(await ask(scene.url))).toBe("blue");
      await blue.close();
      const { status, body } = await ask(`${scene.url}/gone`);
      expect([status, body.trim()]).toEqual([503, "upstream connect failure"]);
      await eventually(() => waypoint.stdout.includes('"path":"/gone"'), "the access log has the request");
      const line = waypoint.stdout.split("\n").find((each) => each.includes('"path":"/gone"')) ?? "";
      expect(JSON.parse(line)).toMatchObject({
        response_code: 503,
        response_flags: "UF",
        reason: "UpstreamFailure",
        route_name: "shop/web/0",
        upstream_host: `127.0.0.1:${blue.port}`,
        upstream_transport_failure_reason: `127.0.0.1:${blue.port}: ECONNREFUSED`,
      });
      await scene.backend("blue");
      await eventually(async () => echoName(await ask(scene.url)) === "blue", "the new endpoint answers");
    }));
});
