/** Routes of a client's own namespace (GEP-1294): who asks is looked up on demand, and the request waits for it. */
import { createHash } from "node:crypto";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { until } from "@waystone/testkit/within";
import { expect, test } from "vitest";
import { digestAnswer } from "../testing/digest-answer.ts";
import { gaugeOf, type RigPlane, useExchangeRig } from "../testing/exchange-rig.ts";
import { routeResource, workloadResource } from "../testing/open-test-plane.ts";

const rig = useExchangeRig();

const get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
const marked = (marker: string): object[] => [
  {
    filters: [{ responseHeaderModifier: { set: [{ name: "X-Route", value: marker }] } }],
    backends: [{ service: "shop/web", port: 80, weight: 1 }],
  },
];
const consumerRoute = routeResource("mine", { namespace: "consumer", rules: marked("consumer") });

/** Time stands still: a request that waits for who asks waits until the test says so. */
async function openPlane(): Promise<{ readonly plane: RigPlane; readonly clock: ManualClock }> {
  const clock = new ManualClock();
  const upstream = await rig.openUpstream();
  const more = [consumerRoute];
  return {
    plane: await rig.openPlane({ upstreams: [upstream], rules: marked("producer"), more, clock }),
    clock,
  };
}

/** Beside the deadlines' own and that of the look at memory, there is a timer: the one of the parked request. */
async function untilParked(clock: ManualClock): Promise<void> {
  await until(() => clock.pending === 3, "the request is parked");
}

const asked = (plane: RigPlane): string[] =>
  plane.emitted.flatMap((message) => (message.type === "subscribe" ? [message.address] : []));

const from = (namespace: string) => workloadResource({ address: "127.5.0.1", workload: { namespace } });

test.for([
  [
    "a workload of the consumer's namespace gets its own route",
    (plane: RigPlane) => plane.apply([from("consumer")]),
    "consumer",
  ],
  [
    "a workload of another namespace gets the producer's",
    (plane: RigPlane) => plane.apply([from("other")]),
    "producer",
  ],
  [
    "an address that is nobody's gets the producer's",
    (plane: RigPlane, clock: ManualClock) => {
      plane.apply([], [from("")]);
      clock.advance(2_000);
    },
    "producer",
  ],
  [
    "an address that is a pod's only a moment later gets the pod's own route",
    (plane: RigPlane, clock: ManualClock) => {
      plane.apply([], [from("")]);
      clock.advance(1_000);
      plane.apply([from("consumer")]);
    },
    "consumer",
  ],
] as const)("%s, once it is known who it is", async ([, tell, expected]) => {
  const { plane, clock } = await openPlane();
  const client = await rig.openClient(plane, { localAddress: "127.5.0.1" });
  await client.send(get);
  await untilParked(clock);
  expect(client.received.length).toBe(0);
  tell(plane, clock);
  expect((await client.readResponse()).headers).toContainEqual(["X-Route", expected]);
  await client.send(get);
  expect((await client.readResponse()).headers).toContainEqual(["X-Route", expected]);
  expect(asked(plane)).toEqual(["127.5.0.1"]);
});

test("who stays unknown for 2 s is anonymous and gets the producer's route", async () => {
  const { plane, clock } = await openPlane();
  const client = await rig.openClient(plane, { localAddress: "127.5.0.2" });
  await client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbo");
  await untilParked(clock);
  await client.send("dy");
  clock.advance(1999);
  for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve));
  expect(client.received.length).toBe(0);
  clock.advance(1);
  expect((await client.readResponse("POST")).headers).toContainEqual(["X-Route", "producer"]);
});

test("a parked request keeps the configuration that it began with", async () => {
  const { plane, clock } = await openPlane();
  const client = await rig.openClient(plane, { localAddress: "127.5.0.3" });
  await client.send(get);
  await untilParked(clock);
  plane.apply([routeResource("mine", { namespace: "consumer", rules: marked("changed"), generation: 2 })]);
  plane.apply([workloadResource({ address: "127.5.0.3", workload: { namespace: "consumer" } })]);
  expect((await client.readResponse()).headers).toContainEqual(["X-Route", "consumer"]);
  await client.send(get);
  expect((await client.readResponse()).headers).toContainEqual(["X-Route", "changed"]);
});

test("a client that goes away while its request is parked leaves nothing behind", async () => {
  const { plane, clock } = await openPlane();
  const atRest = clock.pending;
  const client = await rig.openClient(plane, { localAddress: "127.5.0.4" });
  await client.send(get);
  await untilParked(clock);
  client.reset();
  await until(() => gaugeOf(plane, "waystone_downstream_connections") === 0, "its connection is gone");
  clock.advance(100);
  expect(plane.log()).toMatchObject([{ response_code: 499, response_flags: "DC" }]);
  plane.apply([workloadResource({ address: "127.5.0.4", workload: { namespace: "consumer" } })]);
  clock.advance(3000);
  expect(plane.log().length).toBe(1);
  expect(clock.pending).toBe(atRest);
});

test("a body that comes while its request is parked is held back beyond the replay buffer, and arrives whole", async () => {
  const body = Buffer.alloc(16 * 1024 * 1024, 5);
  const upstream = await rig.openUpstream(digestAnswer(body.length));
  const plane = await rig.openPlane({
    upstreams: [upstream],
    rules: marked("producer"),
    more: [consumerRoute],
  });
  const client = await rig.openClient(plane, { localAddress: "127.5.0.5" });
  await client.send(`POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ${body.length}\r\n\r\n`);
  await until(() => asked(plane).length === 1, "the address is asked about");
  await client.send(body);
  for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
  expect(client.socket.writableLength).toBeGreaterThan(0);
  plane.apply([workloadResource({ address: "127.5.0.5", workload: { namespace: "consumer" } })]);
  const response = await client.readResponse("POST");
  expect(response.headers).toContainEqual(["X-Route", "consumer"]);
  expect(response.body.toString()).toBe(createHash("sha256").update(body).digest("hex"));
});

test("where no consumer route is attached nobody waits for who asks", async () => {
  const upstream = await rig.openUpstream();
  const plane = await rig.openPlane({ upstreams: [upstream], rules: marked("producer") });
  const client = await rig.openClient(plane, { localAddress: "127.5.0.6" });
  await client.send(get);
  expect((await client.readResponse()).headers).toContainEqual(["X-Route", "producer"]);
});
