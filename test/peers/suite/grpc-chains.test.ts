/**
 * What goes wrong in a gRPC call, and what is said of it, where Envoy or HAProxy stands before or behind the waypoint: denials
 * while messages are still coming, endpoints that answer before they have read or break off, deadlines, and what the metrics say.
 */
import { createHash } from "node:crypto";
import { until, within } from "@waystone/testkit/within";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writePiece } from "../harness/blob.ts";
import { type GrpcBed, type GrpcWay, grpcWays, openGrpcBed } from "../harness/grpc-bed.ts";
import { breakerPrefix } from "../harness/grpc-breaker.ts";
import { callGo } from "../harness/grpc-go.ts";
import { callJs } from "../harness/grpc-js-client.ts";
import { askOnce, openSession, readAnswer } from "../harness/node-client.ts";

let bed: GrpcBed;

beforeAll(async () => {
  bed = await openGrpcBed();
});

afterAll(async () => await bed.close());

const clients = { "grpc-go": callGo, "grpc-js": callJs } as const;
const denied = { code: "PermissionDenied", message: "RBAC: access denied" };

describe.for(grpcWays)("[R09] $name", (way) => {
  const at = () => bed.at(way);

  describe.for(["grpc-go", "grpc-js"] as const)("%s", (client) => {
    const call = clients[client];

    test("a call that an AuthorizationPolicy denies, by trailers alone", async () => {
      expect(await call(at(), "method", "Denied", "hello")).toEqual({ answer: "", ...denied });
    });

    test("a stream that is denied while its client goes on sending", async () => {
      expect(await call(at(), "push", "Denied")).toEqual(denied);
    });

    test("an endpoint that answers without a look at the messages, which go on coming", async () => {
      const refused = { code: "FailedPrecondition", message: "not a word of it" };
      expect(await call(at(), "push", "Refuse")).toEqual(refused);
    });

    test("the endpoint is told how long the call has left", async () => {
      const { answer, code } = await call(at(), "method", "Left", "");
      expect(code).toBe("OK");
      expect(Number(answer)).toBeGreaterThan(0);
      expect(Number(answer)).toBeLessThanOrEqual(60_000);
    });
  });

  test("health checks pass, watched ones too", async () => {
    if (way.service === "grpc-js") return;
    const seen = { check: "SERVING", watch: "SERVING", code: "OK", unknown: "NotFound" };
    expect(await callGo(at(), "health")).toEqual(seen);
  });

  test("a client that does not look at its own grpc-timeout gets DEADLINE_EXCEEDED all the same", async () => {
    const { status, headers, trailers, resetCode } = await askOnce(at(), "/peers.Echo/Hang", {
      headers: { "content-type": "application/grpc", "grpc-timeout": "200m", te: "trailers" },
      // A message of 52 bytes: the blob begins with four zeros, and 52 is its "4".
      bodyBytes: 57,
    });
    const said = headers["grpc-status"] ?? trailers["grpc-status"];
    expect([status, said, resetCode]).toEqual([200, "4", 0]);
  });

  test("a message in DATA frames of one byte, which comes back into windows of one byte", async () => {
    const session = openSession(at(), { initialWindowSize: 1 });
    const headers = { ":method": "POST", ":path": "/peers.Echo/Unary", "content-type": "application/grpc" };
    const stream = session.request({ ...headers, te: "trailers" }, { endStream: false });
    const answer = readAnswer(stream);
    const message = Buffer.concat([Buffer.from([0, 0, 0, 0, 52]), Buffer.alloc(52, "x")]);
    for (const byte of message) await writePiece(stream, Buffer.from([byte]), 1);
    stream.end();
    const { status, trailers, sha256 } = await within(answer, "the answer");
    session.destroy();
    expect([status, trailers["grpc-status"]]).toEqual([200, "0"]);
    expect(sha256).toBe(createHash("sha256").update(message).digest("hex"));
  });

  test("what is counted of its calls and messages is what there was", async () => {
    const before = await figuresOf(way);
    await callGo(at(), "server-stream", 100);
    await callGo(at(), "client-stream", 50);
    await callGo(at(), "chat", 20, 10);
    await callGo(at(), "method", "Fail", "9 not now");
    const wanted = { ok: 3, failed: 1, requests: 1 + 50 + 20 + 1, responses: 100 + 1 + 20 };
    await until(async () => {
      const { ok, failed } = await figuresOf(way);
      return ok - before.ok + failed - before.failed >= 4;
    }, "all four calls are counted");
    const now = await figuresOf(way);
    expect({
      ok: now.ok - before.ok,
      failed: now.failed - before.failed,
      requests: now.requests - before.requests,
      responses: now.responses - before.responses,
    }).toEqual(wanted);
  });
});

async function figuresOf({ service }: GrpcWay) {
  const { waystone } = bed;
  const labels = { destination_service_name: service, request_protocol: "grpc" };
  const calls = async (status: string): Promise<number> =>
    await waystone.metric("istio_requests_total", { ...labels, grpc_response_status: status });
  return {
    ok: await calls("0"),
    failed: await calls("9"),
    requests: await waystone.metric("istio_request_messages_total", labels),
    responses: await waystone.metric("istio_response_messages_total", labels),
  };
}

describe.for(grpcWays)("[R09] $name: an endpoint that breaks off is never a call that went well", (way) => {
  /** What gRPC makes of the codes (RFC 9113 7), where nobody but the waypoint is on the way. */
  test.for([
    ["before-2", "Internal"],
    ["before-7", "Unavailable"],
    ["before-8", "Canceled"],
    ["before-11", "ResourceExhausted"],
    ["head", "Internal"],
    ["message", "Internal"],
    ["end", "Internal"],
  ])("%s", async ([how = "", code = ""]) => {
    const seen = await callGo(bed.at(way), "any", `${breakerPrefix}${how}`);
    if (way.service.startsWith("grpc-") && way.before === undefined) expect(seen).toMatchObject({ code });
    else expect(seen["code"]).toMatch(/^(Internal|Unavailable|Canceled|ResourceExhausted|Unknown)$/);
  });
});
