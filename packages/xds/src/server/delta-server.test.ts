import { typeUrls } from "@waystone/api/names";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { describe, expect, test } from "vitest";
import { type Edit, MapCatalog } from "../testing/map-catalog.ts";
import { describeResponse, RawWaypoint } from "../testing/raw-waypoint.ts";
import { RecordingObserver } from "../testing/recording-observer.ts";
import { createDeltaServer, type DeltaServerOptions } from "./delta-server.ts";

const { policy, service, endpointSlice, route, workload, secret } = typeUrls;

function setup(options: Partial<DeltaServerOptions> = {}) {
  const clock = new ManualClock();
  const catalog = new MapCatalog();
  const observer = new RecordingObserver();
  const server = createDeltaServer({ catalog, observer, clock, ...options });
  const put = (...edits: [Edit["typeUrl"], string, string?][]): void =>
    catalog.edit(edits.map(([typeUrl, name, content = "1"]) => ({ typeUrl, name, content })));
  const drop = (...edits: [Edit["typeUrl"], string][]): void =>
    catalog.edit(edits.map(([typeUrl, name]) => ({ typeUrl, name, content: undefined })));
  /** A waypoint that has taken its first snapshot. */
  const settled = (id?: string): RawWaypoint => {
    const waypoint = new RawWaypoint(server, id).subscribeAll();
    waypoint.settle();
    observer.take();
    clock.advance(10);
    return waypoint;
  };
  return { clock, catalog, observer, server, put, drop, settled };
}

describe("first snapshot", () => {
  test("comes type by type in the order of dependence, and types that are empty get an empty response", () => {
    const { server, put } = setup();
    put([route, "r"], [service, "a"], [service, "b"], [policy, "p"]);
    const waypoint = new RawWaypoint(server).subscribeAll();
    expect(waypoint.settle()).toEqual(["Secret", "Policy +p", "Service +a +b", "EndpointSlice", "Route +r"]);
  });

  test("keeps that order whatever the order of the requests", () => {
    const { server, put } = setup();
    put([route, "r"], [service, "a"], [endpointSlice, "s"], [policy, "p"]);
    const waypoint = new RawWaypoint(server);
    for (const typeUrl of [route, endpointSlice, service, secret, policy]) waypoint.request({ typeUrl });
    expect(waypoint.settle()).toEqual(["Secret", "Policy +p", "Service +a", "EndpointSlice +s", "Route +r"]);
  });

  test("of a waypoint that asks for some types only comes after a moment", () => {
    const { server, put, clock } = setup();
    put([service, "a"]);
    const waypoint = new RawWaypoint(server);
    waypoint.request({ typeUrl: service });
    expect(waypoint.settle()).toEqual([]);
    clock.advance(1000);
    expect(waypoint.settle()).toEqual(["Service +a"]);
  });

  test("of a waypoint that comes back slowly: nothing is removed before its routes are known and moved", () => {
    const { server, put, clock } = setup();
    put([service, "new"], [endpointSlice, "new"], [route, "r", "2"]);
    const waypoint = new RawWaypoint(server);
    waypoint.request({ typeUrl: service, initialResourceVersions: { old: "1" } });
    waypoint.request({ typeUrl: endpointSlice, initialResourceVersions: { old: "1" } });
    clock.advance(500);
    expect(waypoint.settle()).toEqual([]);
    for (const typeUrl of [policy, secret]) waypoint.request({ typeUrl });
    waypoint.request({ typeUrl: route, initialResourceVersions: { r: "1" } });
    const said = waypoint.settle();
    expect(said.indexOf("Route +r")).toBeGreaterThan(said.indexOf("EndpointSlice +new"));
    expect(said.indexOf("EndpointSlice -old")).toBeGreaterThan(said.indexOf("Route +r"));
  });

  test("is split below the size limit, and only its last part of a type is marked complete", () => {
    const { server, put } = setup({ settings: { responseBytes: 200 } });
    put([service, "a"], [service, "b"], [service, "c"], [route, "r"]);
    const waypoint = new RawWaypoint(server).subscribeAll();
    expect(waypoint.settle()).toEqual([
      "Secret",
      "Policy",
      "Service part +a +b",
      "Service +c",
      "EndpointSlice",
      "Route +r",
    ]);
  });

  test("of a type from a newer release is empty, so that its waypoint becomes ready", () => {
    const { server, clock } = setup();
    const waypoint = new RawWaypoint(server);
    waypoint.request({ typeUrl: "type.googleapis.com/waystone.v1.Novelty" });
    clock.advance(1000);
    expect(waypoint.settle()).toEqual(["Novelty"]);
  });
});

describe("reconnect", () => {
  test("sends nothing but empty responses where nothing changed", () => {
    const { server, put, catalog, observer } = setup();
    put([service, "a"], [route, "r"]);
    const held = {
      [service]: { a: catalog.get(service, "a")!.version },
      [route]: { r: catalog.get(route, "r")!.version },
    };
    const waypoint = new RawWaypoint(server).subscribeAll(held);
    expect(waypoint.settle()).toEqual(["Secret", "Policy", "Service", "EndpointSlice", "Route"]);
    expect(waypoint.bytes).toBeLessThan(300);
    expect(observer.take()).toEqual(["+ shop/waypoint/1 (shop/waypoint)", "Service a ok", "Route r ok"]);
  });

  test("sends differences, then removals in reverse order, and is complete only after these", () => {
    const { server, put } = setup();
    put([policy, "a"], [service, "a"], [endpointSlice, "s"], [route, "r"]);
    const old = { a: "old", gone: "old" };
    const waypoint = new RawWaypoint(server).subscribeAll({
      [policy]: old,
      [service]: old,
      [endpointSlice]: old,
      [route]: old,
    });
    expect(waypoint.settle()).toEqual([
      "Secret",
      "Policy part +a",
      "Service part +a",
      "EndpointSlice part +s",
      "Route +r -a -gone",
      "EndpointSlice -a -gone",
      "Service -gone",
      "Policy -gone",
    ]);
  });

  test("replaces the older stream of the same waypoint", () => {
    const { settled, observer } = setup();
    const older = settled();
    settled();
    expect(older.closedFor).toBe("replaced by a newer stream of the same waypoint");
    expect(observer.nodes.size).toBe(1);
  });
});

describe("order of a change", () => {
  test("adds services, slices, routes, and removes routes, slices, services", () => {
    const { put, catalog, settled } = setup();
    put([service, "old"], [endpointSlice, "old"], [route, "old"]);
    const waypoint = settled();
    catalog.edit([
      ...[service, endpointSlice, route].map((typeUrl) => ({ typeUrl, name: "old", content: undefined })),
      ...[route, endpointSlice, service].map((typeUrl) => ({ typeUrl, name: "new", content: "1" })),
    ]);
    expect(waypoint.settle()).toEqual([
      "Service +new",
      "EndpointSlice +new",
      "Route +new -old",
      "EndpointSlice -old",
      "Service -old",
    ]);
  });

  test("a removal goes with additions of its type where nothing else is in between", () => {
    const { put, catalog, settled } = setup();
    put([endpointSlice, "s-1"], [route, "r"]);
    const waypoint = settled();
    catalog.edit([
      { typeUrl: endpointSlice, name: "s-1", content: undefined },
      { typeUrl: endpointSlice, name: "s-2", content: "1" },
    ]);
    expect(waypoint.settle()).toEqual(["EndpointSlice +s-2 -s-1"]);
  });

  test("endpoints that never stop changing do not hold up a route or a removal", () => {
    const { put, drop, clock, settled } = setup();
    put([service, "a"], [route, "r-1"]);
    const waypoint = settled();
    put([endpointSlice, "s", "0"]);
    put([route, "r-2"]);
    drop([route, "r-1"], [service, "a"]);
    const seen: string[] = [];
    for (let round = 1; round <= 5; round++) {
      put([endpointSlice, "s", String(round)]);
      clock.advance(10);
      const response = waypoint.responses.shift()!;
      seen.push(describeResponse(response));
      waypoint.ack(response);
    }
    expect(seen).toContain("Route +r-2 -r-1");
    expect(seen).toContain("Service -a");
  });
});

describe("answers", () => {
  test("one response at most is unanswered over all types; what changes meanwhile is merged", () => {
    const { put, drop, clock, settled, server } = setup();
    const waypoint = settled();
    put([service, "a"]);
    const first = waypoint.responses.shift()!;
    for (let i = 0; i < 20; i++) put([service, "a", String(i)], [route, "r", String(i)], [route, "brief"]);
    drop([route, "brief"]);
    clock.advance(1000);
    expect(waypoint.responses).toEqual([]);
    expect(server.streams()[0]?.waitingNames).toBe(3);
    waypoint.ack(first);
    expect(waypoint.settle()).toEqual(["Service +a", "Route +r"]);
  });

  test("a stale nonce, or one of another type, answers nothing", () => {
    const { put, settled, observer, server } = setup();
    const waypoint = settled();
    put([service, "a"]);
    waypoint.request({ typeUrl: service, responseNonce: "stale" });
    waypoint.request({ typeUrl: route, responseNonce: waypoint.last.nonce ?? "" });
    expect(server.streams()[0]?.unansweredBytes).toBeGreaterThan(0);
    expect(observer.take()).toEqual([]);
    waypoint.ack(waypoint.last);
    expect(observer.take()).toEqual(["Service a ok"]);
  });

  test("a partial NACK refuses what it names and accepts the rest", () => {
    const { put, settled, observer } = setup();
    const waypoint = settled();
    put([route, "a"], [route, "b"], [route, "c"]);
    waypoint.nack(waypoint.responses.shift()!, { a: "bad regex", c: "no such filter" });
    expect(observer.take()).toEqual([
      "Route a refused: bad regex",
      "Route b ok",
      "Route c refused: no such filter",
    ]);
  });

  test.for([
    { title: "has no details", reasons: "out of memory" },
    { title: "names nothing of the push", reasons: { other: "out of memory" } },
  ])("a NACK that $title refuses the whole push", ({ reasons }) => {
    const { put, settled, observer } = setup();
    const waypoint = settled();
    put([route, "a"], [route, "b"]);
    waypoint.nack(waypoint.responses.shift()!, reasons);
    expect(observer.take()).toEqual(["Route a refused: out of memory", "Route b refused: out of memory"]);
  });

  test("a refused resource is sent again only when its content changes", () => {
    const { put, clock, settled } = setup();
    const waypoint = settled();
    put([route, "a", "bad"]);
    waypoint.nack(waypoint.responses.shift()!, { a: "bad regex" });
    clock.advance(10);
    put([route, "a", "bad"]);
    clock.advance(10);
    put([route, "b"]);
    clock.advance(10);
    expect(waypoint.settle()).toEqual(["Route +b"]);
    put([route, "a", "good"]);
    expect(waypoint.settle()).toEqual(["Route +a"]);
  });

  test("a waypoint that does not answer is cut, and costs names only until then", () => {
    const { put, clock, settled, server, observer } = setup();
    const waypoint = settled();
    put([service, "a"]);
    for (let i = 0; i < 100; i++) put([service, "a", String(i)]);
    clock.advance(29_999);
    expect(server.streams()).toMatchObject([{ waitingNames: 1 }]);
    expect(waypoint.closedFor).toBeUndefined();
    clock.advance(1);
    expect(waypoint.closedFor).toContain("no answer to a push within 30000 ms");
    expect(server.streams()).toEqual([]);
    expect(observer.take()).toEqual(["- shop/waypoint/1"]);
    expect(clock.pending).toBe(0);
  });

  test("nothing is sent while the transport is full, and everything when it has drained", () => {
    const { put, clock, settled } = setup();
    const waypoint = settled();
    waypoint.isWritable = false;
    put([service, "a"]);
    waypoint.ack(waypoint.responses.shift()!);
    put([service, "b"]);
    clock.advance(10);
    expect(waypoint.responses).toEqual([]);
    waypoint.isWritable = true;
    waypoint.stream.writable();
    expect(waypoint.settle()).toEqual(["Service +b"]);
  });
});

describe("timing", () => {
  test("the first change goes at once, those within 10 ms after it together, urgent ones never wait", () => {
    const { put, catalog, clock, settled } = setup();
    const waypoint = settled();
    put([route, "a"]);
    expect(waypoint.settle()).toEqual(["Route +a"]);
    put([route, "b"]);
    clock.advance(5);
    put([route, "c"]);
    clock.advance(4);
    expect(waypoint.settle()).toEqual([]);
    clock.advance(1);
    expect(waypoint.settle()).toEqual(["Route +b +c"]);
    catalog.edit([{ typeUrl: endpointSlice, name: "s", content: "1" }], true);
    expect(waypoint.settle()).toEqual(["EndpointSlice +s"]);
  });

  test("an answer does not end the gathering, a question does", () => {
    const { put, settled } = setup();
    const waypoint = settled();
    put([route, "a"]);
    put([route, "b"]);
    expect(waypoint.settle()).toEqual(["Route +a"]);
    waypoint.request({ typeUrl: workload, resourceNamesSubscribe: ["10.0.0.1"] });
    expect(waypoint.settle()).toEqual(["Route +b", "Workload -10.0.0.1"]);
  });
});

describe("resources by name", () => {
  test("are sent when asked for, and what does not exist is answered as removed", () => {
    const { put, settled } = setup();
    put([workload, "10.0.0.1"], [workload, "10.0.0.2"]);
    const waypoint = settled();
    waypoint.request({ typeUrl: workload, resourceNamesSubscribe: ["10.0.0.1", "10.0.0.9"] });
    expect(waypoint.settle()).toEqual(["Workload +10.0.0.1 -10.0.0.9"]);
  });

  test("follow their changes until unsubscribed from", () => {
    const { put, drop, clock, settled } = setup();
    const waypoint = settled();
    waypoint.request({ typeUrl: workload, resourceNamesSubscribe: ["10.0.0.1"] });
    expect(waypoint.settle()).toEqual(["Workload -10.0.0.1"]);
    put([workload, "10.0.0.1"], [workload, "10.0.0.2"]);
    expect(waypoint.settle()).toEqual(["Workload +10.0.0.1"]);
    clock.advance(10);
    drop([workload, "10.0.0.1"]);
    expect(waypoint.settle()).toEqual(["Workload -10.0.0.1"]);
    waypoint.request({ typeUrl: workload, resourceNamesUnsubscribe: ["10.0.0.1"] });
    clock.advance(10);
    put([workload, "10.0.0.1", "2"]);
    expect(waypoint.settle()).toEqual([]);
  });

  test("are sent anew when asked for anew, even while an older answer is on its way", () => {
    const { put, settled } = setup();
    put([workload, "10.0.0.1"]);
    const waypoint = settled();
    waypoint.request({ typeUrl: workload, resourceNamesSubscribe: ["10.0.0.1"] });
    const first = waypoint.responses.shift()!;
    waypoint.request({ typeUrl: workload, resourceNamesUnsubscribe: ["10.0.0.1"] });
    waypoint.request({ typeUrl: workload, resourceNamesSubscribe: ["10.0.0.1"] });
    waypoint.ack(first);
    expect(waypoint.settle()).toEqual(["Workload +10.0.0.1"]);
  });

  test("that a waypoint says it holds are sent only where they differ", () => {
    const { put, catalog, settled } = setup();
    put([workload, "10.0.0.1"], [workload, "10.0.0.2"]);
    const waypoint = settled();
    waypoint.request({
      typeUrl: workload,
      resourceNamesSubscribe: ["10.0.0.1", "10.0.0.2", "10.0.0.3"],
      initialResourceVersions: {
        "10.0.0.1": catalog.get(workload, "10.0.0.1")!.version,
        "10.0.0.2": "old",
        "10.0.0.3": "old",
        "10.0.0.4": "not asked for",
      },
    });
    expect(waypoint.settle()).toEqual(["Workload +10.0.0.2 -10.0.0.3"]);
  });

  test("are never listed: a request for all of them gets none", () => {
    const { put, clock, settled } = setup();
    put([workload, "10.0.0.1"]);
    const waypoint = settled();
    waypoint.request({ typeUrl: workload });
    put([workload, "10.0.0.1", "2"]);
    clock.advance(10);
    expect(waypoint.settle()).toEqual([]);
  });
});

describe("peers that misbehave are cut with a reason", () => {
  test.for([
    { id: "", reason: 'node id "" is neither' },
    { id: "shop/waypoint", reason: 'node id "shop/waypoint" is neither' },
    { id: "shop//1", reason: 'node id "shop//1" is neither' },
    { id: "a/b/c/d", reason: 'node id "a/b/c/d" is neither' },
    { id: "x".repeat(1000), reason: "is neither" },
  ])("a node id that names no waypoint: $id", ({ id, reason }) => {
    const { server } = setup();
    const waypoint = new RawWaypoint(server, id).subscribeAll();
    expect(waypoint.closedFor).toContain(reason);
    expect(server.streams()).toEqual([]);
  });

  test("bytes that are no request", () => {
    const { server, observer } = setup();
    const waypoint = new RawWaypoint(server);
    waypoint.stream.receive(Uint8Array.of(0xff, 0xff, 0xff));
    expect(waypoint.closedFor).toContain("undecodable request");
    expect(observer.take()).toEqual([]);
  });

  test("a stream without a request", () => {
    const { server, clock } = setup();
    const waypoint = new RawWaypoint(server);
    clock.advance(30_000);
    expect(waypoint.closedFor).toContain("no request within 30000 ms");
    expect(clock.pending).toBe(0);
  });

  test("more names than a waypoint can need, and more types", () => {
    const { server } = setup({ settings: { namesPerStream: 2, typesPerStream: 3 } });
    const names = new RawWaypoint(server, "a/b/1");
    names.request({ typeUrl: workload, resourceNamesSubscribe: ["1", "2", "3"] });
    expect(names.closedFor).toBe("asked for more than 2 resources by name");
    const types = new RawWaypoint(server, "a/b/2").subscribeAll();
    types.request({ typeUrl: "another" });
    expect(types.closedFor).toBe("asked for more than 3 types");
  });
});

test('scope is the waypoint of the node id, or "*" for a process that runs all', () => {
  const { server, observer } = setup();
  new RawWaypoint(server, "shop/waypoint/pod-1").subscribeAll();
  new RawWaypoint(server, "*/laptop").subscribeAll();
  expect(observer.take()).toEqual(["+ shop/waypoint/pod-1 (shop/waypoint)", "+ */laptop (*)"]);
});

test("a server that is closed ends its streams and lets go of the catalog and the clock", () => {
  const { server, catalog, clock, settled, put } = setup();
  const waypoint = settled();
  put([service, "a"]);
  put([service, "b"]);
  server.close("shutting down");
  expect(waypoint.closedFor).toBe("shutting down");
  expect(catalog.listeners).toBe(0);
  expect(clock.pending).toBe(0);
});
