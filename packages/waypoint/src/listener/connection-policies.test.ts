/** Policies on TCP ports, and what a change of them closes: connections, tunnels and streams that were let through before. */
import { connect as connectHttp2 } from "node:http2";
import { typeUrls, unreadKind } from "@waystone/api/names";
import { AuthorizationAction, Policy, PolicyMode } from "@waystone/api/resources";
import { policyMessage, type PolicyText } from "@waystone/engine/authorization/testing/policy-rig";
import { encodeResource } from "@waystone/xds/version";
import type { EncodedResource } from "@waystone/xds/resource";
import { until } from "@waystone/testkit/within";
import { describe, expect, test } from "vitest";
import { type RigPlane, useExchangeRig } from "../testing/exchange-rig.ts";
import { routeResource, serviceResource, sliceResource } from "../testing/open-test-plane.ts";
import { frontend, introduce, openKnownClient, stranger, untilAsked } from "../testing/policy-clients.ts";

const rig = useExchangeRig();

function policy(text: PolicyText = {}): EncodedResource {
  const message = policyMessage({ target: { kind: "Service", name: "shop/web" }, ...text });
  const name = `${message.kind}/${message.namespace}/${message.name}`;
  return encodeResource(typeUrls.policy, name, new Uint8Array(Policy.encode(message).finish()));
}

const onlyFrontend = { rules: [{ from: [{ serviceAccounts: ["shop/frontend"] }] }] } satisfies PolicyText;
const denyAll = policy({ name: "shut", action: "DENY", rules: [{}] });

/** What the controller makes of a route in a file that cannot be read. */
const unread = encodeResource(
  typeUrls.policy,
  `${unreadKind}/shop/web`,
  new Uint8Array(
    Policy.encode({
      kind: unreadKind,
      namespace: "shop",
      name: "web",
      mode: PolicyMode.ENFORCE,
      targets: [{ kind: "Service", name: "shop/web", section: "" }],
      authorization: { action: AuthorizationAction.DENY, rules: [] },
      unusable: ["route.yaml:7: HTTPRoute shop/web: spec.rule: unknown field"],
    }).finish(),
  ),
);

async function openTcp(...more: EncodedResource[]) {
  const upstream = await rig.openUpstream({ answer: () => "" });
  const plane = await rig.openPlane({ upstreams: [upstream], protocol: "tcp", more });
  return { upstream, plane };
}

/** It may be by the time that the client knows of its connection. */
async function isReset(plane: RigPlane): Promise<boolean> {
  try {
    const client = await rig.openClient(plane);
    return (await client.readUntilEnd()).state === "reset";
  } catch (error) {
    return error instanceof Error && error.message.includes("ECONNRESET");
  }
}

describe("a connection to a TCP port", () => {
  test("of who is allowed reaches the endpoint, of anybody else it is reset and reaches nobody", async () => {
    const { plane, upstream } = await openTcp(policy(onlyFrontend));
    const good = await rig.openClient(plane, { localAddress: frontend.address });
    await untilAsked(plane, frontend.address);
    introduce(plane, frontend);
    await good.send("ping");
    await (await upstream.connection()).untilBytes(4);
    const bad = await rig.openClient(plane, { localAddress: stranger.address });
    await untilAsked(plane, stranger.address);
    introduce(plane, stranger);
    expect((await bad.readUntilEnd()).state).toBe("reset");
    expect(upstream.connections.length).toBe(1);
    expect(await plane.lines(1)).toMatchObject([
      {
        protocol: "TCP",
        response_flags: "RBAC",
        reason: "Authorization",
        response_code_details: "access-denied",
      },
    ]);
  });

  test("is reset where what may protect the Service cannot be read, and its log line says why", async () => {
    const { plane, upstream } = await openTcp(unread);
    expect(await isReset(plane)).toBe(true);
    expect(upstream.connections.length).toBe(0);
    expect(await plane.lines(1)).toMatchObject([
      {
        response_flags: "NC",
        response_code_details: "configuration-unread",
        upstream_transport_failure_reason: expect.stringContaining("route.yaml:7"),
      },
    ]);
    plane.apply([], [unread]);
    const client = await rig.openClient(plane);
    await client.send("ping");
    await (await upstream.connection()).untilBytes(4);
  });

  test.for<[string, PolicyText, boolean]>([
    ["an ALLOW matches nothing", { rules: [{ to: [{ paths: ["/*"] }] }] }, false],
    ["of a DENY the rest decides alone", { action: "DENY", rules: [{ to: [{ methods: ["GET"] }] }] }, false],
    [
      "a DENY for others stays one for others",
      { action: "DENY", rules: [{ from: [{ ipBlocks: ["192.0.2.1"] }], to: [{ methods: ["GET"] }] }] },
      true,
    ],
  ])("a rule that asks for a request fails closed: %s", async ([, text, isOpen]) => {
    const { plane, upstream } = await openTcp(policy(text));
    if (!isOpen) return expect(await isReset(plane)).toBe(true);
    const client = await rig.openClient(plane);
    await client.send("ping");
    await (await upstream.connection()).untilBytes(4);
  });

  test("[A02] is closed by a change that forbids it, and by no other", async () => {
    const { plane, upstream } = await openTcp();
    const client = await rig.openClient(plane);
    await client.send("ping");
    await (await upstream.connection()).untilBytes(4);
    plane.apply([policy({ rules: [{ from: [{ ipBlocks: ["127.0.0.0/8"] }] }] })]);
    await client.send("ping");
    await (await upstream.connection()).untilBytes(8);
    plane.apply([denyAll]);
    expect((await client.readUntilEnd()).state).toBe("reset");
  });
});

const offer =
  "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";
const switching =
  "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
  "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
const streaming = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n";

describe("[A02] a change of policies closes what it forbids", () => {
  test("a WebSocket", async () => {
    const upstream = await rig.openUpstream({ answer: () => switching });
    const plane = await rig.openPlane({ upstreams: [upstream] });
    const client = await rig.openClient(plane);
    await client.send(`GET / HTTP/1.1\r\nHost: h\r\n${offer}\r\n`);
    await until(() => client.received.includes("101"), "the tunnel is open");
    plane.apply([denyAll]);
    expect((await client.readUntilEnd()).state).not.toBe("open");
    expect(await plane.lines(1)).toMatchObject([
      { response_code: 101, response_flags: "RBAC", policy: "AuthorizationPolicy/shop/shut" },
    ]);
  });

  test("an answer that streams, so that the client sees it cut off", async () => {
    const upstream = await rig.openUpstream({ answer: () => streaming });
    const plane = await rig.openPlane({ upstreams: [upstream] });
    const client = await rig.openClient(plane);
    await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    await until(() => client.received.includes("1\r\na"), "the answer has begun");
    plane.apply([denyAll]);
    const { bytes } = await client.readUntilEnd();
    expect(bytes.toString().endsWith("0\r\n\r\n")).toBe(false);
    expect(await plane.lines(1)).toMatchObject([{ response_code: 200, response_flags: "RBAC" }]);
  });

  test("a request that has no answer yet gets 403", async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const upstream = await rig.openUpstream({ answer: () => promise });
    const plane = await rig.openPlane({ upstreams: [upstream] });
    const client = await rig.openClient(plane);
    await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    await upstream.request();
    plane.apply([denyAll]);
    expect((await client.readResponse()).status).toBe(403);
    resolve("");
  });

  test("streams of HTTP/2, while others of their connection go on", async () => {
    const upstream = await rig.openUpstream({ answer: () => streaming });
    const plane = await rig.openPlane({ upstreams: [upstream] });
    const session = connectHttp2(`http://127.0.0.1:${plane.port}`);
    session.on("error", () => {});
    const streams = ["/shut", "/open"].map((path) => session.request({ ":path": path }));
    for (const stream of streams) stream.on("error", () => {});
    await Promise.all(streams.map((stream) => new Promise((resolve) => stream.once("data", resolve))));
    plane.apply([policy({ name: "shut", action: "DENY", rules: [{ to: [{ paths: ["/shut"] }] }] })]);
    await new Promise((resolve) => streams[0]!.once("close", resolve));
    expect(streams[1]!.closed).toBe(false);
    session.destroy();
  });

  test("what a policy of the Service forbids that the route leads to", async () => {
    const upstream = await rig.openUpstream({ answer: () => streaming });
    const plane = await rig.openPlane({
      upstreams: [upstream],
      more: [
        serviceResource("shop", "api", 80),
        sliceResource("shop", "api", [`127.0.0.1:${upstream.port}`]),
        routeResource("web", { rules: [{ backends: [{ service: "shop/api", port: 80, weight: 1 }] }] }),
      ],
    });
    const client = await rig.openClient(plane);
    await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    await until(() => client.received.includes("1\r\na"), "the answer has begun");
    plane.apply([policy({ action: "DENY", rules: [{}], target: { kind: "Service", name: "shop/api" } })]);
    await client.readUntilEnd();
    expect(await plane.lines(1)).toMatchObject([{ response_flags: "RBAC" }]);
  });

  test("all of 1,000 streams that are open, and none of those that stay allowed", async () => {
    const upstream = await rig.openUpstream({ answer: () => streaming });
    const plane = await rig.openPlane({
      upstreams: [upstream],
      settings: { http2: { concurrentStreams: 1_000 }, limits: { connectionsPerSource: 5_000 } },
    });
    const sessions = Array.from({ length: 10 }, () => connectHttp2(`http://127.0.0.1:${plane.port}`));
    const streams = sessions.flatMap((session) => {
      session.on("error", () => {});
      return Array.from({ length: 100 }, (_, at) =>
        session.request({ ":path": at % 2 === 0 ? "/shut" : "/open" }),
      );
    });
    let began = 0;
    for (const stream of streams) stream.on("error", () => {}).once("data", () => began++);
    await until(() => began === 1_000, "all have begun");
    plane.apply([policy({ name: "shut", action: "DENY", rules: [{ to: [{ paths: ["/shut"] }] }] })]);
    await until(
      () => streams.filter(({ closed }) => closed).length >= 500,
      "half of them are closed",
      20_000,
    );
    expect(streams.filter(({ closed }) => !closed).length).toBe(500);
    for (const session of sessions) session.destroy();
  }, 60_000);

  test("and nothing where the same people stay allowed", async () => {
    const upstream = await rig.openUpstream({ answer: () => streaming });
    const plane = await rig.openPlane({ upstreams: [upstream] });
    const client = await openKnownClient(rig, plane, frontend);
    await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    await until(() => client.received.includes("1\r\na"), "the answer has begun");
    plane.apply([policy(onlyFrontend)]);
    (await upstream.connection()).write("1\r\nb\r\n0\r\n\r\n");
    expect((await client.readResponse()).body.toString()).toBe("ab");
  });
});
