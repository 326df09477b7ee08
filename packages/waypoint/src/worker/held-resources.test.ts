import { typeUrls } from "@waystone/api/names";
import { refusedVersion } from "@waystone/xds/client/held-resources";
import { expect, test } from "vitest";
import { policy, removal, route, service, upserts, workload } from "../store/test-resources.ts";
import { HeldResources } from "./held-resources.ts";
import { packDeltas } from "./pack-deltas.ts";

test("what was refused is not held; the version before it is", () => {
  const held = new HeldResources();
  const [good, bad] = [route("shop/r"), route("shop/r", { generation: 2 })];
  held.take(upserts(good)[0]!, []);
  held.take(upserts(bad)[0]!, [{ name: bad.name, reason: "bad" }]);
  expect(held.configuration()).toEqual(upserts(good));
});

test("a refused policy without a good version is held as refused, so that nobody takes it for absent", () => {
  const held = new HeldResources();
  const [bad, good] = [policy({ rules: [{}] }), policy()];
  const refuse = (): void => held.take(upserts(bad)[0]!, [{ name: bad.name, reason: "bad" }]);
  refuse();
  expect(held.configuration()).toEqual(upserts({ ...bad, version: refusedVersion }));
  held.take(upserts(good)[0]!, []);
  refuse();
  expect(held.configuration()).toEqual(upserts(good));
  held.take(removal(typeUrls.policy, good.name), []);
  expect(held.configuration()).toEqual([]);
});

test("the configuration has parents before children, and no identities", () => {
  const held = new HeldResources();
  for (const delta of upserts(workload("10.0.0.1", "shop/a"), route("shop/r"), service("shop/web")))
    held.take(delta, []);
  expect(held.configuration().map(({ typeUrl }) => typeUrl)).toEqual([typeUrls.service, typeUrls.route]);
});

test("a body that is a view of something larger is copied out of it", () => {
  const held = new HeldResources();
  const resource = route("shop/r");
  const message = Buffer.alloc(100_000);
  message.set(resource.body, 500);
  const body = message.subarray(500, 500 + resource.body.byteLength);
  held.take(upserts({ ...resource, body })[0]!, []);
  const kept = held.configuration()[0]!.upserts[0]!.body;
  expect(kept).toEqual(new Uint8Array(resource.body));
  expect(kept.buffer.byteLength).toBe(resource.body.byteLength);
});

test("an address is known as somebody, as nobody, or not yet", () => {
  const held = new HeldResources();
  const known = upserts(workload("10.0.0.1", "shop/a"))[0]!;
  held.take(known, []);
  held.take(removal(typeUrls.workload, "10.0.0.2"), []);
  expect(held.workload("10.0.0.1")).toEqual(known);
  expect(held.workload("10.0.0.2")).toEqual(removal(typeUrls.workload, "10.0.0.2"));
  expect(held.workload("10.0.0.3")).toBeUndefined();
  held.forgetWorkload("10.0.0.2");
  expect(held.workload("10.0.0.2")).toBeUndefined();
});

test("packed deltas are the same, in one buffer", () => {
  const deltas = upserts(service("shop/web"), route("shop/r"), route("shop/s"));
  const packed = packDeltas(deltas);
  expect(packed.map(({ upserts }) => upserts.map(({ body }) => [...body]))).toEqual(
    deltas.map(({ upserts }) => upserts.map(({ body }) => [...body])),
  );
  expect(new Set(packed.flatMap(({ upserts }) => upserts.map(({ body }) => body.buffer))).size).toBe(1);
});
