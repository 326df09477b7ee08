import { Resource } from "@waystone/api/discovery";
import { typeUrls } from "@waystone/api/names";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { describe, expect, test } from "vitest";
import { holdApply, openClient, turn } from "../testing/client-rig.ts";
import { buildResource } from "../testing/map-catalog.ts";
import { RawServer } from "../testing/raw-server.ts";

const { service, route, workload } = typeUrls;
/** What the tests' apply() throws at. */
const thrown = { name: "thrown", resource: { typeUrl: service } };

describe("a stream begins", () => {
  test("with a request per wildcard type, the first of them saying who we are", async () => {
    const { client } = openClient();
    const server = new RawServer(client);
    await turn();
    expect(server.take()).toEqual(["shop/waypoint/1 Service", "Route"]);
  });

  test("with the versions of what was accepted; of what was refused only that it was", async () => {
    const { client, held } = openClient();
    const first = new RawServer(client);
    const good = buildResource(service, "good", "1");
    await first.push(service, [good, buildResource(service, "bad", "bad")]);
    expect(held(service)).toEqual(["good=1"]);
    client.disconnected();
    const second = new RawServer(client);
    await turn();
    expect(second.take()).toEqual([
      `shop/waypoint/1 Service {"bad":"refused","good":"${good.version}"}`,
      "Route",
    ]);
    // Gone meanwhile, as the server then says: whoever shut something for it can open again.
    await second.push(service, [], { removedResources: ["bad"] });
    client.disconnected();
    const third = new RawServer(client);
    await turn();
    expect(third.take()[0]).toBe(`shop/waypoint/1 Service {"good":"${good.version}"}`);
  });

  test("with what was saved by an earlier process", async () => {
    const saved = buildResource(route, "r", "1");
    const { client, held } = openClient({ saved: [saved] });
    const server = new RawServer(client);
    await turn();
    expect(held(route)).toEqual(["r=1"]);
    expect(server.take()).toEqual(["shop/waypoint/1 Service", `Route {"r":"${saved.version}"}`]);
  });

  test("with the names that are subscribed to, and what is held of them", async () => {
    const { client } = openClient({ wildcardTypes: [] });
    client.subscribe(workload, "10.0.0.1");
    client.subscribe(workload, "10.0.0.2");
    const pod = buildResource(workload, "10.0.0.1", "1");
    const first = new RawServer(client);
    await first.push(workload, [pod], { removedResources: ["10.0.0.2"] });
    expect(first.take()).toEqual(["shop/waypoint/1 Workload +10.0.0.1 +10.0.0.2", "Workload ACK 1"]);
    client.disconnected();
    const second = new RawServer(client);
    await turn();
    expect(second.take()).toEqual([
      `shop/waypoint/1 Workload +10.0.0.1 +10.0.0.2 {"10.0.0.1":"${pod.version}"}`,
    ]);
  });
});

describe("the first snapshot", () => {
  test("is complete when every wildcard type had its last part applied, once per stream", async () => {
    const { client, log } = openClient();
    const server = new RawServer(client);
    await server.push(service, [buildResource(service, "a", "1")], { systemVersionInfo: "part" });
    await server.push(route, []);
    expect(log).toEqual(["+a=1"]);
    await server.push(service, [buildResource(service, "b", "1")], { systemVersionInfo: "complete" });
    expect(log).toEqual(["+a=1", "+b=1", "complete"]);
    await server.push(service, [], { removedResources: ["a"] });
    expect(log.slice(3)).toEqual(["-a"]);
    client.disconnected();
    const next = new RawServer(client);
    await next.push(service, []);
    await next.push(route, []);
    expect(log.slice(4)).toEqual(["complete"]);
  });

  test("is complete although some of it was refused, and is ACKed before anybody is told", async () => {
    const seen: string[] = [];
    const { client, held } = openClient({
      wildcardTypes: [service],
      onComplete: () => seen.push(...held(service), ...server.take()),
    });
    const server = new RawServer(client);
    await turn();
    server.take();
    await server.push(service, [buildResource(service, "a", "1"), buildResource(service, "b", "bad")]);
    expect(seen).toEqual(["a=1", "Service NACK 1 b: bad is no content [b: bad is no content]"]);
  });
});

describe("a first response that is refused whole", () => {
  test.for([
    ["of which a resource cannot be decoded", Uint8Array.of(0xff, 0xff), "undecodable resource"],
    ["that could not be applied", Resource.encode(thrown).finish(), "could not be applied"],
  ] as const)(
    "%s completes nothing, nor does what comes behind it: the stream begins anew",
    async ([, first, why]) => {
      const clock = new ManualClock();
      const { client, log } = openClient({
        clock,
        apply: async ({ upserts }) => {
          if (upserts.some(({ name }) => name === "thrown")) throw new Error("no worker is left");
          return [];
        },
      });
      const server = new RawServer(client);
      await turn();
      server.take();
      await server.push(service, [], { resources: [first] });
      await server.push(route, []);
      await server.push(service, [buildResource(service, "a", "1")]);
      expect(server.take()[0]).toContain(`Service NACK 1 ${why}`);
      expect(log).toEqual([]);
      expect(server.closedFor).toBeUndefined();
      clock.advance(5_000);
      expect(server.closedFor).toContain("nothing of a first push of ");
      client.disconnected();
      const next = new RawServer(client);
      await next.push(service, []);
      await next.push(route, []);
      expect(log).toEqual(["complete"]);
    },
  );

  test("changes nothing where the type was complete before, or the stream is gone by then", async () => {
    const clock = new ManualClock();
    const { client, log } = openClient({ clock });
    const server = new RawServer(client);
    await server.push(service, []);
    await server.push(route, []);
    expect(log).toEqual(["complete"]);
    await server.push(service, [], { resources: [Uint8Array.of(0xff, 0xff)] });
    clock.advance(5_000);
    expect(server.closedFor).toBeUndefined();
    client.disconnected();
    const spoiled = new RawServer(client);
    await spoiled.push(service, [], { resources: [Uint8Array.of(0xff, 0xff)] });
    client.disconnected();
    clock.advance(5_000);
    expect(spoiled.closedFor).toBeUndefined();
  });
});

describe("a stream that ends while something is being applied", () => {
  test("gets no answer, and the next one begins when that is done, saying that it is held", async () => {
    const { apply, release } = holdApply();
    const { client, held } = openClient({ apply, wildcardTypes: [service] });
    const first = new RawServer(client);
    const a = buildResource(service, "a", "1");
    void first.push(service, [a]);
    void first.push(service, [buildResource(service, "never", "1")]);
    await turn();
    first.take();
    client.disconnected();
    const second = new RawServer(client);
    await turn();
    expect(second.take()).toEqual([]);
    release();
    await turn();
    expect(first.take()).toEqual([]);
    expect(held(service)).toEqual(["a=1"]);
    expect(second.take()).toEqual([`shop/waypoint/1 Service {"a":"${a.version}"}`]);
  });
});

describe("names", () => {
  test("that are asked for in one turn go in one request", async () => {
    const { client } = openClient();
    const server = new RawServer(client);
    await turn();
    server.take();
    client.subscribe(workload, "10.0.0.1");
    client.subscribe(workload, "10.0.0.2");
    client.subscribe(workload, "10.0.0.1");
    await turn();
    expect(server.take()).toEqual(["Workload +10.0.0.1 +10.0.0.2"]);
    client.unsubscribe(workload, "10.0.0.1");
    client.subscribe(workload, "10.0.0.3");
    client.unsubscribe(workload, "10.0.0.4");
    await turn();
    expect(server.take()).toEqual(["Workload +10.0.0.3 -10.0.0.1"]);
  });

  test("that are dropped are no longer held, and an answer that was on its way is not applied", async () => {
    const { client, log, held } = openClient();
    const server = new RawServer(client);
    client.subscribe(workload, "10.0.0.1");
    client.subscribe(workload, "10.0.0.2");
    await server.push(workload, [buildResource(workload, "10.0.0.1", "1")]);
    expect(held(workload)).toEqual(["10.0.0.1=1"]);
    client.unsubscribe(workload, "10.0.0.1");
    expect(held(workload)).toEqual([]);
    const late = [buildResource(workload, "10.0.0.1", "2"), buildResource(workload, "10.0.0.2", "1")];
    await server.push(workload, late);
    expect(log).toEqual(["+10.0.0.1=1", "+10.0.0.2=1"]);
    expect(held(workload)).toEqual(["10.0.0.2=1"]);
  });

  test("wait for a transport that is full", async () => {
    const { client } = openClient();
    const server = new RawServer(client);
    await turn();
    server.isWritable = false;
    client.subscribe(workload, "10.0.0.1");
    await turn();
    client.subscribe(workload, "10.0.0.2");
    await turn();
    server.take();
    server.isWritable = true;
    client.writable();
    expect(server.take()).toEqual(["Workload +10.0.0.2"]);
  });
});
