/** What of a message belongs to one connection, and what is believed of where it came from (reference 3.4). */
import { MatchType } from "@waystone/api/resources";
import { expect, test } from "vitest";
import { useExchangeRig } from "../testing/exchange-rig.ts";
import { workloadResource } from "../testing/open-test-plane.ts";

const rig = useExchangeRig();

const requestId = /X-Request-Id: [0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/;

async function forwarded(request: string, from = "127.0.0.1", trustedHops: string[] = []): Promise<string> {
  const upstream = await rig.openUpstream();
  const plane = await rig.openPlane({ upstreams: [upstream], settings: { forwarding: { trustedHops } } });
  const client = await rig.openClient(plane, { localAddress: from });
  await client.send(request);
  expect((await client.readResponse()).status).toBe(200);
  return upstream.bytes.toString("latin1").replace(requestId, "X-Request-Id: <uuid>");
}

const added = "X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: http\r\nX-Request-Id: <uuid>\r\n";

test("[U01] hop-by-hop headers of a request and those that its Connection names do not go upstream", async () => {
  const hopByHop =
    "Connection: keep-alive, X-Secret, x-other\r\nProxy-Connection: keep-alive\r\nKeep-Alive: timeout=5\r\n" +
    "TE: gzip\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\nProxy-Authorization: Basic eA==\r\n" +
    "Proxy-Authenticate: Basic\r\nTrailer: X-T\r\nX-Secret: 1\r\nX-OTHER: 2\r\nX-Kept: 3\r\n";
  expect(await forwarded(`GET /a?b=c HTTP/1.1\r\nHost: h.example\r\n${hopByHop}\r\n`)).toBe(
    `GET /a?b=c HTTP/1.1\r\nHost: h.example\r\nX-Kept: 3\r\n${added}\r\n`,
  );
});

test("[U01] TE: trailers is said anew upstream, and nothing else of TE", async () => {
  expect(await forwarded("GET / HTTP/1.1\r\nHost: h\r\nConnection: TE\r\nTE: gzip, trailers\r\n\r\n")).toBe(
    `GET / HTTP/1.1\r\nHost: h\r\n${added}Connection: TE\r\nTE: trailers\r\n\r\n`,
  );
});

test("[U01] hop-by-hop headers of an answer do not reach the client", async () => {
  const upstream = await rig.openUpstream({
    answer: () =>
      "HTTP/1.1 200 OK\r\nConnection: keep-alive, X-Internal\r\nKeep-Alive: timeout=9\r\nX-Internal: 1\r\n" +
      "Proxy-Authenticate: Basic\r\nTrailer: X-T\r\nUpgrade: h2c\r\nX-Kept: 1\r\nContent-Length: 2\r\n\r\nok",
  });
  const plane = await rig.openPlane({ upstreams: [upstream] });
  const client = await rig.openClient(plane);
  await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  const { raw } = await client.readResponse();
  expect(raw.toString("latin1")).toBe("HTTP/1.1 200 OK\r\nX-Kept: 1\r\nContent-Length: 2\r\n\r\nok");
});

test("[U01] hop-by-hop headers of a 1xx answer do not reach the client", async () => {
  const upstream = await rig.openUpstream({
    answer: () =>
      "HTTP/1.1 103 Early Hints\r\nConnection: X-Internal\r\nX-Internal: 1\r\nKeep-Alive: timeout=1\r\nLink: </a>\r\n\r\n" +
      "HTTP/1.1 204 No Content\r\n\r\n",
  });
  const plane = await rig.openPlane({ upstreams: [upstream] });
  const client = await rig.openClient(plane);
  await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  const { raw } = await client.readResponse();
  expect(raw.toString("latin1")).toBe("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
  expect((await client.readResponse()).status).toBe(204);
});

const claims =
  "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.example\r\nForwarded: for=6.6.6.6\r\n" +
  "X-Real-IP: 6.6.6.6\r\nX-Request-Id: mine\r\nX-Envoy-Original-Path: /admin\r\nX-Forwarded-Client-Cert: By=x\r\n" +
  "traceparent: 00-1-2-01\r\n";

test("[U03] what a stranger claims about its request is replaced; trace context passes", async () => {
  expect(await forwarded(`GET / HTTP/1.1\r\nHost: h\r\n${claims}\r\n`)).toBe(
    `GET / HTTP/1.1\r\nHost: h\r\ntraceparent: 00-1-2-01\r\n${added}\r\n`,
  );
});

test("[U03] a private or loopback address is a stranger like any other, unless it is a configured hop", async () => {
  expect(await forwarded(`GET / HTTP/1.1\r\nHost: h\r\n${claims}\r\n`, "127.9.9.9", ["127.9.9.0/24"])).toBe(
    "GET / HTTP/1.1\r\nHost: h\r\nForwarded: for=6.6.6.6\r\nX-Real-IP: 6.6.6.6\r\ntraceparent: 00-1-2-01\r\n" +
      "X-Forwarded-For: 6.6.6.6, 127.9.9.9\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.example\r\n" +
      "X-Request-Id: mine\r\n\r\n",
  );
});

test("[U03] a workload that becomes known is appended to from then on, on the same connection", async () => {
  const upstream = await rig.openUpstream();
  const plane = await rig.openPlane({ upstreams: [upstream] });
  const client = await rig.openClient(plane, { localAddress: "127.3.0.1" });
  const request =
    "GET / HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 1.1.1.1\r\nX-Forwarded-Client-Cert: x\r\n\r\n";
  await client.send(request);
  await client.readResponse();
  plane.apply([workloadResource({ address: "127.3.0.1", workload: { namespace: "shop", pod: "client" } })]);
  await client.send(request);
  await client.readResponse();
  const [before, after] = upstream.requests.map(({ raw }) => raw.toString("latin1"));
  expect(before).toContain("X-Forwarded-For: 127.3.0.1\r\n");
  expect(after).toContain("X-Forwarded-For: 1.1.1.1, 127.3.0.1\r\n");
  expect(after).not.toContain("X-Forwarded-Client-Cert");
});

test("[R07] trailers of an answer reach a client that said TE: trailers, but for those that may not be trailers", async () => {
  const answer =
    "HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 1\r\nHost: evil\r\n" +
    "Content-Length: 9\r\nTransfer-Encoding: x\r\nAuthorization: x\r\nContent-Type: x\r\nSet-Cookie: a=b\r\ngrpc-status: 0\r\n\r\n";
  const upstream = await rig.openUpstream({ answer: () => answer });
  const plane = await rig.openPlane({ upstreams: [upstream] });
  const client = await rig.openClient(plane);
  await client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: TE\r\nTE: trailers\r\n\r\n");
  expect((await client.readResponse()).raw.toString("latin1")).toBe(
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 1\r\ngrpc-status: 0\r\n\r\n",
  );
  await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  expect((await client.readResponse()).raw.toString("latin1")).toBe(
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
  );
});

test("[R07] trailers of a request go upstream, but for those that may not be trailers", async () => {
  const upstream = await rig.openUpstream();
  const plane = await rig.openPlane({ upstreams: [upstream] });
  const client = await rig.openClient(plane);
  await client.send(
    "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX-Sum: 1\r\n" +
      "Host: evil\r\nX-Forwarded-For: 6.6.6.6\r\nCookie: a=b\r\nX-Real-IP: 6.6.6.6\r\nExpect: 100-continue\r\n\r\n",
  );
  await client.readResponse();
  expect((await upstream.request()).trailers).toEqual([["X-Sum", "1"]]);
});

test("[R12] an escaped CRLF in a path stays escaped in what goes upstream and into a Location", async () => {
  const upstream = await rig.openUpstream();
  const redirect = { requestRedirect: { statusCode: 302, hostname: "other.example" } };
  const plane = await rig.openPlane({
    upstreams: [upstream],
    rules: [
      { matches: [{ path: { type: MatchType.PREFIX, value: "/go" } }], filters: [redirect] },
      {
        matches: [{ path: { type: MatchType.PREFIX, value: "/" } }],
        backends: [{ service: "shop/web", port: 80, weight: 1 }],
      },
    ],
  });
  const client = await rig.openClient(plane);
  await client.send("GET /go%0d%0aSet-Cookie:%20a=b?q=%0D%0A HTTP/1.1\r\nHost: h\r\n\r\n");
  expect((await client.readResponse()).status).toBe(200);
  expect((await upstream.request()).target).toBe("/go%0D%0ASet-Cookie:%20a=b?q=%0D%0A");
  await client.send("GET /go/%0d%0aSet-Cookie:%20a=b?q=%0D%0A HTTP/1.1\r\nHost: h\r\n\r\n");
  const moved = await client.readResponse();
  expect(moved.raw.toString("latin1")).toContain(
    "\r\nLocation: http://other.example/go/%0D%0ASet-Cookie:%20a=b?q=%0D%0A\r\n",
  );
});

test.for([
  ["a request header", { requestHeaderModifier: { set: [{ name: "x-a", value: "b\r\nx-evil: 1" }] } }],
  ["a response header", { responseHeaderModifier: { add: [{ name: "x-a", value: "b\0" }] } }],
  ["a header's name", { requestHeaderModifier: { add: [{ name: "x-a: b\r\nx", value: "1" }] } }],
  ["a redirect's host", { requestRedirect: { statusCode: 302, hostname: "h\r\nx: y" } }],
  ["a redirect's path", { requestRedirect: { statusCode: 302, path: { replaceFullPath: "/a\r\nx: y" } } }],
  ["a rewrite's host", { urlRewrite: { hostname: "h\r\nx: y" } }],
  ["a rewrite's path", { urlRewrite: { path: { replacePrefixMatch: "/a\n" } } }],
] as const)(
  "[R12] a route with a line break or NUL in %s is refused when it is applied",
  async ([, filter]) => {
    const rules = [{ filters: [filter as object], backends: [{ service: "shop/web", port: 80, weight: 1 }] }];
    await expect(rig.openPlane({ rules })).rejects.toThrow();
  },
);
