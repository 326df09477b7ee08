/** What `waystone status` prints, from a running process, in one process and in two. */
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { eventually } from "../../examples/harness/eventually.ts";
import { forms } from "../../examples/harness/forms.ts";
import { routeText, type Scene, withScene } from "./harness/scene.ts";
import { statusOf } from "./harness/status-of.ts";

async function print(scene: Scene, ...args: string[]): Promise<string> {
  const command = scene.command(["status", ...args]);
  expect(await command.exited, command.stderr).toBe(0);
  return command.stdout;
}

const policies = `
{apiVersion: waystone.dev/v1alpha1, kind: AuthorizationPolicy, metadata: {name: nobody, namespace: shop}, spec: {mode: Shadow, targetRefs: [{group: "", kind: Service, name: web}]}}
---
{apiVersion: waystone.dev/v1alpha1, kind: AuthorizationPolicy, metadata: {name: lost, namespace: shop}, spec: {targetRefs: [{group: "", kind: Service, name: nowhere}]}}
`;

describe.each(forms)("%s", (form) => {
  test("tables of Services and routes, and everything as JSON and YAML", () =>
    withScene(async (scene) => {
      await scene.front();
      await scene.backend("blue");
      await scene.write("route.yaml", routeText("blue"));
      await scene.write("lost.yaml", routeText("nowhere", "lost"));
      const { statusAddress } = await scene.start(form);
      const admin = ["--admin", statusAddress];
      await eventually(async () => {
        const { services } = await statusOf(statusAddress);
        return services.some(({ conditions }) => conditions.some(({ status }) => status === "True"));
      }, "the waypoint runs it");

      const services = await print(scene, ...admin);
      expect(services.split("\n")[0]).toMatch(
        /^NAMESPACE +NAME +WAYPOINT +ADDRESS +PORTS +READY +ROUTES +PROGRAMMED +PROBLEMS$/,
      );
      expect(services).toMatch(
        new RegExp(`shop +web +shop/waypoint +${scene.address} +${scene.port}/HTTP +1/1 +2 +True +-`),
      );
      const routes = await print(scene, "routes", ...admin);
      expect(routes).toMatch(/shop +HTTPRoute +web +Service\/web +1 +True +True +True +-/);
      expect(routes).toMatch(/shop +HTTPRoute +lost +Service\/web +1 +True +False \(BackendNotFound\)/);

      await scene.write("policies.yaml", policies);
      await eventually(
        async () => /nobody .* 1\/1 /.test(await print(scene, "policies", ...admin)),
        "the waypoint runs the policies",
      );
      const shown = await print(scene, "policies", ...admin);
      expect(shown).toMatch(
        /^NAMESPACE +KIND +NAME +TARGETS +MODE +ACCEPTED +RESOLVED +PROGRAMMED +IN SYNC +MESSAGE\n/,
      );
      expect(shown).toMatch(
        /shop +AuthorizationPolicy +nobody +Service\/web +Shadow +True +True +True +1\/1 +-\n/,
      );
      expect(shown).toMatch(
        /shop +AuthorizationPolicy +lost +Service\/nowhere +Enforce +False \(TargetNotFound\) .*Service shop\/nowhere/,
      );

      const json = JSON.parse(await print(scene, ...admin, "-o", "json")) as { services: unknown[] };
      expect(json.services).toHaveLength(2);
      expect(parse(await print(scene, ...admin, "-o", "yaml"))).toEqual(json);
    }));
});

describe("what it says when it cannot", () => {
  test.for([
    [["--admin", "127.0.0.1:1"], "error: cannot ask 127.0.0.1:1 for its status: nothing listens there"],
    [["--admin", "somewhere"], 'error: --admin "somewhere" is not address:port'],
    [["pods", "--admin", "127.0.0.1:1"], "Allowed choices are services, routes, policies."],
  ] as const)("status %s", ([args, message]) =>
    withScene(async (scene) => {
      const command = scene.command(["status", ...args]);
      expect(await command.exited).toBe(1);
      expect(command.stderr).toContain(message);
    }),
  );

  test("the admin address of a waypoint alone: who knows instead", () =>
    withScene(async (scene) => {
      await scene.front();
      const { waypoint } = await scene.start("two processes");
      const command = scene.command(["status", "--admin", await waypoint.admin()]);
      expect(await command.exited).toBe(1);
      expect(command.stderr).toContain(
        "this process only runs a waypoint; the status of objects is with its controller",
      );
    }));
});
