/** What a waypoint is sent, when, and in which order. */
import { typeUrls } from "@waystone/api/names";
import { describe, expect, test } from "vitest";
import { describeResponse, RawWaypoint } from "../testing/raw-waypoint.ts";
import { openServerRig } from "../testing/server-rig.ts";

const { policy, service, endpointSlice, route, workload, secret } = typeUrls;

describe("first snapshot", () => {
  test("comes type by type in the order of dependence, and types that are empty get an empty response", () => {
    const { server, put } = openServerRig();
    put([route, "r"], [service, "a"], [service, "b"], [policy, "p"]);
    const waypoint = new RawWaypoint(server).subscribeAll();
    expect(waypoint.settle()).toEqual(["Secret", "Policy +p", "Service +a +b", "EndpointSlice", "Route +r"]);
  });

  test("keeps that order whatever the order of the requests", () => {
    const { server, put } = openServerRig();
    put([route, "r"], [service, "a"], [endpointSlice, "s"], [policy, "p"]);
    const waypoint = new RawWaypoint(server);
    for (const typeUrl of [route, endpointSlice, service, secret, policy]) waypoint.request({ typeUrl });
    expect(waypoint.settle()).toEqual(["Secret", "Policy +p", "Service +a", "EndpointSlice +s", "Route +r"]);
  });

  test("of a waypoint that asks for some types only comes after a moment", () => {
    const { server, put, clock } = openServerRig();
    put([service, "a"]);
    const waypoint = new RawWaypoint(server);
    waypoint.request({ typeUrl: service });
    expect(waypoint.settle()).toEqual([]);
    clock.advance(1000);
    expect(waypoint.settle()).toEqual(["Service +a"]);
  });

  test("of a waypoint that comes back slowly: nothing is removed before its routes are known and moved", () => {
    const { server, put, clock } = openServerRig();
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
    const { server, put } = openServerRig({ settings: { responseBytes: 200 } });
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
    const { server, clock } = openServerRig();
    const waypoint = new RawWaypoint(server);
    waypoint.request({ typeUrl: "type.googleapis.com/waystone.v1.Novelty" });
    clock.advance(1000);
    expect(waypoint.settle()).toEqual(["Novelty"]);
  });
});

describe("reconnect", () => {
  test("sends nothing but empty responses where nothing changed", () => {
    const { server, put, catalog, observer } = openServerRig();
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
    const { server, put } = openServerRig();
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
    const { settled, observer } = openServerRig();
    const older = settled();
    settled();
    expect(older.closedFor).toBe("replaced by a newer stream of the same waypoint");
    expect(observer.nodes.size).toBe(1);
  });
});

describe("order of a change", () => {
  test("adds services, slices, routes, and removes routes, slices, services", () => {
    const { put, catalog, settled } = openServerRig();
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
    const { put, catalog, settled } = openServerRig();
    put([endpointSlice, "s-1"], [route, "r"]);
    const waypoint = settled();
    catalog.edit([
      { typeUrl: endpointSlice, name: "s-1", content: undefined },
      { typeUrl: endpointSlice, name: "s-2", content: "1" },
    ]);
    expect(waypoint.settle()).toEqual(["EndpointSlice +s-2 -s-1"]);
  });

  test("endpoints that never stop changing do not hold up a route or a removal", () => {
    const { put, drop, clock, settled } = openServerRig();
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

describe("timing", () => {
  test("the first change goes at once, those within 10 ms after it together, urgent ones never wait", () => {
    const { put, catalog, clock, settled } = openServerRig();
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
    const { put, settled } = openServerRig();
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
    const { put, settled } = openServerRig();
    put([workload, "10.0.0.1"], [workload, "10.0.0.2"]);
    const waypoint = settled();
    waypoint.request({ typeUrl: workload, resourceNamesSubscribe: ["10.0.0.1", "10.0.0.9"] });
    expect(waypoint.settle()).toEqual(["Workload +10.0.0.1 -10.0.0.9"]);
  });

  test("follow their changes until unsubscribed from", () => {
    const { put, drop, clock, settled } = openServerRig();
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
    const { put, settled } = openServerRig();
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
    const { put, catalog, settled } = openServerRig();
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
    const { put, clock, settled } = openServerRig();
    put([workload, "10.0.0.1"]);
    const waypoint = settled();
    waypoint.request({ typeUrl: workload });
    put([workload, "10.0.0.1", "2"]);
    clock.advance(10);
    expect(waypoint.settle()).toEqual([]);
  });
});

test('scope is the waypoint of the node id, or "*" for a process that runs all', () => {
  const { server, observer } = openServerRig();
  new RawWaypoint(server, "shop/waypoint/pod-1").subscribeAll();
  new RawWaypoint(server, "*/laptop").subscribeAll();
  expect(observer.take()).toEqual(["+ shop/waypoint/pod-1 (shop/waypoint)", "+ */laptop (*)"]);
});

test("a server that is closed ends its streams and lets go of the catalog and the clock", () => {
  const { server, catalog, clock, settled, put } = openServerRig();
  const waypoint = settled();
  put([service, "a"]);
  put([service, "b"]);
  server.close("shutting down");
  expect(waypoint.closedFor).toBe("shutting down");
  expect(catalog.listeners).toBe(0);
  expect(clock.pending).toBe(0);
});
