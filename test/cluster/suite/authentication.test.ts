/**
 * AuthenticationPolicy on a cluster: tokens whose keys are exchanged while requests run, API keys of a Secret that is granted and
 * taken back, and what is under way when a change forbids it. `--full` holds the times that docs tell; without it they are said and
 * not judged, as the machine may be busy with something else.
 */
import { afterAll, beforeAll, describe, expect, onTestFailed, test } from "vitest";
import { AnswerFlow, type FlowAnswer } from "./answer-flow.ts";
import { sized } from "./full-run.ts";
import { type HeldStream, holdStream, type Shape } from "./held-stream.ts";
import { releaseNamespace } from "./helm.ts";
import { installWaystone, uninstallWaystone, waystone } from "./installed-waystone.ts";
import { Issuer } from "./issuer.ts";
import { untilPolicySays, untilProgrammed } from "./policy-status.ts";
import { takeBackSecrets } from "./secret-grant.ts";
import { getService, untilCaptured } from "./service-state.ts";
import { type StreamPodAnswer, streamPod } from "./stream-pod.ts";
import { suiteCluster } from "./suite-cluster.ts";
import { applyObjects } from "./waypoint-gateways.ts";
import { loadWaystoneImage } from "./waystone-image.ts";

const cluster = suiteCluster();
const namespace = "proving";
const place = { cluster, namespace };
/** From the write at the API server to the last answer, or the last byte, of what it forbids. */
const withinMs = sized({ short: 60_000, full: 1_000 });
const issuer = new Issuer();
/** Of Services `tokens` and `keys`: a test of one leaves the other alone. */
let host: Readonly<Record<"tokens" | "keys", string>> = { tokens: "", keys: "" };

beforeAll(async () => {
  const image = await loadWaystoneImage(cluster);
  await installWaystone(cluster);
  await cluster.kubectl(["create", "namespace", namespace]);
  await cluster.kubectl(["annotate", "namespace", namespace, "waystone.dev/use-waypoint=waypoint"]);
  for (const name of ["old", "new", "strange"]) issuer.addKey(name);
  await applyObjects(
    cluster,
    ...streamPod(namespace, "tokens", image),
    ...streamPod(namespace, "keys", image),
  );
  await kubectl("wait", "--for=condition=Ready", "--timeout=180s", "pod/tokens", "pod/keys");
  const address = async (name: string): Promise<string> =>
    (await getService(cluster, `${namespace}/${name}`)).spec?.clusterIP ?? "";
  for (const name of ["tokens", "keys"]) await untilCaptured(cluster, `${namespace}/${name}`, 90_000);
  host = { tokens: await address("tokens"), keys: await address("keys") };
}, 480_000);

afterAll(async () => {
  await uninstallWaystone(cluster);
  await cluster.kubectl(["delete", "namespace", namespace, "--wait=false"]);
}, 480_000);

async function kubectl(...args: readonly string[]): Promise<string> {
  return await cluster.kubectl(["-n", namespace, ...args]);
}

function policy(kind: string, name: string, spec: object): object {
  return { apiVersion: "waystone.dev/v1alpha1", kind, metadata: { name, namespace }, spec };
}

function about(service: string): readonly object[] {
  return [{ group: "", kind: "Service", name: service }];
}

function keySet(...ids: readonly string[]): object {
  const data = { "jwks.json": issuer.jwks(...ids) };
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "issuer-keys", namespace }, data };
}

function bearer(keyId: string): { readonly authorization: string } {
  return { authorization: `Bearer ${issuer.token(keyId, "alice")}` };
}

async function ask(at: string, headers: Record<string, string>, method = "GET"): Promise<Response> {
  return await fetch(`http://${at}/orders`, { method, headers });
}

async function seenHeaders(answer: Response): Promise<StreamPodAnswer["headers"]> {
  return ((await answer.json()) as StreamPodAnswer).headers;
}

/** Changes something, and says how long after the API server had it each of these was over. */
async function endedBy(streams: readonly HeldStream[], change: () => Promise<unknown>): Promise<number> {
  expect(streams.filter((stream) => stream.isOver())).toEqual([]);
  await change();
  const changedAt = performance.now();
  // Some are closed before kubectl has ended.
  return Math.max(0, ...(await Promise.all(streams.map(async ({ endedAt }) => (await endedAt) - changedAt))));
}

/** Until waypoints have carried out what was written before: what status says of it comes at another time. */
async function untilSteady(at: string, headers: Record<string, string>, status: number): Promise<void> {
  const flow = new AnswerFlow({ host: at, kinds: { asked: headers }, everyMs: 50 });
  await flow.untilSteady("asked", status, performance.now());
  await flow.stop();
}

async function hold(at: string, headers: Record<string, string>): Promise<readonly HeldStream[]> {
  const shapes: readonly Shape[] = ["stream", "websocket"];
  return await Promise.all(shapes.map(async (shape) => await holdStream(at, shape, headers)));
}

describe("tokens", () => {
  test("without the issuer's keys nobody is let in, and status says which ConfigMap is missed; with them who shows a token", async () => {
    await kubectl("delete", "wnp/tokens", "configmap/issuer-keys", "--ignore-not-found");
    await untilSteady(host.tokens, {}, 200);
    const jwks = { configMapRef: { name: "issuer-keys" } };
    const provider = { name: "corp", issuer: issuer.name, audiences: ["shop"], jwks };
    const claimsToHeaders = [{ claim: "sub", header: "x-user" }];
    const spec = { targetRefs: about("tokens"), jwt: { providers: [{ ...provider, claimsToHeaders }] } };
    await applyObjects(cluster, policy("AuthenticationPolicy", "tokens", spec));
    const missing = await untilPolicySays(place, "wnp", "tokens", "ResolvedRefs=False");
    expect(missing.join("\n")).toContain("issuer-keys");
    await untilProgrammed(place, "wnp", "tokens");
    expect((await ask(host.tokens, bearer("old"))).status).toBe(401);

    await applyObjects(cluster, keySet("old"));
    await untilPolicySays(place, "wnp", "tokens", "ResolvedRefs=True");
    const said = await untilProgrammed(place, "wnp", "tokens");
    expect(said.join("\n")).toMatch(/Accepted=True/);
    expect(said.join("\n")).toMatch(/Programmed=True Programmed: (\d+)\/\1 waypoints at generation 1/);
    const answer = await ask(host.tokens, { ...bearer("old"), "x-user": "root" });
    expect([answer.status, (await seenHeaders(answer))["x-user"]]).toEqual([200, "alice"]);
    const none = await ask(host.tokens, {});
    expect([none.status, none.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
  }, 480_000);

  test("keys are exchanged while requests run: each answer is that of the keys before or after, and soon of those after alone", async () => {
    await applyObjects(cluster, keySet("old"));
    await untilSteady(host.tokens, bearer("new"), 401);
    const kinds = { old: bearer("old"), new: bearer("new"), strange: bearer("strange"), none: {} };
    const flow = new AnswerFlow({ host: host.tokens, kinds, everyMs: sized({ short: 50, full: 10 }) });
    await flow.untilSteady("old", 200, 0);
    const addingAt = performance.now();
    await applyObjects(cluster, keySet("old", "new"));
    const addedAt = performance.now();
    await flow.untilSteady("new", 200, addedAt);
    const removingAt = performance.now();
    await applyObjects(cluster, keySet("new"));
    const removedAt = performance.now();
    await flow.untilSteady("old", 401, removedAt);
    await flow.stop();

    // A busy machine may fail to answer; what is said must be right.
    const answered = (kind: string, status: number, from: number, to: number): readonly FlowAnswer[] =>
      flow.answers(kind).filter((a) => a.status === status && a.sentAt > from && a.answeredAt < to);
    expect(answered("old", 401, 0, removingAt)).toEqual([]);
    expect(answered("new", 200, 0, addingAt)).toEqual([]);
    for (const kind of ["strange", "none"]) expect(answered(kind, 200, 0, Infinity)).toEqual([]);
    const lastSent = (kind: string, status: number): number =>
      Math.max(0, ...flow.answers(kind).flatMap((a) => (a.status === status ? [a.sentAt] : [])));
    const tookMs = {
      in: Math.max(0, lastSent("new", 401) - addedAt),
      out: Math.max(0, lastSent("old", 200) - removedAt),
    };
    console.log(
      `keys exchanged during ${flow.sent} requests: the last refused by a key that is there was sent ${tookMs.in.toFixed(0)} ms after kubectl had ` +
        `written it, the last taken by one that is gone ${tookMs.out.toFixed(0)} ms after`,
    );
    expect(tookMs.in).toBeLessThan(withinMs);
    expect(tookMs.out).toBeLessThan(withinMs);
  }, 480_000);

  test("a stream and a WebSocket whose key is taken away are closed, and those of another key go on", async () => {
    await applyObjects(cluster, keySet("old", "new"));
    for (const key of ["old", "new"]) await untilSteady(host.tokens, bearer(key), 200);
    const [gone, kept] = [await hold(host.tokens, bearer("old")), await hold(host.tokens, bearer("new"))];
    const tookMs = await endedBy(gone, async () => await applyObjects(cluster, keySet("new")));
    console.log(
      `what a key that is gone had let in was closed ${tookMs.toFixed(0)} ms after kubectl had removed it`,
    );
    expect(tookMs).toBeLessThan(withinMs);
    expect(kept.map((stream) => stream.isOver())).toEqual([false, false]);
  }, 480_000);

  test("a stream and a WebSocket that a policy forbids from now on are closed", async () => {
    await kubectl("delete", "wap/not-alice", "--ignore-not-found");
    await untilSteady(host.tokens, bearer("new"), 200);
    const streams = await hold(host.tokens, bearer("new"));
    const principals = { requestPrincipals: [`${issuer.name}/alice`] };
    const spec = {
      action: "DENY",
      targetRefs: about("tokens"),
      rules: [{ from: [{ source: principals }] }],
    };
    const tookMs = await endedBy(
      streams,
      async () => await applyObjects(cluster, policy("AuthorizationPolicy", "not-alice", spec)),
    );
    console.log(`what a policy forbids was closed ${tookMs.toFixed(0)} ms after kubectl had applied it`);
    expect(tookMs).toBeLessThan(withinMs);
    expect((await ask(host.tokens, bearer("new"))).status).toBe(403);
  }, 480_000);
});

const acme = { "x-api-key": "key-of-acme" };
const beta = { "x-api-key": "key-of-beta" };
const partners = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "partners", namespace },
  stringData: { acme: acme["x-api-key"], beta: beta["x-api-key"] },
};

describe("API keys", () => {
  test("are read only when somebody has granted it, and who owns one is known to authorization and the endpoint", async () => {
    onTestFailed(async () => await takeBackSecrets(cluster, namespace));
    const apiKeys = { secretRefs: [{ name: "partners" }], ownerHeader: "x-partner" };
    const mayOrder = { requestPrincipals: ["apikey/acme"] };
    await applyObjects(
      cluster,
      partners,
      policy("AuthenticationPolicy", "partners", { targetRefs: about("keys"), apiKeys }),
      policy("AuthorizationPolicy", "acme-orders", {
        targetRefs: about("keys"),
        rules: [{ to: [{ operation: { methods: ["GET"] } }] }, { from: [{ source: mayOrder }] }],
      }),
    );
    const refused = await untilPolicySays(place, "wnp", "partners", "ResolvedRefs=False RefNotPermitted");
    expect(refused.join("\n")).toContain(`waystone grant secrets -n ${namespace} --name partners`);
    await untilProgrammed(place, "wnp", "partners");
    await untilProgrammed(place, "wap", "acme-orders");
    expect((await ask(host.keys, acme)).status).toBe(401);

    await waystone(cluster, "grant", "secrets", "-n", namespace, "--name", "partners");
    await untilPolicySays(place, "wnp", "partners", "ResolvedRefs=True");
    await untilProgrammed(place, "wnp", "partners");
    await untilSteady(host.keys, acme, 200);
    const answer = await ask(host.keys, { ...beta, "x-partner": "acme" });
    const headers = await seenHeaders(answer);
    expect([answer.status, headers["x-partner"], headers["x-api-key"]]).toEqual([200, "beta", undefined]);
    expect((await ask(host.keys, beta, "POST")).status).toBe(403);
    expect((await ask(host.keys, acme, "POST")).status).toBe(200);
    expect((await ask(host.keys, { "x-api-key": "key-of-nobody" })).status).toBe(401);
  }, 480_000);

  test("of a Secret that is deleted are no longer taken, and what they had let in is closed", async () => {
    await applyObjects(cluster, partners);
    await untilSteady(host.keys, acme, 200);
    const streams = await hold(host.keys, acme);
    const tookMs = await endedBy(streams, async () => await kubectl("delete", "secret", "partners"));
    console.log(
      `what a Secret that is gone had let in was closed ${tookMs.toFixed(0)} ms after kubectl had deleted it`,
    );
    expect(tookMs).toBeLessThan(withinMs);
    await untilPolicySays(place, "wnp", "partners", "ResolvedRefs=False SecretNotFound");
    expect((await ask(host.keys, acme)).status).toBe(401);
    await applyObjects(cluster, partners);
    await untilPolicySays(place, "wnp", "partners", "ResolvedRefs=True");
  }, 480_000);

  test("are no longer taken once the grant is revoked and the controllers have asked again", async () => {
    await waystone(cluster, "revoke", "secrets", "-n", namespace, "--name", "partners");
    await cluster.kubectl(["-n", releaseNamespace, "rollout", "restart", "deployment/waystone-controller"]);
    await untilPolicySays(place, "wnp", "partners", "ResolvedRefs=False RefNotPermitted");
    await untilProgrammed(place, "wnp", "partners");
    await untilSteady(host.keys, acme, 401);
    const rolled = ["rollout", "status", "deployment/waystone-controller", "--timeout=180s"];
    await cluster.kubectl(["-n", releaseNamespace, ...rolled]);
  }, 480_000);
});
