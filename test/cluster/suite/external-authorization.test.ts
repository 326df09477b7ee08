/**
 * CUSTOM on a cluster: OPA's engine in a pod decides what a Service's waypoint asks it, hears who the client is, and is not got round
 * when it is gone: what cannot be asked is refused, while requests run, and is allowed again when it is back.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../until.ts";
import { installWaystone, uninstallWaystone } from "./installed-waystone.ts";
import { createLoadTarget, type LoadTarget, startLoad } from "./load-target.ts";
import { loadOpaImage, opaObjects } from "./opa-pods.ts";
import { untilPolicySays, untilProgrammed } from "./policy-status.ts";
import { untilCaptured } from "./service-state.ts";
import type { LoadAnswer } from "./steady-load.ts";
import { suiteCluster } from "./suite-cluster.ts";
import { applyObjects } from "./waypoint-gateways.ts";
import { loadWaystoneImage } from "./waystone-image.ts";

const cluster = suiteCluster();
const namespace = "asking";
/** The authorizer's own, whose owner grants it. */
const guards = "asked";
const place = { cluster, namespace };
let target: LoadTarget;

/** Whoever shows a name may read, as that name; the pods of one account may do all, and are told by the network alone. */
const rego = `
package envoy.authz

import rego.v1

request := input.attributes.request.http

default allow := {"allowed": false, "http_status": 403, "body": "not by this policy"}

allow := {
	"allowed": true,
	"headers": {"x-user": who},
	"request_headers_to_remove": ["authorization"],
} if {
	who := trim_prefix(request.headers.authorization, "Bearer ")
	request.method == "GET"
}

allow := true if request.path == "/load"

allow := true if input.attributes.source.labels["waystone.dev/service-account"] == "operator"
`;

const opaDecides = {
  apiVersion: "waystone.dev/v1alpha1",
  kind: "AuthorizationPolicy",
  metadata: { name: "opa-decides", namespace },
  spec: {
    action: "CUSTOM",
    targetRefs: [{ group: "", kind: "Service", name: "api" }],
    provider: {
      grpc: { backendRef: { name: "opa", namespace: guards, port: 9191 } },
      // A machine that builds something else meanwhile.
      timeout: "10s",
    },
  },
};

const grant = {
  apiVersion: "gateway.networking.k8s.io/v1",
  kind: "ReferenceGrant",
  metadata: { name: "asked-by-asking", namespace: guards },
  spec: {
    from: [{ group: "waystone.dev", kind: "AuthorizationPolicy", namespace }],
    to: [{ group: "", kind: "Service", name: "opa" }],
  },
};

beforeAll(async () => {
  const image = await loadWaystoneImage(cluster);
  await loadOpaImage(cluster);
  await installWaystone(cluster);
  for (const each of [namespace, guards]) await cluster.kubectl(["create", "namespace", each]);
  await cluster.kubectl(["annotate", "namespace", namespace, "waystone.dev/use-waypoint=waypoint"]);
  await kubectl("create", "serviceaccount", "operator");
  const command = ["node", "-e", "setInterval(() => {}, 60_000)"];
  const containers = [{ name: "operator", image, imagePullPolicy: "Never", command }];
  const spec = { serviceAccountName: "operator", terminationGracePeriodSeconds: 1, containers };
  await applyObjects(
    cluster,
    { apiVersion: "v1", kind: "Pod", metadata: { name: "operator", namespace }, spec },
    ...opaObjects(guards, rego),
  );
  target = await createLoadTarget(cluster, { namespace, name: "api", replicas: 1 });
  await untilOpaRuns();
  await kubectl("wait", "--for=condition=Ready", "--timeout=180s", "pod/operator");
  await untilCaptured(cluster, `${namespace}/api`, 90_000);
}, 480_000);

afterAll(async () => {
  await uninstallWaystone(cluster);
  await cluster.kubectl(["delete", "namespace", namespace, guards, "--wait=false"]);
}, 480_000);

async function kubectl(...args: readonly string[]): Promise<string> {
  return await cluster.kubectl(["-n", namespace, ...args]);
}

async function untilOpaRuns(): Promise<void> {
  await cluster.kubectl(["-n", guards, "rollout", "status", "deployment/opa", "--timeout=180s"]);
}

interface Told {
  readonly status: number;
  readonly text: string;
}

async function ask(
  path: string,
  init: { method?: string; headers?: Record<string, string> } = {},
): Promise<Told> {
  // A kept connection would ask one waypoint alone.
  const headers = { ...init.headers, connection: "close" };
  const answer = await fetch(`http://${target.clusterIp}${path}`, { ...init, headers });
  return { status: answer.status, text: await answer.text() };
}

const asAnn = { headers: { authorization: "Bearer ann", "x-user": "root" } };

test("until the authorizer's owner grants it nobody gets through, and status says so; then it is asked", async () => {
  await kubectl("delete", "wap/opa-decides", "--ignore-not-found");
  await cluster.kubectl(["-n", guards, "delete", "referencegrant", "asked-by-asking", "--ignore-not-found"]);
  await untilAllowed({});
  await applyObjects(cluster, opaDecides);
  await untilPolicySays(place, "wap", "opa-decides", "ResolvedRefs=False RefNotPermitted");
  await untilProgrammed(place, "wap", "opa-decides");
  expect((await ask("/orders", asAnn)).status).toBe(403);
  await applyObjects(cluster, grant);
  await untilPolicySays(place, "wap", "opa-decides", "ResolvedRefs=True");
  await untilAllowed(asAnn);
}, 480_000);

/** Whatever has to reach the waypoints first, all of them: the grant, the authorizer's endpoints. */
async function untilAllowed(init: Parameters<typeof ask>[1]): Promise<void> {
  let last: Told | undefined;
  let inARow = 0;
  await until(
    async () => {
      last = await ask("/orders", init);
      inARow = last.status === 200 ? inARow + 1 : 0;
      return inARow === 10;
    },
    { deadlineMs: 90_000, describe: () => `what is allowed gets ${last?.status}: ${last?.text}` },
  );
}

test("its yes goes on with the headers that it sets, its no is the client's answer", async () => {
  const { status, text } = await ask("/orders", asAnn);
  expect(status).toBe(200);
  const { headers } = JSON.parse(text) as LoadAnswer;
  expect([headers["X-User"], headers["Authorization"]]).toEqual([["ann"], undefined]);
  expect(await ask("/orders")).toEqual({ status: 403, text: "not by this policy" });
  expect((await ask("/orders", { ...asAnn, method: "DELETE" })).status).toBe(403);
});

test("it hears which service account asks, by what the network says of the pod", async () => {
  const script = `fetch("http://${target.clusterIp}/all", { method: "DELETE" }).then(({ status }) => console.log(status))`;
  const fromOperator = async (): Promise<string> =>
    (await kubectl("exec", "operator", "--", "node", "-e", script)).trim();
  // A pod whose request comes before its waypoint knows who it is, is nobody.
  let last = "";
  await until(async () => (last = await fromOperator()) === "200", {
    deadlineMs: 60_000,
    describe: () => `the operator is answered with ${last}`,
  });
});

test("while it is gone nobody gets through, and when it is back who it allows does again", async () => {
  const opa = ["-n", guards, "scale", "deployment/opa"];
  await cluster.kubectl([...opa, "--replicas=0"]);
  const gone = ["-n", guards, "wait", "--for=delete", "pod", "-l", "app=opa", "--timeout=180s"];
  await cluster.kubectl(gone);
  // The last answers that it gave are out by now: from here on there is nobody who could say yes.
  const load = startLoad(target, { perSecond: 50, path: "/load" });
  await until(() => load.sent >= 100, { deadlineMs: 60_000, describe: () => "the load does not run" });
  const { sent, failed } = await load.stop();
  expect(failed.length).toBe(sent);
  expect(failed.filter((line) => !line.includes("status 403"))).toEqual([]);
  await cluster.kubectl([...opa, "--replicas=1"]);
  await untilOpaRuns();
  await untilAllowed(asAnn);
  expect((await ask("/orders")).status).toBe(403);
}, 480_000);
