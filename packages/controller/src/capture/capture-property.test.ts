/**
 * The task of the leader among everybody else: owners who edit (through the admission policy and past it), waypoints that come
 * and go, watches and Kubernetes' controllers that are late, an API server that fails, leaders that end anywhere. Whatever
 * happens, three things hold at every single write, and in the end all is as it should be.
 */
import type { Service, ServicePort } from "@waystone/api/kubernetes/core";
import { ObjectStore, type StoreEvent } from "@waystone/testkit/faulty-api-server/object-store";
import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { isWaypointPort } from "../model/waypoint-port.ts";
import { isTcp } from "../model/captured-ports.ts";
import { capturedBy, originalOf, pointingOf, portKey, type Selector } from "../model/front-marks.ts";
import { CaptureWorld, gateway, namespaceObject, pod, waypointPodObject } from "./testing/capture-world.ts";
import { type Fault, storeTransport } from "./testing/store-transport.ts";
import { ownedSpec } from "./wanted-front.ts";
import { parseObject } from "./testing/endpoints-controller.ts";

/** What the owner wants, whatever the front shows. */
interface Owner {
  selector: Selector;
  ports: readonly ServicePort[];
}

type Action =
  | { readonly is: "deliver"; readonly count: number }
  | { readonly is: "sync" | "collect" | "restart" | "kill leader" | "pass" | "long pass" }
  /** Somebody deletes the shadow, writes the front without its annotations, deletes it and makes it anew. */
  | { readonly is: "lose shadow" | "lose marks" | "recreate" }
  | { readonly is: "ack"; readonly which: number }
  | { readonly is: "ask"; readonly for: string | undefined; readonly in?: string }
  | { readonly is: "direct"; readonly ports: string | undefined }
  | { readonly is: "ready"; readonly waypoint: string; readonly number: number; readonly isReady: boolean }
  | { readonly is: "edit"; readonly selector: string; readonly ports: number; readonly past: boolean }
  | { readonly is: "fault"; readonly fault: Fault };

const http: ServicePort = { name: "http", port: 80, protocol: "TCP", targetPort: "web" };
const portSets: readonly (readonly ServicePort[])[] = [
  [http],
  [http, { name: "admin", port: 81, protocol: "TCP", targetPort: 8081 }],
  [
    { ...http, targetPort: 8080 },
    { name: "dns", port: 53, protocol: "UDP", targetPort: 5353 },
  ],
];
const waypoints = ["shop/waypoint", "shop/other", "infra/shared"] as const;

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ is: fc.constant("deliver" as const), count: fc.integer({ min: 1, max: 6 }) }),
  },
  { weight: 4, arbitrary: fc.constant({ is: "sync" } as const) },
  {
    weight: 4,
    arbitrary: fc.record({ is: fc.constant("ack" as const), which: fc.integer({ min: 0, max: 5 }) }),
  },
  { weight: 3, arbitrary: fc.constant({ is: "pass" } as const) },
  { weight: 1, arbitrary: fc.constant({ is: "long pass" } as const) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      { is: "collect" } as const,
      { is: "restart" } as const,
      { is: "kill leader" } as const,
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Action>({ is: "lose shadow" }, { is: "lose marks" }, { is: "recreate" }),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Action>(
      { is: "ask", for: "waypoint" },
      { is: "ask", for: "waypoint" },
      { is: "ask", for: "other" },
      { is: "ask", for: "shared", in: "infra" },
      { is: "ask", for: undefined },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      is: fc.constant("direct" as const),
      ports: fc.constantFrom(undefined, "admin", "81"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      is: fc.constant("ready" as const),
      waypoint: fc.constantFrom(...waypoints),
      number: fc.integer({ min: 1, max: 2 }),
      isReady: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      is: fc.constant("edit" as const),
      selector: fc.constantFrom("cart", "cart2"),
      ports: fc.integer({ min: 0, max: portSets.length - 1 }),
      past: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      is: fc.constant("fault" as const),
      fault: fc.constantFrom<Fault>("conflict", "refused", "unanswered"),
    }),
  },
);

class Drama {
  readonly store = new ObjectStore();
  readonly owner: Owner = { selector: { app: "cart" }, ports: [http] };
  readonly world: CaptureWorld;
  #fault: Fault | undefined;
  #isWriting = false;
  #asked: string | undefined;
  /** Broken rules, in words. */
  readonly broken: string[] = [];

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
    this.store.subscribe((event) => this.#check(event));
    this.world.open();
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

  #check({ before, after, shown }: StoreEvent): void {
    if (!this.#isWriting || shown["kind"] !== "Service") return;
    const name = (shown["metadata"] as { readonly name?: unknown }).name;
    const was = before === undefined ? undefined : (parseObject(before) as Service);
    const is = after === undefined ? undefined : (parseObject(after) as Service);
    if (name === "cart" && was !== undefined && is !== undefined) this.#checkFront(was, is);
    else if (is === undefined && capturedBy(this.front()) !== undefined) {
      this.broken.push("the shadow of a front that is captured was deleted");
    }
  }

  #checkFront(was: Service, is: Service): void {
    const pointing = pointingOf(is);
    if (pointing.at === "elsewhere" && pointing.isMixed) {
      this.broken.push("the controller made a selector that is neither its own nor the owner's");
    }
    if (pointing.at === "slices" && this.world.ownSlices().length === 0) {
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
    const key = `${capturedBy(this.front())} ${portKey(port)} ${port.targetPort}`;
    const isNew =
      !this.#led.has(key) && !was.spec?.ports?.some(({ targetPort }) => targetPort === port.targetPort);
    this.#led.add(key);
    return isNew;
  }

  /** By all pods that the watch shows as ready: what it does not show yet nobody can know. */
  #isListened(gatewayName: string, waypointPort: number, servicePort: number): boolean {
    const ready = this.world.sources.sources.pods
      .list()
      .map(({ object }) => object)
      .filter(
        ({ metadata, status }) =>
          metadata.namespace === "shop" &&
          metadata.labels?.["waystone.dev/waypoint"] === gatewayName &&
          status?.conditions?.some(({ status: is }) => is === "True"),
      );
    const listened = ready.filter(({ metadata }) => {
      const node = this.world.listening.get(`shop/${gatewayName}/${metadata.name}`);
      return node?.get(waypointPort) === `shop/cart ${servicePort}`;
    });
    return ready.length > 0 && listened.length === ready.length;
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

test("whatever happens, clients are led to waypoints that listen, and in the end all is as it should be", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 5, maxLength: 60 }), async (actions) => {
      const drama = new Drama();
      await drama.act({ is: "ask", for: "waypoint" });
      for (const each of actions) await drama.act(each);
      await drama.end();
      expect(drama.broken).toEqual([]);
      if (drama.isAsked) drama.expectCaptured();
      else drama.expectGivenBack();
      await drama.act({ is: "ask", for: undefined });
      await drama.end();
      expect(drama.broken).toEqual([]);
      drama.expectGivenBack();
      await drama.world.close();
    }),
    { numRuns: 60 },
  );
}, 600_000);
