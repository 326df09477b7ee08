/** Who opens one connection after another for rapid resets (reference D01) has one budget for them, and nobody is refused for it. */
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

test("[D01] the next connections from the address begin with a tenth, until time has earned back what was reset", async () => {
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

test("[D01] they begin with what is left where those before went before they were cut", async () => {
  const server = await peers.server({ clock: new ManualClock() });
  expect(await flood(server, 400)).toBe(400);
  expect(await flood(server, 400)).toBe(400);
  const rest = await flood(server, 400);
  expect([rest > 200, rest <= 250]).toEqual([true, true]);
  expect(await flood(server, 400)).toBeLessThanOrEqual(150);
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
  const spent = (count: number): FloodGuard => {
    const guard = new FloodGuard(clock, floods);
    for (let i = 0; i < count; i++) guard.onReset();
    return guard;
  };
  for (let i = 0; i < 1500; i++) record.onClosed(`10.0.${i >> 8}.${i & 255}`, spent(600));
  expect(record.size).toBe(1024);
  expect(record.resetsFor("10.0.0.0")).toBe(floods.resetBurst);
  expect(record.resetsFor("10.0.5.219")).toBe(400);
  clock.advance(1000);
  expect(record.resetsFor("10.0.5.219")).toBe(400 + floods.resetsPerSecond);
  clock.advance(60_000);
  expect(record.resetsFor("10.0.5.219")).toBe(floods.resetBurst);
  expect(record.size).toBe(1023);
});

test("what connections that were open side by side have spent is added up; one that spent nothing takes nothing back", () => {
  const clock = new ManualClock();
  const record = new FloodRecord(clock, floods);
  const guards = [300, 400, 0].map((count) => {
    const guard = new FloodGuard(clock, floods);
    for (let i = 0; i < count; i++) guard.onReset();
    return guard;
  });
  for (const guard of guards) record.onClosed("192.0.2.1", guard);
  expect(record.resetsFor("192.0.2.1")).toBe(300);
});
