/** Every kind of Service on the way in and back, on a real API server with its own EndpointSlice controller. */
import type { EndpointSlice, Service, ServicePort } from "@waystone/api/kubernetes/core";
import { captureKeys } from "@waystone/api/names";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gatewayApiCrds } from "../build/gateway-api.ts";
import { until, type UntilOptions } from "../until.ts";
import { backendPod, HandMadeCapture, standInWaypoint } from "./hand-made-capture.ts";
import { installGatewayApi } from "./installed-waystone.ts";
import { comparable, getService } from "./service-state.ts";
import { suiteCluster } from "./suite-cluster.ts";

const cluster = suiteCluster();
const namespace = "capture";
const shared = "capture-shared";
const longName = `a${"b".repeat(61)}c`;
let capture: HandMadeCapture;

const web: ServicePort = { name: "web", port: 80, targetPort: "web", protocol: "TCP", appProtocol: "http" };
const plain: ServicePort = { name: "plain", port: 8080, targetPort: 8080, protocol: "TCP" };
const dns: ServicePort = { name: "dns", port: 53, targetPort: "dns-udp", protocol: "UDP" };
const signalling: ServicePort = { name: "sig", port: 5060, targetPort: "sig", protocol: "SCTP" };

interface Case {
  readonly is: string;
  readonly name: string;
  readonly spec?: Service["spec"];
  readonly ports: readonly ServicePort[];
  readonly annotations?: Readonly<Record<string, string>>;
  readonly bySlices?: boolean;
}

const elsewhere = {
  "waystone.dev/use-waypoint": "waypoint",
  "waystone.dev/use-waypoint-namespace": shared,
};

const cases: readonly Case[] = [
  { is: "one named port", name: "one", ports: [web] },
  {
    is: "an unnamed port",
    name: "unnamed",
    ports: [{ port: 80, targetPort: 8080, protocol: "TCP", appProtocol: "http" }],
  },
  { is: "several ports", name: "several", ports: [web, plain] },
  { is: "a NodePort", name: "node-port", spec: { type: "NodePort" }, ports: [web] },
  { is: "a LoadBalancer", name: "balancer", spec: { type: "LoadBalancer" }, ports: [web, plain] },
  { is: "both families", name: "dual", spec: { ipFamilyPolicy: "RequireDualStack" }, ports: [web] },
  { is: "IPv6 alone", name: "six", spec: { ipFamilies: ["IPv6"] }, ports: [web] },
  { is: "63 characters", name: longName, ports: [web] },
  {
    is: "pods that are not ready",
    name: "unready",
    spec: { publishNotReadyAddresses: true },
    ports: [web],
    bySlices: true,
  },
  { is: "UDP and SCTP beside TCP", name: "mixed", ports: [web, dns, signalling], bySlices: true },
  {
    is: "a port that stays direct",
    name: "direct",
    ports: [web, plain],
    annotations: { [captureKeys.directPorts]: "plain" },
    bySlices: true,
  },
  {
    is: "a waypoint of another namespace",
    name: "far",
    ports: [web, plain],
    annotations: elsewhere,
    bySlices: true,
  },
  {
    is: "63 characters, both families, all protocols, by slices",
    name: `z${longName.slice(1)}`,
    spec: { ipFamilyPolicy: "RequireDualStack", type: "NodePort" },
    ports: [web, dns, signalling],
    annotations: elsewhere,
    bySlices: true,
  },
];

function serviceOf({ name, spec, ports, annotations = {} }: Case): object {
  const selector = { app: "shop", tier: "web" };
  const metadata = { name, namespace, labels: { team: "a" }, annotations: { note: "kept", ...annotations } };
  return { apiVersion: "v1", kind: "Service", metadata, spec: { selector, ports, ...spec } };
}

async function apply(...items: readonly object[]): Promise<void> {
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
  await cluster.kubectl(["apply", "--server-side", "--field-manager=owner", "-f", "-"], list);
}

async function enroll(on: boolean): Promise<void> {
  const change = on ? "waystone.dev/use-waypoint=waypoint" : "waystone.dev/use-waypoint-";
  await cluster.kubectl(["annotate", "namespace", namespace, change, "--overwrite"]);
}

async function list<T>(kind: string, ...args: readonly string[]): Promise<readonly T[]> {
  const json = await cluster.kubectl(["-n", namespace, "get", kind, "-o", "json", ...args]);
  return (JSON.parse(json) as { readonly items: readonly T[] }).items;
}

const slicesOf = async (name: string): Promise<readonly EndpointSlice[]> =>
  await list<EndpointSlice>("endpointslices", "-l", `kubernetes.io/service-name=${name}`);

const phaseOf = (name: string): string | undefined =>
  capture.controller.captures.plans.get(`${namespace}/${name}`)?.plan.phase;

async function untilPhase(name: string, phase: string | undefined, deadlineMs = 60_000): Promise<void> {
  await until(async () => await Promise.resolve(phaseOf(name) === phase), {
    deadlineMs,
    everyMs: 20,
    describe: () =>
      `${name} is not ${phase}, but ${JSON.stringify(capture.controller.captures.plans.get(`${namespace}/${name}`)?.plan)}`,
  });
}

/** For `until`: a time that is ample, and what was waited for. */
const soon = (what: string): UntilOptions => ({ deadlineMs: 60_000, describe: () => what });

/** Nothing is left to be done for the Service. */
function isStill(name: string): boolean {
  return capture.controller.captures.plans.get(`${namespace}/${name}`)?.plan.step.do === "wait";
}

async function untilStill(name: string): Promise<void> {
  await until(() => isStill(name), soon(`${name} is not at rest`));
}

const readyAddresses = (slices: readonly EndpointSlice[], port: string): readonly string[] =>
  slices
    .filter(({ ports }) => ports?.some(({ name = "" }) => name === port))
    .flatMap(({ endpoints }) => endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready === true)
    .flatMap(({ addresses }) => addresses)
    .toSorted();

const before = new Map<string, unknown>();
const node = cluster.nodes[0] ?? "node-1";

beforeAll(async () => {
  await installGatewayApi(cluster);
  for (const name of [namespace, shared]) await cluster.kubectl(["create", "namespace", name]);
  await apply(
    standInWaypoint(namespace, "waypoint", node),
    standInWaypoint(shared, "waypoint", node),
    backendPod(namespace, "shop-1", node, { app: "shop", tier: "web" }),
    {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "Gateway",
      metadata: { name: "waypoint", namespace: shared },
      spec: {
        gatewayClassName: "waystone-waypoint",
        listeners: [
          { name: "mesh", port: 15008, protocol: "HTTP", allowedRoutes: { namespaces: { from: "All" } } },
        ],
      },
    },
    ...cases.map(serviceOf),
  );
  for (const each of [namespace, shared]) {
    await cluster.kubectl(["-n", each, "wait", "--for=condition=Ready", "--timeout=180s", "pod", "--all"]);
  }
  for (const { name } of cases)
    before.set(name, comparable(await getService(cluster, `${namespace}/${name}`)));
  capture = await HandMadeCapture.start(cluster);
});

afterAll(async () => {
  await capture?.stop();
  await cluster.kubectl(["delete", "gateways", "--all", "-n", shared]);
  await cluster.kubectl(["delete", "namespace", namespace, shared, "--wait=false"]);
  // Other suites begin without.
  const files = await gatewayApiCrds("v1.6.3", "standard");
  await cluster.kubectl(["delete", "-f", files.join(",")]);
});

describe("captured: a Service with", () => {
  beforeAll(async () => {
    await enroll(true);
    for (const { name } of cases) await untilPhase(name, "Captured");
  });

  test.for(cases)("$is", async ({ name, ports, bySlices = false }) => {
    await until(() => phaseOf(name) === "Captured" && isStill(name), soon(name));
    const front = await getService(cluster, `${namespace}/${name}`);
    const shadow = (await list<Service>("services", "-l", `${captureKeys.shadowOf}=${name}`))[0];
    expect(shadow?.spec).toMatchObject({ clusterIP: "None", selector: { app: "shop", tier: "web" }, ports });
    const given = JSON.parse(shadow?.metadata.annotations?.[captureKeys.waypointPorts] ?? "{}") as Record<
      string,
      number
    >;
    const selector = bySlices ? "none.by-slices" : "waypoint";
    expect(front.spec?.selector).toEqual({ [captureKeys.waypoint]: selector });
    if (!bySlices) {
      expect(front.spec?.ports?.map(({ targetPort }) => targetPort)).toEqual(Object.values(given));
    }
  });

  test.for(cases.filter(({ bySlices }) => bySlices === true))(
    "$is: port by port, in each family",
    async ({ name, ports, annotations }) => {
      await until(() => isStill(name), soon(name));
      const isOurs = ({ metadata }: EndpointSlice): boolean =>
        metadata.labels?.["endpointslice.kubernetes.io/managed-by"] === "waystone.dev";
      // Kubernetes empties its own some time after the selector has changed.
      await until(
        async () => {
          const kubernetes = (await slicesOf(name)).filter((slice) => !isOurs(slice));
          return kubernetes.every(({ endpoints }) => (endpoints ?? []).length === 0);
        },
        soon(`Kubernetes' slices of ${name} are not empty`),
      );
      const own = (await slicesOf(name)).filter(isOurs);
      const shadowName = (await list<Service>("services", "-l", `${captureKeys.shadowOf}=${name}`))[0]
        ?.metadata.name;
      const backends = await slicesOf(shadowName ?? "");
      const pods = annotations === elsewhere ? shared : namespace;
      const json = await cluster.kubectl([
        "-n",
        pods,
        "get",
        "pods",
        "-l",
        "waystone.dev/waypoint=waypoint",
        "-o",
        "json",
      ]);
      const families = new Set(own.map(({ addressType }) => addressType));
      const waypointIps = (JSON.parse(json) as { items: { status: { podIPs: { ip: string }[] } }[] }).items
        .flatMap(({ status }) => status.podIPs.map(({ ip }) => ip))
        .filter((ip) => families.has(ip.includes(":") ? "IPv6" : "IPv4"))
        .toSorted();
      for (const { name: port = "", protocol } of ports) {
        const isDirect = protocol !== "TCP" || annotations?.[captureKeys.directPorts] === port;
        const expected = isDirect ? readyAddresses(backends, port) : waypointIps;
        expect([port, readyAddresses(own, port)]).toEqual([port, expected]);
        expect(expected.length).toBeGreaterThan(0);
      }
    },
  );

  test("a direct port answers through the Service's own address", async () => {
    const { spec } = await getService(cluster, `${namespace}/direct`);
    // A node's kube-proxy follows the API server at some distance.
    const ask = async (): Promise<string> => {
      const response = await fetch(`http://${spec?.clusterIP}:8080/`).catch(() => undefined);
      return (await response?.text()) ?? "nobody answers";
    };
    let last = "";
    await until(async () => (last = await ask()).includes('"shop-1"'), {
      deadlineMs: 60_000,
      describe: () => `the direct port says: ${last}`,
    });
  });

  test("its owner's manifest can be applied again: no conflict, and no field is the controller's", async () => {
    for (const { name } of cases) {
      const json = await cluster.kubectl([
        "-n",
        namespace,
        "get",
        "service",
        name,
        "-o",
        "json",
        "--show-managed-fields",
      ]);
      const { metadata } = JSON.parse(json) as { metadata: { managedFields: { manager: string }[] } };
      expect(metadata.managedFields.map(({ manager }) => manager)).not.toContain("waystone-controller");
    }
    const manifests = { apiVersion: "v1", kind: "List", items: cases.map(serviceOf) };
    const dryRun = ["apply", "--server-side", "--field-manager=owner", "--dry-run=server", "-f", "-"];
    await cluster.kubectl(dryRun, JSON.stringify(manifests));
  });

  test("and under another leader nothing is written again", async () => {
    const versions = async (): Promise<readonly string[]> =>
      (await list<Service>("services")).map(({ metadata }) => `${metadata.name} ${metadata.resourceVersion}`);
    const then = await versions();
    await capture.changeLeader();
    await until(async () => (await versions()).length > 0, soon("no Services"));
    for (const { name } of cases) await untilStill(name);
    expect(await versions()).toEqual(then);
  });

  test("a shadow that is deleted comes back, and the Service keeps its waypoint port", async () => {
    const then = (await getService(cluster, `${namespace}/one`)).spec;
    await cluster.kubectl(["-n", namespace, "delete", "service", "-l", `${captureKeys.shadowOf}=one`]);
    await until(async () => {
      const [shadow] = await list<Service>("services", "-l", `${captureKeys.shadowOf}=one`);
      return shadow?.metadata.annotations?.[captureKeys.waypointPorts] !== undefined;
    }, soon("the shadow did not come back"));
    await until(
      async () =>
        JSON.stringify((await getService(cluster, `${namespace}/one`)).spec) === JSON.stringify(then),
      soon("the front is not as it was"),
    );
  });

  test("delete-and-create is a new Service, captured again, and its owner is told", async () => {
    const one = cases[0];
    if (one === undefined) throw new Error("there are no cases");
    const told = (): number =>
      (capture.events.get(`${namespace}/one`) ?? []).filter((reason) => reason === "Recreated").length;
    const toldBefore = told();
    await cluster.kubectl(["-n", namespace, "delete", "service", one.name, "--ignore-not-found"]);
    await apply(serviceOf(one));
    before.set(one.name, undefined);
    await until(() => told() > toldBefore, soon("nobody was told"));
    await untilPhase(one.name, "Captured");
  });
});

describe("moved to another waypoint", () => {
  test("a Service is led there as soon as that is ready, and the first one is left", async () => {
    const annotate = async (change: string): Promise<void> => {
      const args = ["annotate", "service", "several", `waystone.dev/${change}`, "--overwrite"];
      await cluster.kubectl(["-n", namespace, ...args]);
    };
    await annotate("use-waypoint=waypoint");
    await annotate(`use-waypoint-namespace=${shared}`);
    const markOf = async (): Promise<string | undefined> =>
      (await getService(cluster, `${namespace}/several`)).metadata.annotations?.[captureKeys.capturedBy];
    await until(async () => (await markOf()) === `${shared}/waypoint`, soon("it did not move"));
    await until(async () => {
      const [shadow] = await list<Service>("services", "-l", `${captureKeys.shadowOf}=several`);
      const { annotations } = shadow?.metadata ?? {};
      return (
        annotations?.[captureKeys.waypoint] === `${shared}/waypoint` &&
        annotations[captureKeys.movingTo] === undefined
      );
    }, soon("the shadow names the first waypoint still"));
    for (const change of ["use-waypoint-", "use-waypoint-namespace-"]) await annotate(change);
    await until(async () => (await markOf()) === `${namespace}/waypoint`, soon("it did not come back"));
  });
});

describe("given back: a Service with", () => {
  beforeAll(async () => {
    await enroll(false);
    for (const { name, annotations } of cases) {
      if (annotations !== elsewhere) continue;
      for (const key of ["use-waypoint-", "use-waypoint-namespace-"]) {
        await cluster.kubectl(["-n", namespace, "annotate", "service", name, `waystone.dev/${key}`]);
      }
    }
    for (const { name } of cases) await untilPhase(name, undefined);
  });

  test.for(cases)("$is is as it was, byte for byte", async ({ name, annotations }) => {
    const was = before.get(name);
    // Its owner took the annotation back that asked, or made it anew.
    if (was === undefined) return;
    let is: unknown;
    const isBack = async (): Promise<boolean> => {
      is = comparable(await getService(cluster, `${namespace}/${name}`));
      return JSON.stringify(withoutAsking(is)) === JSON.stringify(withoutAsking(was));
    };
    await until(isBack, soon(`it was ${JSON.stringify(was)}, and is another`));
    expect(annotations === elsewhere || JSON.stringify(is) === JSON.stringify(was)).toBe(true);
  });

  test("nothing of ours is left", async () => {
    const byUs = "endpointslice.kubernetes.io/managed-by=waystone.dev";
    const finalizers = ["get", "gateway", "waypoint", "-o", "jsonpath={.metadata.finalizers}"];
    // A Gateway is let go once nothing is with it any more, and so after the Services.
    let left = "";
    await until(
      async () => {
        const shadows = await list<Service>("services", "-l", captureKeys.shadowOf);
        const slices = await list<EndpointSlice>("endpointslices", "-l", byUs);
        const names = [...shadows, ...slices].map(({ metadata }) => metadata.name);
        left = [...names, await cluster.kubectl(["-n", shared, ...finalizers])].join(" ").trim();
        return left === "";
      },
      { deadlineMs: 60_000, describe: () => `left: ${left}` },
    );
  });
});

function withoutAsking(service: unknown): unknown {
  const { metadata, ...rest } = service as Service;
  const annotations = Object.entries(metadata.annotations ?? {}).filter(
    ([key]) => !key.includes("use-waypoint"),
  );
  return { ...rest, metadata: { ...metadata, annotations: Object.fromEntries(annotations) } };
}
