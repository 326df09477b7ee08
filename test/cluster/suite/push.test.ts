/**
 * The push channel against the real API server: its TokenReview, tokens bound to real pods, and the Secret of the authority.
 * The controller's end runs here, in node-1's network; so do the waypoints' ends, with the pods' tokens.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { wildcardTypeUrls } from "@waystone/api/names";
import { systemClock } from "@waystone/base/clock";
import { createLogger, silentLogger } from "@waystone/base/logger";
import { systemRng } from "@waystone/base/rng";
import { createCollectionGraph } from "@waystone/collection/collection-graph";
import { createController, type Controller } from "@waystone/controller/app";
import { type ClusterSources, openClusterSources } from "@waystone/controller/cluster/cluster-sources";
import { openCertificateAuthority } from "@waystone/controller/serve/certificate-authority";
import { openPush, type Push } from "@waystone/controller/serve/open-push";
import { findCluster } from "@waystone/kube/find-cluster";
import { openTransport } from "@waystone/kube/transport/open-transport";
import type { Transport } from "@waystone/kube/transport/transport";
import { until } from "@waystone/testkit/within";
import { createDeltaClient } from "@waystone/xds/client/delta-client";
import { connectDelta } from "@waystone/xds/grpc/connect-delta";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { imageOf } from "../build/components.ts";
import { gatewayApiCrds } from "../build/gateway-api.ts";
import { suiteCluster } from "./suite-cluster.ts";

const cluster = suiteCluster();
const crds = (await gatewayApiCrds("v1.6.3", "standard")).flatMap((file) => ["-f", file]);
const namespace = "push-tenant";
const ownNamespace = "push-system";

let folder: string;
let transport: Transport;
let source: ClusterSources;
let controller: Controller;
let push: Push;
let bundle = "";
const dialled: { close(): void }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "waystone-push-"));
  await cluster.kubectl(["apply", "--server-side", ...crds]);
  await cluster.kubectl(["wait", "--for=condition=Established", "crd/gateways.gateway.networking.k8s.io"]);
  await apply(
    ...[namespace, ownNamespace].map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } })),
    account("waypoint"),
    account("other"),
    {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "Gateway",
      metadata: { name: "waypoint", namespace },
      spec: {
        gatewayClassName: "waystone-waypoint",
        listeners: [{ name: "mesh", port: 15008, protocol: "HTTP" }],
      },
    },
    pod("waypoint-1", "waypoint"),
    pod("waypoint-2", "waypoint"),
    pod("waypoint-3", "waypoint"),
    pod("stranger", "other"),
  );
  const running = "--for=jsonpath={.status.phase}=Running";
  await cluster.kubectl(["-n", namespace, "wait", running, "--timeout=180s", "pod", "--all"]);

  const config = await findCluster({ environment: cluster.environment, clock: systemClock });
  transport = openTransport(config, { clock: systemClock });
  const graph = createCollectionGraph();
  const common = { transport, graph, clock: systemClock, rng: systemRng, logger: silentLogger };
  source = openClusterSources({ ...common, ownNamespace });
  await source.whenSynced();
  controller = createController({ ...common, source: source.sources, standalone: false });
  push = openLeader(true);
  await push.listening;
});

afterEach(() => {
  for (const each of dialled.splice(0)) each.close();
});

afterAll(async () => {
  await push.close();
  controller.close();
  await source.close();
  await transport.close();
  await rm(folder, { recursive: true });
  await cluster.kubectl(["delete", "namespace", namespace, ownNamespace, "--wait=false"]);
  await cluster.kubectl(["delete", "--ignore-not-found", ...crds]);
});

async function apply(...items: readonly object[]): Promise<void> {
  await cluster.kubectl(["apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items }));
}

function account(name: string): object {
  return { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } };
}

/** There, and known to the controller, though a try before may have deleted it. */
async function haveWaypoint(name: string): Promise<void> {
  await apply(account("waypoint"), pod(name, "waypoint"));
  const running = ["wait", "--for=jsonpath={.status.phase}=Running", "--timeout=180s", `pod/${name}`];
  await cluster.kubectl(["-n", namespace, ...running]);
  const uid = await cluster.kubectl(["-n", namespace, "get", "pod", name, "-o", "jsonpath={.metadata.uid}"]);
  const isKnown = (): boolean => source.sources.pods.list().some(({ object }) => object.metadata.uid === uid);
  await until(isKnown, `the controller knows ${name}`, 60_000);
}

function pod(name: string, serviceAccountName: string): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels: { "waystone.dev/waypoint": "waypoint" } },
    spec: {
      serviceAccountName,
      terminationGracePeriodSeconds: 1,
      containers: [{ name: "echo", image: imageOf("echo"), args: ["serve", ":8080"] }],
    },
  };
}

/** We dial from the node, not from the pods: their addresses are checked by one test alone. */
function openLeader(isElsewhere: boolean): Push {
  return openPush({
    transport,
    server: controller.server,
    sources: source.sources,
    namespace: ownNamespace,
    clusterDomain: "cluster.local",
    clock: systemClock,
    rng: systemRng,
    logger: silentLogger,
    address: "127.0.0.1:0",
    publishCa: (pem) => {
      bundle = pem;
    },
    settings: { checksAddress: !isElsewhere },
  });
}

interface TokenOptions {
  readonly account?: string;
  readonly audience?: string;
  readonly pod?: string;
}

async function createToken({ account = "waypoint", audience = "waystone.dev", pod: name }: TokenOptions) {
  const bound = name === undefined ? [] : ["--bound-object-kind", "Pod", "--bound-object-name", name];
  const args = ["-n", namespace, "create", "token", account, "--audience", audience, ...bound];
  const token = await cluster.kubectl(args);
  return token.trim();
}

interface Dialled {
  completions: number;
  reasons(): string[];
}

async function dial(token: string, podName: string, at: Push = push): Promise<Dialled> {
  const address = await at.listening;
  const [tokenFile, caFile] = [path.join(folder, `${podName}-token`), path.join(folder, "ca.crt")];
  await writeFile(tokenFile, token);
  await writeFile(caFile, bundle);
  const lines: string[] = [];
  const waypoint: Dialled = {
    completions: 0,
    reasons: () => lines.flatMap((line) => (JSON.parse(line) as { reason?: string }).reason ?? []),
  };
  const client = createDeltaClient({
    nodeId: `${namespace}/waypoint/${podName}`,
    wildcardTypes: wildcardTypeUrls,
    clock: systemClock,
    apply: async () => [],
    onComplete: () => void waypoint.completions++,
  });
  dialled.push(
    connectDelta({
      client,
      address: `waystone-push.${ownNamespace}.svc:${address.slice(address.lastIndexOf(":") + 1)}`,
      clock: systemClock,
      rng: systemRng,
      logger: createLogger({ level: "debug", stream: { write: (line) => void lines.push(line) } }),
      tls: { caFile },
      tokenFile,
      resolve: async () => ["127.0.0.1"],
    }),
  );
  return waypoint;
}

async function connect(podName: string, options: TokenOptions = {}): Promise<Dialled> {
  const waypoint = await dial(await createToken({ pod: podName, ...options }), podName);
  await until(() => waypoint.completions > 0 || waypoint.reasons().length > 0, "it is answered", 60_000);
  expect(waypoint.reasons()).toEqual([]);
  return waypoint;
}

async function refusal(token: string, podName: string, at: Push = push): Promise<string> {
  const waypoint = await dial(token, podName, at);
  await until(() => waypoint.reasons().length > 0, "it is refused", 60_000);
  expect(waypoint.completions).toBe(0);
  return waypoint.reasons()[0] ?? "";
}

const isConnected = (podName: string): boolean =>
  controller.server.streams().some(({ node }) => node?.id === `${namespace}/waypoint/${podName}`);

describe("a token", () => {
  test("that the API server bound to a waypoint's pod opens a stream", async () => {
    await connect("waypoint-1");
    expect(isConnected("waypoint-1")).toBe(true);
  });

  test.for<[string, TokenOptions, string, RegExp]>([
    [
      "for another audience",
      { pod: "waypoint-1", audience: "https://kubernetes.default.svc" },
      "waypoint-1",
      /does not accept the token/,
    ],
    ["of no pod", {}, "waypoint-1", /is bound to no pod/],
    [
      "of a pod under another account",
      { pod: "stranger", account: "other" },
      "stranger",
      /runs under account other/,
    ],
    ["of another pod", { pod: "waypoint-2" }, "waypoint-1", /is not push-tenant\/waypoint\/waypoint-2/],
  ])("%s is refused", async ([, options, podName, reason]) => {
    expect(await refusal(await createToken(options), podName)).toMatch(reason);
  });

  test("that was changed by one letter is refused", async () => {
    const token = await createToken({ pod: "waypoint-1" });
    const at = token.lastIndexOf(".") + 10;
    const changed = token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
    expect(await refusal(changed, "waypoint-1")).toMatch(/does not accept the token/);
  });

  test("that comes from elsewhere than its pod is refused", async () => {
    const strict = openLeader(false);
    try {
      const token = await createToken({ pod: "waypoint-1" });
      expect(await refusal(token, "waypoint-1", strict)).toMatch(
        /^pod push-tenant\/waypoint-1 is at 1.*, and its token came from 127\.0\.0\.1$/,
      );
    } finally {
      await strict.close();
    }
  });
});

describe("a stream ends", () => {
  test("when its pod is deleted, in the moment in which it is gone; the token is worth nothing then", async () => {
    await haveWaypoint("waypoint-2");
    const waypoint = await connect("waypoint-2");
    const token = await createToken({ pod: "waypoint-2" });
    await cluster.kubectl(["-n", namespace, "delete", "pod", "waypoint-2"]);
    await until(() => !isConnected("waypoint-2"), "it is cut", 60_000);
    await until(() => waypoint.reasons().length > 0, "it hears of it");
    // It has ended before it is gone.
    expect(waypoint.reasons()[0]).toMatch(/^pod push-tenant\/waypoint-2 (has ended|is not there)$/);
    expect(await refusal(token, "waypoint-2")).toMatch(/does not accept the token|is not there|has ended/);
  });

  test("soon when its account is deleted", async () => {
    await haveWaypoint("waypoint-3");
    const waypoint = await connect("waypoint-3");
    await cluster.kubectl(["-n", namespace, "delete", "serviceaccount", "waypoint"]);
    await until(() => !isConnected("waypoint-3"), "it is cut", 90_000);
    await until(() => waypoint.reasons().length > 0, "it hears of it");
    expect(waypoint.reasons()[0]).toMatch(/does not accept the token/);
  });
});

describe("the authority's Secret", () => {
  test("is one, however many leaders make it at once", async () => {
    const raceNamespace = `push-race-${Date.now()}`;
    onTestFinished(async () => {
      await cluster.kubectl(["delete", "namespace", raceNamespace, "--wait=false"]);
    });
    await cluster.kubectl(["create", "namespace", raceNamespace]);
    const bundles: string[] = [];
    const served: string[] = [];
    const racers = Array.from({ length: 4 }, () =>
      openCertificateAuthority({
        transport,
        namespace: raceNamespace,
        clusterDomain: "cluster.local",
        clock: systemClock,
        rng: systemRng,
        logger: silentLogger,
        publishBundle: (pem) => void bundles.push(pem),
        publishServing: ({ certificate }) => void served.push(certificate),
      }),
    );
    try {
      await until(() => served.length === racers.length, "all have a certificate", 60_000);
    } finally {
      await Promise.all(racers.map((each) => each.close()));
    }
    expect(new Set(bundles).size).toBe(1);
    const read = ["-n", raceNamespace, "get", "secret", "waystone-ca", "-o", "jsonpath={.data.ca\\.crt}"];
    expect(Buffer.from(await cluster.kubectl(read), "base64").toString()).toBe(bundles[0]);
  });
});
