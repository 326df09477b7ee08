/** What an endpoint's RST_STREAM means for a gRPC call, before and within its answer, and how messages are counted meanwhile. */
import { ManualClock } from "@waystone/testkit/manual-clock";
import { until } from "@waystone/testkit/within";
import { afterEach, describe, expect, test } from "vitest";
import {
  END_HEADERS,
  END_STREAM,
  type Fields,
  frame,
  headers,
  post,
  settings,
  uint32,
} from "../http/h2/testdata/frames.ts";
import { openPeer, openPeerServer, type PeerServer, type RawPeer } from "../http/h2/testdata/raw-peer.ts";
import { type RigPlane, samplesOf, useExchangeRig } from "../testing/exchange-rig.ts";

const rig = useExchangeRig();
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const call: Fields = [...post, ["content-type", "application/grpc"], ["te", "trailers"]];
const answer: Fields = [
  [":status", "200"],
  ["content-type", "application/grpc"],
];
/** A message of three bytes. */
const message: Buffer = Buffer.from([0, 0, 0, 0, 3, 1, 2, 3]);

interface Pair {
  readonly plane: RigPlane;
  readonly client: RawPeer;
  readonly server: PeerServer;
}

async function openPair(clock?: ManualClock): Promise<Pair> {
  const server = await openPeerServer();
  closers.push(() => server.close());
  const options = { protocol: "grpc", endpoints: [`127.0.0.1:${server.port}`] } as const;
  const plane = await rig.openPlane(clock === undefined ? options : { ...options, clock });
  const client = await openPeer(plane.port);
  closers.push(() => client.close());
  return { plane, client, server };
}

/** A call that its endpoint has got, with one message. */
async function beginCall({ client, server }: Pair, fields: Fields = call): Promise<RawPeer> {
  client.send(headers(1, fields, END_HEADERS), frame("DATA", 0, 1, message));
  const endpoint = await server.accept();
  endpoint.send(settings());
  await endpoint.frame("DATA", 1);
  return endpoint;
}

/** The codes of RFC 9113 7, with what grpc-go, grpc-java and grpc-core make of them ("Errors" of gRPC over HTTP/2). */
const codes = [
  { name: "NO_ERROR", code: 0, status: 13, passed: "INTERNAL_ERROR" },
  { name: "PROTOCOL_ERROR", code: 1, status: 13, passed: "INTERNAL_ERROR" },
  { name: "INTERNAL_ERROR", code: 2, status: 13, passed: "INTERNAL_ERROR" },
  { name: "FLOW_CONTROL_ERROR", code: 3, status: 13, passed: "INTERNAL_ERROR" },
  { name: "STREAM_CLOSED", code: 5, status: 13, passed: "INTERNAL_ERROR" },
  { name: "CANCEL", code: 8, status: 1, passed: "CANCEL" },
  { name: "CONNECT_ERROR", code: 10, status: 13, passed: "INTERNAL_ERROR" },
  { name: "ENHANCE_YOUR_CALM", code: 11, status: 8, passed: "ENHANCE_YOUR_CALM" },
  { name: "a code that nobody knows", code: 0xbad, status: 13, passed: "INTERNAL_ERROR" },
] as const;

describe("[R09] an endpoint that resets a call", () => {
  test.for(codes)(
    "with $name before its answer: grpc-status $status, trailers alone",
    async ({ code, status }) => {
      const pair = await openPair();
      const endpoint = await beginCall(pair);
      endpoint.send(frame("RST_STREAM", 0, 1, uint32(code)));
      const head = await pair.client.frame("HEADERS", 1);
      expect(head.flags & END_STREAM).toBe(END_STREAM);
      const fields = Object.fromEntries(pair.client.fields(head));
      expect([fields[":status"], fields["grpc-status"]]).toEqual(["200", String(status)]);
      const [line] = await pair.plane.lines(1);
      expect([line?.["grpc_status"], line?.["response_flags"]]).toEqual([status, "UR"]);
    },
  );

  test.for(codes)(
    "with $name within its answer: RST_STREAM with $passed",
    async ({ code, status, passed }) => {
      const pair = await openPair();
      const endpoint = await beginCall(pair);
      endpoint.send(headers(1, answer, END_HEADERS), frame("DATA", 0, 1, message));
      await pair.client.frame("DATA", 1);
      endpoint.send(frame("RST_STREAM", 0, 1, uint32(code)));
      await pair.client.untilStory(`RST_STREAM 1 ${passed}`);
      const [line] = await pair.plane.lines(1);
      expect([line?.["grpc_status"], line?.["response_code"], line?.["response_flags"]]).toEqual([
        status,
        200,
        "UC",
      ]);
    },
  );

  // grpc-go's servers end so what they have not answered in time, and its clients read it so (handleRSTStream).
  test.for([
    { afterMs: 50, status: 1, flags: "UR", name: "CANCELLED" },
    { afterMs: 90, status: 4, flags: "UT", name: "DEADLINE_EXCEEDED" },
  ])("with CANCEL, $afterMs ms after it was given 90 ms: $name", async ({ afterMs, status, flags }) => {
    const clock = new ManualClock();
    const pair = await openPair(clock);
    const endpoint = await beginCall(pair, [...call, ["grpc-timeout", "90m"]]);
    clock.advance(afterMs);
    endpoint.send(frame("RST_STREAM", 0, 1, uint32(8)));
    const fields = Object.fromEntries(pair.client.fields(await pair.client.frame("HEADERS", 1)));
    expect([fields[":status"], fields["grpc-status"]]).toEqual(["200", String(status)]);
    // Log lines are gathered for a moment.
    clock.advance(1000);
    const [line] = await pair.plane.lines(1);
    expect([line?.["grpc_status"], line?.["response_flags"]]).toEqual([status, flags]);
  });

  test("with REFUSED_STREAM, whatever it is asked: it is asked again, then the call is UNAVAILABLE", async () => {
    const pair = await openPair();
    const endpoint = await beginCall(pair);
    for (let id = 1; pair.plane.log().length === 0; id += 2) {
      await until(
        () => endpoint.frames.some(({ streamId }) => streamId === id) || pair.plane.log().length > 0,
        "the next attempt, or the end",
      );
      endpoint.send(frame("RST_STREAM", 0, id, uint32(7)));
      await pair.client.settle();
    }
    const fields = Object.fromEntries(pair.client.fields(await pair.client.frame("HEADERS", 1)));
    expect(fields["grpc-status"]).toBe("14");
    expect(pair.plane.log()[0]?.["attempts"]).toBeGreaterThan(1);
  });

  test("that is no gRPC call: 503", async () => {
    const pair = await openPair();
    const endpoint = await beginCall(pair, post);
    endpoint.send(frame("RST_STREAM", 0, 1, uint32(8)));
    const fields = Object.fromEntries(pair.client.fields(await pair.client.frame("HEADERS", 1)));
    expect(fields[":status"]).toBe("503");
  });
});

test("[R09] a client that resets its call, with whatever code, has it cancelled at the endpoint", async () => {
  for (const code of [0, 2, 7, 8]) {
    const pair = await openPair();
    const endpoint = await beginCall(pair);
    pair.client.send(frame("RST_STREAM", 0, 1, uint32(code)));
    await endpoint.untilStory("RST_STREAM 1 CANCEL");
  }
});

describe("messages are counted while a call goes on", () => {
  const counts = (plane: RigPlane): readonly (number | undefined)[] =>
    ["istio_request_messages_total", "istio_response_messages_total"].map(
      (name) => samplesOf(plane, name)[0]?.value,
    );

  test("those of the client before there is any answer, those of the endpoint as they come", async () => {
    const pair = await openPair();
    const { client, plane } = pair;
    const endpoint = await beginCall(pair);
    client.send(frame("DATA", 0, 1, Buffer.concat([message, message, message.subarray(0, 6)])));
    // The fourth has its length, and counts; the rest of it does not count again.
    await until(() => counts(plane)[0] === 4, "four messages of the client are counted");
    client.send(frame("DATA", 0, 1, message.subarray(6)));
    endpoint.send(
      headers(1, answer, END_HEADERS),
      frame("DATA", 0, 1, message),
      frame("DATA", 0, 1, message),
    );
    await until(() => counts(plane)[1] === 2, "two messages of the endpoint are counted");
    expect([counts(plane), plane.log()]).toEqual([[4, 2], []]);
    client.send(frame("DATA", END_STREAM, 1, message));
    endpoint.send(headers(1, [["grpc-status", "0"]], END_HEADERS | END_STREAM));
    await plane.lines(1);
    expect(counts(plane)).toEqual([5, 2]);
    const [labels] = samplesOf(plane, "istio_request_messages_total").map((sample) => sample.labels);
    expect(labels).toMatchObject({ request_protocol: "grpc", destination_service_name: "web" });
    expect(labels).not.toHaveProperty("grpc_response_status");
  });

  test("those of a call that no endpoint got are counted at its end", async () => {
    const plane = await rig.openPlane({ protocol: "grpc", endpoints: [] });
    const client = await openPeer(plane.port);
    closers.push(() => client.close());
    client.send(headers(1, call, END_HEADERS), frame("DATA", END_STREAM, 1, message));
    await plane.lines(1);
    expect(samplesOf(plane, "istio_requests_total")[0]?.labels["grpc_response_status"]).toBe("14");
  });
});
