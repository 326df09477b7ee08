/** What becomes of a response, and what is answered to it. */
import { Resource } from "@waystone/api/discovery";
import { typeUrls } from "@waystone/api/names";
import { describe, expect, test } from "vitest";
import { holdApply, openClient, turn } from "../testing/client-rig.ts";
import { buildResource } from "../testing/map-catalog.ts";
import { RawServer } from "../testing/raw-server.ts";

const { service, route } = typeUrls;

describe("a response", () => {
  test("is applied, then remembered, then ACKed", async () => {
    const { apply, release } = holdApply();
    const { client, held } = openClient({ apply });
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
    const { client } = openClient({ apply });
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
    const { client, held } = openClient();
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
    const { client, log, held } = openClient();
    const server = new RawServer(client);
    await server.push(service, [buildResource(service, "a", "1"), buildResource(service, "b", "1")]);
    await server.push(service, [], { removedResources: ["a"] });
    expect(log).toEqual(["+a=1 +b=1", "-a"]);
    expect(held(service)).toEqual(["b=1"]);
  });

  test("that apply() throws at is refused whole, and the client goes on", async () => {
    let isBroken = true;
    const { client, held } = openClient({
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
    const { client, log } = openClient();
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
    const { client, held } = openClient();
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
    const { client } = openClient();
    const server = new RawServer(client);
    await client.receive(Uint8Array.of(0xff, 0xff, 0xff));
    expect(server.closedFor).toContain("undecodable response");
  });

  test("keeps no more of the message in memory than the body of each resource", async () => {
    const { client } = openClient();
    const server = new RawServer(client);
    const resource = buildResource(service, "a", "1");
    await server.push(service, [resource, buildResource(service, "b", "x".repeat(10_000))]);
    expect(client.held(service).get("a")!.body.buffer.byteLength).toBe(resource.body.length);
  });

  test("refusing thousands of resources makes a NACK of bounded size that names them all", async () => {
    const reason = "r".repeat(5000);
    const { client } = openClient({
      apply: async ({ upserts }) => upserts.map(({ name }) => ({ name, reason })),
    });
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
