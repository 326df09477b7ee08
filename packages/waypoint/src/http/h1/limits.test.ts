/** What a client may cost: reference L09 and D08, and pipelining that nobody answers. */
import { openRawClient, type RawClient } from "@waystone/testkit/raw-http-client";
import { okAnswer } from "@waystone/testkit/recording-upstream";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { defaultSettings } from "../../settings.ts";
import { expectRefused } from "./testdata/expect-verdict.ts";
import { openWireRig, refused, type WireRig } from "./testdata/wire-rig.ts";

const opened: WireRig[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

async function openOwnRig(options: Parameters<typeof openWireRig>[0]): Promise<WireRig> {
  const own = await openWireRig(options);
  opened.push(own);
  return own;
}

const start = "GET / HTTP/1.1\r\nHost: a.test\r\n";
const ofLength = (length: number): string => `${start}A: ${"x".repeat(length - start.length - 7)}\r\n\r\n`;

describe("with the limits as they are by default", () => {
  let rig: WireRig;
  beforeAll(async () => {
    rig = await openWireRig();
  });
  afterAll(async () => await rig.close());

  test("[L09] a header of 64 KiB passes, one byte more is 431", async () => {
    expect((await rig.judge(ofLength(65_536))).statuses).toEqual([200]);
    expect(await rig.judge(ofLength(65_537))).toEqual(refused(431));
  });

  test.for([
    ["a name of 100 KB", `${start}${"n".repeat(100_000)}: v\r\n\r\n`],
    ["a value of 100 KB", `${start}A: ${"v".repeat(100_000)}\r\n\r\n`],
    ["10,000 header lines", `${start}${"A: b\r\n".repeat(10_000)}\r\n`],
    ["101 header lines", `${start}${"A: b\r\n".repeat(100)}\r\n`],
    ["cookies that together are too much", `${start}${`Cookie: ${"c".repeat(1000)}\r\n`.repeat(70)}\r\n`],
  ] as const)("[L09] %s: 431", async ([, bytes]) => {
    expect(await rig.judge(bytes)).toEqual(refused(431));
  });

  test("[L09] a hundred header lines pass", async () => {
    expect((await rig.judge(`${start}${"A: b\r\n".repeat(99)}\r\n`)).statuses).toEqual([200]);
  });

  test.for([
    ["a target of 8 KiB and a byte", `GET /${"a".repeat(8192)} HTTP/1.1\r\nHost: a.test\r\n\r\n`],
    ["a query of 70 KB", `GET /?${"q".repeat(70_000)} HTTP/1.1\r\nHost: a.test\r\n\r\n`],
    ["a method of 100 KB", `${"G".repeat(100_000)} / HTTP/1.1\r\nHost: a.test\r\n\r\n`],
  ] as const)("[L09] %s: 414", async ([, bytes]) => {
    expect(await rig.judge(bytes)).toEqual(refused(414));
  });

  test("[L09] a target of 8 KiB passes", async () => {
    const { statuses } = await rig.judge(`GET /${"a".repeat(8191)} HTTP/1.1\r\nHost: a.test\r\n\r\n`);
    expect(statuses).toEqual([200]);
  });

  test("a head of 60 KiB that comes byte by byte is served like any other", async () => {
    const costOf = async (bytes: string): Promise<number> => {
      const started = process.threadCpuUsage();
      expect((await rig.judge(bytes, "byte-by-byte")).statuses).toEqual([200]);
      const { user, system } = process.threadCpuUsage(started);
      return user + system;
    };
    // To look at the head again for every byte takes many times as long as to pass a byte of a body on.
    const passedOn = await costOf(`${start}Content-Length: 20000\r\n\r\n${"x".repeat(20_000)}`);
    expect((await costOf(ofLength(60_000))) / passedOn).toBeLessThan(2 * 3);
  });
});

describe("the limits hold for what trickles in", () => {
  let rig: WireRig;
  beforeAll(async () => {
    rig = await openWireRig({
      settings: { limits: { headerBytes: 300, headerCount: 5, targetBytes: 20, chunkExtensionBytes: 100 } },
    });
  });
  afterAll(async () => await rig.close());

  test("[L09] header bytes, header lines and target", async () => {
    await expectRefused(rig, ofLength(301), 431);
    await expectRefused(rig, `${start}${"A: b\r\n".repeat(5)}\r\n`, 431);
    await expectRefused(rig, `GET /${"a".repeat(20)} HTTP/1.1\r\nHost: a.test\r\n\r\n`, 414);
    await expectRefused(rig, `GET /${"a".repeat(250)} HTTP/1.1\r\nHost: a.test\r\n\r\n`, 414);
  });

  test("[L09] a header that never ends is refused where the limit is, not kept", async () => {
    const client = await openRawClient({ port: rig.port });
    await client.send(`${start}A: ${"x".repeat(300)}`, "byte-by-byte");
    expect((await client.readResponse()).status).toBe(431);
    expect((await client.readUntilEnd()).state).toBe("ended");
    client.close();
  });

  test("[L09] wherever the bytes are cut in two", async () => {
    const { verdicts, upstream } = await rig.judgeEverySplit(`${start}${"A: b\r\n".repeat(5)}\r\n`);
    expect([[...verdicts], upstream]).toEqual([["431 ended"], ""]);
  });
});

describe("slow peers", () => {
  const whole = `${start}\r\n`;

  /** The bytes of the beginning come in one read with a request that is answered: so they have been read. */
  async function begin(rig: WireRig, bytes: string): Promise<RawClient> {
    const client = await openRawClient({ port: rig.port });
    await client.send(whole + bytes);
    expect((await client.readResponse()).status).toBe(200);
    return client;
  }

  test("[D08] a header that is not whole after 15 s is answered with 408 and closed", async () => {
    const clock = new ManualClock();
    const rig = await openOwnRig({ clock });
    const client = await begin(rig, "GET / HTTP/1.1\r\nHost:");
    clock.advance(9_900);
    expect(client.received.includes("408")).toBe(false);
    clock.advance(5_100);
    expect((await client.readResponse()).status).toBe(408);
    expect((await client.readUntilEnd()).state).toBe("ended");
    expect(rig.upstream.requests.length).toBe(1);
    client.close();
  });

  test("[D08] bytes that trickle in do not put the deadline off", async () => {
    const clock = new ManualClock();
    const rig = await openOwnRig({ clock });
    const client = await begin(rig, "GET / HTTP/1.1\r\nHost:");
    for (const ms of [3300, 3300, 3300, 5100]) {
      await client.send("a");
      clock.advance(ms);
    }
    expect((await client.readResponse()).status).toBe(408);
    client.close();
  });

  test("[D08] one that says nothing is closed without a word, and so is an idle one", async () => {
    const clock = new ManualClock();
    const rig = await openOwnRig({ clock });
    const idle = await begin(rig, "");
    clock.advance(60_000);
    expect(idle.peerState).toBe("open");
    await idle.send(whole);
    expect((await idle.readResponse()).status).toBe(200);
    clock.advance(76_000);
    expect((await idle.readUntilEnd()).state).toBe("ended");
    const silent = await openRawClient({ port: rig.port });
    // Accepted after this answer at the latest: connections are taken in their order.
    (await begin(rig, "")).close();
    clock.advance(15_000);
    const { bytes, state } = await silent.readUntilEnd();
    expect([bytes.length, state]).toEqual([0, "ended"]);
    for (const client of [idle, silent]) client.close();
  });

  test.for([
    ["after timeouts.bodyMs where its length is known", "Content-Length: 10\r\n\r\nhalf", 61_000, 408],
    ["else after timeouts.streamIdleMs", "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", 301_000, 504],
  ] as const)(
    "[D08] a body of which nothing more comes is given up %s, upstream too",
    async ([, rest, ms, status]) => {
      const clock = new ManualClock();
      const rig = await openOwnRig({ clock });
      const client = await begin(rig, `POST / HTTP/1.1\r\nHost: a.test\r\n${rest}`);
      const connection = await rig.upstream.connection();
      await connection.untilBytes(connection.requests[0]!.raw.length + 1);
      clock.advance(ms);
      expect((await client.readResponse()).status).toBe(status);
      expect((await client.readUntilEnd()).state).toBe("ended");
      expect(await connection.untilEnd()).not.toBe("open");
      expect(rig.upstream.requests.length).toBe(1);
      client.close();
    },
  );

  test("[D08] two hundred slow clients do not keep a good one from its answers", async () => {
    const clock = new ManualClock();
    const rig = await openOwnRig({ clock, settings: { timeouts: { headerMs: 600 } } });
    const slow = await Promise.all(
      Array.from({ length: 200 }, async () => await openRawClient({ port: rig.port })),
    );
    for (const client of slow) await client.send("GET / HTTP/1.1\r\nHo");
    for (let at = 0; at < 50; at++) expect((await rig.judge(whole)).statuses).toEqual([200]);
    clock.advance(700);
    for (const client of slow) {
      expect((await client.readResponse()).status).toBe(408);
      client.close();
    }
  });
});

test("a client that pipelines without end is not read from while its first request waits", async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const rig = await openOwnRig({
    // What all connections may hold together is not what stops this one.
    settings: { limits: { ...defaultSettings.limits, unfinishedHeadBytes: 2 ** 30 } },
    async answer(request) {
      if (request.target === "/first") await released;
      return okAnswer;
    },
  });
  const client = await openRawClient({ port: rig.port });
  await client.send("GET /first HTTP/1.1\r\nHost: a.test\r\n\r\n");
  await rig.upstream.request();
  const one = `GET /next HTTP/1.1\r\nHost: a.test\r\nA: ${"x".repeat(4000)}\r\n\r\n`;
  await client.send(one.repeat(8000));
  // 32 MB. Each of these is a turn of the event loop, at least, in which some could be read.
  const left = (): number => client.socket.writableLength;
  for (let before = left(), quiet = 0; quiet < 20; quiet++) {
    await rig.judge(`${start}\r\n`);
    if (left() !== before) [before, quiet] = [left(), 0];
  }
  expect(left()).toBeGreaterThan(16 << 20);
  release();
  expect((await client.readResponse()).status).toBe(200);
  client.close();
});
