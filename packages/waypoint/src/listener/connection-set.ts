/**
 * The open client connections of a worker, and whose they are: each belongs to the place ("address:port") and to the Service
 * port that it came in on, whatever becomes of that place.
 */
import type { ServedPort } from "../store/snapshot.ts";

export interface HeldConnection {
  /** Idle ones end now; others after what is under way. */
  drain(): void;
  /** Serves on, until after its next answer. */
  closeAfterNext(): void;
  destroy(): void;
}

interface Origin {
  readonly place: string;
  /** ServedPort.key */
  readonly port: string;
}

export class ConnectionSet {
  readonly #origins = new Map<HeldConnection, Origin>();

  get size(): number {
    return this.#origins.size;
  }

  add(connection: HeldConnection, place: string, port: ServedPort): void {
    this.#origins.set(connection, { place, port: port.key });
  }

  delete(connection: HeldConnection): void {
    this.#origins.delete(connection);
  }

  /** Those that came in on `place` while it was the Service port `port`. */
  of(place: string, port: string): readonly HeldConnection[] {
    return [...this.#origins]
      .filter(([, origin]) => origin.place === place && origin.port === port)
      .map(([connection]) => connection);
  }

  all(): readonly HeldConnection[] {
    return [...this.#origins.keys()];
  }
}
