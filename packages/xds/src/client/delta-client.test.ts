import { Resource } from "@waystone/api/discovery";
import { type TypeUrl, typeUrls } from "@waystone/api/names";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { describe, expect, test } from "vitest";
import type { Rejected, ResourceDelta } from "../resource.ts";
import { buildResource, contentOf } from "../testing/map-catalog.ts";
import { RawServer } from "../testing/raw-server.ts";
import { createDeltaClient, type DeltaClient, type DeltaClientOptions } from "./delta-client.ts";

const { service, route, workload } = typeUrls;
/** What the tests' apply() throws at. */
const thrown = { name: "thrown", resource: { typeUrl: service } };

function setup(options: Partial<DeltaClientOptions> = {}) {
  const log: string[] = [];
  const client: DeltaClient = createDeltaClient({
    nodeId: "shop/waypoint/1",
    wildcardTypes: [service, route],
    clock: new ManualClock(),
    apply: async (delta) => {
      log.push(describeDelta(delta));
      return refuseBad(delta);
    },
    onComplete: () => log.push("complete"),
    ...options,
  });
  const held = (typeUrl: TypeUrl): string[] =>
    [...client.held(typeUrl).values()].map((r) => `${r.name}=${contentOf(r)}`);
  return { client, log, held };
}

function describeDelta({ upserts, removals }: ResourceDelta): string {
  return [...upserts.map((r) => `+${r.name}=${contentOf(r)}`), ...removals.map((name) => `-${name}`)].join(
    " ",
  );
}

function refuseBad({ upserts }: ResourceDelta): Rejected[] {
  const bad = upserts.filter((resource) => contentOf(resource).startsWith("bad"));
  return bad.map((resource) => ({ name: resource.name, reason: `${contentOf(resource)} is no content` }));
}

/** An apply() that a test lets go on. */
function holdApply() {
  const waiting: (() => void)[] = [];
  const calls: string[] = [];
  const apply = (delta: ResourceDelta): Promise<readonly Rejected[]> => {
    calls.push(describeDelta(delta));
    return new Promise((resolve) => waiting.push(() => resolve([])));
  };
  return { apply, calls, release: () => waiting.shift()?.() };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("a stream begins", () => {
  test("with a request per wildcard type, the first of them saying who we are", async () => {
    const { client } = setup();
    const server = new RawServer(client);
    await turn();
    expect(server.take()).toEqual(["shop/waypoint/1 Service", "Route"]);
  });

  test("with the versions of what was accepted; of what was refused only that it was", async () => {
    const { client, held } = setup();
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
    const { client, held } = setup({ saved: [saved] });
    const server = new RawServer(client);
    await turn();
    expect(held(route)).toEqual(["r=1"]);
    expect(server.take()).toEqual(["shop/waypoint/1 Service", `Route {"r":"${saved.version}"}`]);
  });

  test("with the names that are subscribed to, and what is held of them", async () => {
    const { client } = setup({ wildcardTypes: [] });
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

describe("a response", () => {
  test("is applied, then remembered, then ACKed", async () => {
    const { apply, release } = holdApply();
    const { client, held } = setup({ apply });
    const server = new RawServer(client);
    const done = server.push(service, [buildResource(service, "a", "1")]);
    await turn();
    expect(held(service)).toEqual([]);
    server.take();
    release();
    await done;
    expect(held(service)).toEqual(["a=1"]);
    expect(server.take()).toEqual(["Service ACK 1"]);
  });

  test("is applied when the one before is answered, in order of arrival", async () => {
    const { apply, calls, release } = holdApply();
    const { client } = setup({ apply });
    const server = new RawServer(client);
    await turn();
    server.take();
    const first = server.push(route, [buildResource(route, "a", "1")]);
    const second = server.push(service, [buildResource(service, "b", "1")]);
    await turn();
    expect(calls).toEqual(["+a=1"]);
    release();
    await first;
    expect(server.take()).toEqual(["Route ACK 1"]);
    await turn();
    expect(calls).toEqual(["+a=1", "+b=1"]);
    release();
    await second;
    expect(server.take()).toEqual(["Service ACK 2"]);
  });

  test("with bad resources gets one NACK with every reason, and the rest of it is taken", async () => {
    const { client, held } = setup();
    const server = new RawServer(client);
    await server.push(service, [buildResource(service, "a", "1"), buildResource(service, "b", "1")]);
    server.take();
    const upserts = ["a", "b", "c"].map((name) =>
      buildResource(service, name, name === "c" ? "2" : `bad ${name}`),
    );
    await server.push(service, upserts);
    expect(server.take()).toEqual([
      "Service NACK 2 a: bad a is no content; b: bad b is no content " +
        "[a: bad a is no content, b: bad b is no content]",
    ]);
    expect(held(service)).toEqual(["a=1", "b=1", "c=2"]);
  });

  test("removes what it says is gone", async () => {
    const { client, log, held } = setup();
    const server = new RawServer(client);
    await server.push(service, [buildResource(service, "a", "1"), buildResource(service, "b", "1")]);
    await server.push(service, [], { removedResources: ["a"] });
    expect(log).toEqual(["+a=1 +b=1", "-a"]);
    expect(held(service)).toEqual(["b=1"]);
  });

  test("that apply() throws at is refused whole, and the client goes on", async () => {
    let isBroken = true;
    const { client, held } = setup({
      apply: async () => {
        if (isBroken) throw new Error("no worker is left");
        return [];
      },
    });
    const server = new RawServer(client);
    await turn();
    server.take();
    await server.push(service, [buildResource(service, "a", "1")]);
    expect(server.take()).toEqual(["Service NACK 1 could not be applied: no worker is left"]);
    isBroken = false;
    await server.push(service, [buildResource(service, "a", "2")]);
    expect(server.take()).toEqual(["Service ACK 2"]);
    expect(held(service)).toEqual(["a=2"]);
  });

  test("with an undecodable resource is refused whole, and the client goes on", async () => {
    const { client, log } = setup();
    const server = new RawServer(client);
    await turn();
    server.take();
    await server.push(service, [], { resources: [Uint8Array.of(0xff, 0xff)] });
    await server.push(service, [buildResource(service, "a", "1")]);
    const [refused, accepted] = server.take();
    expect(refused).toMatch(/^Service NACK 1 undecodable resource: [^[]+$/);
    expect(accepted).toBe("Service ACK 2");
    expect(log).toEqual(["+a=1"]);
  });

  test("with a resource of another type, or without content, refuses that one", async () => {
    const { client, held } = setup();
    const server = new RawServer(client);
    await turn();
    server.take();
    const other = Resource.encode({ name: "other", resource: { typeUrl: route } }).finish();
    const empty = Resource.encode({ name: "empty" }).finish();
    const good = Resource.encode({ name: "good", resource: { typeUrl: service } }).finish();
    await server.push(service, [], { resources: [other, empty, good] });
    expect(server.take()[0]).toContain(
      `[other: the resource is a ${route} in a response of ${service}, empty: `,
    );
    expect(held(service)).toEqual(["good="]);
  });

  test("that is no message ends the stream: there is no nonce to answer to", async () => {
    const { client } = setup();
    const server = new RawServer(client);
    await client.receive(Uint8Array.of(0xff, 0xff, 0xff));
    expect(server.closedFor).toContain("undecodable response");
  });

  test("keeps no more of the message in memory than the body of each resource", async () => {
    const { client } = setup();
    const server = new RawServer(client);
    const resource = buildResource(service, "a", "1");
    await server.push(service, [resource, buildResource(service, "b", "x".repeat(10_000))]);
    expect(client.held(service).get("a")!.body.buffer.byteLength).toBe(resource.body.length);
  });

  test("refusing thousands of resources makes a NACK of bounded size that names them all", async () => {
    const reason = "r".repeat(5000);
    const { client } = setup({ apply: async ({ upserts }) => upserts.map(({ name }) => ({ name, reason })) });
    const server = new RawServer(client);
    const upserts = Array.from({ length: 10_000 }, (_, i) => buildResource(service, `s${i}`, "1"));
    await server.push(service, upserts);
    const { errorDetail } = server.requests.at(-1)!;
    expect(errorDetail?.message?.length).toBeLessThan(17_000);
    expect(errorDetail?.message).toMatch(/; and \d+ more$/);
    expect(errorDetail?.details?.[0]?.value?.length).toBeLessThan(5 * 1024 * 1024);
    expect(server.take().at(-1)).toContain("s9999: ");
  });
});

describe("the first snapshot", () => {
  test("is complete when every wildcard type had its last part applied, once per stream", async () => {
    const { client, log } = setup();
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
    const { client, held } = setup({
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
      const { client, log } = setup({
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
    const { client, log } = setup({ clock });
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
    const { client, held } = setup({ apply, wildcardTypes: [service] });
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
    const { client } = setup();
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
    const { client, log, held } = setup();
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
    const { client } = setup();
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
