/**
 * Connections of which nobody knows yet whose they are. Few, for a short time, and not many from one address: who has no
 * token gets no more of us than that. A connection is in here from its first byte until one of its calls is admitted, and
 * again when its last call has ended.
 */
import type { Socket } from "node:net";
import type { Clock, Timer } from "@waystone/base/clock";
import { parseIp } from "@waystone/base/ip";

export interface WaitingLimits {
  /** In all. Every waypoint of a large cluster comes back at once when the leader changes. */
  readonly connections: number;
  readonly perAddress: number;
  /** For the TLS handshake. */
  readonly handshakeMs: number;
  /** Then, for a call that is admitted: the review of its token and, at most, the appearance of its pod. */
  readonly admissionMs: number;
  /** Then, for reading why a call was not. */
  readonly refusedMs: number;
}

export const defaultWaitingLimits: WaitingLimits = {
  connections: 1_024,
  perAddress: 16,
  handshakeMs: 5_000,
  admissionMs: 20_000,
  refusedMs: 1_000,
};

/** One connection, as long as it lives. */
export interface Visitor {
  /** Where it comes from, canonical. */
  readonly address: string;
  secured(): void;
  /** A call wants to be admitted; false while another does: one connection asks for one thing at a time. */
  asks(): boolean;
  /** Its call was admitted; returns what tells that this call has ended. */
  admitted(): () => void;
  /** Its call was not admitted: unless others were, the connection goes when the reason has been read. */
  refused(): void;
}

export class WaitingRoom {
  readonly #limits: WaitingLimits;
  readonly #clock: Clock;
  readonly #perAddress = new Map<string, number>();
  #size = 0;

  constructor(limits: WaitingLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  get size(): number {
    return this.#size;
  }

  /** Undefined where there is no place: the connection is gone then. */
  enter(socket: Socket): Visitor | undefined {
    const address = parseIp(socket.remoteAddress ?? "") ?? "";
    if (!this.#hasPlace(address)) {
      socket.destroy();
      return undefined;
    }
    let calls = 0;
    let isWaiting = false;
    let isAsking = false;
    let timer: Timer | undefined;
    const wait = (limitMs: number): void => {
      if (!isWaiting) this.#count(address, 1);
      isWaiting = true;
      timer?.cancel();
      timer = this.#clock.after(limitMs, () => socket.destroy());
    };
    const leave = (): void => {
      timer?.cancel();
      if (isWaiting) this.#count(address, -1);
      isWaiting = false;
    };
    wait(this.#limits.handshakeMs);
    socket.once("close", leave);
    return {
      address,
      secured: () => wait(this.#limits.admissionMs),
      asks: () => {
        if (isAsking) return false;
        isAsking = true;
        return true;
      },
      refused: () => {
        isAsking = false;
        if (calls === 0 && !socket.destroyed) wait(this.#limits.refusedMs);
      },
      admitted: () => {
        isAsking = false;
        calls++;
        leave();
        return () => {
          calls--;
          if (calls === 0 && !socket.destroyed) wait(this.#limits.admissionMs);
        };
      },
    };
  }

  #hasPlace(address: string): boolean {
    const { connections, perAddress } = this.#limits;
    return this.#size < connections && (this.#perAddress.get(address) ?? 0) < perAddress;
  }

  #count(address: string, change: 1 | -1): void {
    this.#size += change;
    const count = (this.#perAddress.get(address) ?? 0) + change;
    if (count === 0) this.#perAddress.delete(address);
    else this.#perAddress.set(address, count);
  }
}
