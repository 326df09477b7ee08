/**
 * The task of the leader among everybody else, one action after another, with the rules that hold at every single write of
 * the controller, and what has to be in the end.
 */
import type { Service, ServicePort } from "@waystone/api/kubernetes/core";
import { ObjectStore } from "@waystone/testkit/faulty-api-server/object-store";
import { expect } from "vitest";
import { isTcp } from "../../model/captured-ports.ts";
import { capturedBy, originalOf, pointingOf, portKey, type Selector } from "../../model/front-marks.ts";
import { ownedSpec } from "../wanted-front.ts";
import { CaptureWorld, gateway, namespaceObject, pod, waypointPodObject } from "./capture-world.ts";
import { type Action, http, portSets, waypoints } from "./drama-action.ts";
import { FrontRules } from "./front-rules.ts";
import { type Fault, storeTransport } from "./store-transport.ts";

/** What the owner wants, whatever the front shows. */
interface Owner {
  selector: Selector;
  ports: readonly ServicePort[];
}

export class Drama {
  readonly store = new ObjectStore();
  readonly owner: Owner = { selector: { app: "cart" }, ports: [http] };
  readonly world: CaptureWorld;
  #fault: Fault | undefined;
  #isWriting = false;
  #asked: string | undefined;
  readonly #rules: FrontRules;

  constructor() {
    const transport = storeTransport({
      store: this.store,
      faultOf: () => {
        const fault = this.#fault;
        this.#fault = undefined;
        return fault;
      },
      writing: (isWriting) => {
        this.#isWriting = isWriting;
      },
    });
    this.world = new CaptureWorld({ store: this.store, transport });
    for (const namespace of ["shop", "infra"]) this.world.put("namespaces", namespaceObject(namespace));
    for (const waypoint of waypoints) {
      const [namespace = "", name = ""] = waypoint.split("/");
      this.world.put("gateways", gateway(namespace, name));
      this.world.put("pods", waypointPodObject(namespace, name, 1));
    }
    for (const [at, app] of ["cart", "cart2"].entries()) {
      const ports = [{ name: "web", containerPort: 8080 }];
      this.world.put("pods", pod("shop", app, { labels: { app }, ip: `198.18.0.${at + 1}`, ports }));
    }
    this.#create();
    this.world.syncEndpoints();
    this.world.deliver();
    this.world.acknowledge();
    this.#rules = new FrontRules(this.world);
    this.store.subscribe((event) => {
      if (this.#isWriting) this.#rules.check(event);
    });
    this.world.open();
  }

  get broken(): readonly string[] {
    return this.#rules.broken;
  }

  front(): Service {
    const front = this.world.service("shop/cart");
    if (front === undefined) throw new Error("the front is gone");
    return front;
  }

  async act(action: Action): Promise<void> {
    const { world } = this;
    switch (action.is) {
      case "deliver":
        world.deliver(action.count);
        break;
      case "sync":
        world.syncEndpoints();
        break;
      case "collect":
        world.collectGarbage();
        break;
      case "restart":
        await world.close();
        world.open();
        break;
      case "kill leader": {
        // In the middle of whatever it does, and another begins while that is under way.
        const closing = world.close();
        world.open();
        await closing;
        break;
      }
      case "pass":
        world.clock.advance(1_000);
        break;
      case "long pass":
        world.clock.advance(31_000);
        break;
      case "ack": {
        const pods = world.waypointPods();
        world.acknowledge(pods.filter((_, at) => at === action.which % pods.length));
        break;
      }
      case "lose shadow":
        this.#loseShadow();
        break;
      case "lose marks":
        this.#loseMarks();
        break;
      case "recreate":
        world.remove("services", "shop/cart");
        this.#create();
        break;
      case "ask":
        this.#ask(action.for, action.in);
        break;
      case "direct":
        this.#annotate("waystone.dev/direct-ports", action.ports);
        break;
      case "ready": {
        const [namespace = "", name = ""] = action.waypoint.split("/");
        world.put("pods", waypointPodObject(namespace, name, action.number, action.isReady));
        break;
      }
      case "edit":
        this.#edit({ app: action.selector }, portSets[action.ports] ?? [], action.past);
        break;
      case "fault":
        this.#fault = action.fault;
        break;
    }
    await world.settle();
  }

  #create(): void {
    this.world.put("services", {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "cart", namespace: "shop", annotations: { team: "a" } },
      spec: { type: "ClusterIP", clusterIP: "198.18.128.7", ipFamilies: ["IPv4"], ...this.owner },
    });
  }

  #shadow(): Service | undefined {
    return this.world.services().find(({ metadata }) => metadata.name !== "cart");
  }

  /** Not both: what the owner had would be known to nobody. */
  #loseShadow(): void {
    const shadow = this.#shadow();
    const isKnown = pointingOf(this.front()).at === "elsewhere" || originalOf(this.front()) !== undefined;
    if (shadow === undefined || !isKnown) return;
    // What was wished since goes with it.
    const original = originalOf(this.front());
    if (original !== undefined && JSON.stringify(ownedSpec(shadow.spec ?? {})) !== JSON.stringify(original))
      return;
    this.world.remove("services", `shop/${shadow.metadata.name}`);
  }

  #loseMarks(): void {
    const front = this.front();
    const { annotations = {} } = front.metadata;
    const shadow = this.#shadow();
    const isOfThis = shadow?.metadata.ownerReferences?.some(({ uid }) => uid === front.metadata.uid) === true;
    // A wish that waits is lost with them, and so would be the owner's word.
    if (!isOfThis || Object.keys(annotations).some((key) => key.startsWith("waystone.dev/wanted"))) return;
    const direct = annotations["waystone.dev/direct-ports"];
    const kept = { team: "a", ...(direct === undefined ? {} : { "waystone.dev/direct-ports": direct }) };
    this.world.put("services", { ...front, metadata: { ...front.metadata, annotations: kept } });
  }

  #ask(name: string | undefined, namespace: string | undefined): void {
    this.#asked = name === undefined ? undefined : `${namespace ?? "shop"}/${name}`;
    this.world.put(
      "namespaces",
      namespaceObject("shop", {
        ...(name === undefined ? {} : { "waystone.dev/use-waypoint": name }),
        ...(namespace === undefined ? {} : { "waystone.dev/use-waypoint-namespace": namespace }),
      }),
    );
  }

  #annotate(key: string, value: string | undefined): void {
    const front = this.front();
    const { [key]: _, ...others } = front.metadata.annotations ?? {};
    const annotations = value === undefined ? others : { ...others, [key]: value };
    this.world.put("services", { ...front, metadata: { ...front.metadata, annotations } });
  }

  /** As server-side apply does it: the owner's fields are set, the others stay. With the policy, ours stay ours. */
  #edit(selector: Selector, ports: readonly ServicePort[], past: boolean): void {
    this.owner.selector = selector;
    this.owner.ports = ports;
    const front = this.front();
    const { at } = pointingOf(front);
    const isHeld = !past && capturedBy(front) !== undefined && at !== "elsewhere";
    if (!isHeld) {
      this.world.put("services", { ...front, spec: { ...front.spec, selector, ports } });
      return;
    }
    const before = new Map((front.spec?.ports ?? []).map((port) => [portKey(port), port.targetPort]));
    const held = ports.map((port) =>
      at === "slices" ? port : { ...port, targetPort: before.get(portKey(port)) ?? 9 },
    );
    const wishes = ports.map((port) => `${portKey(port)}=${port.targetPort}`).join(",");
    const annotations = {
      ...front.metadata.annotations,
      "waystone.dev/wanted-selector": `app=${selector["app"]}`,
      ...(at === "slices" ? {} : { "waystone.dev/wanted-target-ports": wishes }),
    };
    const metadata = { ...front.metadata, annotations };
    this.world.put("services", { ...front, metadata, spec: { ...front.spec, ports: held } });
  }

  /** All waypoints work again, and everybody catches up. */
  async end(): Promise<void> {
    for (const waypoint of waypoints) {
      const [namespace = "", name = ""] = waypoint.split("/");
      this.world.put("pods", waypointPodObject(namespace, name, 1));
    }
    await this.world.quiesce();
  }

  expectCaptured(): void {
    const front = this.front();
    const direct = front.metadata.annotations?.["waystone.dev/direct-ports"];
    const stays = (port: ServicePort): boolean =>
      !isTcp(port) || port.name === direct || String(port.port) === direct;
    const bySlices = this.#asked === "infra/shared" || this.owner.ports.some(stays);
    expect(capturedBy(front)).toBe(this.#asked);
    const gatewayName = bySlices ? "none.by-slices" : this.#asked?.split("/")[1];
    expect(front.spec?.selector).toEqual({ "waystone.dev/waypoint": gatewayName });
    if (bySlices) expect(front.spec?.ports).toEqual(this.owner.ports);
    expect(this.world.ownSlices().length > 0).toBe(bySlices);
    const [shadow, ...more] = this.world.services().filter(({ metadata }) => metadata.name !== "cart");
    expect(more).toEqual([]);
    expect(shadow?.spec).toMatchObject({ selector: this.owner.selector, ports: this.owner.ports });
    expect(shadow?.metadata.annotations?.["waystone.dev/waypoint"]).toBe(this.#asked);
    expect(shadow?.metadata.annotations?.["waystone.dev/moving-to"]).toBeUndefined();
    const given = JSON.parse(shadow?.metadata.annotations?.["waystone.dev/waypoint-ports"] ?? "{}") as object;
    const passing = this.owner.ports.filter((port) => !stays(port)).map(({ port }) => String(port));
    expect(Object.keys(given)).toEqual(passing);
    if (!bySlices)
      expect(front.spec?.ports?.map(({ targetPort }) => targetPort)).toEqual(Object.values(given));
  }

  expectGivenBack(): void {
    const { metadata, spec } = this.front();
    expect(spec).toMatchObject({ ...this.owner });
    const owners = Object.keys(metadata.annotations ?? {}).filter(
      (key) => key !== "waystone.dev/direct-ports",
    );
    expect(owners).toEqual(["team"]);
    expect(this.world.services()).toHaveLength(1);
    expect(this.world.ownSlices()).toEqual([]);
  }

  get isAsked(): boolean {
    return this.#asked !== undefined;
  }
}
