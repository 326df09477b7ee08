/**
 * Golden files: testdata/<situation>.yaml is input, a line "# Output", and the plan of each waypoint in it.
 * REFRESH_GOLDEN=1 rewrites the outputs.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { KubeObject } from "@waystone/kube/kube-object";
import { describe, expect, test } from "vitest";
import { parseAllDocuments, stringify } from "yaml";
import { createDeploySources, testDeploySettings } from "../testing/deploy-world.ts";
import { buildDeployPlans } from "./deploy-plans.ts";

const testdata = path.join(import.meta.dirname, "testdata");
const separator = "\n# Output\n";

function plansOf(text: string, caBundle = "-----BEGIN CERTIFICATE-----\n") {
  const known = createDeploySources();
  const plans = buildDeployPlans({ ...known, settings: testDeploySettings });
  if (caBundle !== "") known.caBundle.set({ pem: caBundle });
  for (const document of parseAllDocuments(text)) known.set(document.toJS() as KubeObject);
  return { known, plans };
}

describe("golden plans", () => {
  test.for(readdirSync(testdata).toSorted())("%s", (name) => {
    const file = path.join(testdata, name);
    const [input = "", output] = readFileSync(file, "utf8").split(separator);
    const { plans } = plansOf(input);
    const shown = plans
      .list()
      .toSorted((a, b) => (a.key < b.key ? -1 : 1))
      .map(({ key, objects, problem }) => ({ key, problem, objects }));
    const actual = stringify(shown, { lineWidth: 0, aliasDuplicateObjects: false });
    if (process.env["REFRESH_GOLDEN"] === "1")
      writeFileSync(file, `${input.trimEnd()}\n${separator}${actual}`);
    else expect(actual).toBe(output);
  });
});

function gateway(name: string, infrastructure: object = {}): string {
  return stringify({
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "Gateway",
    metadata: { name, namespace: "shop", uid: "1" },
    spec: { gatewayClassName: "waystone-waypoint", infrastructure },
  });
}

const reference = { group: "waystone.dev", kind: "WaypointParameters", name: "large" };

describe("what stops a deployment, and with which words", () => {
  test.for([
    [
      "parameters that do not exist",
      { parametersRef: reference },
      "spec.infrastructure.parametersRef names WaypointParameters shop/large, which do not exist; create them, or correct the name",
    ],
    [
      "a ConfigMap",
      { parametersRef: { ...reference, group: "", kind: "ConfigMap" } },
      'spec.infrastructure.parametersRef names a ConfigMap of group ""; a waypoint takes WaypointParameters of group waystone.dev',
    ],
  ] as const)("%s", ([, infrastructure, message]) => {
    const { plans } = plansOf(gateway("waypoint", infrastructure));
    expect(plans.get("shop/waypoint")).toMatchObject({
      objects: undefined,
      problem: { reason: "InvalidParameters", message },
    });
  });

  test.for(["1st", "a.b", "x".repeat(64)])("%s is no name for a waypoint", (name) => {
    const { plans } = plansOf(gateway(name));
    expect(plans.get(`shop/${name}`)).toMatchObject({
      objects: undefined,
      problem: { reason: "InvalidName" },
    });
  });

  test("parameters whose newest version cannot be used, and what is wrong with it", () => {
    const { known, plans } = plansOf(gateway("waypoint", { parametersRef: reference }));
    const object = { apiVersion: "waystone.dev/v1alpha1", kind: "WaypointParameters" } as const;
    const metadata = { name: "large", namespace: "shop" };
    const source = known.sources.cluster?.waypointParameters as ReturnType<
      typeof known.graph.source<{ key: string; object: object; problem: { message: string } }>
    >;
    source.set({ key: "shop/large", object: { ...object, metadata }, problem: { message: "workers is 0" } });
    expect(plans.get("shop/waypoint")?.problem?.message).toBe(
      "spec.infrastructure.parametersRef: WaypointParameters shop/large cannot be used: workers is 0",
    );
  });

  test("no certificates yet: it waits, and nothing is wrong", () => {
    const { plans } = plansOf(gateway("waypoint"), "");
    expect(plans.get("shop/waypoint")).toMatchObject({ objects: undefined, problem: undefined });
  });
});
