/** What a policy is told of Secrets and ConfigMaps that it names and that nobody reads. */
import { expect, test } from "vitest";
import { buildModel } from "../model/model.ts";
import { createManifestSources } from "../testing/manifest-sources.ts";
import { translate } from "./translate.ts";

const policy = `
apiVersion: waystone.dev/v1alpha1
kind: AuthenticationPolicy
metadata: {name: who, namespace: shop}
spec:
  targetRefs: [{group: "", kind: Namespace, name: shop}]
  jwt: {providers: [{name: corp, issuer: "urn:a", jwks: {configMapRef: {name: keys}}}]}
  apiKeys: {secretRefs: [{name: partners}]}`;

test("says whether it is not there, not granted, or one too many, and changes with that", () => {
  const world = createManifestSources(policy, { cluster: { ownNamespace: "waystone-system" } });
  const model = buildModel(world.sources, world.graph, { standalone: false });
  const { statuses } = translate(world.sources, model, world.graph);
  const told = (): string[] => {
    const status = statuses.list().find(({ kind }) => kind === "AuthenticationPolicy");
    const { reason = "", message = "" } =
      status?.conditions.find(({ type }) => type === "ResolvedRefs") ?? {};
    return [reason, ...message.split("; ")];
  };
  expect(told()).toEqual([
    "ConfigMapNotFound",
    "ConfigMap shop/keys does not exist",
    "Secret shop/partners does not exist",
  ]);

  world.refusedConfigMaps.set({ key: "shop/keys", why: "forbidden" });
  world.refusedSecrets.set({ key: "shop/partners", why: "forbidden" });
  expect(told()).toEqual([
    "ConfigMapNotFound",
    "the controller may not read ConfigMap shop/keys",
    "the controller may not read Secret shop/partners until someone who may grant it runs: waystone grant secrets -n shop --name partners",
  ]);

  world.refusedConfigMaps.set({ key: "shop/keys", why: "too-many" });
  world.refusedSecrets.set({ key: "shop/partners", why: "too-many" });
  const crowdedOut = (kind: string, name: string): string[] => [
    `${kind} shop/${name} is not read: the controller follows 1000 ${kind}s by name at a time, and others were named before`,
    "it is read once one of them is not named any more",
  ];
  expect(told().slice(1)).toEqual([...crowdedOut("ConfigMap", "keys"), ...crowdedOut("Secret", "partners")]);

  world.refusedSecrets.set({ key: "shop/partners", why: "too-many-of-namespace" });
  expect(told().slice(3)).toEqual([
    "Secret shop/partners is not read: the controller follows 200 Secrets of one namespace by name at a time, and others of shop were named before",
    "it is read once one of them is not named any more",
  ]);
});
