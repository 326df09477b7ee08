/**
 * What breaks, under load: a leader that is gone, a waypoint that is killed, an API server that does not answer, and the way
 * back without a controller. Traffic goes on; where requests must fail, only those of the connections that were cut do.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Service } from "@waystone/api/kubernetes/core";
import { captureKeys } from "@waystone/api/names";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { killContainer } from "../containerd.ts";
import { childrenOf, readProcessRecord } from "../process-record.ts";
import { until } from "../until.ts";
import { sized } from "./full-run.ts";
import { releaseNamespace } from "./helm.ts";
import { installWaystone, uninstallWaystone, waystone } from "./installed-waystone.ts";
import { createLoadTarget, type LoadTarget, startLoad } from "./load-target.ts";
import { boundCondition, comparable, getService, untilCaptured, untilReleased } from "./service-state.ts";
import { describeLoad, type LoadResult } from "./steady-load.ts";
import { suiteCluster } from "./suite-cluster.ts";

const cluster = suiteCluster();
const namespace = "faults";
const key = `${namespace}/target`;
const controller = "waystone-controller";
const slowMs = 480_000;
/** What is promised; a run in passing, on a machine that builds something else, gets more time. */
const noticedSeconds = sized({ short: 40, full: 15 });
let target: LoadTarget;
let before: unknown;

beforeAll(async () => {
  await installWaystone(cluster);
  await cluster.kubectl(["create", "namespace", namespace]);
  target = await createLoadTarget(cluster, { namespace, name: "target", replicas: 2 });
  before = comparable(await getService(cluster, key));
  await cluster.kubectl(["annotate", "namespace", namespace, "waystone.dev/use-waypoint=waypoint"]);
  await untilCaptured(cluster, key, 90_000);
  await changeRoute();
}, slowMs);

afterAll(async () => {
  await uninstallWaystone(cluster);
  await cluster.kubectl(["delete", "namespace", namespace, "--wait=false"]);
}, slowMs);

async function kubectl(...args: readonly string[]): Promise<string> {
  return await cluster.kubectl(["-n", namespace, ...args]);
}

async function system(...args: readonly string[]): Promise<string> {
  return await cluster.kubectl(["-n", releaseNamespace, ...args]);
}

async function underLoad(what: string, act: () => Promise<void>): Promise<LoadResult> {
  const load = startLoad(target, { perSecond: 100 });
  let result: LoadResult;
  try {
    await sleep(1_000);
    await act();
    await sleep(2_000);
  } finally {
    result = await load.stop();
    console.log(`${what}: ${describeLoad(result)}`);
  }
  return result;
}

/** Of the Lease. It begins with the name of the pod that leads. */
async function leader(): Promise<string> {
  return await system("get", "lease", controller, "-o", "jsonpath={.spec.holderIdentity}");
}

/** Its pod and the Lease's holder: one that is there, which it may not be after a try before. */
async function leadingPod(): Promise<{ readonly pod: string; readonly holder: string }> {
  await system("rollout", "status", `deployment/${controller}`, "--timeout=180s");
  let holder = "";
  return await until(
    async () => {
      holder = await leader();
      const names = (await system("get", "pods", "-o", "name")).split("\n");
      const pod = names.map((name) => name.replace("pod/", "")).find((name) => isBeginOf(name, holder));
      return pod !== undefined && { pod, holder };
    },
    { deadlineMs: 60_000, everyMs: 200, describe: () => `${holder} leads, and is no pod` },
  );
}

function isBeginOf(name: string, holder: string): boolean {
  return name !== "" && holder.startsWith(name);
}

let routeNumber = 0;

/** Writes the route with a new number, and waits until answers show it: all of them, of every waypoint. */
async function changeRoute(): Promise<number> {
  const number = String(++routeNumber);
  const set = [{ name: "x-route-number", value: number }];
  const route = {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: { name: "target", namespace },
    spec: {
      parentRefs: [{ group: "", kind: "Service", name: "target" }],
      rules: [
        {
          filters: [{ type: "ResponseHeaderModifier", responseHeaderModifier: { set } }],
          backendRefs: [{ name: "target", port: 80 }],
        },
      ],
    },
  };
  const startedAt = performance.now();
  await cluster.kubectl(["apply", "-f", "-"], JSON.stringify(route));
  let inARow = 0;
  await until(
    async () => {
      const answer = await fetch(`http://${target.clusterIp}/`, { headers: { connection: "close" } });
      await answer.text();
      inARow = answer.headers.get("x-route-number") === number ? inARow + 1 : 0;
      return inARow === 20;
    },
    { deadlineMs: 60_000, everyMs: 5, describe: () => `route ${number} is not in force` },
  );
  return performance.now() - startedAt;
}

describe("the leading controller", () => {
  test("is gone at once: another leads when its lease is over, and routes go on being changed", {
    timeout: slowMs,
  }, async () => {
    const { pod, holder: first } = await leadingPod();
    const { failed } = await underLoad("leader gone", async () => {
      const killedAt = performance.now();
      const { containerId, node } = await containerOf(releaseNamespace, pod);
      await killContainer(cluster.state, node, containerId);
      await system("delete", "pod", pod, "--grace-period=0", "--force");
      const next = await until(
        async () => {
          const holder = await leader();
          return holder !== first && holder !== "" && holder;
        },
        { deadlineMs: 60_000, everyMs: 200, describe: () => `${first} is still said to lead` },
      );
      const seconds = (performance.now() - killedAt) / 1000;
      console.log(`after ${seconds.toFixed(1)} s ${next} leads instead of ${first}`);
      expect(seconds).toBeLessThan(sized({ short: 60, full: 30 }));
      console.log(`a route change then takes ${(await changeRoute()).toFixed(0)} ms`);
    });
    expect(failed).toEqual([]);
    await system("rollout", "status", `deployment/${controller}`, "--timeout=180s");
  });
});

interface ContainerPlace {
  readonly containerId: string;
  readonly node: string;
  readonly restarts: number;
}

async function containerOf(where: string, pod: string): Promise<ContainerPlace> {
  const json = await cluster.kubectl(["-n", where, "get", "pod", pod, "-o", "json"]);
  const { spec, status } = JSON.parse(json) as {
    spec: { nodeName: string };
    status: { containerStatuses: readonly { containerID: string; restartCount: number }[] };
  };
  const { containerID = "", restartCount = 0 } = status.containerStatuses[0] ?? {};
  return { containerId: containerID, node: spec.nodeName, restarts: restartCount };
}

/** One of two that are well. */
async function waypointPod(): Promise<string> {
  await kubectl("rollout", "status", "deployment/waypoint", "--timeout=180s");
  await changeRoute();
  const names = await kubectl("get", "pods", "-l", captureKeys.waypoint, "-o", "name");
  return names.split("\n")[0]?.replace("pod/", "") ?? "";
}

/** What a client sees of a process that is gone: its connections are reset, and nobody takes new ones. */
const isCutOff = /socket hang up|ECONNRESET|ECONNREFUSED|EPIPE/;

describe("one of two waypoints", () => {
  test("is killed: what fails is what was on its connections, and what came until Kubernetes had noticed", {
    timeout: slowMs,
  }, async () => {
    const pod = await waypointPod();
    const { containerId, node, restarts } = await containerOf(namespace, pod);
    let killedAt = 0;
    const startedAt = performance.now();
    const { sent, failed } = await underLoad("a waypoint killed", async () => {
      killedAt = (performance.now() - startedAt) / 1000;
      await killContainer(cluster.state, node, containerId);
      await until(async () => (await containerOf(namespace, pod)).restarts > restarts, {
        deadlineMs: 60_000,
        everyMs: 300,
        describe: () => "the waypoint is not started again",
      });
      await kubectl("rollout", "status", "deployment/waypoint", "--timeout=180s");
      await changeRoute();
    });
    const times = failed.map((each) => Number(/^at ([\d.]+) s/.exec(each)?.[1]));
    const last = Math.max(killedAt, ...times);
    console.log(
      `of ${sent} requests ${failed.length} failed, the last ${(last - killedAt).toFixed(1)} s after the kill`,
    );
    expect(failed.filter((each) => !isCutOff.test(each))).toEqual([]);
    expect(Math.min(killedAt, ...times)).toBeGreaterThan(killedAt - 1);
    expect(last - killedAt).toBeLessThan(noticedSeconds);
  });

  test("is deleted without any grace: as when it is killed, and another takes its place", {
    timeout: slowMs,
  }, async () => {
    const pod = await waypointPod();
    let deletedAt = 0;
    const startedAt = performance.now();
    const { sent, failed } = await underLoad("a waypoint deleted by force", async () => {
      deletedAt = (performance.now() - startedAt) / 1000;
      await kubectl("delete", "pod", pod, "--grace-period=0", "--force");
      await kubectl("rollout", "status", "deployment/waypoint", "--timeout=180s");
      await changeRoute();
    });
    const times = failed.map((each) => Number(/^at ([\d.]+) s/.exec(each)?.[1]));
    const last = Math.max(deletedAt, ...times);
    console.log(
      `of ${sent} requests ${failed.length} failed, the last ${(last - deletedAt).toFixed(1)} s after the deletion`,
    );
    expect(failed.filter((each) => !isCutOff.test(each))).toEqual([]);
    expect(last - deletedAt).toBeLessThan(noticedSeconds);
  });
});

/** Stopped, not ended: whoever asks it is not refused but waits, which is worse. */
function signalApiServer(signal: "SIGSTOP" | "SIGCONT"): void {
  const record = readProcessRecord(cluster.state.recordFile("kube-apiserver"));
  if (record === undefined) throw new Error("nobody knows the API server's process");
  // The record is nsenter's, which follows its child into a stop and must be woken too.
  const all = [...childrenOf(record.pid), record.pid];
  for (const pid of signal === "SIGSTOP" ? all.slice(0, 1) : all) process.kill(pid, signal);
}

describe("the API server", () => {
  test("does not answer for 20 s: traffic goes on, and afterwards so does everything else", {
    timeout: slowMs,
  }, async () => {
    const { failed } = await underLoad("API server away", async () => {
      signalApiServer("SIGSTOP");
      try {
        await sleep(20_000);
      } finally {
        signalApiServer("SIGCONT");
      }
      console.log(`a route change afterwards takes ${(await changeRoute()).toFixed(0)} ms`);
    });
    expect(failed).toEqual([]);
    await untilCaptured(cluster, key);
  });
});

describe("by hand", () => {
  test("unenroll gives one Service of an enrolled namespace back, and enroll takes it again", {
    timeout: slowMs,
  }, async () => {
    await kubectl("annotate", "service", "target", "waystone.dev/use-waypoint-");
    await untilCaptured(cluster, key, 90_000);
    const { failed } = await underLoad("unenroll svc, enroll svc", async () => {
      const out = await waystone(cluster, "unenroll", "svc/target", "-n", namespace);
      expect(out).toContain("service/target unenrolled");
      expect(out).toContain("service/target is given back");
      const { spec, metadata } = await untilReleased(cluster, key, 90_000);
      expect(spec).toEqual((before as Service).spec);
      expect(metadata.annotations?.["waystone.dev/use-waypoint"]).toBe("none");
      const back = await waystone(cluster, "enroll", "svc/target", "-n", namespace);
      expect(back).toContain("service/target enrolled");
      await untilCaptured(cluster, key, 90_000);
    });
    expect(failed).toEqual([]);
    await kubectl("annotate", "service", "target", "waystone.dev/use-waypoint-");
  });

  test("restore gives everything back with no controller there; it stays so when one is back, until it is enrolled", {
    timeout: slowMs,
  }, async () => {
    await system("scale", "deployment", controller, "--replicas=2");
    await kubectl("annotate", "service", "target", "waystone.dev/release-", "waystone.dev/use-waypoint-");
    await untilCaptured(cluster, key, 180_000);
    const { failed } = await underLoad("restore without a controller", async () => {
      await system("scale", "deployment", controller, "--replicas=0");
      await until(async () => (await system("get", "pods", "-o", "name")).trim() === "", {
        deadlineMs: 90_000,
        everyMs: 300,
        describe: () => "controllers are left",
      });
      const out = await waystone(cluster, "restore", "--all");
      expect(out).toContain(`service/${key} put back`);
      const after = await getService(cluster, key);
      expect(after.metadata.annotations?.[captureKeys.release]).toBe("true");
      expect(comparable(withoutRelease(after))).toEqual(before);
      await sleep(2_000);
      await system("scale", "deployment", controller, "--replicas=2");
      await system("rollout", "status", `deployment/${controller}`, "--timeout=180s");
      const bound = await until(
        async () => {
          const found = boundCondition(await getService(cluster, key));
          return found?.reason === "ReleaseRequested" && found;
        },
        { deadlineMs: 60_000, describe: () => "nobody says that its owner wants it back" },
      );
      expect(bound.status).toBe("False");
      await kubectl("annotate", "service", "target", "waystone.dev/release-");
      await untilCaptured(cluster, key, 90_000);
    });
    expect(failed).toEqual([]);
  });
});

function withoutRelease(service: Service): Service {
  const annotations = Object.entries(service.metadata.annotations ?? {}).filter(
    ([name]) => name !== captureKeys.release,
  );
  return { ...service, metadata: { ...service.metadata, annotations: Object.fromEntries(annotations) } };
}
