/** A route that cannot be read when `waystone run` starts: its Service answers 500 until it can be. */
import { expect, test } from "vitest";
import { ask } from "../../examples/harness/ask.ts";
import { eventually } from "../../examples/harness/eventually.ts";
import { echoName } from "./harness/echo-name.ts";
import { routeText, withScene } from "./harness/scene.ts";
import { statusOf } from "./harness/status-of.ts";

/** Who asks nobody gets past it. */
const guarded = routeText("blue").replace(
  "- backendRefs",
  `- filters:
        - type: ExternalAuth
          externalAuth: { protocol: HTTP, backendRef: { name: nobody, port: 80 }, http: {} }
      backendRefs`,
);

test("a route with a mistake at the start lets nobody past what it demands, and says why, until it is right", () =>
  withScene(async (scene) => {
    await scene.front();
    await scene.backend("blue");
    const file = await scene.write("route.yaml", guarded.replace("ExternalAuth\n", "ExternalAuht\n"));
    const { controller, statusAddress } = await scene.start("one process");
    const refused = await ask(scene.url);
    expect(refused).toMatchObject({
      status: 500,
      seen: undefined,
      body: expect.stringContaining("what may protect this Service cannot be read (see waystone status)"),
    });
    const why = `Service shop/web: answers everything with 500 until HTTPRoute shop/web (${file}:8:17) can be read`;
    expect(controller.stderr).toContain(why);
    const { services } = await statusOf(statusAddress);
    expect(services.find(({ name }) => name === "web")?.findings.map(({ text }) => text)).toEqual([
      expect.stringContaining(why),
    ]);

    // Whom the filter asks is nobody: the route's own 500 has another text.
    await scene.write("route.yaml", guarded);
    await eventually(
      async () => !(await ask(scene.url)).body.includes("cannot be read"),
      "the route is in force",
    );
    expect((await ask(scene.url)).seen).toBe(undefined);
    await scene.write("route.yaml", routeText("blue"));
    await eventually(async () => echoName(await ask(scene.url)) === "blue", "it answers");

    // What was good once stays in force.
    await scene.write("route.yaml", routeText("blue").replace("rules", "rule"));
    await eventually(
      () => controller.stderr.includes("spec.rule: unknown field"),
      "the log names the mistake",
    );
    expect(echoName(await ask(scene.url))).toBe("blue");
  }));
