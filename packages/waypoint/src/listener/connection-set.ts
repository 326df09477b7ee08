/**
 * The open client connections of a worker, and whose they are: each belongs to the place ("address:port") and to the Service
 * port that it came in on, whatever becomes of that place.
 */
import type { ServedPort } from "../store/snapshot.ts";
import { Roster, type Seat } from "./roster.ts";

export interface HeldConnection {
  /** Idle ones end now; others after what is under way. */
  drain(): void;
  /** Serves on, until after its next answer. */
  closeAfterNext(): void;
  destroy(): void;
}

interface Held {
  readonly connection: HeldConnection;
  readonly place: string;
  /** ServedPort.key */
  readonly port: string;
}

export type HeldSeat = Seat<Held>;

export class ConnectionSet {
  readonly #held = new Roster<Held>();

  get size(): number {
    return this.#held.size;
  }

  add(connection: HeldConnection, place: string, port: ServedPort): HeldSeat {
    return this.#held.add({ connection, place, port: port.key });
  }

  delete(seat: HeldSeat): void {
    this.#held.delete(seat);
  }

  /** Those that came in on `place` while it was the Service port `port`. */
  of(place: string, port: string): readonly HeldConnection[] {
    return this.#held
      .seats()
      .filter(({ member }) => member.place === place && member.port === port)
      .map(({ member }) => member.connection);
  }

  all(): readonly HeldConnection[] {
    return this.#held.seats().map(({ member }) => member.connection);
  }
}
