/** Configuration that changes under traffic: a request keeps what it began with; endpoints come and go. */
import { EndpointSlice } from "@waystone/api/resources";
import { typeUrls } from "@waystone/api/names";
import { encodeResource } from "@waystone/xds/version";
import { openRawClient } from "@waystone/testkit/raw-http-client";
import { until } from "@waystone/testkit/within";
import { expect, test } from "vitest";
import { endpointsOf, useExchangeRig } from "../testing/exchange-rig.ts";
import { routeResource, serviceResource, sliceResource } from "../testing/open-test-plane.ts";

const rig = useExchangeRig();

const get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
const answer = (name: string): string => `HTTP/1.1 200 OK\r\nContent-Length: ${name.length}\r\n\r\n${name}`;
const to = (name: string, marker: string): { rules: object[] } => ({
  rules: [
    {
      filters: [{ responseHeaderModifier: { set: [{ name: "X-Route", value: marker }] } }],
      backends: [{ service: `shop/${name}`, port: 80, weight: 1 }],
      retry: { attempts: 1, backoffMs: 1, codes: [503] },
    },
  ],
});

test("a request in flight keeps its route when another takes its place; the next request gets the new one", async () => {
  const waiting = Promise.withResolvers<string>();
  const [old, next] = [
    await rig.openUpstream({ answer: () => waiting.promise }),
    await rig.openUpstream({ answer: () => answer("new") }),
  ];
  const plane = await rig.openPlane({
    rules: to("old", "before").rules,
    more: [
      serviceResource("shop", "old", 80),
      sliceResource("shop", "old", [`127.0.0.1:${old.port}`]),
      serviceResource("shop", "new", 80),
      sliceResource("shop", "new", [`127.0.0.1:${next.port}`]),
    ],
  });
  const [first, second] = [await rig.openClient(plane), await rig.openClient(plane)];
  await first.send(get);
  await old.request();
  plane.apply([routeResource("web", { ...to("new", "after"), generation: 2 })]);
  await second.send(get);
  expect((await second.readResponse()).raw.toString()).toBe(
    "HTTP/1.1 200 OK\r\nX-Route: after\r\nContent-Length: 3\r\n\r\nnew",
  );
  waiting.resolve(answer("old"));
  expect((await first.readResponse()).raw.toString()).toBe(
    "HTTP/1.1 200 OK\r\nX-Route: before\r\nContent-Length: 3\r\n\r\nold",
  );
  await first.send(get);
  expect((await first.readResponse()).body.toString()).toBe("new");
});

test("a route that goes away in flight still answers; then the Service itself serves", async () => {
  const waiting = Promise.withResolvers<string>();
  const upstream = await rig.openUpstream({
    answer: ({ target }) => (target === "/slow" ? waiting.promise : answer("ok")),
  });
  const plane = await rig.openPlane({ upstreams: [upstream], rules: to("web", "routed").rules });
  const client = await rig.openClient(plane);
  await client.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
  await upstream.request();
  plane.apply([], [routeResource("web", to("web", "routed"))]);
  waiting.resolve(answer("ok"));
  expect((await client.readResponse()).raw.toString()).toContain("X-Route: routed");
  await client.send(get);
  expect((await client.readResponse()).raw.toString()).not.toContain("X-Route");
});

test("an endpoint that leaves finishes what is under way, gets nothing new, and its connections close", async () => {
  const waiting = Promise.withResolvers<string>();
  const [leaving, staying] = await rig.openUpstreams({ answer: () => waiting.promise }, {});
  const address = (host: string): string => `${host}:${leaving!.port}`;
  const plane = await rig.openPlane({
    endpoints: [address("127.0.0.1")],
    // So that it is not for its idleness that a connection closes.
    settings: { pool: { idleMs: 60_000 } },
  });
  const client = await rig.openClient(plane);
  await client.send(get);
  await leaving!.request();
  const [endpoint] = endpointsOf(plane);
  plane.apply([sliceResource("shop", "web", [address("127.0.0.2")])]);
  const other = await rig.openClient(plane);
  for (let i = 0; i < 5; i++) {
    await other.send(get);
    expect((await other.readResponse()).status).toBe(200);
  }
  expect(staying!.requests.length).toBe(5);
  waiting.resolve(answer("done"));
  expect((await client.readResponse()).body.toString()).toBe("done");
  expect(await (await leaving!.connection()).untilEnd()).not.toBe("open");
  expect(endpoint?.active).toBe(0);
});

test("idle connections to an endpoint that leaves close at once", async () => {
  const upstream = await rig.openUpstream();
  const plane = await rig.openPlane({ upstreams: [upstream] });
  const client = await rig.openClient(plane);
  await client.send(get);
  await client.readResponse();
  plane.apply([sliceResource("shop", "web", [])]);
  expect(await (await upstream.connection()).untilEnd()).not.toBe("open");
  await client.send(get);
  expect((await client.readResponse()).status).toBe(503);
});

test("endpoints that terminate but still serve are picked where none is ready, and only there", async () => {
  const [ready, terminating] = await rig.openUpstreams({}, {});
  const slice = (readyAt: boolean) =>
    encodeResource(
      typeUrls.endpointSlice,
      "shop/web-1",
      EndpointSlice.encode({
        namespace: "shop",
        name: "web-1",
        service: "shop/web",
        ports: [{ name: "main", port: ready!.port }],
        endpoints: [
          { address: "127.0.0.1", ready: readyAt, serving: readyAt },
          { address: "127.0.0.2", ready: false, serving: true, terminating: true },
        ],
      }).finish(),
    );
  const plane = await rig.openPlane();
  const client = await rig.openClient(plane);
  for (const [readyAt, expected] of [
    [true, ready],
    [false, terminating],
  ] as const) {
    plane.apply([slice(readyAt)]);
    for (let i = 0; i < 10; i++) {
      await client.send(get);
      expect((await client.readResponse()).status).toBe(200);
    }
    expect(expected!.requests.length).toBe(10);
  }
});

test("a Service that is no longer served stops listening and closes its connections, until it is served again", async () => {
  const upstream = await rig.openUpstream();
  const plane = await rig.openPlane({ upstreams: [upstream] });
  const client = await rig.openClient(plane);
  await client.send(get);
  await client.readResponse();
  plane.apply([], [serviceResource("shop", "web", 80, { listen: plane.port })]);
  await until(async () => await refuses(plane), "the port is closed");
  expect((await client.readUntilEnd()).state).toBe("ended");
  plane.apply([serviceResource("shop", "web", 80, { listen: plane.port })]);
  await until(async () => !(await refuses(plane)), "the port is open again");
  const again = await rig.openClient(plane);
  await again.send(get);
  expect((await again.readResponse()).status).toBe(200);
});

async function refuses(plane: { readonly port: number }): Promise<boolean> {
  try {
    (await openRawClient({ port: plane.port })).close();
    return false;
  } catch {
    return true;
  }
}

test("0 wrong answers while routes change under load", async () => {
  const [blue, green] = [
    await rig.openUpstream({ answer: () => answer("blue") }),
    await rig.openUpstream({ answer: () => answer("green") }),
  ];
  const plane = await rig.openPlane({
    rules: to("blue", "blue").rules,
    more: [
      serviceResource("shop", "blue", 80),
      sliceResource("shop", "blue", [`127.0.0.1:${blue.port}`]),
      serviceResource("shop", "green", 80),
      sliceResource("shop", "green", [`127.0.0.1:${green.port}`]),
    ],
  });
  const load = { isOver: false };
  const seen = new Set<string>();
  const clients = Array.from({ length: 8 }, async () => {
    const client = await rig.openClient(plane);
    while (!load.isOver) {
      await client.send(get);
      const { status, headers, body } = await client.readResponse();
      expect(status).toBe(200);
      // Header and body come from one configuration, never from two.
      expect(headers.find(([name]) => name === "X-Route")?.[1]).toBe(body.toString());
      seen.add(body.toString());
    }
  });
  const change = (generation: number): void => {
    const name = generation % 2 === 0 ? "green" : "blue";
    plane.apply([routeResource("web", { ...to(name, name), generation })]);
  };
  let generation = 2;
  for (; generation < 120; generation++) {
    change(generation);
    await new Promise((resolve) => setImmediate(resolve));
  }
  // Where the kernel takes its time, so many turns bring few answers.
  await until(() => {
    change(generation++);
    return seen.size > 1;
  }, "each has answered");
  load.isOver = true;
  await Promise.all(clients);
  expect(seen).toEqual(new Set(["blue", "green"]));
});
