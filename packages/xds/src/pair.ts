/**
 * Joins one server and one client in one process, for `waystone run`: the same state machines and the same encoded bytes as
 * over gRPC. Messages are delivered one per turn of the event loop, so that, as on a wire, nobody's call returns into the
 * middle of somebody else's work.
 */
import type { Clock } from "@waystone/base/clock";
import type { DeltaClient } from "./client/delta-client.ts";
import type { DeltaServer } from "./server/delta-server.ts";

export interface Pairing {
  close(): void;
}

export interface PairOptions {
  readonly server: DeltaServer;
  readonly client: DeltaClient;
  readonly clock: Clock;
  /** How long after the server cut the stream (a waypoint that hung) it is opened again. */
  readonly reopenAfterMs?: number;
}

export function pairDelta(options: PairOptions): Pairing {
  const { server, client, clock, reopenAfterMs = 1000 } = options;
  let isClosed = false;
  let end = (): void => {};
  const open = (): void => {
    if (isClosed) return;
    end = openPairedStream(server, client, () => void clock.after(reopenAfterMs, open));
  };
  open();
  return {
    close() {
      isClosed = true;
      end();
    },
  };
}

/** Calls `ended` once where either end closes the stream, but not for the returned end. */
function openPairedStream(server: DeltaServer, client: DeltaClient, ended: () => void): () => void {
  let isOpen = true;
  const end = (): void => {
    if (!isOpen) return;
    isOpen = false;
    stream.closed();
    client.disconnected();
  };
  const breakOff = (): void => {
    if (!isOpen) return;
    end();
    ended();
  };
  const toClient = openTurnQueue((bytes) => client.receive(bytes));
  const toServer = openTurnQueue((bytes) => stream.receive(bytes));
  const deliver = (queue: TurnQueue, bytes: Uint8Array): boolean => {
    if (isOpen) queue.push(bytes, () => isOpen);
    return true;
  };
  const stream = server.openStream({ send: (bytes) => deliver(toClient, bytes), close: breakOff });
  client.open({ send: (bytes) => deliver(toServer, bytes), close: breakOff });
  return end;
}

interface TurnQueue {
  push(bytes: Uint8Array, isWanted: () => boolean): void;
}

/** Delivers in order, one message per turn, the next only when the one before is dealt with. */
function openTurnQueue(deliver: (bytes: Uint8Array) => void | Promise<void>): TurnQueue {
  let tail: Promise<void> = Promise.resolve();
  return {
    push(bytes, isWanted) {
      tail = tail.then(nextTurn).then(() => (isWanted() ? deliver(bytes) : undefined));
    },
  };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
