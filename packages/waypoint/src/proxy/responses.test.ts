/** Answers: how their ends are found and shown, 1xx, 100-continue, early ones, broken ones (reference 3.5). */
import { until } from "@waystone/testkit/within";
import { expect, test } from "vitest";
import { useExchangeRig } from "../testing/exchange-rig.ts";

const rig = useExchangeRig();

const get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

async function openWith(answer: string | (() => string | undefined)) {
  const upstream = await rig.openUpstream({ answer: () => (typeof answer === "string" ? answer : answer()) });
  const plane = await rig.openPlane({ upstreams: [upstream] });
  return { upstream, plane, client: await rig.openClient(plane) };
}

test.for([
  ["two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nok"],
  [
    "a length and chunks",
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
  ],
  ["a bad length", "HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok"],
  ["a bare LF", "HTTP/1.1 200 OK\nContent-Length: 2\n\nok"],
  ["a NUL", "HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 2\r\n\r\nok"],
  ["a folded line", "HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 2\r\n\r\nok"],
  ["another version", "HTTP/2.0 200 OK\r\nContent-Length: 2\r\n\r\nok"],
  ["a status of four digits", "HTTP/1.1 2000 OK\r\nContent-Length: 2\r\n\r\nok"],
  ["an unknown coding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nok"],
  ["no HTTP at all", "220 smtp.example ESMTP ready\r\n\r\n"],
  ["a header without end", `HTTP/1.1 200 OK\r\nX: ${"a".repeat(70_000)}\r\n`],
  ["too many 1xx", "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(20)],
] as const)(
  "[R02] an answer with %s is a 502, its connection is closed, nothing of it is passed on",
  async ([, answer]) => {
    const { upstream, client, plane } = await openWith(answer);
    await client.send(get);
    const response = await client.readResponse();
    if (response.status === 103) return await untilFinal(client, 502);
    expect(response.status).toBe(502);
    expect(response.raw.toString("latin1")).toMatch(
      /^HTTP\/1.1 502 Bad Gateway\r\nContent-Type: text\/plain\r\nContent-Length: \d+\r\n\r\nupstream sent an invalid answer\n$/,
    );
    expect(await (await upstream.connection()).untilEnd()).not.toBe("open");
    expect(await plane.lines(1)).toMatchObject([
      { response_code: 502, response_flags: "UPE", reason: "UpstreamFailure" },
    ]);
  },
);

async function untilFinal(
  client: Awaited<ReturnType<typeof openWith>>["client"],
  status: number,
): Promise<void> {
  for (;;) {
    const response = await client.readResponse();
    if (response.status >= 200) return expect(response.status).toBe(status);
  }
}

test("[R02] a bad chunk after a good one breaks the client's answer off, and never looks like its end", async () => {
  const { client, plane } = await openWith(
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\nXX\r\n",
  );
  await client.send(get);
  const { bytes } = await client.readUntilEnd();
  expect(bytes.toString("latin1")).toBe("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n");
  expect(await plane.lines(1)).toMatchObject([{ response_code: 200, response_flags: "UPE" }]);
});

test("[R02] bytes behind an answer never become the next request's answer", async () => {
  const poison = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison";
  const { client, upstream } = await openWith(`HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok${poison}`);
  await client.send(get + get + get);
  for (let i = 0; i < 3; i++) expect((await client.readResponse()).body.toString()).toBe("ok");
  expect(upstream.connections.length).toBe(3);
});

test("[R02] bytes that come before any request close the connection that they came on", async () => {
  const { client, upstream } = await openWith("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  await client.send(get);
  await client.readResponse();
  const first = await upstream.connection();
  first.write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison");
  expect(await first.untilEnd()).not.toBe("open");
  await client.send(get);
  expect((await client.readResponse()).body.toString()).toBe("ok");
});

test("[R03] an answer that ends with its connection is chunked anew for HTTP/1.1, piece by piece as it comes", async () => {
  const { client, upstream } = await openWith("HTTP/1.1 200 OK\r\nX: y\r\n\r\nfirst");
  await client.send(get);
  const head = "HTTP/1.1 200 OK\r\nX: y\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n";
  expect((await client.readBytes(head.length)).toString("latin1")).toBe(head);
  (await upstream.connection()).halfClose("second");
  expect((await client.readResponse()).body.toString()).toBe("firstsecond");
  await client.send(get);
  await client.readBytes(head.length * 2);
  expect(client.peerState).toBe("open");
});

test("[R03] an answer that ends with its connection ends so for HTTP/1.0", async () => {
  const { client, upstream } = await openWith("HTTP/1.1 200 OK\r\n\r\nfirst");
  await client.send("GET / HTTP/1.0\r\n\r\n");
  await upstream.request();
  (await upstream.connection()).halfClose("second");
  expect(await client.readUntilEnd()).toEqual({
    bytes: Buffer.from("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nfirstsecond"),
    state: "ended",
  });
});

test("[R03] a chunked answer is unchunked for HTTP/1.0", async () => {
  const { client } = await openWith(
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n",
  );
  await client.send("GET / HTTP/1.0\r\n\r\n");
  expect((await client.readUntilEnd()).bytes.toString()).toBe(
    "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabcde",
  );
});

test.for(["HTTP/1.1", "HTTP/1.0"])(
  "[R03] a reset within an answer that ends with its connection shows as an error to %s",
  async (version) => {
    const { client, upstream, plane } = await openWith("HTTP/1.1 200 OK\r\n\r\nfirst");
    await client.send(`GET / ${version}\r\nHost: h\r\n\r\n`);
    await until(() => client.received.includes("first"), "the first piece is there");
    (await upstream.connection()).reset();
    const { bytes, state } = await client.readUntilEnd();
    if (version === "HTTP/1.0") expect(state).toBe("reset");
    else expect(bytes.toString("latin1")).not.toContain("\r\n0\r\n");
    expect(await plane.lines(1)).toMatchObject([{ response_code: 200, response_flags: "UC" }]);
  },
);

test.for([
  ["a length", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "halfClose"],
  ["a length", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "reset"],
  ["chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", "halfClose"],
  ["chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", "reset"],
] as const)("[R03] an answer with %s that is cut short never looks whole (%#)", async ([, answer, end]) => {
  const { client, upstream, plane } = await openWith(answer);
  await client.send(get);
  await until(() => client.received.includes("half"), "the first half is there");
  (await upstream.connection())[end]();
  await expect(client.readResponse()).rejects.toThrow();
  expect(client.peerState).not.toBe("open");
  expect(await plane.lines(1)).toMatchObject([{ response_code: 200, response_flags: "UC" }]);
});

const upload = "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n";
const goOn = "HTTP/1.1 100 Continue\r\n\r\n";

test("[R04] a client that waits for 100 gets the upstream's, then sends its body, then gets the answer", async () => {
  const upstream = await rig.openUpstream({
    onConnection: (connection) =>
      connection.socket.once("data", () => {
        connection.write(goOn);
      }),
  });
  const plane = await rig.openPlane({ upstreams: [upstream] });
  const client = await rig.openClient(plane);
  await client.send(upload);
  expect((await client.readResponse()).status).toBe(100);
  expect(upstream.bytes.toString("latin1")).toContain("\r\nExpect: 100-continue\r\n");
  await client.send("body");
  expect((await client.readResponse()).status).toBe(200);
  await client.send(get);
  expect((await client.readResponse()).status).toBe(200);
  expect(upstream.requests.map(({ body }) => body.toString())).toEqual(["body", ""]);
  expect(upstream.connections.length).toBe(1);
});

test("[R04] a final answer instead of 100 is passed on; neither connection is used again", async () => {
  const refusal = "HTTP/1.1 417 Expectation Failed\r\nContent-Length: 2\r\n\r\nno";
  const upstream = await rig.openUpstream({
    onConnection: (connection) => connection.socket.once("data", () => connection.write(refusal)),
  });
  const plane = await rig.openPlane({ upstreams: [upstream] });
  const client = await rig.openClient(plane);
  await client.send(upload);
  const response = await client.readResponse("POST");
  expect(response.raw.toString("latin1")).toBe(
    "HTTP/1.1 417 Expectation Failed\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno",
  );
  // What looks like a request here is the body that the client was free not to send.
  await client.send(get);
  await client.readUntilEnd();
  expect(await (await upstream.connection()).untilEnd()).not.toBe("open");
  expect(upstream.bytes.toString("latin1")).not.toContain("GET");
  expect(client.received.length).toBe(response.raw.length);
});

test("[R04] a client that does not wait for 100 is not held up, and gets no 100 it did not ask for", async () => {
  const { client, upstream } = await openWith(`${goOn}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok`);
  await client.send(`${upload}body`);
  expect((await client.readResponse()).status).toBe(100);
  expect((await client.readResponse()).status).toBe(200);
  await client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody");
  expect((await client.readResponse()).status).toBe(200);
  expect(upstream.requests.length).toBe(2);
});

test("[R04] an expectation other than 100-continue is 417 and reaches nobody", async () => {
  const { client, upstream } = await openWith("");
  await client.send("POST / HTTP/1.1\r\nHost: h\r\nExpect: 200-ok\r\nContent-Length: 0\r\n\r\n");
  expect((await client.readResponse()).status).toBe(417);
  await client.readUntilEnd();
  expect(upstream.connections.length).toBe(0);
});

test("[R04] HTTP/1.0 gets no 1xx, and its Expect goes nowhere", async () => {
  const { client, upstream } = await openWith(
    `${goOn}HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok`,
  );
  await client.send("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\nbody");
  expect((await client.readUntilEnd()).bytes.toString()).toBe(
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok",
  );
  expect(upstream.bytes.toString("latin1")).not.toContain("Expect");
});

test("1xx answers pass before the final one, wherever they are split", async () => {
  const answer =
    "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  for (let split = 1; split < answer.length; split += 7) {
    const upstream = await rig.openUpstream({
      answer: (_, connection) => {
        connection.write(answer.slice(0, split));
        setImmediate(() => setImmediate(() => connection.write(answer.slice(split))));
        return undefined;
      },
    });
    const plane = await rig.openPlane({ upstreams: [upstream] });
    const client = await rig.openClient(plane);
    await client.send(get);
    expect((await client.readBytes(answer.length)).toString("latin1")).toBe(answer);
    await rig.end();
  }
});

test("[R06] an answer at the first byte of a large upload reaches the client, the upload stops, both connections close", async () => {
  const tooLarge = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig";
  const upstream = await rig.openUpstream({
    onConnection: (connection) => connection.socket.once("data", () => connection.write(tooLarge)),
  });
  const plane = await rig.openPlane({ upstreams: [upstream] });
  const client = await rig.openClient(plane);
  await client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 104857600\r\n\r\nx");
  const piece = Buffer.alloc(1024 * 1024);
  let sent = 0;
  const pump = (): void => {
    while (sent < 100 && !client.socket.destroyed && client.peerState === "open") {
      sent++;
      if (!client.socket.write(piece)) return void client.socket.once("drain", pump);
    }
  };
  pump();
  const response = await client.readResponse("POST");
  expect(response.raw.toString("latin1")).toBe(tooLarge.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
  await client.readUntilEnd();
  expect(await (await upstream.connection()).untilEnd()).not.toBe("open");
  expect(upstream.bytes.length).toBeLessThan(32 * 1024 * 1024);
  expect(await plane.lines(1)).toMatchObject([{ response_code: 413, response_flags: "-" }]);
});

test("[R06] an answer that begins before its request has ended streams on while the request does", async () => {
  const upstream = await rig.openUpstream({
    readsHttp: false,
    onConnection: (connection) =>
      connection.socket.once("data", () => {
        connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
      }),
  });
  const plane = await rig.openPlane({ upstreams: [upstream] });
  const client = await rig.openClient(plane);
  await client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n");
  await until(() => client.received.includes("one"), "the first piece of the answer is there");
  await client.send("1\r\nb\r\n0\r\n\r\n");
  const server = await upstream.connection();
  await until(() => server.bytes.includes("0\r\n\r\n"), "the request is whole");
  server.write("3\r\ntwo\r\n0\r\n\r\n");
  const response = await client.readResponse("POST");
  expect(response.body.toString()).toBe("onetwo");
  expect((await client.readUntilEnd()).bytes).toEqual(response.raw);
});

test.for([
  ["HEAD with a length", "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"],
  ["HEAD without one", "HEAD", "HTTP/1.1 200 OK\r\nX: y\r\n\r\n"],
  ["204", "GET", "HTTP/1.1 204 No Content\r\n\r\n"],
  ["304 with a length", "GET", 'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nContent-Length: 1000\r\n\r\n'],
  ["304 without one", "GET", 'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n'],
  ["an empty 200", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"],
  ["a reason of one's own", "GET", "HTTP/1.1 200 Fine by me\r\nContent-Length: 0\r\n\r\n"],
  ["an empty reason", "GET", "HTTP/1.1 299 \r\nContent-Length: 0\r\n\r\n"],
] as const)(
  "an answer without a body passes as it is, and both connections go on: %s",
  async ([name, method, answer]) => {
    const { client, upstream } = await openWith(answer);
    for (let i = 0; i < 2; i++) {
      await client.send(`${method} / HTTP/1.1\r\nHost: h\r\n\r\n`);
      expect((await client.readResponse(method)).raw.toString("latin1")).toBe(answer);
    }
    // Where a body may follow after all, the connection rests first (upstream/doubtful-answers.test.ts).
    if (!/HEAD|with a length/.test(name)) expect(upstream.connections.length).toBe(1);
  },
);

test("a body that follows an answer to HEAD is nobody's answer", async () => {
  const { client, upstream } = await openWith("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHELLO");
  await client.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n".repeat(2));
  for (let i = 0; i < 2; i++) expect((await client.readResponse("HEAD")).status).toBe(200);
  expect(upstream.connections.length).toBe(2);
  expect(client.received.toString("latin1")).not.toContain("HELLO");
});

test("answers to pipelined requests come in their order, and each has its own log line", async () => {
  const upstream = await rig.openUpstream({
    answer: ({ target }) => `HTTP/1.1 200 OK\r\nContent-Length: ${target.length}\r\n\r\n${target}`,
  });
  const plane = await rig.openPlane({ upstreams: [upstream] });
  const client = await rig.openClient(plane);
  const targets = Array.from({ length: 20 }, (_, i) => `/${i}`);
  await client.send(
    targets.map((target) => `GET ${target} HTTP/1.1\r\nHost: h${target.slice(1)}\r\n\r\n`).join(""),
  );
  for (const target of targets) expect((await client.readResponse()).body.toString()).toBe(target);
  expect((await plane.lines(20)).map(({ path, authority }) => [path, authority])).toEqual(
    targets.map((target) => [target, `h${target.slice(1)}`]),
  );
  expect(upstream.connections.length).toBe(1);
});

test("an upstream that says Connection: close is not used again", async () => {
  const { client, upstream } = await openWith(
    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
  );
  for (let i = 0; i < 2; i++) {
    await client.send(get);
    expect((await client.readResponse()).raw.toString("latin1")).toBe(
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    );
  }
  expect(upstream.connections.length).toBe(2);
});

test("a client that goes away within its request ends the upstream's, which never looks whole", async () => {
  const { client, upstream, plane } = await openWith(() => undefined);
  await client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf");
  await until(() => upstream.bytes.includes("half"), "the first half is upstream");
  client.halfClose();
  expect(await (await upstream.connection()).untilEnd()).not.toBe("open");
  expect(await plane.lines(1)).toMatchObject([
    {
      response_code: 499,
      response_flags: "DC",
      response_code_details: "downstream-closed",
      bytes_received: 4,
    },
  ]);
});

test("a client that resets while its answer is awaited gives the upstream's place back", async () => {
  const { client, upstream, plane } = await openWith(() => undefined);
  await client.send(get);
  await upstream.request();
  client.reset();
  expect(await (await upstream.connection()).untilEnd()).not.toBe("open");
  expect(await plane.lines(1)).toMatchObject([{ response_code: 499, response_flags: "DC" }]);
});

test("a client that closes its half after its request still gets the answer", async () => {
  const waiting = Promise.withResolvers<string>();
  const upstream = await rig.openUpstream({ answer: () => waiting.promise });
  const plane = await rig.openPlane({ upstreams: [upstream], settings: { timeouts: { halfClosedMs: 0 } } });
  const client = await rig.openClient(plane);
  await client.send(get);
  client.halfClose();
  await upstream.request();
  waiting.resolve("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  expect((await client.readUntilEnd()).bytes.toString()).toBe(
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok",
  );
});
