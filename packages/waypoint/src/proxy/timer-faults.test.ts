/** A mistake of ours that is made when a request's time has come costs that request, and nobody else's. */
import type { Rng } from "@waystone/base/rng";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { okAnswer, type RecordingUpstream } from "@waystone/testkit/recording-upstream";
import { until } from "@waystone/testkit/within";
import { expect, test } from "vitest";
import { useExchangeRig } from "../testing/exchange-rig.ts";

const rig = useExchangeRig();
const backends = [{ service: "shop/web", port: 80, weight: 1 }];
const get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
const busy = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";

/** Endpoints are chosen by chance, and chance fails while it is broken. */
class BreakableRng implements Rng {
  isBroken = false;
  next(): number {
    if (this.isBroken) throw new RangeError("a mistake of ours");
    return 0.5;
  }
}

async function open(rule: object) {
  const [clock, rng] = [new ManualClock(), new BreakableRng()];
  const silent = { answer: () => undefined };
  const upstreams = await rig.openUpstreams(silent, silent);
  const plane = await rig.openPlane({ clock, rng, upstreams, rules: [{ backends, ...rule }] });
  return { clock, rng, plane, upstreams };
}

async function whoseRequest(upstreams: readonly RecordingUpstream[]): Promise<RecordingUpstream> {
  const asked = (): RecordingUpstream | undefined => upstreams.find(({ requests }) => requests.length > 0);
  await until(() => asked() !== undefined, "one of them is asked");
  return asked()!;
}

test.for<[string, object, boolean]>([
  ["the pause before a retry", { retry: { attempts: 1, backoffMs: 100, codes: [503] } }, true],
  [
    "an attempt that takes too long, and would be tried again",
    { timeouts: { backendRequestMs: 1000 }, retry: { attempts: 1, codes: [504] } },
    false,
  ],
])("%s", async ([, rule, isAnswered]) => {
  const { clock, rng, plane, upstreams } = await open(rule);
  const client = await rig.openClient(plane);
  await client.send(get);
  const upstream = await whoseRequest(upstreams);
  if (isAnswered) {
    const before = clock.pending;
    (await upstream.connection()).write(busy);
    await until(() => clock.pending > before, "the retry waits");
  }
  rng.isBroken = true;
  for (let i = 0; i < 20; i++) clock.advance(100);
  expect((await client.readResponse()).status).toBe(500);
  expect(await plane.lines(1)).toMatchObject([{ response_code: 500, response_code_details: "internal" }]);
  rng.isBroken = false;
  const other = await rig.openClient(plane);
  await other.send(get);
  await until(
    () => upstreams.reduce((sum, { requests }) => sum + requests.length, 0) === 2,
    "another is served",
  );
  for (const { connections } of upstreams)
    for (const one of connections) if (one.peerState === "open") one.write(okAnswer);
  expect((await other.readResponse()).status).toBe(200);
});
