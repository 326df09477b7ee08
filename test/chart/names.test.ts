/** What the chart and the code must spell alike, for want of a place that both could read. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  caObject,
  controllerObject,
  gatewayGroup,
  ports,
  pushService,
  waypointClassName,
} from "@waystone/api/names";
import { installCommand } from "@waystone/controller/cluster/gateway-api-release";
import { builtInKinds, definedKinds } from "@waystone/controller/cluster/followed-kinds";
import { deployedKinds } from "@waystone/controller/deploy/deployed-kinds";
import { waypointUser } from "@waystone/controller/deploy/deploy-settings";
import { readChartFile, readChartYaml, readRules, readTemplates, type Rule } from "./chart-files.ts";

const controllerRules = readRules("controller/cluster-role.yaml", "ClusterRole");
const ownRules = readRules("controller/role.yaml", "Role");
const restoreRules = readRules("restore-hook/rbac.yaml", "ClusterRole");
const deployment = readChartFile("templates/controller/deployment.yaml");
const services = readChartFile("templates/controller/services.yaml");

/** "apps/deployments" */
function resourcesWith(rules: readonly Rule[], verbs: readonly string[]): ReadonlySet<string> {
  const having = rules.filter((rule) => verbs.every((verb) => rule.verbs.includes(verb)));
  return new Set(
    having.flatMap(({ apiGroups, resources }) =>
      apiGroups.flatMap((group) => resources.map((resource) => `${group}/${resource}`)),
    ),
  );
}

const named = ({ group, plural }: { readonly group: string; readonly plural: string }): string =>
  `${group}/${plural}`;

describe("the chart is of the version of the sources", () => {
  test("as its own and as the image's", () => {
    const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
      version: string;
    };
    expect(readChartYaml("Chart.yaml")).toMatchObject({ version, appVersion: version });
  });
});

describe("names and numbers", () => {
  test("the controller's account, Deployment and lease have the name that the code knows", () => {
    expect(deployment).toContain(`\n  name: ${controllerObject}\n`);
    expect(deployment).toContain(`serviceAccountName: ${controllerObject}\n`);
    const leases = ownRules.find(({ resources }) => resources.includes("leases") && resources.length === 1);
    expect(leases).toBeDefined();
    const names = ownRules.flatMap(({ resourceNames = [] }) => resourceNames);
    expect(new Set(names)).toEqual(new Set([controllerObject, caObject]));
  });

  test("waypoints and controllers are dialled at the Services and ports that the code knows", () => {
    expect(services).toContain(`\n  name: ${pushService}\n`);
    expect(services).toContain(`port: ${ports.push}\n      targetPort: push\n`);
    expect(services).toContain(`port: ${ports.sourceProbe}\n      targetPort: source-probe\n`);
    for (const [name, port] of Object.entries({
      push: ports.push,
      readiness: ports.readiness,
      metrics: ports.metrics,
      "source-probe": ports.sourceProbe,
    })) {
      expect(deployment).toContain(`{name: ${name}, containerPort: ${port}}`);
    }
  });

  test("the user is the one of the image", () => {
    expect(readChartFile("templates/_helpers.tpl")).toContain(`runAsUser: ${waypointUser}\n`);
  });

  test("waypoints are found by their name, whatever their class is called", () => {
    const label = `app.kubernetes.io/name: ${waypointClassName}\n`;
    expect(readChartFile("templates/controller/pod-monitors.yaml")).toContain(label);
  });

  test("whoever lacks the Gateway API is told the command that the controller tells too", () => {
    expect(readChartFile("templates/NOTES.txt")).toContain(installCommand);
  });
});

describe("least privilege", () => {
  const roles = { controller: controllerRules, "own namespace": ownRules, restore: restoreRules };

  test("what the controller may watch everywhere is what it follows, and what it deploys", () => {
    const wanted = [
      ...Object.values(builtInKinds),
      ...Object.values(definedKinds),
      ...Object.values(deployedKinds),
    ];
    expect(resourcesWith(controllerRules, ["list", "watch"])).toEqual(new Set(wanted.map(named)));
  });

  test("it may make and remove what it deploys, capture's objects, and nothing but these", () => {
    const wanted = [
      ...Object.values(deployedKinds).map(named),
      "discovery.k8s.io/endpointslices",
      `${gatewayGroup}/gateways`,
    ];
    expect(resourcesWith(controllerRules, ["delete"])).toEqual(new Set(wanted));
  });

  test.for(Object.entries(roles))("no wildcard: %s", ([, rules]) => {
    const all = rules.flatMap(({ apiGroups, resources, verbs }) => [...apiGroups, ...resources, ...verbs]);
    expect(all.filter((each) => each.includes("*"))).toEqual([]);
  });

  test.for(["escalate", "bind", "impersonate", "deletecollection"])("nobody of ours may %s", (verb) => {
    const verbs = Object.values(roles).flatMap((rules) => rules.flatMap((rule) => rule.verbs));
    expect(verbs).not.toContain(verb);
  });

  test("Secrets are read by name alone, in the own namespace; ConfigMaps of others are watched, and never written", () => {
    const everywhere = [...controllerRules, ...restoreRules];
    const ofKind = (rules: readonly Rule[], kind: string): readonly Rule[] =>
      rules.filter(({ resources }) => resources.includes(kind));
    expect(ofKind(everywhere, "secrets")).toEqual([]);
    for (const rule of [...ofKind(everywhere, "configmaps"), ...ofKind(ownRules, "secrets")]) {
      const isAnybodys = rule.resources.includes("configmaps") && rule.verbs.join() === "list,watch";
      if (rule.verbs.join() !== "create" && !isAnybodys) expect(rule.resourceNames).toEqual([caObject]);
    }
  });

  test("no pod of the release runs with a token that it does not ask for", () => {
    const accounts = readTemplates().filter(({ text }) => text.includes("kind: ServiceAccount\nmetadata"));
    expect(accounts.length).toBeGreaterThan(1);
    for (const { text } of accounts) expect(text).toContain("automountServiceAccountToken: false");
  });
});
