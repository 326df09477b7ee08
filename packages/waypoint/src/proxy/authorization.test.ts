/** Policies carried out, over sockets: where they are asked, and what a denial is (design/0003, design/0004). */
import { typeUrls } from "@waystone/api/names";
import type { PolicyText } from "@waystone/engine/authorization/testing/policy-rig";
import { encodeResource } from "@waystone/xds/version";
import type { EncodedResource } from "@waystone/xds/resource";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { until } from "@waystone/testkit/within";
import { describe, expect, test } from "vitest";
import { routeResource, serviceResource, sliceResource } from "../testing/open-test-plane.ts";
import {
  ask,
  frontend,
  introduce,
  openKnownClient,
  stranger,
  untilAsked,
} from "../testing/policy-clients.ts";
import { decisions, onlyFrontend, policy, useAuthorizationRig, web } from "../testing/authorization-rig.ts";

const { rig, open, statusFor } = useAuthorizationRig();

describe("a denial", () => {
  test("is 403 with Istio's words, reaches no endpoint, keeps the connection, and says which policy in log and metrics", async () => {
    const { plane, upstream } = await open(policy(onlyFrontend));
    const client = await openKnownClient(rig, plane, stranger);
    await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    const { status, body } = await client.readResponse();
    expect([status, body.toString()]).toEqual([403, "RBAC: access denied\n"]);
    expect(await ask(client)).toBe(403);
    expect(upstream.connections.length).toBe(0);
    const [line] = await plane.lines(2);
    expect(line).toMatchObject({
      response_code: 403,
      response_flags: "RBAC",
      reason: "Authorization",
      response_code_details: "access-denied",
      policy: "AuthorizationPolicy/shop/policy",
      policy_rule: null,
    });
    expect(decisions(plane)).toEqual({ "AuthorizationPolicy/shop/policy  deny Enforce": 2 });
  });

  test("and what is allowed says by which rule", async () => {
    const { plane } = await open(policy(onlyFrontend));
    expect(await statusFor(plane, frontend)).toBe(200);
    expect(await plane.lines(1)).toMatchObject([
      { policy: "AuthorizationPolicy/shop/policy", policy_rule: "0" },
    ]);
    expect(decisions(plane)).toEqual({ "AuthorizationPolicy/shop/policy 0 allow Enforce": 1 });
  });

  test("of a gRPC call is PERMISSION_DENIED in an answer without a body", async () => {
    const upstream = await rig.openUpstream();
    const plane = await rig.openPlane({
      upstreams: [upstream],
      protocol: "grpc",
      more: [policy(onlyFrontend)],
    });
    const client = await openKnownClient(rig, plane, stranger);
    await client.send(
      "POST /a.B/C HTTP/1.1\r\nHost: h\r\nContent-Type: application/grpc\r\nContent-Length: 0\r\n\r\n",
    );
    const { status, headers } = await client.readResponse("POST");
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toMatchObject({
      "grpc-status": "7",
      "grpc-message": "RBAC: access denied",
    });
  });

  test("comes before 404: what is there is nobody's business who may not ask", async () => {
    const rules = [{ matches: [{ path: { type: 2, value: "/there" } }], backends: [web] }];
    const upstream = await rig.openUpstream();
    const plane = await rig.openPlane({ upstreams: [upstream], rules, more: [policy(onlyFrontend)] });
    expect(await statusFor(plane, stranger, "/nowhere")).toBe(403);
    expect(await statusFor(plane, frontend, "/nowhere")).toBe(404);
  });
});

describe("every level has a say", () => {
  const other = { kind: "Service", name: "shop/other" } as const;
  test.for<[string, PolicyText["target"], number]>([
    ["the Service", { kind: "Service", name: "shop/web" }, 403],
    ["its port", { kind: "Service", name: "shop/web", section: "main" }, 403],
    ["another Service", other, 200],
    ["the namespace", { kind: "Namespace", name: "shop" }, 403],
    ["the waypoint", { kind: "Gateway", name: "shop/waypoint" }, 403],
    ["another waypoint", { kind: "Gateway", name: "shop/elsewhere" }, 200],
    ["the route that matches", { kind: "HTTPRoute", name: "shop/web" }, 403],
    ["a rule of it", { kind: "HTTPRoute", name: "shop/web", section: "guarded" }, 403],
    ["another rule of it", { kind: "HTTPRoute", name: "shop/web", section: "open" }, 200],
    [
      "a port that there is not, for the whole Service",
      { kind: "Service", name: "shop/web", section: "no" },
      403,
    ],
    [
      "a rule that there is not, for the whole route",
      { kind: "HTTPRoute", name: "shop/web", section: "no" },
      403,
    ],
  ])("%s", async ([, target, expected]) => {
    const rules = [
      { name: "guarded", backends: [web] },
      { name: "open", matches: [{ path: { type: 1, value: "/open" } }], backends: [web] },
    ];
    const upstream = await rig.openUpstream();
    const more = [policy(target === undefined ? {} : { target })];
    const plane = await rig.openPlane({ upstreams: [upstream], rules, more });
    expect(await statusFor(plane, stranger)).toBe(expected);
  });

  test("a policy that comes later, for a Service, a namespace or a route that is there, holds at once", async () => {
    const { plane } = await open(routeResource("web", { rules: [{ backends: [web] }] }));
    const client = await openKnownClient(rig, plane, stranger);
    for (const target of [
      { kind: "Service", name: "shop/web" },
      { kind: "Namespace", name: "shop" },
      { kind: "HTTPRoute", name: "shop/web" },
    ] as const) {
      const one = policy({ target });
      expect(await ask(client)).toBe(200);
      plane.apply([one]);
      expect(await ask(client)).toBe(403);
      plane.apply([], [one]);
    }
    expect(await ask(client)).toBe(200);
  });

  test("a Service, and a rule, that come after their policy are never without it", async () => {
    const upstream = await rig.openUpstream();
    const plane = await rig.openPlane({
      upstreams: [upstream],
      more: [policy({ target: { kind: "HTTPRoute", name: "shop/web", section: "late" } })],
    });
    const client = await openKnownClient(rig, plane, stranger);
    expect(await ask(client)).toBe(200);
    plane.apply([routeResource("web", { rules: [{ name: "late", backends: [web] }] })]);
    expect(await ask(client)).toBe(403);
  });
});

describe("the Service that a route leads to has a say as well", () => {
  const rules = [{ backends: [{ service: "shop/api", port: 80, weight: 1 }] }];
  const api = { kind: "Service", name: "shop/api" } as const;

  async function openWithApi(more: EncodedResource[], ofRoute: object[] = rules) {
    const upstream = await rig.openUpstream();
    const plane = await rig.openPlane({
      upstreams: [upstream],
      rules: ofRoute,
      more: [
        serviceResource("shop", "api", 80),
        sliceResource("shop", "api", [`127.0.0.1:${upstream.port}`]),
        ...more,
      ],
    });
    return { plane, upstream };
  }

  test("it denies what the Service in front allows", async () => {
    const { plane } = await openWithApi([policy({ ...onlyFrontend, target: api })]);
    expect(await statusFor(plane, stranger)).toBe(403);
    expect(await statusFor(plane, frontend)).toBe(200);
  });

  test("and what nobody else asks about: the request waits there for who the client is", async () => {
    const { plane } = await openWithApi([policy({ ...onlyFrontend, target: api })]);
    const client = await rig.openClient(plane, { localAddress: frontend.address });
    await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    await untilAsked(plane, frontend.address);
    introduce(plane, frontend);
    expect((await client.readResponse()).status).toBe(200);
  });

  test("a copy is not sent to whom the client may not ask, and the request itself goes on", async () => {
    const mirror = {
      requestMirror: { backend: { service: "shop/api", port: 80, weight: 1 }, numerator: 1, denominator: 1 },
    };
    const copies = await rig.openUpstream();
    const { plane } = await openWithApi(
      [policy({ ...onlyFrontend, target: api }), sliceResource("shop", "api", [`127.0.0.1:${copies.port}`])],
      [{ filters: [mirror], backends: [web] }],
    );
    expect(await statusFor(plane, stranger)).toBe(200);
    expect(await statusFor(plane, frontend)).toBe(200);
    await copies.request();
    expect(copies.connections.length).toBe(1);
  });
});

describe("who the client is", () => {
  const get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
  async function openWaiting(text: PolicyText) {
    const clock = new ManualClock();
    const upstream = await rig.openUpstream();
    const plane = await rig.openPlane({ upstreams: [upstream], clock, more: [policy(text)] });
    const idle = clock.pending;
    const client = await rig.openClient(plane, { localAddress: frontend.address });
    await untilAsked(plane, frontend.address);
    const connected = Math.max(idle, clock.pending);
    await client.send(get);
    await until(() => clock.pending > connected, "the request is parked");
    return { clock, plane, client };
  }

  test("is waited for where a policy asks, and comes late", async () => {
    const { client, plane } = await openWaiting(onlyFrontend);
    expect(client.received.length).toBe(0);
    introduce(plane, frontend);
    expect((await client.readResponse()).status).toBe(200);
  });

  test("if nobody says in time: 503, as a DENY for whom it may be would not be seen to match", async () => {
    const text = { action: "DENY", rules: [{ from: [{ namespaces: ["other"] }] }] } satisfies PolicyText;
    const { client, plane, clock } = await openWaiting(text);
    clock.advance(2_000);
    expect((await client.readResponse()).status).toBe(503);
    clock.advance(100);
    expect(plane.log()).toMatchObject([
      { response_code_details: "identity-unknown", response_flags: "UAEX" },
    ]);
  });

  test("of an address that is nobody's, it is nobody: an ALLOW for somebody does not match", async () => {
    const { client, plane, clock } = await openWaiting(onlyFrontend);
    plane.apply([], [encodeResource(typeUrls.workload, frontend.address, new Uint8Array())]);
    clock.advance(2_000);
    expect((await client.readResponse()).status).toBe(403);
  });

  test("a policy that comes while it is waited for holds for the request that waits", async () => {
    const { client, plane } = await openWaiting(onlyFrontend);
    plane.apply([policy({ name: "shut", action: "DENY", rules: [{}] })]);
    introduce(plane, frontend);
    expect((await client.readResponse()).status).toBe(403);
  });

  test("is not asked where no policy wants to know", async () => {
    const { plane } = await open(policy({ rules: [{ to: [{ methods: ["GET"] }] }] }));
    const client = await rig.openClient(plane);
    expect(await ask(client)).toBe(200);
    expect(await ask(client, "/", { method: "DELETE" })).toBe(403);
  });

  test("behind a trusted hop is what X-Forwarded-For says from the right, as far as hops are trusted", async () => {
    const upstream = await rig.openUpstream();
    const plane = await rig.openPlane({
      upstreams: [upstream],
      settings: { forwarding: { trustedHops: ["127.9.0.0/16"] } },
      more: [policy({ rules: [{ from: [{ remoteIpBlocks: ["192.0.2.0/24"] }] }] })],
    });
    const hop = await rig.openClient(plane, { localAddress: "127.9.0.1" });
    const other = await rig.openClient(plane, { localAddress: "127.8.0.1" });
    const from = (chain: string) => ({ headers: [`X-Forwarded-For: ${chain}`] });
    expect(await ask(hop, "/", from("192.0.2.1"))).toBe(200);
    expect(await ask(hop, "/", from("192.0.2.1, 198.51.100.1"))).toBe(403);
    expect(await ask(hop, "/", from("192.0.2.1, 127.9.0.7"))).toBe(200);
    expect(await ask(hop, "/", from("192.0.2.1, nonsense"))).toBe(403);
    expect(await ask(other, "/", from("192.0.2.1"))).toBe(403);
  });
});
