/** Which waypoint ports a Service has, as its objects say: the shadow, the front that leads to them, our slices. */
import type { CaptureView } from "./capture-view.ts";
import { pointedAt } from "./capture-wish.ts";
import { isTcp } from "../model/captured-ports.ts";
import { isWaypointPort } from "../model/waypoint-port.ts";
import type { Holding } from "./port-allocator.ts";

export function holdingsOf(view: CaptureView): readonly Holding[] {
  const found = new Map<string, Holding>();
  const add = (waypoint: string | undefined, servicePort: number, port: unknown): void => {
    if (waypoint === undefined || !isWaypointPort(port)) return;
    found.set(`${waypoint} ${servicePort} ${port}`, { waypoint, servicePort, port });
  };
  const { front, shadow, ownSlices } = view;
  for (const [servicePort, port] of shadow?.ports ?? []) {
    add(shadow?.waypoint, servicePort, port);
    add(shadow?.movingTo, servicePort, port);
  }
  // A front that was not brought up to date yet: its clients are still led there.
  const at = pointedAt(view);
  for (const { name, port, targetPort } of (front.spec?.ports ?? []).filter(isTcp)) {
    add(at, port, targetPort);
    for (const slice of ownSlices) {
      for (const each of slice.ports ?? []) if ((each.name ?? "") === (name ?? "")) add(at, port, each.port);
    }
  }
  return [...found.values()];
}
