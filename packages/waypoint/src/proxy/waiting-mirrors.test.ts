/** Copies that wait for connections are bounded for the worker, over all endpoints; what is dropped is counted, and no request notices. */
import { ManualClock } from "@waystone/testkit/manual-clock";
import type { RecordingUpstream } from "@waystone/testkit/recording-upstream";
import { until } from "@waystone/testkit/within";
import { expect, test } from "vitest";
import { endpointsOf, type RigPlane, samplesOf, useExchangeRig } from "../testing/exchange-rig.ts";
import { serviceResource, sliceResource } from "../testing/open-test-plane.ts";

const rig = useExchangeRig();
const idleMs = 1000;

interface Place {
  readonly clock: ManualClock;
  readonly plane: RigPlane;
  /** Each takes one connection, and answers nothing: all copies but the first wait. */
  readonly silent: readonly RecordingUpstream[];
  /** Of all silent ones: copies that are sent or wait. */
  readonly copies: () => number;
  readonly dropped: () => Record<string, number>;
  readonly send: (body?: number) => Promise<void>;
}

async function openPlace(mirrors: number, pool: object): Promise<Place> {
  const clock = new ManualClock();
  const main = await rig.openUpstream();
  const silent: RecordingUpstream[] = [];
  for (let i = 0; i < mirrors; i++) silent.push(await rig.openUpstream({ answer: () => undefined }));
  const plane = await rig.openPlane({
    clock,
    upstreams: [main],
    more: silent.flatMap(({ port }, i) => [
      serviceResource("shop", `m${i}`, 80),
      sliceResource("shop", `m${i}`, [`127.0.0.1:${port}`]),
    ]),
    rules: [
      {
        filters: silent.map((_, i) => ({
          requestMirror: {
            backend: { service: `shop/m${i}`, port: 80, weight: 1 },
            numerator: 100,
            denominator: 100,
          },
        })),
        backends: [{ service: "shop/web", port: 80, weight: 1 }],
      },
    ],
    settings: { pool: { connectionsPerEndpoint: 1, ...pool }, timeouts: { streamIdleMs: idleMs } },
  });
  const ports = new Set(silent.map(({ port }) => `:${port}`));
  const copies = (): number =>
    endpointsOf(plane)
      .filter(({ key }) => ports.has(key.slice(key.lastIndexOf(":"))))
      .reduce((sum, { active }) => sum + active, 0);
  const dropped = (): Record<string, number> =>
    Object.fromEntries(
      samplesOf(plane, "waystone_mirrors_dropped_total").map(({ labels, value }) => [
        labels["reason"],
        value,
      ]),
    );
  const client = await rig.openClient(plane);
  const send = async (body = 0): Promise<void> => {
    await client.send(`POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ${body}\r\n\r\n${"x".repeat(body)}`);
    expect((await client.readResponse("POST")).status).toBe(200);
  };
  return { clock, plane, silent, copies, dropped, send };
}

/** The first request, whose copies have the connections. */
async function occupy({ silent, send }: Place, nth: number): Promise<void> {
  await send();
  for (const upstream of silent)
    await until(() => upstream.requests.length === nth, "the copy has the connection");
}

test("so many copies in all, whichever endpoints they wait for; those that are given up make room", async () => {
  const place = await openPlace(2, { waitingMirrors: 3 });
  const { clock, copies, dropped, send } = place;
  for (const round of [1, 2]) {
    await occupy(place, round);
    await send();
    expect([copies(), dropped()["crowd"] ?? 0]).toEqual([2 + 2, round - 1]);
    await send();
    expect([copies(), dropped()["crowd"]]).toEqual([2 + 3, round]);
    clock.advance(idleMs + 50);
    expect([copies(), dropped()]).toEqual([0, { crowd: round, late: 5 * round }]);
  }
});

test("so many bytes in all, heads and bodies; a copy whose body outgrows them is dropped", async () => {
  const place = await openPlace(1, { waitingMirrorBytes: 100_000 });
  const { clock, copies, dropped, send } = place;
  for (const round of [1, 2]) {
    await occupy(place, round);
    await send(40_000);
    await send(40_000);
    expect([copies(), dropped()["crowd"] ?? 0]).toEqual([3, round - 1]);
    await send(40_000);
    expect([copies(), dropped()["crowd"]]).toEqual([3, round]);
    clock.advance(idleMs + 50);
    expect([copies(), dropped()]).toEqual([0, { crowd: round, late: 3 * round }]);
  }
});

test("copies that have a connection at once are not counted among them", async () => {
  const { clock, copies, dropped, silent, send } = await openPlace(1, {
    waitingMirrors: 1,
    connectionsPerEndpoint: 9,
  });
  for (let nth = 1; nth <= 5; nth++) {
    await send();
    await until(() => silent[0]!.requests.length === nth, "the copy is sent");
  }
  expect([copies(), dropped()]).toEqual([5, {}]);
  clock.advance(idleMs + 50);
  expect([copies(), dropped()]).toEqual([0, { late: 5 }]);
});

test("a copy is counted as lost when its connection ends before its answer has", async () => {
  const { copies, dropped, silent, send } = await openPlace(1, {});
  await send();
  (await silent[0]!.connection()).destroy();
  await until(() => copies() === 0, "it is given up");
  expect(dropped()).toEqual({ lost: 1 });
});

test("trailers of a copy that waits count as well: one that they make too large is dropped", async () => {
  const place = await openPlace(1, { waitingMirrorBytes: 4000 });
  await occupy(place, 1);
  const client = await rig.openClient(place.plane);
  const trailer = `x-long: ${"x".repeat(4000)}`;
  await client.send(
    `POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n${trailer}\r\n\r\n`,
  );
  expect((await client.readResponse("POST")).status).toBe(200);
  expect([place.copies(), place.dropped()]).toEqual([1, { crowd: 1 }]);
});
