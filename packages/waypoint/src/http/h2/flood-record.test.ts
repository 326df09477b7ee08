/** Who opens one connection after another for rapid resets (reference D01) has a whole budget once, and nobody is refused for it. */
import { ManualClock } from "@waystone/testkit/manual-clock";
import { until } from "@waystone/testkit/within";
import { expect, test } from "vitest";
import { FloodGuard } from "./flood-guard.ts";
import { FloodRecord } from "./flood-record.ts";
import { defaultHttp2Settings } from "./http2-settings.ts";
import { frame, get, headers, uint32 } from "./testdata/frames.ts";
import type { TestServer } from "./testdata/open-test-server.ts";
import { usePeers } from "./testdata/use-peers.ts";

const peers = usePeers();
const { floods } = defaultHttp2Settings;

/** One connection that opens and resets `most` streams; how many until it was over, by steps of 25. */
async function flood(server: TestServer, most: number): Promise<number> {
  const peer = await peers.peer(server);
  let sent = 0;
  while (peer.state === "open" && sent < most) {
    for (let i = 0; i < 25; i++, sent++) {
      const id = 2 * sent + 1;
      peer.send(headers(id, get), frame("RST_STREAM", 0, id, uint32(8)));
    }
    await peer.settle();
  }
  peer.close();
  await until(() => server.connections.size === 0, "it is closed");
  return sent;
}

test("[D01] the next connections from the address begin with a tenth, until a minute after the last of that kind", async () => {
  const clock = new ManualClock();
  const server = await peers.server({ clock });
  expect(await flood(server, 20_000)).toBeGreaterThan(floods.resetBurst);
  for (let i = 0; i < 3; i++) {
    const sent = await flood(server, 20_000);
    expect([sent > floods.resetBurst / 10, sent <= floods.resetBurst / 10 + 50]).toEqual([true, true]);
  }
  clock.advance(60_000);
  expect(await flood(server, 20_000)).toBeGreaterThan(floods.resetBurst);
});

test("[D01] so they do after one that went before it was cut; not after one that reset a few", async () => {
  const server = await peers.server({ clock: new ManualClock() });
  expect(await flood(server, 400)).toBe(400);
  expect(await flood(server, 900)).toBe(900);
  expect(await flood(server, 900)).toBeLessThanOrEqual(150);
});

test("whoever asks from there is served all the same, as long as he resets less than that", async () => {
  const server = await peers.server({ clock: new ManualClock() });
  await flood(server, 20_000);
  const peer = await peers.peer(server);
  for (let n = 0; n < 500; n++) {
    const id = 2 * n + 1;
    const isReset = n % 2 === 1;
    peer.send(headers(id, get), isReset ? frame("RST_STREAM", 0, id, uint32(8)) : Buffer.alloc(0));
    if (n % 50 === 49) await peer.settle();
  }
  expect(peer.state).toBe("open");
});

test("so many addresses are known, the last ones; time earns back what was reset", () => {
  const clock = new ManualClock();
  const record = new FloodRecord(clock, floods);
  const spent = (): FloodGuard => {
    const guard = new FloodGuard(clock, floods);
    for (let i = 0; i < 501; i++) guard.onReset();
    return guard;
  };
  for (let i = 0; i < 1500; i++) record.onClosed(`10.0.${i >> 8}.${i & 255}`, spent());
  expect(record.size).toBe(1024);
  expect(record.limitsFor("10.0.0.0")).toBe(floods);
  expect(record.limitsFor("10.0.5.219").resetBurst).toBe(floods.resetBurst / 10);
  const slow = spent();
  clock.advance(1000);
  record.onClosed("192.0.2.1", slow);
  expect(record.limitsFor("192.0.2.1")).toBe(floods);
  clock.advance(60_000);
  expect(record.limitsFor("10.0.5.219")).toBe(floods);
});
