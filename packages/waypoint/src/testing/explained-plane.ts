/**
 * For the tests that hold a live waypoint against `waystone explain`: a plane with three Services that answer and one that is empty, known
 * clients that ask it over HTTP/1.1, HTTP/2 and gRPC, and the same question put to the explanation of its store.
 */
import { connect as connectHttp2, type ClientHttp2Session, type OutgoingHttpHeaders } from "node:http2";
import { connect } from "node:net";
import { systemClock } from "@waystone/base/clock";
import { explainAtPort } from "@waystone/engine/explain/explain-at-port";
import type { Explanation, Outcome } from "@waystone/engine/explain/explanation";
import type { RawClient } from "@waystone/testkit/raw-http-client";
import type { EncodedResource } from "@waystone/xds/resource";
import { askedWaypoint } from "../explain/asked-waypoint.ts";
import { nothingUnread } from "../explain/assume-unread.ts";
import { ShownJudge } from "../explain/judge-shown.ts";
import { buildClientView } from "../listener/client-view.ts";
import type { ProxyErrorKind } from "../proxy/proxy-error.ts";
import { proxyError } from "../proxy/proxy-error.ts";
import type { ExchangeRig, RigPlane } from "./exchange-rig.ts";
import { askHttp2, type Http2Peers } from "./http2-peers.ts";
import { serviceResource, sliceResource } from "./open-test-plane.ts";
import { frontend, openKnownClient, type Person, stranger } from "./policy-clients.ts";

export interface AskedQuestion {
  readonly person: Person;
  readonly method: string;
  readonly target: string;
  readonly host: string;
  readonly headers: readonly (readonly [string, string])[];
  /** What chance says: which backend weights choose. */
  readonly point: number;
  /** HTTP/1.1 unless given. */
  readonly by?: "http2" | "grpc";
}

/** A client that comes again where it was told to go. */
interface Caller {
  client: RawClient;
  readonly reopen: () => Promise<RawClient>;
  readonly session: ClientHttp2Session;
}

export class ExplainedPlane {
  readonly plane: RigPlane;
  readonly #callers: ReadonlyMap<Person, Caller>;
  readonly #chance: { point: number };
  readonly #judge: ShownJudge;
  #inForce: readonly EncodedResource[] = [];

  private constructor(plane: RigPlane, callers: ReadonlyMap<Person, Caller>, chance: { point: number }) {
    this.plane = plane;
    this.#callers = callers;
    this.#chance = chance;
    this.#judge = new ShownJudge({ store: plane.store, clock: systemClock, unread: nothingUnread });
  }

  /** Endpoints speak HTTP/2, so that gRPC calls come through. */
  static async open(
    rig: ExchangeRig,
    peers: Http2Peers,
    more: readonly EncodedResource[] = [],
  ): Promise<ExplainedPlane> {
    const chance = { point: 0 };
    const endpoints = new Map<string, string>();
    for (const name of ["web", "a", "b"]) {
      const endpoint = await peers.endpoint((stream, { "content-type": type }) => {
        stream.respond({ ":status": 200, "content-type": type ?? "text/plain" }, { waitForTrailers: true });
        stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
        stream.end(`shop/${name}:80`);
      });
      endpoints.set(name, endpoint.key);
    }
    const protocol = "http2";
    const plane = await rig.openPlane({
      protocol,
      endpoints: [endpoints.get("web")!],
      rng: { next: () => chance.point },
      more: [
        ...["a", "b"].flatMap((name) => [
          serviceResource("shop", name, 80, { protocol }),
          sliceResource("shop", name, [endpoints.get(name)!]),
        ]),
        serviceResource("shop", "empty", 80),
        ...more,
      ],
    });
    const callers = new Map<Person, Caller>();
    for (const person of [frontend, stranger]) {
      const { address: localAddress } = person;
      const client = await openKnownClient(rig, plane, person);
      const session = connectHttp2(`http://127.0.0.1:${plane.port}`, {
        createConnection: () => connect({ port: plane.port, host: "127.0.0.1", localAddress }),
      });
      peers.closeLater(session);
      callers.set(person, { client, reopen: () => rig.openClient(plane, { localAddress }), session });
    }
    return new ExplainedPlane(plane, callers, chance);
  }

  /** In place of what was applied before. */
  apply(next: readonly EncodedResource[]): void {
    const names = new Set(next.map(nameOf));
    this.plane.apply(
      next,
      this.#inForce.filter((each) => !names.has(nameOf(each))),
    );
    this.#inForce = next;
  }

  /** "200 shop/a:80", "403"; of gRPC "grpc 0 shop/a:80", "grpc 7". */
  async ask(asked: AskedQuestion): Promise<string> {
    this.#chance.point = asked.point;
    const caller = this.#callers.get(asked.person)!;
    return asked.by === undefined
      ? await askHttp1(caller, asked)
      : await askOverHttp2(caller.session, asked, asked.by === "grpc");
  }

  async explain(asked: AskedQuestion): Promise<Explanation> {
    const { address } = asked.person;
    const snapshot = this.plane.store.current();
    const [port] = snapshot.listeners.values();
    const question = {
      client: buildClientView(snapshot.workloads.get(address), address, address),
      method: asked.method,
      target: asked.target,
      authority: asked.host,
      headers: gatherHeaders(asked),
      serverName: "",
      timeMs: systemClock.wallMs(),
    };
    for (;;) {
      const explanation = explainAtPort(port!, askedWaypoint(this.plane.store, this.#judge.judge), question);
      if (!(await this.#judge.settle())) return explanation;
    }
  }
}

/** What comes of the request by its explanation, in the words of `ask`. */
export function expectedAnswer(explanation: Explanation, { point, by }: AskedQuestion): string {
  const outcome = outcomeAt(explanation, point);
  const { result, kind, status, backend } = outcome;
  if (by === "grpc") {
    if (result === "forwarded") return `grpc 0 ${backend}`;
    return result === "refused" ? `grpc ${proxyError(kind as ProxyErrorKind).grpcStatus}` : `${status}`;
  }
  return result === "forwarded" ? `200 ${backend}` : `${status}`;
}

export function outcomeAt({ outcomes }: Explanation, point: number): Outcome {
  let sum = 0;
  const found = outcomes.find(({ share }) => point < (sum += share));
  return found ?? outcomes.at(-1)!;
}

function nameOf({ typeUrl, name }: EncodedResource): string {
  return `${typeUrl} ${name}`;
}

function gatherHeaders({ headers, by }: AskedQuestion): ReadonlyMap<string, readonly string[]> {
  const gathered = new Map<string, string[]>();
  const all = by === "grpc" ? [...headers, ["content-type", "application/grpc"] as const] : headers;
  for (const [name, value] of all) {
    const lower = name.toLowerCase();
    gathered.set(lower, [...(gathered.get(lower) ?? []), value]);
  }
  return gathered;
}

async function askHttp1(caller: Caller, { method, target, host, headers }: AskedQuestion): Promise<string> {
  const lines = [["Host", host], ...headers].map(([name, value]) => `${name}: ${value}\r\n`).join("");
  await caller.client.send(`${method} ${target} HTTP/1.1\r\n${lines}\r\n`);
  const response = await caller.client.readResponse(method);
  if (response.headers.some(([name, value]) => name.toLowerCase() === "connection" && value === "close")) {
    caller.client.reset();
    caller.client = await caller.reopen();
  }
  return `${response.status} ${response.status === 200 ? response.body.toString() : ""}`.trim();
}

async function askOverHttp2(
  session: ClientHttp2Session,
  asked: AskedQuestion,
  isGrpc: boolean,
): Promise<string> {
  const { method, target, host } = asked;
  const lines: OutgoingHttpHeaders = {};
  for (const [name, values] of gatherHeaders(asked))
    lines[name] = values.length === 1 ? values[0]! : [...values];
  const head = { ...lines, ":method": method, ":path": target, ":authority": host };
  const { status, body, headers, trailers } = await askHttp2(session, head);
  const grpcStatus = headers["grpc-status"] ?? trailers["grpc-status"];
  if (!isGrpc || grpcStatus === undefined) return `${status} ${status === 200 ? body.toString() : ""}`.trim();
  return `grpc ${String(grpcStatus)} ${body.toString()}`.trim();
}
