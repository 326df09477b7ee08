/** `waystone check` for those who may not look at everything. */
import { getObject } from "@waystone/kube/objects/objects";
import { openApiWorld } from "@waystone/kube/testing/api-world";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Check, runChecks } from "./checks.ts";
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
