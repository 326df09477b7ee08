/** How a client's connection goes on, and how it ends, around the messages on it. */
import { MatchType } from "@waystone/api/resources";
import { openRawClient } from "@waystone/testkit/raw-http-client";
import { okAnswer } from "@waystone/testkit/recording-upstream";
import { until } from "@waystone/testkit/within";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { forwarded, openWireRig, refused, type WireRig } from "./testdata/wire-rig.ts";

/** While a request for /late waits upstream. */
let release: (() => void) | undefined;
let rig: WireRig;
beforeAll(async () => {
  rig = await openWireRig({
    async answer(request) {
      if (request.target === "/late") await new Promise<void>((resolve) => (release = resolve));
      return okAnswer;
    },
    rules: [
      {
        matches: [{ path: { type: MatchType.PREFIX, value: "/" } }],
        backends: [{ service: "shop/web", port: 80, weight: 1 }],
      },
      { matches: [{ path: { type: MatchType.PREFIX, value: "/none" } }], backends: [] },
    ],
  });
});
beforeEach(async () => await rig.forget());
afterAll(async () => await rig.close());

async function releaseLate(): Promise<void> {
  await until(() => release !== undefined, "the request is upstream");
  release?.();
  release = undefined;
}

const get = (target: string): string => `GET ${target} HTTP/1.1\r\nHost: a.test\r\n\r\n`;

describe("refusals", () => {
  test("a refusal after a HEAD has its body, a refusal of a HEAD has none", async () => {
    const bytes = "HEAD / HTTP/1.1\r\nHost: a.test\r\n\r\n(GET) / HTTP/1.1\r\n\r\n";
    const { statuses, connection } = await rig.judge(bytes, "whole", "HEAD");
    expect([statuses, connection]).toEqual([[200, 400], "ended"]);
    expect(await rig.judge("HEAD / HTTP/1.1\r\n\r\n", "whole", "HEAD")).toEqual(refused(400));
    const client = await openRawClient({ port: rig.port });
    await client.send("HEAD / HTTP/1.1\r\n\r\n");
    const all = (await client.readUntilEnd()).bytes.toString();
    expect(all).toMatch(
      /^HTTP\/1\.1 400 Bad Request\r\nContent-Type: text\/plain\r\nContent-Length: 12\r\nConnection: close\r\n\r\n$/,
    );
    client.close();
  });

  test("what a client goes on sending after its refusal is thrown away, so that it can read the answer", async () => {
    const client = await openRawClient({ port: rig.port });
    await client.send(`POST / HTTP/1.1\r\nContent-Length: 200000\r\n\r\n${"x".repeat(200_000)}`);
    expect((await client.readResponse()).body.toString()).toBe("bad request\n");
    expect((await client.readUntilEnd()).state).toBe("ended");
    client.close();
  });

  test("one that never stops is cut off", async () => {
    const client = await openRawClient({ port: rig.port });
    await client.send(`POST / HTTP/1.1\r\n\r\n${"x".repeat(8 << 20)}`);
    await client.readUntilEnd();
    await until(() => client.socket.destroyed || client.peerState === "reset", "the connection is gone");
    client.close();
  });

  test("each leaves a log line that says what was wrong, and shows nothing of the request before", async () => {
    const before = rig.plane.log().length;
    await rig.judge(`${get("/before")}GET /x HTTP/1.1\r\nHost: a.test\r\nA : b\r\n\r\n`);
    await rig.judge(`${get("/before")}GET /y HTTP/1.1\r\nHost: a.test\r\nContent-Length: 05\r\n\r\n`);
    await rig.judge(
      `${get("/before")}GET /z HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n5x`,
    );
    const wrong = (): readonly Record<string, unknown>[] =>
      rig.plane
        .log()
        .slice(before)
        .filter((line) => line["response_code"] === 400);
    await until(() => wrong().length === 3, "three log lines");
    const keys = ["method", "path", "authority", "response_flags", "reason", "response_code_details"];
    expect(wrong().map((line) => keys.map((key) => line[key]))).toEqual([
      [null, null, null, "DPE", "InvalidRequest", "bad-request: white space in or after a header name"],
      ["GET", "/y", "a.test", "DPE", "InvalidRequest", "bad-request: Content-Length has a leading zero"],
      ["GET", "/z", "a.test", "DPE", "InvalidRequest", "bad-request"],
    ]);
  });
});

describe("ends", () => {
  test.for(["", "G", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: a.test\r\n"])(
    "a client that closes its half within a head (%j) gets the end, and no answer",
    async (bytes) => {
      const client = await openRawClient({ port: rig.port });
      await client.send(bytes);
      client.halfClose();
      const ended = await client.readUntilEnd();
      expect([ended.bytes.length, ended.state]).toEqual([0, "ended"]);
      client.close();
    },
  );

  test("a half-closed client is told that its last answer is the last", async () => {
    const client = await openRawClient({ port: rig.port });
    await client.send(get("/late"));
    client.halfClose();
    await releaseLate();
    const { headers } = await client.readResponse();
    expect(headers).toContainEqual(["Connection", "close"]);
    expect((await client.readUntilEnd()).state).toBe("ended");
    client.close();
  });

  test.for([
    "GET / HT",
    "GET /cut HTTP/1.1\r\nHost: a.test\r\n",
    "POST /cut HTTP/1.1\r\nHost: a.test\r\nContent-Length: 9\r\n\r\nhalf",
  ])("what was pipelined before the end and is not whole (%j) is no request", async (rest) => {
    const client = await openRawClient({ port: rig.port });
    await client.send(get("/late") + get("/next") + rest);
    client.halfClose();
    await releaseLate();
    for (const status of [200, 200]) expect((await client.readResponse()).status).toBe(status);
    expect((await client.readUntilEnd()).state).not.toBe("open");
    client.close();
    const { requests, upstream } = await rig.judge("");
    expect(requests).toBe(2);
    expect(upstream).toMatch(/^GET \/late (?:.*\r\n)*\r\nGET \/next /);
  });

  test("Connection: close is honoured, and what follows is not looked at", async () => {
    const bytes = `GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n${get("/hidden")}`;
    const upstream = `GET / HTTP/1.1\r\nHost: a.test\r\n${forwarded}\r\n`;
    for (const delivery of ["whole", "byte-by-byte"] as const)
      expect(await rig.judge(bytes, delivery)).toEqual({
        statuses: [200],
        connection: "ended",
        upstream,
        requests: 1,
      });
  });

  test("an answer of ours keeps the connection in step: after a request without a body it stays, within a body it ends", async () => {
    const kept = await rig.judge(get("/none") + get("/none") + get("/"));
    expect([kept.statuses, kept.connection, kept.requests]).toEqual([[500, 500, 200], "open", 1]);
    const post = `POST /none HTTP/1.1\r\nHost: a.test\r\nContent-Length: ${get("/hidden").length}\r\n\r\n${get("/hidden")}`;
    for (const delivery of ["whole", "byte-by-byte"] as const) {
      const { statuses, connection, upstream } = await rig.judge(post, delivery);
      expect([statuses, connection, upstream]).toEqual([[500], "ended", ""]);
    }
  });
});
