/** CUSTOM over plain HTTP (as Envoy's filter and GEP-1494 have it), on real sockets. */
import type { AuthorizerResource } from "@waystone/api/resources";
import type { RecordingUpstream } from "@waystone/testkit/recording-upstream";
import type { EncodedResource } from "@waystone/xds/resource";
import { expect, test } from "vitest";
import { jwks, token, who } from "../testing/token-clients.ts";
import { useExchangeRig } from "../testing/exchange-rig.ts";
import { authorizerResources, customPolicy, overHttp } from "../testing/test-authorizer.ts";

const rig = useExchangeRig();

async function open(answer: string, provider: AuthorizerResource = {}, ...others: EncodedResource[]) {
  const authorizer = await rig.openUpstream({ answer: () => answer });
  const upstream = await rig.openUpstream();
  const more = [
    ...authorizerResources(authorizer.port, "http"),
    customPolicy({ provider: { ...overHttp, ...provider } }),
    ...others,
  ];
  const plane = await rig.openPlane({ upstreams: [upstream], more });
  return { authorizer, upstream, client: await rig.openClient(plane) };
}

const allowed = "HTTP/1.1 200 OK\r\nX-User: ann\r\nX-Other: o\r\nContent-Length: 0\r\n\r\n";

/** Lines of the only request that came, by lower-case name. */
function headersOf({ requests }: RecordingUpstream): Readonly<Record<string, string>> {
  return Object.fromEntries(requests[0]!.headers.map(([name, value]) => [name.toLowerCase(), value]));
}

test("it gets the request's method, host and path behind a prefix, the headers that it may have, and no body", async () => {
  const { authorizer, client } = await open(allowed, { path: "/check/", allowedHeaders: ["Cookie"] });
  const lines = "Authorization: Bearer t\r\nCookie: a=b\r\nX-Secret: s\r\nContent-Length: 5";
  await client.send(`PUT /x/../orders?a=b HTTP/1.1\r\nHost: api.example\r\n${lines}\r\n\r\nhello`);
  expect((await client.readResponse("PUT")).status).toBe(200);
  const [{ method, target, body } = { method: "", target: "", body: Buffer.alloc(0) }] = authorizer.requests;
  expect([method, target, body.length]).toEqual(["PUT", "/check/orders?a=b", 0]);
  const headers = headersOf(authorizer);
  expect(headers).toMatchObject({ host: "api.example", authorization: "Bearer t", cookie: "a=b" });
  expect(headers).toHaveProperty("x-forwarded-for");
  expect(headers).not.toHaveProperty("x-secret");
});

test("of its 200 the request goes on with the headers that the policy names, and with none of the client's of those names", async () => {
  const { upstream, client } = await open(allowed, { headersToBackend: ["X-User", "X-Role"] });
  await client.send(
    "GET / HTTP/1.1\r\nHost: h\r\nX-User: root\r\nX-Role: admin\r\nX_Role: admin\r\nConnection: x-user\r\n\r\n",
  );
  expect((await client.readResponse()).status).toBe(200);
  const headers = headersOf(upstream);
  expect(headers["x-user"]).toBe("ann");
  expect(headers).not.toHaveProperty("x-role");
  expect(headers).not.toHaveProperty("x_role");
  expect(headers).not.toHaveProperty("x-other");
});

test("where it cannot be asked and the policy fails open, nobody speaks in its place", async () => {
  const provider = { headersToBackend: ["X-User"], failOpen: true };
  const { upstream, client } = await open("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", provider);
  await client.send("GET / HTTP/1.1\r\nHost: h\r\nX-User: root\r\n\r\n");
  expect((await client.readResponse()).status).toBe(200);
  expect(headersOf(upstream)).not.toHaveProperty("x-user");
});

test("any other answer is the client's: status, body, and the headers that it may have", async () => {
  const answer =
    "HTTP/1.1 302 Found\r\nLocation: /login\r\nSet-Cookie: a=b\r\nX-Internal: i\r\nContent-Length: 3\r\n\r\nno!";
  const { upstream, client } = await open(answer, { headersToClient: ["Set-Cookie"] });
  await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  const { status, headers, body } = await client.readResponse();
  expect([status, body.toString()]).toEqual([302, "no!"]);
  const names = headers.map(([name]) => name.toLowerCase());
  expect(names).toEqual(expect.arrayContaining(["location", "set-cookie"]));
  expect(names).not.toContain("x-internal");
  expect(upstream.requests).toEqual([]);
});

test.for([
  ["201: a yes is 200 alone", "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n", 201],
  ["5xx, which is no answer", "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", 403],
  ["what is no HTTP", "hello\r\n\r\n", 403],
  ["a body without end", `HTTP/1.1 200 OK\r\nContent-Length: 70000\r\n\r\n${"x".repeat(70_000)}`, 403],
] as const)("the request does not go on after %s", async ([, answer, status]) => {
  const { upstream, client } = await open(answer);
  await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  expect((await client.readResponse()).status).toBe(status);
  expect(upstream.requests).toEqual([]);
});

test("its body goes along where the policy says so, and on to the endpoint", async () => {
  const { authorizer, upstream, client } = await open(allowed, { bodyMaxBytes: 100 });
  await client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello");
  expect((await client.readResponse("POST")).status).toBe(200);
  expect([authorizer, upstream].map(({ requests }) => requests[0]?.body.toString())).toEqual([
    "hello",
    "hello",
  ]);
});

test("a request to switch protocols is asked about as the request that it is", async () => {
  const { authorizer, client } = await open("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n");
  await client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n");
  expect((await client.readResponse()).status).toBe(401);
  expect(headersOf(authorizer)).not.toHaveProperty("upgrade");
});

test("a token that a policy keeps to itself (forward: false) it does not get either, from wherever it was taken", async () => {
  const places = { headers: [{ name: "x-token" }], queryParameters: ["token"], cookies: ["session"] };
  const provider = { allowedHeaders: ["Cookie", "X-Token"] };
  const { authorizer, client } = await open(allowed, provider, who({ jwks, forward: false, ...places }));
  const text = token();
  for (const [target, header] of [
    [`/p?a=1&token=${text}`, "X-A: b"],
    ["/p", `X-Token: ${text}`],
    ["/p", `Cookie: a=1; session=${text}`],
  ]) {
    await client.send(`GET ${target} HTTP/1.1\r\nHost: h\r\n${header}\r\n\r\n`);
    expect((await client.readResponse()).status).toBe(200);
  }
  expect(authorizer.requests.length).toBe(3);
  expect(authorizer.bytes.toString()).not.toContain(text);
  expect(authorizer.requests[0]).toMatchObject({ target: "/p?a=1" });
});
