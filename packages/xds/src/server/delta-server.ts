/**
 * The push server without sockets: streams of waypoints over one catalog. Transports (grpc/serve-delta.ts, pair.ts) open a
 * stream per waypoint and move the bytes. A change of the catalog is noted in every stream by name and goes out when the
 * gate lets it (push-gate.ts) and the waypoint has answered what it was sent before (delta-stream.ts).
 */
import type { Clock } from "@waystone/base/clock";
import { type Logger, silentLogger } from "@waystone/base/logger";
import type { AckObserver, ConnectedNode, ResourceCatalog } from "../resource.ts";
import { DeltaStream, type ServerStream, type ServerWire } from "./delta-stream.ts";
import { openPushGate } from "./push-gate.ts";
import { type DeltaServerSettings, defaultDeltaServerSettings } from "./settings.ts";
import { type Authorize, authorizeByNodeId } from "./waypoint-scope.ts";

export interface DeltaServerOptions {
  readonly catalog: ResourceCatalog;
  readonly observer: AckObserver;
  readonly clock: Clock;
  readonly logger?: Logger;
  readonly authorize?: Authorize;
  readonly settings?: Partial<DeltaServerSettings>;
}

export interface DeltaServer {
  /** `authorize` is of this stream alone: its transport knows whose it is. */
  openStream(wire: ServerWire, authorize?: Authorize): ServerStream;
  /** Every open stream: what it costs, for metrics and dumps. */
  streams(): StreamSummary[];
  /** Ends all streams and stops listening to the catalog. */
  close(reason: string): void;
}

export interface StreamSummary {
  /** Undefined until the first request. */
  readonly node: ConnectedNode | undefined;
  readonly waitingNames: number;
  readonly unansweredBytes: number;
}

export function createDeltaServer(options: DeltaServerOptions): DeltaServer {
  const { catalog, observer, clock } = options;
  const logger = options.logger ?? silentLogger;
  const settings = { ...defaultDeltaServerSettings, ...options.settings };
  const streams = new Set<DeltaStream>();
  let sequence = 0;

  const gate = openPushGate({
    clock,
    windowMs: settings.coalesceMs,
    release: () => {
      for (const stream of streams) stream.release(sequence);
    },
  });
  const stopListening = catalog.onChange((change) => {
    sequence++;
    for (const stream of streams) stream.noteChange(change, sequence);
    gate.changed(change.urgent);
  });

  /** A waypoint that comes back before its old stream is known to be dead: the observer never sees one id twice. */
  const cutOlder = (opened: DeltaStream, node: ConnectedNode): void => {
    for (const stream of streams) {
      if (stream !== opened && stream.node?.id === node.id)
        stream.cut("replaced by a newer stream of the same waypoint", "info");
    }
  };

  const context = {
    catalog,
    observer,
    clock,
    logger,
    settings,
    nextSequence: () => ++sequence,
    opened: cutOlder,
    ended: (stream: DeltaStream) => void streams.delete(stream),
  };
  return {
    openStream(wire, authorize = options.authorize ?? authorizeByNodeId) {
      const stream = new DeltaStream({ ...context, authorize }, wire);
      streams.add(stream);
      return stream;
    },
    streams: () =>
      [...streams].map(({ node, waitingNames, unansweredBytes }) => ({
        node,
        waitingNames,
        unansweredBytes,
      })),
    close(reason) {
      stopListening();
      gate.close();
      for (const stream of streams) stream.cut(reason, "info");
    },
  };
}
