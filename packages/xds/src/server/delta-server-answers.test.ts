/** What waypoints answer, and how long those stay that misbehave. */
import { typeUrls } from "@waystone/api/names";
import { describe, expect, test } from "vitest";
import { RawWaypoint } from "../testing/raw-waypoint.ts";
import { openServerRig } from "../testing/server-rig.ts";

const { service, route, workload } = typeUrls;

describe("answers", () => {
  test("one response at most is unanswered over all types; what changes meanwhile is merged", () => {
    const { put, drop, clock, settled, server } = openServerRig();
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
    const { put, settled, observer, server } = openServerRig();
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
    const { put, settled, observer } = openServerRig();
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
    const { put, settled, observer } = openServerRig();
    const waypoint = settled();
    put([route, "a"], [route, "b"]);
    waypoint.nack(waypoint.responses.shift()!, reasons);
    expect(observer.take()).toEqual(["Route a refused: out of memory", "Route b refused: out of memory"]);
  });

  test("a refused resource is sent again only when its content changes", () => {
    const { put, clock, settled } = openServerRig();
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
    const { put, clock, settled, server, observer } = openServerRig();
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
    const { put, clock, settled } = openServerRig();
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

describe("peers that misbehave are cut with a reason", () => {
  test.for([
    { id: "", reason: 'node id "" is neither' },
    { id: "shop/waypoint", reason: 'node id "shop/waypoint" is neither' },
    { id: "shop//1", reason: 'node id "shop//1" is neither' },
    { id: "a/b/c/d", reason: 'node id "a/b/c/d" is neither' },
    { id: "x".repeat(1000), reason: "is neither" },
  ])("a node id that names no waypoint: $id", ({ id, reason }) => {
    const { server } = openServerRig();
    const waypoint = new RawWaypoint(server, id).subscribeAll();
    expect(waypoint.closedFor).toContain(reason);
    expect(server.streams()).toEqual([]);
  });

  test("bytes that are no request", () => {
    const { server, observer } = openServerRig();
    const waypoint = new RawWaypoint(server);
    waypoint.stream.receive(Uint8Array.of(0xff, 0xff, 0xff));
    expect(waypoint.closedFor).toContain("undecodable request");
    expect(observer.take()).toEqual([]);
  });

  test("a stream without a request", () => {
    const { server, clock } = openServerRig();
    const waypoint = new RawWaypoint(server);
    clock.advance(30_000);
    expect(waypoint.closedFor).toContain("no request within 30000 ms");
    expect(clock.pending).toBe(0);
  });

  test("more names than a waypoint can need, and more types", () => {
    const { server } = openServerRig({ settings: { namesPerStream: 2, typesPerStream: 3 } });
    const names = new RawWaypoint(server, "a/b/1");
    names.request({ typeUrl: workload, resourceNamesSubscribe: ["1", "2", "3"] });
    expect(names.closedFor).toBe("asked for more than 2 resources by name");
    const types = new RawWaypoint(server, "a/b/2").subscribeAll();
    types.request({ typeUrl: "another" });
    expect(types.closedFor).toBe("asked for more than 3 types");
  });
});
