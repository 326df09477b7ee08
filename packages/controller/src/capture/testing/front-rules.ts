/** What holds of a front at every single write of the controller. */
import type { Service, ServicePort } from "@waystone/api/kubernetes/core";
import type { StoreEvent } from "@waystone/testkit/faulty-api-server/object-store";
import { isTcp } from "../../model/captured-ports.ts";
import { capturedBy, pointingOf, portKey } from "../../model/front-marks.ts";
import { isWaypointPort } from "../../model/waypoint-port.ts";
import type { CaptureWorld } from "./capture-world.ts";
import { parseObject } from "./endpoints-controller.ts";

export class FrontRules {
  readonly #world: CaptureWorld;
  /** Broken rules, in words. */
  readonly broken: string[] = [];

  constructor(world: CaptureWorld) {
    this.#world = world;
  }

  #front(): Service {
    const front = this.#world.service("shop/cart");
    if (front === undefined) throw new Error("the front is gone");
    return front;
  }

  check({ before, after, shown }: StoreEvent): void {
    if (shown["kind"] !== "Service") return;
    const name = (shown["metadata"] as { readonly name?: unknown }).name;
    const was = before === undefined ? undefined : (parseObject(before) as Service);
    const is = after === undefined ? undefined : (parseObject(after) as Service);
    if (name === "cart" && was !== undefined && is !== undefined) this.#checkFront(was, is);
    else if (is === undefined && capturedBy(this.#front()) !== undefined) {
      this.broken.push("the shadow of a front that is captured was deleted");
    }
  }

  #checkFront(was: Service, is: Service): void {
    const pointing = pointingOf(is);
    if (pointing.at === "elsewhere" && pointing.isMixed) {
      this.broken.push("the controller made a selector that is neither its own nor the owner's");
    }
    if (pointing.at === "slices" && this.#world.ownSlices().length === 0) {
      this.broken.push("the front selects nothing, and there are no slices of ours");
    }
    if (pointing.at !== "waypoint") return;
    for (const port of (is.spec?.ports ?? []).filter(isTcp)) {
      const { targetPort } = port;
      if (targetPort === 9) continue;
      if (!isWaypointPort(targetPort)) {
        this.broken.push(`port ${port.port} leads to ${targetPort} of the waypoint`);
      } else if (this.#isNew(was, port) && !this.#isListened(pointing.gateway, targetPort, port.port)) {
        this.broken.push(`port ${port.port} leads to ${targetPort}, which not every ready pod has ACKed`);
      }
    }
  }

  /** One that clients were led to before is no news, though somebody wrote over it in between. */
  readonly #led = new Set<string>();

  #isNew(was: Service, port: ServicePort): boolean {
    const key = `${capturedBy(this.#front())} ${portKey(port)} ${port.targetPort}`;
    const isNew =
      !this.#led.has(key) && !was.spec?.ports?.some(({ targetPort }) => targetPort === port.targetPort);
    this.#led.add(key);
    return isNew;
  }

  /** By all pods that the watch shows as ready: what it does not show yet nobody can know. */
  #isListened(gatewayName: string, waypointPort: number, servicePort: number): boolean {
    const ready = this.#world.sources.sources.pods
      .list()
      .map(({ object }) => object)
      .filter(
        ({ metadata, status }) =>
          metadata.namespace === "shop" &&
          metadata.labels?.["waystone.dev/waypoint"] === gatewayName &&
          status?.conditions?.some(({ status: is }) => is === "True"),
      );
    const listened = ready.filter(({ metadata }) => {
      const node = this.#world.listening.get(`shop/${gatewayName}/${metadata.name}`);
      return node?.get(waypointPort) === `shop/cart ${servicePort}`;
    });
    return ready.length > 0 && listened.length === ready.length;
  }
}
