/** For tests: a controller and waypoints over real gRPC on 127.0.0.1, closed together. */
import { systemClock } from "@waystone/base/clock";
import { silentLogger } from "@waystone/base/logger";
import { seededRng } from "@waystone/base/rng";
import { type TypeUrl, wildcardTypeUrls } from "@waystone/api/names";
import { createDeltaClient, type DeltaClient, type DeltaClientOptions } from "../client/delta-client.ts";
import { connectDelta, type ConnectDeltaOptions } from "../grpc/connect-delta.ts";
import { type ServedDelta, serveDelta, type ServeDeltaOptions } from "../grpc/serve-delta.ts";
import type { Rejected, ResourceDelta } from "../resource.ts";
import { createDeltaServer, type DeltaServer, type DeltaServerOptions } from "../server/delta-server.ts";
import { contentOf, MapCatalog } from "./map-catalog.ts";
import { RecordingObserver } from "./recording-observer.ts";

export interface Controller extends Pick<ServedDelta, "address" | "close"> {
  readonly served: ServedDelta;
  readonly server: DeltaServer;
  readonly observer: RecordingObserver;
}

export interface Waypoint {
  readonly client: DeltaClient;
  readonly applied: ResourceDelta[];
  completions: number;
  /** Resolves when `holds` does; looked at after every change of what it holds. */
  until(holds: () => boolean): Promise<void>;
  close(): void;
}

type ChannelOptions = Partial<Pick<ConnectDeltaOptions, "keepalive" | "tls" | "tokenFile" | "resolve">>;

/** Refuses what has a content that begins with "bad". */
export function refuseBad({ upserts }: ResourceDelta): Rejected[] {
  const bad = upserts.filter((resource) => contentOf(resource).startsWith("bad"));
  return bad.map((resource) => ({ name: resource.name, reason: contentOf(resource) }));
}

export class GrpcRig {
  readonly catalog = new MapCatalog();
  readonly #closers: (() => void | Promise<void>)[] = [];

  onClose(close: () => void | Promise<void>): void {
    this.#closers.push(close);
  }

  async close(): Promise<void> {
    for (const close of this.#closers.splice(0).toReversed()) await close();
  }

  put(typeUrl: TypeUrl, contents: Readonly<Record<string, string | undefined>>): void {
    this.catalog.edit(Object.entries(contents).map(([name, content]) => ({ typeUrl, name, content })));
  }

  async controller(
    options: Partial<DeltaServerOptions> & Partial<Omit<ServeDeltaOptions, "server">> = {},
  ): Promise<Controller> {
    const observer = new RecordingObserver();
    const { address = "127.0.0.1:0", keepalive, secure, ...more } = options;
    const server = createDeltaServer({ catalog: this.catalog, observer, clock: systemClock, ...more });
    const clock = more.clock ?? systemClock;
    const served = await serveDelta({
      server,
      address,
      clock,
      ...(keepalive && { keepalive }),
      ...(secure && { secure }),
    });
    const controller = {
      served,
      server,
      observer,
      address: served.address,
      close: async (graceMs: number): Promise<void> => {
        server.close("the test is over");
        await served.close(graceMs);
      },
    };
    this.onClose(() => controller.close(0));
    return controller;
  }

  waypoint(
    address: string,
    options: Partial<DeltaClientOptions> & ChannelOptions & { id?: string } = {},
  ): Waypoint {
    const { id = "shop/waypoint/1", apply = async (delta) => refuseBad(delta), ...rest } = options;
    const { keepalive, tls, tokenFile, resolve, ...more } = rest;
    const waiters = new Set<() => void>();
    const wake = (): void => {
      for (const waiter of waiters) waiter();
    };
    const client = createDeltaClient({
      nodeId: id,
      wildcardTypes: wildcardTypeUrls,
      clock: systemClock,
      apply: async (delta) => {
        const rejected = await apply(delta);
        waypoint.applied.push(delta);
        // What is held changes after we return.
        setImmediate(wake);
        return rejected;
      },
      onComplete: () => {
        waypoint.completions++;
        wake();
      },
      ...more,
    });
    const connection = connectDelta({
      client,
      address,
      clock: systemClock,
      rng: seededRng(1),
      logger: more.logger ?? silentLogger,
      ...(keepalive && { keepalive }),
      ...(tls && { tls }),
      ...(tokenFile !== undefined && { tokenFile }),
      ...(resolve && { resolve }),
    });
    const waypoint: Waypoint = {
      client,
      applied: [],
      completions: 0,
      async until(holds) {
        while (!holds()) {
          await new Promise<void>((resolve) => {
            waiters.add(resolve);
          });
          waiters.clear();
        }
      },
      close: () => connection.close(),
    };
    this.onClose(() => waypoint.close());
    return waypoint;
  }
}
