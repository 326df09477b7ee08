/**
 * The data plane under attack, in a process of its own (with --expose-gc): a Service that a polite client uses, one that is
 * attacked, and one whose endpoint is the attacker. Says what it holds when asked, after a collection.
 */
import { gaugeOf, endpointsOf, pooledConnections } from "@waystone/waypoint/testing/plane-figures";
import {
  openTestPlane,
  serviceResource,
  sliceResource,
  type TestPlane,
} from "@waystone/waypoint/testing/open-test-plane";
import { TurnMeter, type Turns } from "./turn-meter.ts";

export interface PlaneOrder {
  /** Where the Services are listened on, and the ports of their endpoints on 127.0.0.1. */
  readonly politePort: number;
  readonly port: number;
  readonly hostilePort: number;
  readonly politeBackend: number;
  readonly backend: number;
  readonly hostileBackend: number;
}

export interface PlaneFigures {
  readonly rssBytes: number;
  /** Heap and buffers in use, after a collection. */
  readonly usedBytes: number;
  readonly connections: number;
  readonly active: number;
  readonly pooled: number;
  /** Of its event loop since it was last asked: what everybody else had to wait for. */
  readonly turns: Turns;
}

let plane: TestPlane | undefined;
const turns = new TurnMeter();

process.on("message", (order: PlaneOrder | "measure") => {
  if (order === "measure") void measure();
  else void open(order);
});

async function open(order: PlaneOrder): Promise<void> {
  plane = await openTestPlane({
    port: order.politePort,
    endpoints: [`127.0.0.1:${order.politeBackend}`],
    settings: { accessLog: false },
    more: [
      serviceResource("shop", "abused", 80, { listen: order.port }),
      sliceResource("shop", "abused", [`127.0.0.1:${order.backend}`]),
      serviceResource("shop", "hostile", 80, { protocol: "http2", listen: order.hostilePort }),
      sliceResource("shop", "hostile", [`127.0.0.1:${order.hostileBackend}`]),
    ],
  });
  process.send?.("opened");
}

async function measure(): Promise<void> {
  const spent = turns.read();
  // Twice with a turn between: what is freed in the first lets go of more.
  for (let i = 0; i < 2; i++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  const figures: PlaneFigures = {
    rssBytes: rss,
    usedBytes: heapUsed + arrayBuffers,
    turns: spent,
    connections: plane === undefined ? 0 : gaugeOf(plane, "waystone_downstream_connections"),
    active: plane === undefined ? 0 : endpointsOf(plane).reduce((sum, { active }) => sum + active, 0),
    pooled: plane === undefined ? 0 : pooledConnections(plane),
  };
  turns.skip();
  process.send?.(figures);
}
