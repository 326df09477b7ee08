/** gRPC through a waypoint, with grpc-js at both ends: another implementation judges what we pass and what we say. */
import {
  Client,
  credentials,
  type Deadline,
  type handleBidiStreamingCall,
  type handleClientStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServiceError,
  status,
} from "@grpc/grpc-js";
import { MatchType } from "@waystone/api/resources";
import { freePort } from "@waystone/testkit/free-port";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { until, within } from "@waystone/testkit/within";
import { afterEach, describe, expect, test } from "vitest";
import { type RigPlane, samplesOf, useExchangeRig } from "../testing/exchange-rig.ts";
import { askHttp2, echo, useHttp2Peers } from "../testing/http2-peers.ts";

const rig = useExchangeRig();
const peers = useHttp2Peers();
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const same = (bytes: Buffer): Buffer => bytes;
const unlimited = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };
const method = (name: string, requestStream: boolean, responseStream: boolean) => ({
  path: `/test.Echo/${name}`,
  requestStream,
  responseStream,
  requestSerialize: same,
  requestDeserialize: same,
  responseSerialize: same,
  responseDeserialize: same,
});

/** What the endpoint saw of cancelled calls. */
interface EchoServer {
  readonly key: string;
  readonly cancelled: () => number;
}

async function openEcho(): Promise<EchoServer> {
  let cancelled = 0;
  const server = new Server(unlimited);
  const unary: handleUnaryCall<Buffer, Buffer> = (call, reply) => {
    reply(null, call.request);
  };
  const refuse: handleUnaryCall<Buffer, Buffer> = (_, reply) =>
    reply({ code: status.FAILED_PRECONDITION, details: "not now, 50 % maybe" });
  const hang: handleUnaryCall<Buffer, Buffer> = (call) => void call.on("cancelled", () => cancelled++);
  const many: handleServerStreamingCall<Buffer, Buffer> = (call) => {
    for (let i = 0; i < call.request.readUInt32BE(0); i++) call.write(Buffer.from(`message ${i}`));
    call.end();
  };
  const collect: handleClientStreamingCall<Buffer, Buffer> = (call, reply) => {
    let bytes = 0;
    call.on("data", (message: Buffer) => (bytes += message.length));
    call.on("end", () => reply(null, Buffer.from(String(bytes))));
  };
  const chat: handleBidiStreamingCall<Buffer, Buffer> = (call) => {
    call.on("data", (message: Buffer) => call.write(message));
    call.on("end", () => call.end());
    call.on("cancelled", () => cancelled++);
  };
  server.addService(
    {
      unary: method("Unary", false, false),
      refuse: method("Refuse", false, false),
      hang: method("Hang", false, false),
      many: method("Many", false, true),
      collect: method("Collect", true, false),
      chat: method("Chat", true, true),
    },
    {
      unary,
      refuse,
      hang,
      many,
      collect,
      chat,
    },
  );
  const port = await freePort();
  await new Promise<void>((resolve, reject) =>
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error) =>
      error === null ? resolve() : reject(error),
    ),
  );
  closers.push(() => server.forceShutdown());
  return { key: `127.0.0.1:${port}`, cancelled: () => cancelled };
}

function openClient(plane: RigPlane): Client {
  const client = new Client(`127.0.0.1:${plane.port}`, credentials.createInsecure(), unlimited);
  closers.push(() => client.close());
  return client;
}

interface Outcome {
  readonly code: number;
  readonly details: string;
  readonly message: string;
}

async function call(client: Client, name: string, message: Buffer, deadline?: Deadline): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  const options = deadline === undefined ? {} : { deadline };
  client.makeUnaryRequest(`/test.Echo/${name}`, same, same, message, options, (error, reply) => {
    const { code = 0, details = "" } = (error ?? {}) as Partial<ServiceError>;
    resolve({ code, details, message: reply?.toString() ?? "" });
  });
  return await within(promise, `${name} is over`);
}

async function openBoth() {
  const echo = await openEcho();
  const plane = await rig.openPlane({ protocol: "grpc", endpoints: [echo.key] });
  return { echo, plane, client: openClient(plane) };
}

describe("calls pass [R09]", () => {
  test("unary, 500 of them, 50 at a time", async () => {
    const { client } = await openBoth();
    for (let round = 0; round < 10; round++) {
      const outcomes = await Promise.all(
        Array.from({ length: 50 }, async (_, i) => await call(client, "Unary", Buffer.from(`${round}.${i}`))),
      );
      expect(outcomes.map(({ code, message }) => `${code} ${message}`)).toEqual(
        Array.from({ length: 50 }, (_, i) => `0 ${round}.${i}`),
      );
    }
  });

  test("the endpoint's status and message come as they were said", async () => {
    const { client, plane } = await openBoth();
    expect(await call(client, "Refuse", Buffer.from("x"))).toMatchObject({
      code: status.FAILED_PRECONDITION,
      details: "not now, 50 % maybe",
    });
    expect(await call(client, "Missing", Buffer.from("x"))).toMatchObject({ code: status.UNIMPLEMENTED });
    const lines = await plane.lines(2);
    expect(lines.map((line) => [line["grpc_status"], line["response_code"], line["response_flags"]])).toEqual(
      [
        [9, 200, "-"],
        [12, 200, "-"],
      ],
    );
  });

  test("a stream of 2,000 messages from the endpoint", async () => {
    const { client, plane } = await openBoth();
    const count = Buffer.alloc(4);
    count.writeUInt32BE(2000);
    const stream = client.makeServerStreamRequest("/test.Echo/Many", same, same, count);
    const got: string[] = [];
    stream.on("data", (message: Buffer) => got.push(message.toString()));
    await within(new Promise((resolve) => stream.once("end", resolve)), "the stream's end");
    expect([got.length, got[1999]]).toEqual([2000, "message 1999"]);
    await plane.lines(1);
    expect(samplesOf(plane, "istio_response_messages_total")[0]?.value).toBe(2000);
    expect(samplesOf(plane, "istio_request_messages_total")[0]?.value).toBe(1);
  });

  test("a stream of messages to the endpoint", async () => {
    const { client, plane } = await openBoth();
    const { promise, resolve } = Promise.withResolvers<string>();
    const stream = client.makeClientStreamRequest("/test.Echo/Collect", same, same, (_, reply) =>
      resolve(reply?.toString() ?? ""),
    );
    for (let i = 0; i < 100; i++) stream.write(Buffer.alloc(i));
    stream.end();
    expect(await within(promise, "the reply")).toBe("4950");
    await plane.lines(1);
    expect(samplesOf(plane, "istio_request_messages_total")[0]?.value).toBe(100);
  });

  test("both at once, message by message, half-closed by the client", async () => {
    const { client } = await openBoth();
    const stream = client.makeBidiStreamRequest("/test.Echo/Chat", same, same);
    const ended = new Promise((resolve) => stream.once("end", resolve));
    for (let i = 0; i < 50; i++) {
      const reply = new Promise<Buffer>((resolve) => stream.once("data", resolve));
      stream.write(Buffer.from(`turn ${i}`));
      expect((await within(reply, "the reply")).toString()).toBe(`turn ${i}`);
    }
    stream.end();
    await within(ended, "the end");
  });

  test("a message of 100 MB each way", async () => {
    const { client } = await openBoth();
    const message = Buffer.alloc(100_000_000, "0123456789");
    const outcome = await new Promise<number>((resolve, reject) =>
      client.makeUnaryRequest("/test.Echo/Unary", same, same, message, (error, reply) =>
        error === null ? resolve(reply?.length ?? 0) : reject(error),
      ),
    );
    expect(outcome).toBe(100_000_000);
  }, 30_000);
});

describe("what is ours is said in gRPC's way: trailers alone, HTTP 200 [R09]", () => {
  test("no route: UNIMPLEMENTED; no endpoint: UNAVAILABLE; nobody there: UNAVAILABLE", async () => {
    const routed = await rig.openPlane({
      protocol: "grpc",
      endpoints: [],
      rules: [
        {
          matches: [{ path: { type: MatchType.PREFIX, value: "/test.Echo" } }],
          backends: [{ service: "shop/web", port: 80, weight: 1 }],
        },
      ],
    });
    const client = openClient(routed);
    expect(await call(client, "Unary", Buffer.from("x"))).toMatchObject({
      code: status.UNAVAILABLE,
      details: "no healthy upstream",
    });
    const nobody = await rig.openPlane({ protocol: "grpc", endpoints: [`127.0.0.1:${await freePort()}`] });
    expect(await call(openClient(nobody), "Unary", Buffer.from("x"))).toMatchObject({
      code: status.UNAVAILABLE,
      details: "upstream connect failure",
    });
    const other = await rig.openPlane({
      protocol: "grpc",
      endpoints: [],
      rules: [
        {
          matches: [{ path: { type: MatchType.PREFIX, value: "/other" } }],
          backends: [{ service: "shop/web", port: 80, weight: 1 }],
        },
      ],
    });
    expect(await call(openClient(other), "Unary", Buffer.from("x"))).toMatchObject({
      code: status.UNIMPLEMENTED,
    });
    expect(
      samplesOf(other, "istio_requests_total").map(({ labels }) => [
        labels["request_protocol"],
        labels["grpc_response_status"],
        labels["response_code"],
      ]),
    ).toEqual([["grpc", "12", "200"]]);
  });

  test("an endpoint that answers in HTTP has its answer passed, and the client makes a status of it", async () => {
    const endpoint = await peers.endpoint(echo);
    const plane = await rig.openPlane({ protocol: "grpc", endpoints: [endpoint.key] });
    const outcome = await call(openClient(plane), "Unary", Buffer.from("x"));
    expect(outcome.code).not.toBe(status.OK);
    const [line] = await plane.lines(1);
    expect(line?.["grpc_status"]).toBe(status.UNKNOWN);
  });
});

describe("deadlines and cancelling [R09]", () => {
  test("a call that has no answer by its grpc-timeout ends, and its endpoint hears of it", async () => {
    const { client, plane, echo } = await openBoth();
    // Its connections are there: two seconds are for one request's way to the endpoint.
    expect((await call(client, "Unary", Buffer.from("x"))).code).toBe(status.OK);
    const outcome = await call(client, "Hang", Buffer.from("x"), Date.now() + 2_000);
    expect(outcome.code).toBe(status.DEADLINE_EXCEEDED);
    await until(() => echo.cancelled() === 1, "the endpoint's call is cancelled");
    await plane.lines(2);
  });

  test("the timeout is ours too, when the client does not keep to its own", async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const asked = Promise.withResolvers<void>();
    const endpoint = await peers.endpoint((stream, headers) => {
      stream.resume();
      stream.on("close", () => resolve(`${String(headers["grpc-timeout"])} ${stream.rstCode}`));
      asked.resolve();
    });
    const clock = new ManualClock();
    const plane = await rig.openPlane({ protocol: "grpc", endpoints: [endpoint.key], clock });
    const answered = askHttp2(
      peers.client(plane.port),
      {
        ":method": "POST",
        ":path": "/test.Echo/Hang",
        "content-type": "application/grpc",
        "grpc-timeout": "100m",
      },
      { body: Buffer.alloc(5) },
    );
    await within(asked.promise, "the call");
    clock.advance(110);
    const answer = await answered;
    expect([answer.status, answer.headers["grpc-status"], answer.body.length]).toEqual([200, "4", 0]);
    expect(await within(promise, "the endpoint hears")).toBe("100m 8");
    // Log lines are gathered for a moment.
    clock.advance(100);
    const [line] = await plane.lines(1);
    expect([line?.["response_flags"], line?.["grpc_status"]]).toEqual(["UT", 4]);
  });

  test("a client that cancels has its call cancelled at the endpoint", async () => {
    const { client, plane, echo } = await openBoth();
    const stream = client.makeBidiStreamRequest("/test.Echo/Chat", same, same);
    stream.on("error", () => {});
    const first = new Promise((resolve) => stream.once("data", resolve));
    stream.write(Buffer.from("x"));
    await within(first, "the first reply");
    stream.cancel();
    await until(() => echo.cancelled() === 1, "the endpoint's call is cancelled");
    const [line] = await plane.lines(1);
    expect([line?.["response_flags"], line?.["grpc_status"]]).toEqual(["DC", 1]);
  });
});
