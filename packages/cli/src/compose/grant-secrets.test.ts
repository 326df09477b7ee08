/** `waystone grant secrets` and `revoke secrets`: what is written, and what is said. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { kinds } from "../cluster/kinds.ts";
import { parseSecretNames } from "../flags/secret-names.ts";
import { type ClusterWorld, openClusterWorld } from "../testing/cluster-world.ts";
import { grantSecrets } from "./grant-secrets.ts";
import { revokeSecrets } from "./revoke-secrets.ts";

let world: ClusterWorld;

beforeEach(async () => {
  const { role, roleBinding } = kinds;
  world = await openClusterWorld([role, roleBinding]);
});

afterEach(() => world.close());

const grant = async (name?: string, rest: { dryRun?: boolean; output?: "yaml" } = {}): Promise<string> =>
  await grantSecrets({
    kubeconfig: world.kubeconfig,
    systemNamespace: "waystone-system",
    output: "table",
    ...(name === undefined ? {} : { name: parseSecretNames(name) }),
    ...rest,
  });
const revoke = async (name?: string): Promise<string> =>
  await revokeSecrets({
    kubeconfig: world.kubeconfig,
    ...(name === undefined ? {} : { name: parseSecretNames(name) }),
  });
const rules = (): unknown => world.server.get("roles", "shop/waystone-secrets")?.["rules"];

test("names are granted to the controller's account alone, and more beside them the next time", async () => {
  expect(await grant("partners")).toBe(
    `role.rbac.authorization.k8s.io/waystone-secrets created
rolebinding.rbac.authorization.k8s.io/waystone-secrets created
the controller (service account waystone-system/waystone-controller) may read Secret partners of namespace shop
`,
  );
  const text = await grant("staff,partners");
  expect(text).toContain("role.rbac.authorization.k8s.io/waystone-secrets configured\n");
  expect(text).toContain("rolebinding.rbac.authorization.k8s.io/waystone-secrets unchanged\n");
  expect(text).toContain("may read Secrets partners, staff of namespace shop\n");
  expect(rules()).toEqual([
    {
      apiGroups: [""],
      resources: ["secrets"],
      verbs: ["get", "list", "watch"],
      resourceNames: ["partners", "staff"],
    },
  ]);
  expect(world.server.get("rolebindings", "shop/waystone-secrets")).toMatchObject({
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "waystone-secrets" },
    subjects: [{ kind: "ServiceAccount", name: "waystone-controller", namespace: "waystone-system" }],
  });
});

test("without names all are granted, and it says what that means", async () => {
  expect(await grant()).toContain("all Secrets of namespace shop, those that are yet to be made too");
  expect(rules()).toEqual([{ apiGroups: [""], resources: ["secrets"], verbs: ["get", "list", "watch"] }]);
  await expect(revoke("partners")).rejects.toThrow("leave out --name");
});

test("a dry run writes nothing, and its YAML is what would be applied", async () => {
  const text = await grant("partners", { dryRun: true, output: "yaml" });
  expect(text.split("---\n").length).toBe(2);
  expect(text).toContain("resourceNames:\n  - partners\n");
  expect(await grant("partners", { dryRun: true })).toContain("created (dry run)");
  expect(rules()).toBeUndefined();
});

test("single names are taken back, and with the last of them the Role and its binding go", async () => {
  await grant("partners,staff");
  await expect(revoke("others")).rejects.toThrow("not granted: others; granted are partners, staff");
  expect(await revoke("partners")).toBe("the controller may read Secret staff of namespace shop\n");
  expect(await revoke("staff")).toBe("the controller may read no Secret of namespace shop\n");
  expect(rules()).toBeUndefined();
  expect(world.server.get("rolebindings", "shop/waystone-secrets")).toBeUndefined();
  expect(await revoke()).toBe("nothing is granted in namespace shop\n");
});

test("what is no name of a Secret is refused before anything is asked", () => {
  expect(() => parseSecretNames("partners,A b")).toThrow('"A b" is no name of a Secret');
});
