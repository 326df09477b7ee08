/**
 * Endpoints that are lost where they stand, with streams open: killed as a node that fails kills them, or terminated without a
 * word of GOAWAY. Calls and requests that were under way are answered (503, UNAVAILABLE) or reset, none hangs, nobody else's
 * fails, and once the endpoint is back the waypoint dials it again.
 */
import { type ClientHttp2Session, constants } from "node:http2";
import { freePort } from "@waystone/testkit/free-port";
import { until, within } from "@waystone/testkit/within";
import { afterEach, describe, expect, test } from "vitest";
import { type GrpcGoServer, startGrpcGo } from "../harness/grpc-go-server.ts";
import { GrpcJsCaller } from "../harness/grpc-js-client.ts";
import { GrpcLoad, loadWidth } from "../harness/grpc-load.ts";
import { ask, askOnce, openSession, readAnswer } from "../harness/node-client.ts";
import { openHttp1Request } from "../harness/node-http1-client.ts";
import { type NghttpdServer, startNghttpd } from "../harness/nghttpd.ts";
import { startEnvoy, startHaproxy } from "../harness/proxies.ts";
import { type Address, startWaystone } from "../harness/waystone.ts";

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

function keep<T extends { stop(): Promise<unknown> }>(opened: T): T {
  stops.push(async () => await opened.stop());
  return opened;
}

const [firstHost, secondHost] = ["127.0.0.1", "127.0.0.2"];
const unavailable = 14;

interface Killable {
  kill(): Promise<void>;
  stop(): Promise<void>;
}

const starts: Readonly<Record<string, (at: Address, to: GrpcGoServer) => Promise<Killable>>> = {
  "grpc-go": async (at) => await startGrpcGo(at),
  Envoy: async (at, to) => await startEnvoy(to.address, "http/2", { at }),
  HAProxy: async (at, to) => await startHaproxy(to.address, "http/2", { at }),
};

describe.for(Object.entries(starts))("[R09] %s is killed under gRPC", ([, start]) => {
  test("its calls are UNAVAILABLE, those of another endpoint go on, and it is dialled again", async () => {
    const behind = keep(await startGrpcGo({ host: firstHost, port: await freePort() }));
    const at = { host: firstHost, port: await freePort() };
    const first = keep(await start(at, behind));
    keep(await start({ ...at, host: secondHost }, behind));
    const service = { appProtocol: "grpc", endpointPort: at.port } as const;
    const waystone = keep(
      await startWaystone([
        { ...service, name: "alone", endpointHosts: [firstHost] },
        { ...service, name: "other", endpointHosts: [secondHost] },
        { ...service, name: "both", endpointHosts: [firstHost, secondHost] },
      ]),
    );
    const [other, both] = [new GrpcLoad(waystone.at("other")), new GrpcLoad(waystone.at("both"))];
    const caller = new GrpcJsCaller(waystone.at("alone"));
    stops.push(async () => caller.close());

    const unanswered = Array.from({ length: 20 }, async () => await caller.method("Hang", Buffer.alloc(0)));
    let turns = 0;
    const answered = caller.chat(Number.POSITIVE_INFINITY, 100, (count) => {
      turns = count;
      return false;
    });
    // On one connection: what was asked before it is there too.
    await until(() => turns > 10, "the stream goes on");
    await both.more(200);
    await first.kill();

    for (const call of unanswered)
      expect(await within(call, "the end of a call")).toMatchObject({ code: "Unavailable" });
    expect((await within(answered, "the end of the stream"))["code"]).toMatch(/^(Internal|Unavailable)$/);
    const soFar = both.calls;
    await until(() => both.calls > soFar + 1000, "1000 calls more to who is left");
    await other.more(500);
    expect(await other.end()).toEqual({ failures: [], stream: "OK" });
    // What was under way when it was lost, and the stream if that was on it; nothing that was asked later.
    await both.end();
    for (const failure of both.failures) expect(failure).toMatch(/^14 upstream reset$|^the stream ended: /);
    expect(both.failures.length).toBeLessThanOrEqual(loadWidth + 1);
    expect((await caller.unary("Unary", Buffer.alloc(1))).code).toBe(unavailable);

    keep(await start(at, behind));
    expect(await caller.unary("Unary", Buffer.from("again"))).toMatchObject({ code: 0 });
  });
});

describe.for(["SIGKILL", "SIGTERM"] as const)("[F15] nghttpd ends by %s", (signal) => {
  const large = 100_000_000;

  /** Its body never ends, so nghttpd does not answer. */
  function askForEver(session: ClientHttp2Session, headers: Record<string, string> = {}) {
    const stream = session.request({ ":method": "POST", ":path": "/echo", ...headers }, { endStream: false });
    stream.write("some");
    return readAnswer(stream);
  }

  test("its requests are answered or reset, those of another Service go on, and it is dialled again", async () => {
    const port = await freePort();
    const start = async (): Promise<NghttpdServer> => keep(await startNghttpd(port, { large, small: 5 }));
    const first = await start();
    const other = keep(await startNghttpd(await freePort(), { small: 5 }));
    const waystone = keep(
      await startWaystone([
        { name: "lost", appProtocol: "http2", endpointPort: port },
        { name: "other", appProtocol: "http2", endpointPort: other.port },
      ]),
    );
    const session = openSession(waystone.at("lost"));
    const beside = openSession(waystone.at("other"));
    stops.push(
      async () => session.destroy(),
      async () => beside.destroy(),
    );
    let served = 0;
    const over = new AbortController();
    const others = (async () => {
      const statuses = new Set<number>();
      for (; !over.signal.aborted; served += 1) statuses.add((await ask(beside, "/small")).status);
      return [...statuses];
    })();

    const unanswered = Array.from({ length: 5 }, async () => await askForEver(session));
    const grpc = askForEver(session, { "content-type": "application/grpc", te: "trailers" });
    const http1 = Promise.withResolvers<number | undefined>();
    const request = openHttp1Request(waystone.at("lost"), "/echo", { method: "POST" });
    request.on("response", (response) => http1.resolve(response.resume().statusCode));
    request.on("close", () => http1.resolve(undefined));
    request.write("some");
    const download = session.request({ ":path": "/large" });
    const broken = readAnswer(download);
    download.once("data", () => download.pause());
    await until(() => download.isPaused(), "the answer has begun");
    await until(async () => (await waystone.metric("waystone_downstream_connections")) >= 3, "all are there");
    await first.end(signal);

    for (const each of unanswered)
      expect(await within(each, "an answer")).toMatchObject({ status: 503, resetCode: 0 });
    const { status, headers } = await within(grpc, "an answer");
    expect([status, headers["grpc-status"]]).toEqual([200, String(unavailable)]);
    expect(await within(http1.promise, "an answer")).toBe(503);
    download.resume();
    const { resetCode, bytes } = await within(broken, "the end of the download");
    expect(resetCode).toBe(constants.NGHTTP2_INTERNAL_ERROR);
    expect(bytes).toBeLessThan(large);
    expect((await ask(session, "/small")).status).toBe(503);

    const before = served;
    await until(() => served > before + 100, "a hundred requests more of the other Service");
    over.abort();
    expect(await others).toEqual([200]);
    await start();
    expect(await askOnce(waystone.at("lost"), "/small")).toMatchObject({ status: 200, bytes: 5 });
    // The same connection, too.
    expect((await ask(session, "/small")).status).toBe(200);
  });
});
