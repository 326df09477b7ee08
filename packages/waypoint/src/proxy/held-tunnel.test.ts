/** Tunnels end when their route no longer allows them, and when it merely changes they stay (design/0004, issue 5). */
import { MatchType, type RouteRuleResource } from "@waystone/api/resources";
import { until, within } from "@waystone/testkit/within";
import { describe, expect, test } from "vitest";
import { type RigPlane, useExchangeRig } from "../testing/exchange-rig.ts";
import { useHttp2Peers } from "../testing/http2-peers.ts";
import { routeResource, serviceResource, sliceResource } from "../testing/open-test-plane.ts";

const rig = useExchangeRig();
const peers = useHttp2Peers();

const offer =
  "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";
const upgradeRequest = `GET /chat HTTP/1.1\r\nHost: h\r\n${offer}\r\n`;
const switching =
  "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
  "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

const to = (service: string, weight = 1) => ({ service, port: 80, weight });
const rule = (path: string, ...backends: ReturnType<typeof to>[]): RouteRuleResource => ({
  matches: [{ path: { type: MatchType.PREFIX, value: path } }],
  backends,
});
const route = (...rules: RouteRuleResource[]) => routeResource("web", { rules });

async function openTunnel(
  rules: RouteRuleResource[],
  answer: () => string | Promise<string> = () => switching,
) {
  const upstream = await rig.openUpstream({ answer });
  const chat = [
    serviceResource("shop", "chat", 80),
    sliceResource("shop", "chat", [`127.0.0.1:${upstream.port}`]),
  ];
  const plane = await rig.openPlane({ upstreams: [upstream], rules, more: chat });
  const client = await rig.openClient(plane);
  await client.send(upgradeRequest);
  return { upstream, plane, client };
}

/** Bytes still pass: whatever a change was to do, it has done. */
async function expectOpen({ client, upstream }: Awaited<ReturnType<typeof openTunnel>>): Promise<void> {
  const server = await upstream.connection();
  const before = server.bytes.length;
  await client.send("ping");
  await server.untilBytes(before + 4);
  expect(client.peerState).toBe("open");
}

async function expectClosed(
  { client, upstream, plane }: Awaited<ReturnType<typeof openTunnel>>,
  line: Record<string, unknown>,
): Promise<void> {
  expect((await client.readUntilEnd()).state).toBe("reset");
  expect(await (await upstream.connection()).untilEnd()).not.toBe("open");
  expect(await plane.lines(1)).toMatchObject([{ response_code: 101, response_flags: "NR", ...line }]);
}

const noLonger: readonly (readonly [string, (plane: RigPlane) => void, string])[] = [
  [
    "its rule is gone",
    (plane) => plane.apply([route(rule("/other", to("shop/chat")))]),
    "no route matches any more",
  ],
  [
    "its path leads to another Service",
    (plane) => plane.apply([route(rule("/", to("shop/chat")), rule("/chat", to("shop/web")))]),
    "no route leads to shop/chat:80 any more",
  ],
  [
    "its route is gone, and the Service itself is another",
    (plane) => plane.apply([], [route()]),
    "no route leads to shop/chat:80 any more",
  ],
  [
    "its path is redirected",
    (plane) => plane.apply([route({ ...rule("/"), filters: [{ requestRedirect: { statusCode: 302 } }] })]),
    "no route leads to shop/chat:80 any more",
  ],
  [
    "its backend can no longer be used",
    (plane) =>
      plane.apply([route(rule("/", { ...to("shop/chat"), invalid: "gone" } as ReturnType<typeof to>))]),
    "no route leads to shop/chat:80 any more",
  ],
  [
    "the Service's port is gone",
    (plane) => plane.apply([], [serviceResource("shop", "web", 80, { listen: plane.port })]),
    "the Service's port has gone",
  ],
  [
    "the Service's port is no longer HTTP",
    (plane) => plane.apply([serviceResource("shop", "web", 80, { listen: plane.port, protocol: "tcp" })]),
    "the Service's port is no longer HTTP",
  ],
];

describe("[U06] a tunnel is closed on both sides when", () => {
  test.for(noLonger)("%s", async ([, change, why]) => {
    const tunnel = await openTunnel([rule("/", to("shop/chat"))]);
    await tunnel.client.readBytes(12);
    await expectOpen(tunnel);
    change(tunnel.plane);
    await expectClosed(tunnel, { upstream_transport_failure_reason: why });
  });

  test("the change came before the answer that made it a tunnel", async () => {
    const waiting = Promise.withResolvers<string>();
    const tunnel = await openTunnel([rule("/", to("shop/chat"))], () => waiting.promise);
    await tunnel.upstream.request();
    tunnel.plane.apply([route(rule("/other", to("shop/chat")))]);
    waiting.resolve(switching);
    await expectClosed(tunnel, { upstream_transport_failure_reason: "no route matches any more" });
  });
});

const still: readonly (readonly [string, (plane: RigPlane) => void])[] = [
  [
    "its backend has another weight",
    (plane) => plane.apply([route(rule("/", to("shop/chat"), to("shop/web", 99)))]),
  ],
  [
    "its backend has weight 0",
    (plane) => plane.apply([route(rule("/", to("shop/chat", 0), to("shop/web")))]),
  ],
  ["another rule leads there", (plane) => plane.apply([route(rule("/chat", to("shop/chat")), rule("/"))])],
  [
    "its Service is being given back",
    (plane) => {
      plane.apply([serviceResource("shop", "web", 80, { listen: plane.port, releasing: true })]);
      plane.apply([], [serviceResource("shop", "web", 80)]);
    },
  ],
];

describe("[U06] a tunnel stays when", () => {
  test.for(still)("%s", async ([, change]) => {
    const tunnel = await openTunnel([rule("/", to("shop/chat"))]);
    await tunnel.client.readBytes(12);
    change(tunnel.plane);
    await expectOpen(tunnel);
  });
});

test("[U06] more of them than are closed in one turn are all closed, and who asks meanwhile is served", async () => {
  const upstream = await rig.openUpstream({
    answer: ({ target }) => (target === "/chat" ? switching : "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
  });
  const plane = await rig.openPlane({ upstreams: [upstream], rules: [rule("/", to("shop/web"))] });
  const other = await rig.openClient(plane);
  const clients = await Promise.all(Array.from({ length: 100 }, async () => await rig.openClient(plane)));
  for (const client of clients) await client.send(upgradeRequest);
  for (const client of clients) await client.readBytes(12);
  plane.apply([route(rule("/other", to("shop/web")))]);
  await other.send("GET /other HTTP/1.1\r\nHost: h\r\n\r\n");
  expect((await other.readResponse()).status).toBe(200);
  for (const client of clients) expect((await client.readUntilEnd()).state).toBe("reset");
  const lines = await plane.lines(101);
  expect(
    lines.filter(({ response_code, response_flags }) => response_code === 101 && response_flags === "NR"),
  ).toHaveLength(100);
});

test("[U06] over HTTP/2 the stream alone is reset; the connection serves on", async () => {
  const upstream = await rig.openUpstream({
    answer: ({ target }) => (target === "/chat" ? switching : "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
  });
  const plane = await rig.openPlane({ upstreams: [upstream], rules: [rule("/", to("shop/web"))] });
  const session = peers.client(plane.port);
  await within(new Promise((resolve) => session.once("remoteSettings", resolve)), "SETTINGS");
  const stream = session.request(
    { ":method": "CONNECT", ":protocol": "websocket", ":path": "/chat", "sec-websocket-version": "13" },
    { endStream: false },
  );
  stream.on("error", () => {});
  await within(new Promise((resolve) => stream.once("response", resolve)), "the tunnel");
  plane.apply([route(rule("/other", to("shop/web")))]);
  await within(new Promise((resolve) => stream.once("close", resolve)), "the stream's end");
  const other = session.request({ ":path": "/other" });
  const answer = await within(
    new Promise<Record<string, unknown>>((resolve) => other.once("response", resolve)),
    "it",
  );
  expect(answer[":status"]).toBe(200);
  other.close();
  await until(() => plane.log().length >= 1, "its line is there");
  expect(plane.log()[0]).toMatchObject({ response_code: 101, response_flags: "NR" });
});
