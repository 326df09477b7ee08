/** What an endpoint sends beyond an answer is nobody's, and least of all the next request's answer (desync; RFC 9112 9.3, 6.3). */
import { ManualClock } from "@waystone/testkit/manual-clock";
import type { UpstreamConnection } from "@waystone/testkit/upstream-connection";
import { until } from "@waystone/testkit/within";
import { describe, expect, test } from "vitest";
import { endpointsOf, pooledConnections, useExchangeRig } from "../testing/exchange-rig.ts";

const rig = useExchangeRig();

const evil = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil";
const good = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood";
const request = (method: string, target = "/"): string => `${method} ${target} HTTP/1.1\r\nHost: h\r\n\r\n`;

/** An endpoint that answers /good rightly, /held by hand, and anything else with `answer`; undefined: by hand. */
async function open(answer: string | undefined, pool: object = {}) {
  const clock = new ManualClock();
  const upstream = await rig.openUpstream({
    answer: ({ target }) => (target === "/good" ? good : target === "/held" ? undefined : answer),
  });
  const plane = await rig.openPlane({ upstreams: [upstream], clock, settings: { pool } });
  const client = await rig.openClient(plane);
  const ask = async (method: string, target?: string): Promise<string> => {
    await client.send(request(method, target));
    return (await client.readResponse(method)).body.toString();
  };
  return { clock, upstream, plane, client, ask };
}

async function untilLeft(connection: UpstreamConnection): Promise<void> {
  expect(await connection.untilEnd()).not.toBe("open");
}

describe("a body where there must not be one, in a segment of its own", () => {
  test.for([
    ["of an answer to HEAD", "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 43\r\n\r\n"],
    ["of one in chunks", "HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"],
    ["of one that announces nothing", "HEAD", "HTTP/1.1 200 OK\r\nX: y\r\n\r\n"],
    ["of a 304 that announces it", "GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 43\r\n\r\n"],
    ["of a 304 in chunks", "GET", "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n"],
    ["of a 204 that announces it", "GET", "HTTP/1.1 204 No Content\r\nContent-Length: 43\r\n\r\n"],
  ] as const)("%s is no answer to the next request, and closes its connection", async ([, method, head]) => {
    const { upstream, client, ask } = await open(head);
    expect(await ask(method)).toBe("");
    await client.send(request("GET", "/held"));
    await until(() => upstream.requests.length === 2, "the next request is there before those bytes are");
    const [first, second] = upstream.connections;
    first!.write(evil);
    await untilLeft(first!);
    second!.write(good);
    expect((await client.readResponse()).body.toString()).toBe("good");
    expect(await ask("GET", "/good")).toBe("good");
    expect(upstream.connections.length).toBe(2);
  });

  test("nor is it where the next request waits for that very connection: it gets a new one", async () => {
    const { plane, upstream, client } = await open(undefined, { connectionsPerEndpoint: 1 });
    await client.send(request("HEAD"));
    await upstream.request();
    const other = await rig.openClient(plane);
    await other.send(request("GET", "/good"));
    await until(() => endpointsOf(plane)[0]?.active === 2, "the other one waits in line");
    const [first] = upstream.connections;
    first!.write("HTTP/1.1 200 OK\r\nContent-Length: 43\r\n\r\n");
    expect((await client.readResponse("HEAD")).status).toBe(200);
    first!.write(evil);
    expect((await other.readResponse()).body.toString()).toBe("good");
    await untilLeft(first!);
  });

  test("an endpoint that is silent after such an answer keeps its connection", async () => {
    const { clock, upstream, ask, plane } = await open("HTTP/1.1 200 OK\r\nContent-Length: 43\r\n\r\n");
    for (let i = 0; i < 3; i++) {
      expect(await ask("HEAD")).toBe("");
      clock.advance(200);
    }
    expect(await ask("GET", "/good")).toBe("good");
    expect([upstream.connections.length, pooledConnections(plane)]).toEqual([1, 1]);
  });

  test.for(["HTTP/1.1 204 No Content\r\n\r\n", 'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n'])(
    "an answer that leaves no doubt costs no rest: %j",
    async (answer) => {
      const { upstream, ask } = await open(answer);
      for (let i = 0; i < 3; i++) expect(await ask("GET")).toBe("");
      expect(upstream.connections.length).toBe(1);
    },
  );
});

describe("more bytes than the answer has", () => {
  test("where the answer ends just where the reader's room does: nobody gets what lies behind it", async () => {
    const { plane, upstream, client } = await open(undefined, { connectionsPerEndpoint: 1 });
    await client.send(request("GET"));
    await upstream.request();
    const other = await rig.openClient(plane);
    await other.send(request("GET", "/good"));
    await until(() => endpointsOf(plane)[0]?.active === 2, "the other one waits in line");
    // The first read of a connection has room for 4 KiB, the others for 64.
    const head = "HTTP/1.1 200 OK\r\nContent-Length: 4048\r\nX-A: abcd\r\n\r\n";
    const answer = head.replace("4048", String(4096 - head.length));
    upstream.connections[0]!.write(answer + "x".repeat(4096 - head.length) + evil);
    expect((await client.readResponse()).body.length).toBe(4096 - head.length);
    expect((await other.readResponse()).body.toString()).toBe("good");
    await untilLeft(upstream.connections[0]!);
  });

  test.for([
    ["in one segment with it", `HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok${evil}`],
    ["after Connection: close", `HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok${evil}`],
    [
      "behind the last chunk",
      `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n${evil}`,
    ],
    ["an empty line", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok\r\n"],
  ])("%s", async ([, answer]) => {
    const { upstream, ask } = await open(answer);
    expect(await ask("GET")).toBe("ok");
    expect(await ask("GET", "/good")).toBe("good");
    await untilLeft(upstream.connections[0]!);
    expect(upstream.connections.length).toBe(2);
  });

  test("while no request is under way: the connection is nobody's from that moment on", async () => {
    const { upstream, ask } = await open("unused");
    expect(await ask("GET", "/good")).toBe("good");
    upstream.connections[0]!.write(evil);
    await untilLeft(upstream.connections[0]!);
    expect(await ask("GET", "/good")).toBe("good");
    expect(upstream.connections.length).toBe(2);
  });
});

describe("an answer before its request has ended", () => {
  test.for([
    "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf",
    "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
  ])("is passed on, and neither the rest of the body nor another request goes there: %j", async (bytes) => {
    const { plane, upstream, client } = await open(undefined);
    await client.send(bytes);
    await until(() => upstream.bytes.includes("half"), "half of it is upstream");
    const [first] = upstream.connections;
    first!.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    expect((await client.readResponse()).status).toBe(403);
    await untilLeft(first!);
    const seen = first!.bytes.length;
    const other = await rig.openClient(plane);
    await other.send(request("GET", "/good"));
    expect((await other.readResponse()).body.toString()).toBe("good");
    expect([upstream.connections.length, first!.bytes.length]).toEqual([2, seen]);
  });
});

test("1xx answers without end, each in its own segment, are 502 and close the connection", async () => {
  const { upstream, client } = await open(undefined);
  await client.send(request("GET"));
  await upstream.request();
  const [first] = upstream.connections;
  let status = 0;
  for (let passed = 0; passed <= 16; passed++) {
    first!.write("HTTP/1.1 103 Early Hints\r\n\r\n");
    ({ status } = await client.readResponse());
  }
  expect(status).toBe(502);
  await untilLeft(first!);
});
