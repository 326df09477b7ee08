/** Very many connections that do nothing: idle HTTP/1.1, idle HTTP/2, and WebSocket tunnels; and what each costs. */
import { setTimeout as sleep } from "node:timers/promises";
import { Child } from "../attacks/child.ts";
import { loadCore } from "../process/process-group.ts";
import type { SoakBed } from "./bed.ts";
import type { Checks } from "./checks.ts";
import { expectClosing } from "./closing.ts";
import type { EndReport } from "./end-times.ts";
import type { HoldOrder, IdleKind } from "./holder-process.ts";
import type { LeftBehind } from "./left-behind.ts";
import { rssBytes } from "./process-figures.ts";

export async function holdIdle(
  bed: SoakBed,
  kinds: readonly IdleKind[],
  count: number,
  left: LeftBehind,
  checks: Checks,
): Promise<void> {
  for (const kind of kinds) {
    const holder = new Child("../soak/holder-process.ts", { core: loadCore });
    try {
      await holdKind(bed, holder, kind, count, checks);
      if (kind === "WebSocket tunnels") await expectClosing(bed, holder, checks);
    } finally {
      await holder.stop();
    }
    await sleep(1000);
  }
  await left.expectNothing(checks);
}

async function holdKind(
  { allPlaces, waypoints }: SoakBed,
  holder: Child,
  kind: IdleKind,
  count: number,
  checks: Checks,
): Promise<void> {
  const rss = (): number => waypoints.reduce((sum, { pid }) => sum + rssBytes(pid), 0);
  const before = rss();
  const targets = allPlaces.map(({ address: host, http: port }) => ({ host, port }));
  const order: HoldOrder = { kind, targets, count };
  await holder.ask<EndReport>(order);
  await sleep(2000);
  const { open } = await holder.ask<EndReport>("report");
  const each = (rss() - before) / count / 1024;
  checks.expect(open === count, `${open} of ${count} ${kind} held, ${each.toFixed(1)} KiB each`);
}
