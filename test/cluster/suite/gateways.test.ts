/** Gateways as their owners make, share and change them, with and without the Gateway API: who is captured, and what is said. */
import type { EndpointSlice } from "@waystone/api/kubernetes/core";
import type { Gateway } from "@waystone/api/kubernetes/gateway";
import { captureKeys } from "@waystone/api/names";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../until.ts";
import { releaseNamespace } from "./helm.ts";
import { installGatewayApi, installWaystone, uninstallWaystone, waystone } from "./installed-waystone.ts";
import { createLoadTarget, type LoadTarget } from "./load-target.ts";
import { boundCondition, getService, untilCaptured, untilReleased } from "./service-state.ts";
import type { LoadAnswer } from "./steady-load.ts";
import { suiteCluster } from "./suite-cluster.ts";
import { untilAnswered } from "./until-answered.ts";
import {
  annotateService,
  applyObjects,
  passedWaypoint,
  untilWith,
  waypointGateway,
  waypointParameters,
} from "./waypoint-gateways.ts";

const cluster = suiteCluster();
const namespace = "gates";
const shared = "gates-shared";
const full = "gates-full";
const key = `${namespace}/target`;
const slowMs = 480_000;
let target: LoadTarget;

beforeAll(async () => {
  await installWaystone(cluster, { hasGatewayApi: false });
  for (const each of [namespace, shared, full]) await cluster.kubectl(["create", "namespace", each]);
  target = await createLoadTarget(cluster, { namespace, name: "target", replicas: 2 });
}, slowMs);

afterAll(async () => {
  await uninstallWaystone(cluster);
  await cluster.kubectl(["delete", "namespace", namespace, shared, full, "--wait=false"]);
}, slowMs);

const toShared = ["use-waypoint=waypoint", `use-waypoint-namespace=${shared}`];
const toNone = ["use-waypoint-", "use-waypoint-namespace-"];

async function ask(): Promise<LoadAnswer> {
  // A kept connection would stay where it once led.
  const answer = await fetch(`http://${target.clusterIp}/`, { headers: { connection: "close" } });
  return (await answer.json()) as LoadAnswer;
}

async function gatewayCondition(where: string, name: string, type: string, reason: string): Promise<string> {
  let last: Gateway | undefined;
  const found = await until(
    async () => {
      last = JSON.parse(
        await cluster.kubectl(["-n", where, "get", "gateway", name, "-o", "json"]),
      ) as Gateway;
      return last.status?.conditions?.find((each) => each.type === type && each.reason === reason);
    },
    {
      deadlineMs: 60_000,
      everyMs: 200,
      describe: () => `${name} has no ${type} of ${reason}: ${JSON.stringify(last?.status)}`,
    },
  );
  return `${found.status} ${found.message}`;
}

describe("a cluster without the Gateway API", () => {
  async function untilLogged(text: string): Promise<void> {
    const args = ["-n", releaseNamespace, "logs", "deployment/waystone-controller", "--all-pods"];
    await until(async () => (await cluster.kubectl([...args, "--tail=500"])).includes(text), {
      deadlineMs: 60_000,
      everyMs: 500,
      describe: () => `no controller says: ${text}`,
    });
  }

  async function check(): Promise<string> {
    return await waystone(cluster, "check").catch((error: unknown) => String(error));
  }

  test("is said in the log and by check, and what is annotated stays as it is", async () => {
    await untilLogged("the Gateway API is not installed");
    expect(await check()).toMatch(/Gateway API +its CustomResourceDefinitions are not installed/);
    await cluster.kubectl(["annotate", "namespace", namespace, "waystone.dev/use-waypoint=early"]);
    const bound = await until(async () => boundCondition(await getService(cluster, key)), {
      deadlineMs: 60_000,
      describe: () => "nothing is said of the Service",
    });
    console.log(`without the Gateway API: ${bound.status} ${bound.reason}: ${bound.message}`);
    expect((await getService(cluster, key)).metadata.annotations?.[captureKeys.capturedBy]).toBeUndefined();
  });

  test("that gets it later is served from then on", { timeout: slowMs }, async () => {
    await installGatewayApi(cluster);
    await untilLogged("the Gateway API is installed");
    await untilCaptured(cluster, key, 120_000);
    await untilAnswered(target, (answer) => passedWaypoint(answer) === undefined);
    let said = "";
    await until(async () => /^ok +Gateway API +v1\./m.test((said = await check())), {
      deadlineMs: 60_000,
      everyMs: 500,
      describe: () => said,
    });
  });
});

describe("a waypoint that namespaces share", () => {
  beforeAll(async () => {
    await applyObjects(
      cluster,
      waypointParameters(shared, "small", { replicas: 1, podLabels: { team: "edge" }, logLevel: "warn" }),
      waypointGateway(shared, "waypoint", "small"),
    );
    await annotateService(cluster, key, ...toShared);
    await untilWith(cluster, key, `${shared}/waypoint`);
  }, slowMs);

  test("takes Services of others by slices of our own", async () => {
    const front = await getService(cluster, key);
    expect(front.metadata.annotations?.[captureKeys.capturedBy]).toBe(`${shared}/waypoint`);
    expect(front.spec?.selector).toEqual({ [captureKeys.waypoint]: "none.by-slices" });
    const args = ["-n", namespace, "get", "endpointslices", "-o", "json"];
    const selector = "endpointslice.kubernetes.io/managed-by=waystone.dev,kubernetes.io/service-name=target";
    const { items } = JSON.parse(await cluster.kubectl([...args, "-l", selector])) as {
      items: readonly EndpointSlice[];
    };
    expect(items.flatMap(({ endpoints }) => endpoints ?? []).length).toBeGreaterThan(0);
    await untilAnswered(target, (answer) => passedWaypoint(answer) === undefined);
  });

  test("has as many pods, labels and words as its parameters say", async () => {
    const json = await cluster.kubectl(["-n", shared, "get", "deployment", "waypoint", "-o", "json"]);
    const { spec } = JSON.parse(json) as {
      spec: {
        replicas: number;
        template: {
          metadata: { labels: Record<string, string> };
          spec: { containers: readonly { env: readonly { name: string; value?: string }[] }[] };
        };
      };
    };
    expect(spec.replicas).toBe(1);
    expect(spec.template.metadata.labels).toMatchObject({
      team: "edge",
      "waystone.dev/waypoint": "waypoint",
    });
    expect(spec.template.spec.containers[0]?.env).toContainEqual({
      name: "WAYSTONE_LOG_LEVEL",
      value: "warn",
    });
    const labelled = ["-n", shared, "get", "pods", "-l", "team=edge,waystone.dev/waypoint", "-o", "name"];
    expect((await cluster.kubectl(labelled)).trim().split("\n")).toHaveLength(1);
  });

  test("whose parameters are gone is not Accepted, and what runs stays as it is", async () => {
    const generation = async (): Promise<string> =>
      await cluster.kubectl([
        "-n",
        shared,
        "get",
        "deployment",
        "waypoint",
        "-o",
        "jsonpath={.metadata.generation}",
      ]);
    const before = await generation();
    await applyObjects(cluster, waypointGateway(shared, "waypoint", "missing"));
    const said = await gatewayCondition(shared, "waypoint", "Accepted", "InvalidParameters");
    expect(said).toMatch(/^False /);
    expect(said).toContain("missing");
    expect(passedWaypoint(await ask())).toBeUndefined();
    expect(await generation()).toBe(before);
    await applyObjects(cluster, waypointGateway(shared, "waypoint", "small"));
    expect(await gatewayCondition(shared, "waypoint", "Accepted", "Accepted")).toMatch(/^True /);
    expect(await generation()).toBe(before);
  });
});

describe("a waypoint that never becomes ready", () => {
  test("captures nothing; the Service says what it waits for, and goes on when that comes", {
    timeout: slowMs,
  }, async () => {
    await cluster.kubectl(["annotate", "namespace", namespace, "waystone.dev/use-waypoint-"]);
    await annotateService(cluster, key, ...toNone);
    const { spec } = await untilReleased(cluster, key, 90_000);
    // One of a try before may have become ready.
    await cluster.kubectl(["-n", namespace, "delete", "gateway", "stuck", "--ignore-not-found"]);
    const gone = ["wait", "--for=delete", "--timeout=180s", "pod", "-l", `${captureKeys.waypoint}=stuck`];
    await cluster.kubectl(["-n", namespace, ...gone]);
    const nowhere = { replicas: 1, nodeSelector: { "example.com/nowhere": "true" } };
    await applyObjects(
      cluster,
      waypointParameters(namespace, "nowhere", nowhere),
      waypointGateway(namespace, "stuck", "nowhere"),
    );
    await annotateService(cluster, key, "use-waypoint=stuck");
    const bound = await until(
      async () => {
        const found = boundCondition(await getService(cluster, key));
        return found?.message.includes(`waiting for waypoint ${namespace}/stuck`) === true && found;
      },
      { deadlineMs: 60_000, describe: () => "nobody says what it waits for" },
    );
    console.log(`never ready: ${bound.status} ${bound.reason}: ${bound.message}`);
    expect(bound).toMatchObject({ status: "False", reason: "ShadowReady" });
    let said = "";
    const isSaid = async (): Promise<boolean> => {
      said = await waystone(cluster, "status", "-n", namespace);
      return /^gates +target +gates\/stuck +ShadowReady /m.test(said);
    };
    await until(isSaid, { deadlineMs: 60_000, everyMs: 500, describe: () => `status says: ${said}` });
    const programmed = await cluster.kubectl([
      "-n",
      namespace,
      "get",
      "gateway",
      "stuck",
      "-o",
      'jsonpath={.status.conditions[?(@.type=="Programmed")].message}',
    ]);
    console.log(`its Gateway: ${programmed}`);
    expect((await getService(cluster, key)).spec).toEqual(spec);
    await untilAnswered(target, (answer) => passedWaypoint(answer) !== undefined);
    await applyObjects(cluster, waypointParameters(namespace, "nowhere", { replicas: 1 }));
    await untilCaptured(cluster, key, 90_000);
    await untilAnswered(target, (answer) => passedWaypoint(answer) === undefined);
  });
});

describe("a waypoint that Kubernetes does not let be made", () => {
  test("has a Gateway that says what Kubernetes said", async () => {
    const quota = {
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { name: "none", namespace: full },
      spec: { hard: { pods: "0" } },
    };
    await applyObjects(
      cluster,
      quota,
      waypointParameters(full, "small", { replicas: 1 }),
      waypointGateway(full, "waypoint", "small"),
    );
    let last = "";
    await until(
      async () => {
        const json = await cluster.kubectl(["-n", full, "get", "gateway", "waypoint", "-o", "json"]);
        const { status } = JSON.parse(json) as Gateway;
        const programmed = status?.conditions?.find(({ type }) => type === "Programmed");
        last = JSON.stringify(programmed);
        return programmed?.status === "False" && programmed.message.includes("quota");
      },
      { deadlineMs: 60_000, everyMs: 300, describe: () => `nothing is said of the quota: ${last}` },
    );
    console.log(`forbidden by a quota: ${last}`);
  });
});
