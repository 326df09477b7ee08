/**
 * Policies on a cluster: only one service account may call, by what the network says of pods; what policies say is in status; and
 * while waypoints roll and policies change, no answer is one that the policies in force forbid (reference A01).
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../until.ts";
import { sized } from "./full-run.ts";
import { installWaystone, uninstallWaystone } from "./installed-waystone.ts";
import { createLoadTarget, type LoadTarget, startLoad } from "./load-target.ts";
import { Issuer } from "./issuer.ts";
import { closeOlderWaypoint, openOlderWaypoint } from "./older-waypoint.ts";
import { untilPolicySays, untilProgrammed } from "./policy-status.ts";
import { untilCaptured } from "./service-state.ts";
import { describeLoad, type LoadResult } from "./steady-load.ts";
import { suiteCluster } from "./suite-cluster.ts";
import { applyObjects } from "./waypoint-gateways.ts";
import { askPlace, waypointPlaces } from "./waypoint-places.ts";
import { loadWaystoneImage } from "./waystone-image.ts";

const cluster = suiteCluster();
const namespace = "guarded";
const place = { cluster, namespace };
const issuer = new Issuer();
let target: LoadTarget;

beforeAll(async () => {
  const image = await loadWaystoneImage(cluster);
  await installWaystone(cluster);
  await cluster.kubectl(["create", "namespace", namespace]);
  await cluster.kubectl(["annotate", "namespace", namespace, "waystone.dev/use-waypoint=waypoint"]);
  for (const name of ["frontend", "batch"]) {
    await kubectl("create", "serviceaccount", name);
    await applyObjects(cluster, askerPod(name, image));
  }
  target = await createLoadTarget(cluster, { namespace, name: "api", replicas: 1 });
  await kubectl("wait", "--for=condition=Ready", "--timeout=180s", "pod/frontend", "pod/batch");
  await untilCaptured(cluster, `${namespace}/api`, 90_000);
}, 480_000);

afterAll(async () => {
  await uninstallWaystone(cluster);
  await cluster.kubectl(["delete", "namespace", namespace, "--wait=false"]);
}, 480_000);

async function kubectl(...args: readonly string[]): Promise<string> {
  return await cluster.kubectl(["-n", namespace, ...args]);
}

function askerPod(name: string, image: string): object {
  const command = ["node", "-e", "setInterval(() => {}, 60_000)"];
  const containers = [{ name: "asker", image, imagePullPolicy: "Never", command }];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace },
    spec: { serviceAccountName: name, terminationGracePeriodSeconds: 1, containers },
  };
}

function policy(name: string, spec: object): object {
  return {
    apiVersion: "waystone.dev/v1alpha1",
    kind: "AuthorizationPolicy",
    metadata: { name, namespace },
    spec: { targetRefs: [{ group: "", kind: "Service", name: "api" }], ...spec },
  };
}

const frontendOnly = policy("frontend-only", {
  rules: [{ name: "frontend", from: [{ source: { serviceAccounts: ["frontend"] } }] }],
});

/** 0: nobody answers. */
async function askFrom(pod: string): Promise<number> {
  const script = `fetch("http://${target.clusterIp}/").then(({ status }) => console.log(status), () => console.log(0))`;
  return Number(await kubectl("exec", pod, "--", "node", "-e", script));
}

/** For who may: a pod whose request comes before its waypoint knows who it is, is nobody. */
async function untilLetIn(pod: string): Promise<void> {
  let last = 0;
  await until(async () => (last = await askFrom(pod)) === 200, {
    deadlineMs: 60_000,
    describe: () => `${pod} is answered with ${last}`,
  });
}

test("only the frontend may call the API, and status says by how many waypoints that is carried out", async () => {
  await kubectl("delete", "wap", "--all");
  await untilLetIn("batch");
  await applyObjects(cluster, frontendOnly);
  expect((await untilProgrammed(place, "wap", "frontend-only")).join("\n")).toMatch(
    /Accepted=True.*Programmed=True Programmed: (\d+)\/\1 waypoints at generation 1/s,
  );
  expect(await askFrom("batch")).toBe(403);
  await untilLetIn("frontend");
}, 480_000);

test("a policy in shadow denies nobody; in force it denies, and when it is gone no longer", async () => {
  const denyAll = { action: "DENY", rules: [{}] };
  await applyObjects(cluster, policy("shut", { ...denyAll, mode: "Shadow" }));
  await untilProgrammed(place, "wap", "shut");
  await untilLetIn("frontend");
  await applyObjects(cluster, policy("shut", denyAll));
  await untilProgrammed(place, "wap", "shut");
  expect(await askFrom("frontend")).toBe(403);
  await kubectl("delete", "wap", "shut");
  await untilLetIn("frontend");
}, 480_000);

test("what a waypoint of an older version refuses is in the policy's status, in its words; it denies until it is gone", async () => {
  const older = { cluster, namespace, waypoint: "waypoint" };
  try {
    await applyObjects(
      cluster,
      policy("expressions", { rules: [{ when: ["request.path.startsWith('/')"] }] }),
    );
    await untilProgrammed(place, "wap", "expressions");
    const host = await openOlderWaypoint(older);
    const said = await untilPolicySays(place, "wap", "expressions", "Programmed=False Invalid");
    expect(said.join("\n")).toMatch(
      /: refused by guarded\/waypoint\/older: [^;]*rules\[0\].*when.* is not known to this version; the version before.* \(2\/3 waypoints at generation 1\)/,
    );
    for (const each of await waypointPlaces(cluster, { namespace, service: "api" })) {
      const wanted = each.host === host ? 403 : 200;
      // Who asks may have to be found out first.
      await until(async () => (await askPlace(each)).status === wanted, {
        deadlineMs: 60_000,
        describe: () => `${each.host} does not answer ${wanted}`,
      });
      each.agent.destroy();
    }
    await closeOlderWaypoint(older);
    expect((await untilProgrammed(place, "wap", "expressions")).join("\n")).toContain(
      "Programmed=True Programmed: 2/2 waypoints at generation 1",
    );
  } finally {
    // It lets everybody in.
    await kubectl("delete", "wap", "expressions", "--ignore-not-found");
    await closeOlderWaypoint(older);
  }
}, 240_000);

/** The same pods by another Service, whose policy asks for a token. Every round has one more key, so that each is another policy. */
function tokensOfRound(round: number): object {
  issuer.addKey(`round-${round}`);
  const jwks = { inline: issuer.jwks("kept", `round-${round}`) };
  return {
    apiVersion: "waystone.dev/v1alpha1",
    kind: "AuthenticationPolicy",
    metadata: { name: "tokens", namespace },
    spec: {
      targetRefs: [{ group: "", kind: "Service", name: "vault" }],
      jwt: { providers: [{ name: "corp", issuer: issuer.name, audiences: ["shop"], jwks }] },
    },
  };
}

function bearer(keyId: string): { readonly authorization: string } {
  return { authorization: `Bearer ${issuer.token(keyId, "alice")}` };
}

async function openVault(): Promise<LoadTarget> {
  for (const name of ["kept", "strange"]) issuer.addKey(name);
  await applyObjects(cluster, tokensOfRound(0), {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "vault", namespace },
    spec: { selector: { app: "api" }, ports: [{ name: "http", port: 80, targetPort: "http" }] },
  });
  const { spec } = await untilCaptured(cluster, `${namespace}/vault`, 90_000);
  await untilProgrammed(place, "wnp", "tokens");
  return { ...target, name: "vault", clusterIp: spec?.clusterIP ?? "" };
}

/** Restarts the waypoints, all of them, again and again, and changes both policies each time, until `isEnough`. */
async function rollAndChange(isEnough: () => boolean): Promise<number> {
  let round = 0;
  for (; !isEnough(); round++) {
    if (round % 3 === 0) await kubectl("rollout", "restart", "deployment/waypoint");
    const serviceAccounts = ["frontend", `other-${round}`];
    await applyObjects(
      cluster,
      policy("more", { rules: [{ name: `r${round}`, from: [{ source: { serviceAccounts } }] }] }),
      tokensOfRound(round + 1),
    );
    await untilProgrammed(place, "wap", "more");
    await untilProgrammed(place, "wnp", "tokens");
    await kubectl("rollout", "status", "deployment/waypoint", "--timeout=300s");
  }
  return round;
}

test("while waypoints roll and policies change, nobody gets an answer that the policies in force forbid", async () => {
  const wanted = sized({ short: 3_000, full: 50_000 });
  const perSecond = sized({ short: 50, full: 100 });
  const vault = await openVault();
  // The suite's own address is no pod's: nobody, and not the frontend.
  const strangers = startLoad(target, { perSecond });
  const forgers = startLoad(vault, { perSecond, headers: bearer("strange") });
  // And who may is not shut out: a new waypoint has the keys before it is asked.
  const holders = startLoad(vault, { perSecond: perSecond / 5, headers: bearer("kept") });
  const stop = async (): Promise<[LoadResult, LoadResult, LoadResult]> =>
    await Promise.all([strangers.stop(), forgers.stop(), holders.stop()]);
  const rounds = await rollAndChange(() => strangers.sent + forgers.sent >= wanted).catch(async (error) => {
    await stop();
    throw error;
  });
  const [denied, refused, letIn] = await stop();
  const forbidden = denied.sent + refused.sent - denied.failed.length - refused.failed.length;
  console.log(
    `${rounds} rounds of changes, ${Math.ceil(rounds / 3)} restarts: ${denied.sent} requests of strangers and ${refused.sent} with a forged ` +
      `token, ${forbidden} let in; with a token that is right: ${describeLoad(letIn)}`,
  );
  for (const { versions, failed, sent } of [denied, refused]) {
    expect(versions).toEqual({});
    expect(failed.length).toBe(sent);
  }
  // What was answered was mostly answered by a policy: the rest by nobody, as who asks was not known yet. A busy machine answers less.
  const share = ({ failed }: LoadResult, words: string): number => {
    const answered = failed.filter((line) => line.includes(": status "));
    return answered.filter((line) => line.includes(words)).length / answered.length;
  };
  expect(share(denied, "status 403: RBAC: access denied")).toBeGreaterThan(0.5);
  expect(share(refused, "status 401")).toBeGreaterThan(0.5);
  expect(letIn.failed.filter((line) => /status 40[13]/.test(line))).toEqual([]);
}, 2_400_000);
