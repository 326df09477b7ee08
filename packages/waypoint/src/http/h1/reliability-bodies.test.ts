/** Bodies and sequences of messages: reference 3.1, F08, F10, F11, F15, F16. */
import { openRawClient } from "@waystone/testkit/raw-http-client";
import { okAnswer } from "@waystone/testkit/recording-upstream";
import { until } from "@waystone/testkit/within";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { forwarded, forwardedAs, openWireRig, type WireRig } from "./testdata/wire-rig.ts";

/** By target: answers that the upstream gets wrong, or that are easy to tell apart. */
const answers: Readonly<Record<string, string>> = {
  "/cut-chunks": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
  "/cut-before-last-chunk": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
  "/cut-trailers": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
  "/cut-length": "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello",
  "/two-answers": `${okAnswer}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil`,
  "/no-content-with-body": "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n",
};

let rig: WireRig;
beforeAll(async () => {
  rig = await openWireRig({
    answer(request, connection) {
      const { target } = request;
      const numbered = /^\/n\/(\d+)$/.exec(target);
      if (numbered !== null) return `HTTP/1.1 200 OK\r\nContent-Length: ${target.length}\r\n\r\n${target}`;
      const answer = answers[target];
      if (!target.startsWith("/cut")) return answer ?? okAnswer;
      connection.halfClose(answer);
      return undefined;
    },
  });
});
beforeEach(async () => await rig.forget());
afterAll(async () => await rig.close());

const hidden = "GET /hidden HTTP/1.1\r\nHost: a.test\r\n\r\n";
const chunked = (body: string): string =>
  `POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n${body}`;
const upstreamHead = `POST / HTTP/1.1\r\nHost: a.test\r\n${forwarded}Transfer-Encoding: chunked\r\n\r\n`;

/** The head was right, so the request may have begun upstream; it is never whole there, and its connection ends. */
async function expectBroken(body: string): Promise<void> {
  for (const delivery of ["whole", "byte-by-byte"] as const) {
    const { statuses, connection, requests } = await rig.judge(chunked(body), delivery);
    expect({ statuses, connection, requests }).toEqual({ statuses: [400], connection: "ended", requests: 0 });
  }
}

describe("chunks that another parser could read differently", () => {
  const sizes = [
    "0x5",
    "+5",
    "-1",
    " 5",
    "5 ",
    "0_2e",
    "",
    "5Z",
    "5\t",
    "\x0b5",
    "5,5",
    "5\0",
    "\xa05",
    "5=a",
  ];
  test.for([...sizes, "FFFFFFFFFFFFFFFF0", "00000000000000005", "FFFFFFFFFFFFFFFF", "-0", "g", "h5"])(
    "[F08] a chunk size %j is refused",
    async (size) => {
      await expectBroken(`${size}\r\nhello\r\n0\r\n\r\n${hidden}`);
    },
  );

  test("[F08] leading zeros and capitals are hexadecimal digits like others, up to 13", async () => {
    for (const size of ["000000000000a", "A", "a"])
      expect(await rig.judge(chunked(`${size}\r\n0123456789\r\n0\r\n\r\n`))).toEqual(
        forwardedAs(`${upstreamHead}a\r\n0123456789\r\n0\r\n\r\n`),
      );
    await expectBroken(`0000000000000a\r\n0123456789\r\n0\r\n\r\n${hidden}`);
  });

  test.for([
    "5\r\nhello!\r\n",
    "6\r\nhello\r\n",
    "5\r\nhelloSPILL\r\n",
    "5\r\nhello",
    "5\r\nhello\n",
    "5\r\nhello\r",
    "5\nhello\r\n",
    "5\rhello\r\n",
    "5\r\nhello\r\n\r\n",
    "5\r\nhello\r\n0\n\r\n",
    "5\r\nhello\r\n0\r\n\n",
    "5\r\nhello\r\n0\n\n",
    "5\r\nhello\r\n0\r\r\n",
    "5\r\nhello\r\n0\r\n\rX\r\n",
  ])("[F10] %j is not a body of chunks", async (body) => {
    await expectBroken(`${body}0\r\n\r\n${hidden}`);
  });

  test.for([
    "no colon",
    ": no name",
    "A : b",
    "A: b\n",
    "A: b\r\n c",
    "A: \0",
    " A: b",
    "Content_Length: 5",
    `A: ${"x".repeat(20_000)}`,
  ])("[F10] trailers are as strict as headers: %j", async (lines) => {
    await expectBroken(`1\r\nx\r\n0\r\n${lines}\r\n\r\n${hidden}`);
  });

  test.for([';a="\r"', ";a=b\n", ";\r;a", ";a=\0", ';a="\n"', ";a=b\r"])(
    "[F11] a chunk extension with a line end or a control character inside is refused: %j",
    async (extension) => {
      await expectBroken(`5${extension}\r\nhello\r\n0\r\n\r\n${hidden}`);
    },
  );

  test.for([";", ";;a", ";=b", ";a=", ";a b", ";a =b", "; a", " ;a", ';a="b"c', ';a="b', ";a=b=c", ";\xe9"])(
    "[F11] a chunk extension that is none is refused: %j",
    async (extension) => {
      await expectBroken(`5${extension}\r\nhello\r\n0\r\n\r\n${hidden}`);
    },
  );

  test.for([";ext", ";ext=v", ';ext="v"', ';ext="a \\" ; b\xe9"', ";a=b;c;d=e"])(
    "[F11] a chunk extension that is one passes, and stays here: %j",
    async (extension) => {
      const body = `1${extension}\r\nx\r\n0${extension}\r\n\r\n`;
      for (const delivery of ["whole", "byte-by-byte"] as const)
        expect(await rig.judge(chunked(body), delivery)).toEqual(
          forwardedAs(`${upstreamHead}1\r\nx\r\n0\r\n\r\n`),
        );
    },
  );

  test("[F11] 16 KiB of extensions in one body is the limit, however many chunks share them", async () => {
    const chunk = `1;${"a".repeat(1023)}\r\nx\r\n`;
    const { statuses } = await rig.judge(chunked(`${chunk.repeat(16)}0\r\n\r\n`));
    expect(statuses).toEqual([200]);
    const over = await rig.judge(chunked(`${chunk.repeat(16)}1;a\r\nx\r\n0\r\n\r\n${hidden}`));
    expect([over.statuses, over.connection, over.requests]).toEqual([[400], "ended", 0]);
  });

  test("[F10] a broken chunk is refused wherever its bytes are cut in two", async () => {
    const { verdicts, requests } = await rig.judgeEverySplit(
      chunked(`1\r\nx\r\n1\r\nxSPILL\r\n0\r\n\r\n${hidden}`),
    );
    expect([[...verdicts], requests]).toEqual([["400 ended"], 0]);
  });
});

describe("messages cut short", () => {
  test.for([
    ["Transfer-Encoding: chunked", ""],
    ["Transfer-Encoding: chunked", "5\r\nhel"],
    ["Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\n"],
    ["Content-Length: 5", "hell"],
    ["Content-Length: 5", ""],
  ])(
    "[F15] a client that ends its side within a body (%s, %j) ends the upstream connection",
    async ([line, body]) => {
      const before = rig.upstream.requests.length;
      const client = await openRawClient({ port: rig.port });
      await client.send(`POST /cut HTTP/1.1\r\nHost: a.test\r\n${line}\r\n\r\n`);
      // The head has gone upstream before the client ends.
      const connections = rig.upstream.connections;
      const at = await waitForHead("POST /cut ");
      await client.send(body ?? "");
      client.halfClose();
      const { bytes } = await client.readUntilEnd();
      expect(bytes.length).toBe(0);
      expect(await connections[at]!.untilEnd()).not.toBe("open");
      expect(rig.upstream.requests.length).toBe(before);
      client.close();
    },
  );

  async function waitForHead(start: string): Promise<number> {
    const find = (): number =>
      rig.upstream.connections.findIndex(
        (each) => each.peerState === "open" && each.bytes.includes(start) && !hasWhole(each),
      );
    await until(() => find() >= 0, "the head is upstream");
    return find();
  }

  function hasWhole(connection: WireRig["upstream"]["connections"][number]): boolean {
    return connection.requests.reduce((sum, { raw }) => sum + raw.length, 0) === connection.bytes.length;
  }

  test.for(["/cut-chunks", "/cut-before-last-chunk", "/cut-trailers", "/cut-length"])(
    "[F15] an answer cut short (%s) never looks whole to the client",
    async (target) => {
      const client = await openRawClient({ port: rig.port });
      await client.send(`GET ${target} HTTP/1.1\r\nHost: a.test\r\n\r\n`);
      const { bytes } = await client.readUntilEnd();
      expect(bytes.toString("latin1")).toMatch(/^HTTP\/1\.1 (200 OK|502 Bad Gateway)\r\n/);
      if (bytes.toString("latin1").startsWith("HTTP/1.1 200")) {
        await expect(client.readResponse()).rejects.toThrow();
        expect(bytes.includes("\r\n0\r\n")).toBe(false);
      }
      client.close();
    },
  );
});

describe("pipelining", () => {
  const get = (at: number): string => `GET /n/${at} HTTP/1.1\r\nHost: a.test\r\n\r\n`;
  const hundred = Array.from({ length: 100 }, (_, at) => at);

  test("[F16] a hundred requests in one write get a hundred answers in their order", async () => {
    const client = await openRawClient({ port: rig.port });
    await client.send(hundred.map(get).join(""));
    for (const at of hundred) expect((await client.readResponse()).body.toString()).toBe(`/n/${at}`);
    expect(client.peerState).toBe("open");
    client.close();
  });

  test("[F16] requests that were pipelined before the client closed its half are all answered, then it ends", async () => {
    const client = await openRawClient({ port: rig.port });
    await client.send(hundred.map(get).join(""));
    client.halfClose();
    const bodies: string[] = [];
    for (const _ of hundred) bodies.push((await client.readResponse()).body.toString());
    expect(bodies).toEqual(hundred.map((at) => `/n/${at}`));
    expect((await client.readUntilEnd()).state).toBe("ended");
    client.close();
  });

  test("[F16] an invalid fifth request: four answers, 400, the end, and nothing of it or behind it upstream", async () => {
    const bytes = [0, 1, 2, 3].map(get).join("") + get(4).replace("Host: ", "Host : ") + get(5);
    for (const delivery of ["whole", "byte-by-byte"] as const) {
      const { statuses, connection, requests, upstream } = await rig.judge(bytes, delivery);
      expect([statuses, connection, requests]).toEqual([[200, 200, 200, 200, 400], "ended", 4]);
      expect(upstream).not.toMatch(/\/n\/[45]/);
    }
  });

  test("[F16] bodies and requests may be cut and joined in any way", async () => {
    const bytes = `${chunked("1\r\nx\r\n0\r\n\r\n")}${get(1)}${chunked("0\r\n\r\n")}${get(2)}`;
    const { splits, verdicts, requests } = await rig.judgeEverySplit(bytes);
    expect([[...verdicts], requests]).toEqual([["200 200 200 200 open"], splits * 4]);
  });

  test("[F16] an answer too many is never taken for that of the next request", async () => {
    const two = "GET /two-answers HTTP/1.1\r\nHost: a.test\r\n\r\n";
    const client = await openRawClient({ port: rig.port });
    await client.send(two + two + get(7));
    for (const body of ["ok", "ok", "/n/7"]) expect((await client.readResponse()).body.toString()).toBe(body);
    expect(client.received.includes("evil")).toBe(false);
    client.close();
  });

  test("[F16] a 204 that announces a body is not followed by another request on its connection", async () => {
    const client = await openRawClient({ port: rig.port });
    await client.send(`GET /no-content-with-body HTTP/1.1\r\nHost: a.test\r\n\r\n${get(8)}`);
    expect((await client.readResponse()).status).toBe(204);
    expect((await client.readResponse()).body.toString()).toBe("/n/8");
    const used = rig.upstream.connections.find((each) => each.bytes.includes("/no-content-with-body"));
    expect(await used!.untilEnd()).toBe("ended");
    expect(used!.requests.at(-1)?.target).toBe("/no-content-with-body");
    client.close();
  });
});
