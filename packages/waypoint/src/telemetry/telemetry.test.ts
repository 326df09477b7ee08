/** The traces that a request leaves, whatever happened to it: one log line, one count, and how they are written. */
import { EndpointSlice } from "@waystone/api/resources";
import { typeUrls } from "@waystone/api/names";
import { encodeResource } from "@waystone/xds/version";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { untilRead } from "@waystone/testkit/until-read";
import { until } from "@waystone/testkit/within";
import { expect, test } from "vitest";
import { gaugeOf, requestCounts, samplesOf, useExchangeRig } from "../testing/exchange-rig.ts";
import { workloadResource } from "../testing/open-test-plane.ts";

const rig = useExchangeRig();

const get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

/** features.md 4.3, and ours. */
const keys = [
  "start_time",
  "route_name",
  "method",
  "path",
  "protocol",
  "response_code",
  "response_flags",
  "response_code_details",
  "connection_termination_details",
  "reason",
  "bytes_received",
  "bytes_sent",
  "duration",
  "upstream_service_time",
  "x_forwarded_for",
  "user_agent",
  "request_id",
  "authority",
  "upstream_host",
  "upstream_cluster",
  "upstream_local_address",
  "downstream_local_address",
  "downstream_remote_address",
  "requested_server_name",
  "upstream_transport_failure_reason",
  "source_namespace",
  "source_workload",
  "source_service_account",
  "grpc_status",
  "attempts",
  "policy",
  "policy_rule",
  "shadow_denied_by",
  "authorizer_outcome",
  "authorizer_duration",
  "request_principal",
];

test("a line has Istio's keys, and says what happened", async () => {
  const clock = new ManualClock(Date.UTC(2026, 0, 1));
  const waiting = Promise.withResolvers<string>();
  const upstream = await rig.openUpstream({ answer: () => waiting.promise });
  const rules = [{ name: "main", backends: [{ service: "shop/web", port: 80, weight: 1 }] }];
  const plane = await rig.openPlane({ upstreams: [upstream], rules, clock });
  const client = await rig.openClient(plane);
  await client.send(
    "POST /a?b=c HTTP/1.1\r\nHost: web.example\r\nUser-Agent: curl/8\r\nContent-Length: 5\r\n\r\nhello",
  );
  await upstream.request();
  clock.advance(40);
  (await upstream.connection()).write("HTTP/1.1 201 Created\r\nContent-Length: 3\r\n\r\nab");
  await until(() => client.received.includes("ab"), "the answer has begun");
  clock.advance(60);
  (await upstream.connection()).write("c");
  await client.readResponse("POST");
  clock.advance(100);
  const [line] = plane.log();
  expect(Object.keys(line ?? {})).toEqual(keys);
  const id = /X-Request-Id: (\S+)/.exec(upstream.bytes.toString("latin1"))?.[1];
  expect(line).toEqual({
    start_time: "2026-01-01T00:00:00.000Z",
    route_name: "shop/web/main",
    method: "POST",
    path: "/a?b=c",
    protocol: "HTTP/1.1",
    response_code: 201,
    response_flags: "-",
    response_code_details: "via_upstream",
    connection_termination_details: null,
    reason: "Upstream",
    bytes_received: 5,
    bytes_sent: 3,
    duration: 100,
    upstream_service_time: 40,
    x_forwarded_for: null,
    user_agent: "curl/8",
    request_id: id,
    authority: "web.example",
    upstream_host: `127.0.0.1:${upstream.port}`,
    upstream_cluster: "shop/web:80",
    upstream_local_address: null,
    downstream_local_address: `127.0.0.1:${plane.port}`,
    downstream_remote_address: `127.0.0.1:${client.socket.localPort}`,
    requested_server_name: null,
    upstream_transport_failure_reason: null,
    source_namespace: null,
    source_workload: null,
    source_service_account: null,
    grpc_status: null,
    attempts: 1,
    policy: null,
    policy_rule: null,
    shadow_denied_by: null,
    authorizer_outcome: null,
    authorizer_duration: null,
    request_principal: null,
  });
  waiting.resolve("");
});

test("nothing that a client sends can forge a field or end a line", async () => {
  const upstream = await rig.openUpstream();
  const plane = await rig.openPlane({ upstreams: [upstream] });
  const client = await rig.openClient(plane);
  const forged = '","response_code":200,"x":"';
  await client.send(
    `GET /%22,%22a%22:1%0d%0a?%0A HTTP/1.1\r\nHost: h\r\nUser-Agent: ${forged}\\\xff\x80\r\nX-Forwarded-For: ${forged}\r\n\r\n`,
  );
  await client.readResponse();
  const lines = await plane.lines(1);
  expect(lines.length).toBe(1);
  expect(lines[0]).toMatchObject({ user_agent: `${forged}\\\xff\x80`, response_code: 200 });
  const text = plane.emitted
    .flatMap((message) => (message.type === "access-log" ? [message.lines] : []))
    .join("");
  expect(text.match(/\n/g)?.length).toBe(1);
  expect(text.match(/"response_code":/g)?.length).toBe(1);
});

test("a request that the codec refuses has a line too, and a connection without a request has none", async () => {
  const upstream = await rig.openUpstream();
  const plane = await rig.openPlane({ upstreams: [upstream] });
  for (const [request, status] of [
    ["GET / HTTP/1.1\r\n\r\n", 400],
    ["nonsense\r\n\r\n", 400],
    ["GET / HTTP/9.9\r\nHost: h\r\n\r\n", 505],
    [`GET /${"a".repeat(9000)} HTTP/1.1\r\nHost: h\r\n\r\n`, 414],
    [`GET / HTTP/1.1\r\nHost: h\r\nX: ${"a".repeat(70_000)}\r\n\r\n`, 431],
    ["CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n", 405],
    ["POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nXX\r\n", 400],
  ] as const) {
    const client = await rig.openClient(plane);
    await client.send(request);
    expect((await client.readResponse()).status).toBe(status);
  }
  (await rig.openClient(plane)).close();
  const lines = await plane.lines(7);
  expect(lines.map(({ response_code }) => response_code)).toEqual([400, 400, 505, 414, 431, 405, 400]);
  expect(
    lines.every(({ response_flags, reason }) => response_flags === "DPE" && reason === "InvalidRequest"),
  ).toBe(true);
  expect(requestCounts(plane)).toEqual({
    "400 DPE": 3,
    "505 DPE": 1,
    "414 DPE": 1,
    "431 DPE": 1,
    "405 DPE": 1,
  });
});

test("a header that does not come in time has a line", async () => {
  const clock = new ManualClock();
  const plane = await rig.openPlane({ clock, settings: { timeouts: { headerMs: 1000 } } });
  const client = await rig.openClient(plane);
  await client.send("GET / HT");
  await until(() => gaugeOf(plane, "waystone_downstream_connections") === 1, "it is accepted");
  await untilRead(client.socket);
  clock.advance(1050);
  expect((await client.readResponse()).status).toBe(408);
  clock.advance(60);
  expect(plane.log()).toMatchObject([
    { response_code: 408, response_flags: "DPE", reason: "Timeout", method: null },
  ]);
});

test("access logs may be off: requests are counted all the same", async () => {
  const upstream = await rig.openUpstream();
  const plane = await rig.openPlane({ upstreams: [upstream], settings: { accessLog: false } });
  const client = await rig.openClient(plane);
  await client.send(get);
  await client.readResponse();
  expect(plane.log()).toEqual([]);
  expect(requestCounts(plane)).toEqual({ "200 -": 1 });
  // The story that the rig compares has no log to it here.
  plane.emitted.push({ type: "access-log", lines: '{"response_code":200,"response_flags":"-"}\n' });
});

test("a request is counted once, under Istio's labels, with who asked and who answered", async () => {
  const upstream = await rig.openUpstream({
    answer: () => "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
  });
  const slice = EndpointSlice.encode({
    namespace: "shop",
    name: "web-1",
    service: "shop/web",
    ports: [{ name: "main", port: upstream.port }],
    endpoints: [
      {
        address: "127.0.0.1",
        ready: true,
        serving: true,
        workload: {
          namespace: "shop",
          pod: "web-1",
          workload: "web",
          serviceAccount: "web-sa",
          app: "web",
          version: "v2",
          canonicalService: "web",
          canonicalRevision: "v2",
        },
      },
    ],
  }).finish();
  const plane = await rig.openPlane({ more: [encodeResource(typeUrls.endpointSlice, "shop/web-1", slice)] });
  const client = await rig.openClient(plane, { localAddress: "127.6.0.1" });
  plane.apply([
    workloadResource({
      address: "127.6.0.1",
      workload: {
        namespace: "clients",
        pod: "c-1",
        workload: "c",
        serviceAccount: "c-sa",
        app: "c",
        version: "v1",
      },
    }),
  ]);
  for (let i = 0; i < 3; i++) {
    await client.send(`POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 7\r\n\r\n1234567`);
    await client.readResponse("POST");
  }
  const labels = {
    reporter: "waypoint",
    source_workload: "c",
    source_workload_namespace: "clients",
    source_principal: "spiffe://cluster.local/ns/clients/sa/c-sa",
    source_app: "c",
    source_version: "v1",
    source_canonical_service: "unknown",
    source_canonical_revision: "unknown",
    source_cluster: "unknown",
    destination_workload: "web",
    destination_workload_namespace: "shop",
    destination_principal: "spiffe://cluster.local/ns/shop/sa/web-sa",
    destination_app: "web",
    destination_version: "v2",
    destination_service: "web.shop.svc.cluster.local",
    destination_service_name: "web",
    destination_service_namespace: "shop",
    destination_canonical_service: "web",
    destination_canonical_revision: "v2",
    destination_cluster: "unknown",
    request_protocol: "http",
    response_code: "200",
    response_flags: "-",
    grpc_response_status: "",
    connection_security_policy: "none",
  };
  expect(samplesOf(plane, "istio_requests_total")).toEqual([{ labels, value: 3 }]);
  expect(samplesOf(plane, "istio_request_bytes")).toMatchObject([{ labels, sum: 21 }]);
  expect(samplesOf(plane, "istio_response_bytes")).toMatchObject([{ labels, sum: 9 }]);
  expect(samplesOf(plane, "istio_request_duration_milliseconds")).toMatchObject([{ labels }]);
  expect(await plane.lines(3)).toMatchObject(
    [1, 2, 3].map(() => ({
      source_namespace: "clients",
      source_workload: "c",
      source_service_account: "c-sa",
    })),
  );
});

test("a duration is that from the request's head to the end of its answer", async () => {
  const clock = new ManualClock();
  const upstream = await rig.openUpstream({ answer: () => undefined });
  const plane = await rig.openPlane({ upstreams: [upstream], clock });
  const client = await rig.openClient(plane);
  clock.advance(500);
  await client.send(get);
  await upstream.request();
  clock.advance(120);
  (await upstream.connection()).write("HTTP/1.1 204 No Content\r\n\r\n");
  await client.readResponse();
  expect(samplesOf(plane, "istio_request_duration_milliseconds")).toMatchObject([{ sum: 120 }]);
  clock.advance(60);
});
