/**
 * A mistake of ours that an endpoint's bytes lead to (connection-faults.ts), where they come by TLS: its connection is cut beneath
 * the codec while records of the same read still wait, and costs what it carries and nothing else.
 */
import { systemClock } from "@waystone/base/clock";
import { systemRng } from "@waystone/base/rng";
import { until } from "@waystone/testkit/within";
import { afterEach, describe, expect, test } from "vitest";
import { Http2Context } from "../http/h2/http2-context.ts";
import { defaultHttp2Settings } from "../http/h2/http2-settings.ts";
import { Answer, outgoing } from "../http/h2/testdata/open-test-client.ts";
import type { Taken, UpstreamConnection } from "../http/stream.ts";
import { Deadlines } from "../listener/deadlines.ts";
import type { ProxyErrorKind } from "../proxy/proxy-error.ts";
import { ReadBuffers } from "../listener/socket-reader.ts";
import { defaultSettings } from "../settings.ts";
import { useBackendTls } from "../testing/backend-tls-rig.ts";
import { endpointsOf } from "../testing/plane-figures.ts";
import type { TlsEndpoint } from "../testing/tls-endpoint.ts";
import type { ConnectionPool, ConnectionWaiter } from "./connection-pool.ts";
import { DialPace } from "./dial-pace.ts";
import { poolOf } from "./pool-of.ts";
import type { UpstreamContext } from "./upstream-context.ts";

const { endpoint, planeTo } = useBackendTls();
const deadlines = new Deadlines(systemClock);
afterEach(() => deadlines.close());

const mistake: Error = new RangeError("a mistake of ours");
/** Many records of TLS (RFC 8446 5.1): of those that one read brings, the first finds the mistake. */
const largeBytes = 400_000;

/** Asks at once, and is wrong about the answer's body where it is told so. */
class Asker extends Answer implements ConnectionWaiter {
  readonly #target: string;
  readonly #isWrong: boolean;
  /** Pieces of the body. */
  pieces = 0;
  reused = false;

  constructor(target: string, isWrong = false) {
    super();
    this.#target = target;
    this.#isWrong = isWrong;
  }

  onConnection(connection: UpstreamConnection, reused: boolean): void {
    this.reused = reused;
    const stream = connection.begin(this);
    stream.sendHead(outgoing({ target: this.#target }));
    stream.sendEnd(undefined);
  }

  onNoConnection(kind: string, detail: string): void {
    this.state = `${kind}: ${detail}`;
  }

  override onResponseData(bytes: Buffer): Taken {
    this.pieces += 1;
    if (this.#isWrong) throw mistake;
    return super.onResponseData(bytes);
  }
}

interface Place {
  readonly pool: ConnectionPool;
  readonly backend: TlsEndpoint;
  readonly faults: unknown[];
}

/** The pool of an endpoint that answers /large at length, and leaves /held open. */
async function openPlace(protocol: "http/1.1" | "h2"): Promise<Place> {
  const backend = await endpoint(undefined, {}, protocol);
  backend.server.removeAllListeners("request");
  backend.server.on("request", (request, response) => {
    if (request.url === "/held") response.writeHead(200).write("begun");
    else response.end(Buffer.alloc(request.url === "/large" ? largeBytes : 2, "x"));
  });
  const plane = await planeTo(backend, undefined, { protocol: protocol === "h2" ? "http2" : "http" });
  const faults: unknown[] = [];
  const pool = poolOf(endpointsOf(plane)[0]!, contextOf(faults));
  return { pool, backend, faults };
}

function contextOf(faults: unknown[]): UpstreamContext {
  const settings = { ...defaultSettings, allowLoopback: true };
  const { limits, timeouts } = settings;
  const shared = { clock: systemClock, deadlines };
  const rest = { rng: systemRng, limits, timeouts, settings: defaultHttp2Settings };
  const buffers = new ReadBuffers({ clock: systemClock, onFault: (error) => faults.push(error) });
  const http2 = new Http2Context({ ...shared, ...rest, onFault: buffers.onFault });
  return { ...shared, settings, buffers, dials: new DialPace(), http2 };
}

function ask(pool: ConnectionPool, asker: Asker, fresh = false): Asker {
  pool.acquire(asker, fresh);
  return asker;
}

describe.for(["http/1.1", "h2"] as const)("%s", (protocol) => {
  test("the connection is cut, told once, and not used again; the next request has a new one", async () => {
    const { pool, backend, faults } = await openPlace(protocol);
    const wrong = ask(pool, new Asker("/large", true));
    await wrong.over();
    expect([wrong.status, wrong.pieces, faults]).toEqual([200, 1, [mistake]]);
    expect(wrong.state).toMatch(/^upstream-/);
    await until(() => backend.sockets[0]?.destroyed === true, "the endpoint's side is closed");
    const right = await ask(pool, new Asker("/large")).over();
    expect([right.state, right.body.length, right.reused]).toEqual(["whole", largeBytes, false]);
    expect([backend.sockets.length, faults.length]).toEqual([2, 1]);
    pool.retire();
  });

  test("other connections to the same endpoint go on", async () => {
    const { pool, backend, faults } = await openPlace(protocol);
    const held = ask(pool, new Asker("/held"));
    await until(() => held.pieces === 1, "the answer has begun");
    const wrong = ask(pool, new Asker("/large", true), true);
    await wrong.over();
    expect([backend.sockets.length, faults.length, held.state]).toEqual([2, 1, "open"]);
    const next = await ask(pool, new Asker("/small")).over();
    expect([next.state, held.state]).toEqual(["whole", "open"]);
    for (const socket of backend.sockets) socket.destroy();
    await held.over();
    pool.retire();
  });
});

/** What it does about the loss of its answer is wrong. */
class BadLoser extends Asker {
  override onUpstreamError(kind: ProxyErrorKind, detail: string): void {
    super.onUpstreamError(kind, detail);
    throw mistake;
  }
}

test.for(["http/1.1", "h2"] as const)("%s: told of its end, of which a mistake is made", async (protocol) => {
  const { pool, backend, faults } = await openPlace(protocol);
  const held = ask(pool, new BadLoser("/held"));
  await until(() => held.pieces === 1, "the answer has begun");
  for (const socket of backend.sockets) socket.destroy();
  await held.over();
  expect(faults).toEqual([mistake]);
  const right = await ask(pool, new Asker("/small")).over();
  expect([right.state, right.reused]).toEqual(["whole", false]);
  pool.retire();
});

test("of the exchanges that share an HTTP/2 connection each is told of its end, where one makes a mistake of it", async () => {
  const { pool, backend, faults } = await openPlace("h2");
  const first = ask(pool, new Asker("/held"));
  await until(() => first.pieces === 1, "the answer has begun");
  const others = [new Asker("/held"), new BadLoser("/held"), new Asker("/held")];
  for (const asker of others) ask(pool, asker);
  await until(() => others.every(({ pieces }) => pieces === 1), "three more have begun");
  for (const socket of backend.sockets) socket.destroy();
  for (const each of [first, ...others]) expect((await each.over()).state).toMatch(/^upstream-/);
  expect(faults).toEqual([mistake]);
  pool.retire();
});

test("of the exchanges that share an HTTP/2 connection each is told that it is gone", async () => {
  const { pool, backend, faults } = await openPlace("h2");
  const held = ask(pool, new Asker("/held"));
  await until(() => held.pieces === 1, "the answer has begun");
  const others = Array.from({ length: 5 }, () => ask(pool, new Asker("/held")));
  await until(() => others.every(({ pieces }) => pieces === 1), "five more have begun");
  const wrong = ask(pool, new Asker("/large", true));
  for (const each of [held, ...others, wrong]) await each.over();
  for (const each of [held, ...others]) expect(each.state).toMatch(/^upstream-/);
  expect([backend.sockets.length, faults]).toEqual([1, [mistake]]);
  pool.retire();
});
