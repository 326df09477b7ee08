/** `waystone check` for those who may not look at everything. */
import { getObject } from "@waystone/kube/objects/objects";
import type { KubeResource } from "@waystone/kube/kube-resource";
import { openApiWorld } from "@waystone/kube/testing/api-world";
import type { JsonObject } from "@waystone/testkit/faulty-api-server/json";
import { usualKinds } from "@waystone/testkit/faulty-api-server/stored-kind";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Check, checkWishes, runChecks } from "./checks.ts";
import { kinds } from "./kinds.ts";

let world: Awaited<ReturnType<typeof openApiWorld>>;

beforeEach(async () => {
  world = await openApiWorld();
});

afterEach(async () => await world.close());

const looks: Check = async ({ transport }) => {
  await getObject(transport, kinds.service, { namespace: "shop", name: "web" });
  return [{ name: "services", verdict: "ok", message: "looked at" }];
};

function put({ plural, kind = "" }: KubeResource, metadata: JsonObject): void {
  const stored = usualKinds.find((each) => each.plural === plural)!;
  world.server.store.put(stored, { apiVersion: "v1", kind, metadata });
}

const context = () => ({ transport: world.transport, systemNamespace: "waystone-system" });

test("what may not be looked at is a warning that says why, and the checks after it go on", async () => {
  world.server.faults.add("get", { type: "status", status: 403, reason: "Forbidden" });
  const [forbidden, looked] = await runChecks(context(), [looks, looks]);
  expect(forbidden).toMatchObject({ name: "not looked at", verdict: "warning" });
  expect(forbidden?.message).toContain("services");
  expect(looked?.verdict).toBe("ok");
});

test("any other trouble ends them: an answer of half of them would look like the whole", async () => {
  world.server.faults.add("get", { type: "status", status: 400, reason: "BadRequest" });
  await expect(runChecks(context(), [looks])).rejects.toThrow("services");
});

test("an annotation that was meant for us and is read by nobody is told of, with what it should be", async () => {
  put(kinds.namespace, { name: "shop", annotations: { "waystone.dev/use-waypiont": "w" } });
  put(kinds.service, { name: "web", namespace: "shop", labels: { "istio.io/use-waypont": "w", app: "web" } });
  put(kinds.service, {
    name: "api",
    namespace: "shop",
    annotations: { "waystone.dev/use-waypoint": "w" },
  });
  const warnings = await runChecks(context(), [checkWishes]);
  expect(warnings.map(({ verdict, message }) => `${verdict}: ${message}`)).toEqual([
    "warning: Namespace shop: annotation waystone.dev/use-waypiont is read by nobody: did you mean waystone.dev/use-waypoint?",
    "warning: Service shop/web: label istio.io/use-waypont is read by nobody: did you mean waystone.dev/use-waypoint?",
  ]);
});
