/**
 * Which waypoint port a Service port gets. What is taken is what the objects say (every shadow, and every front that points
 * at a waypoint), so a new leader starts from the truth. A port that nobody in the cluster has comes first: then a Service
 * can move to any waypoint and keep it. One that was freed waits, because nodes that are slow to hear go on sending the
 * traffic of its last Service there; that very Service port may have it back at once.
 */
import type { Clock } from "@waystone/base/clock";
import type { Rng } from "@waystone/base/rng";
import { waypointPortRange } from "@waystone/api/names";
import { isWaypointPort } from "../model/waypoint-port.ts";

export interface Holding {
  readonly servicePort: number;
  /** "<namespace>/<gateway>" */
  readonly waypoint: string;
  readonly port: number;
}

export interface PortWish {
  /** The front, "<namespace>/<name>". */
  readonly service: string;
  readonly servicePort: number;
  /** The port is to be free at each of them. */
  readonly waypoints: readonly string[];
  /** A hint, never a grant. */
  readonly preferred: number | undefined;
}

interface Held extends Holding {
  readonly service: string;
  /** Until then it is not given to others; undefined: the objects say so. */
  readonly untilMs: number | undefined;
}

/** How long a port is kept from others: freed, or given and not yet seen on the shadow. */
const holdMs = 60_000;

export class PortAllocator {
  readonly #clock: Clock;
  /** By port, whoever has it at whichever waypoint. */
  readonly #byPort = new Map<number, Held[]>();
  readonly #byService = new Map<string, readonly Holding[]>();
  /** Where the search begins. By chance at first: a new leader does not know what was freed just now. */
  #next: number;

  constructor({ clock, rng }: { readonly clock: Clock; readonly rng: Rng }) {
    this.#clock = clock;
    const { first, last } = waypointPortRange;
    this.#next = first + Math.floor(rng.next() * (last - first + 1));
  }

  /** What the objects say that a Service has now, all of it; what it had before and has no more is freed. */
  hold(service: string, holdings: readonly Holding[]): void {
    const before = this.#byService.get(service) ?? [];
    if (holdings.length === 0) this.#byService.delete(service);
    else this.#byService.set(service, holdings);
    for (const gone of before) {
      if (!holdings.some((each) => isSame(each, gone))) this.#put(service, gone, this.#clock.now() + holdMs);
    }
    for (const each of holdings) this.#put(service, each, undefined);
  }

  /** Undefined: all are taken at one of the waypoints. What is given is held until the objects say so. */
  allocate(wish: PortWish): number | undefined {
    const port = this.#find(wish);
    if (port === undefined) return undefined;
    const { service, servicePort, waypoints } = wish;
    for (const waypoint of waypoints) {
      const holding = { servicePort, waypoint, port };
      const isSaid = this.#heldAt(port).some((held) => isSame(held, holding) && held.untilMs === undefined);
      if (!isSaid) this.#put(service, holding, this.#clock.now() + holdMs);
    }
    return port;
  }

  #find(wish: PortWish): number | undefined {
    const { preferred } = wish;
    if (preferred !== undefined && isWaypointPort(preferred) && this.#isFree(preferred, wish))
      return preferred;
    return (
      this.#lastOf(wish) ??
      this.#search((port) => this.#heldAt(port).length === 0) ??
      this.#search((port) => this.#isFree(port, wish))
    );
  }

  /** The one that this very Service port had a moment ago. */
  #lastOf(wish: PortWish): number | undefined {
    for (const [port] of this.#byPort) {
      const mine = this.#heldAt(port).some((held) => isOf(held, wish) && held.untilMs !== undefined);
      if (mine && this.#isFree(port, wish)) return port;
    }
    return undefined;
  }

  #search(isGood: (port: number) => boolean): number | undefined {
    const { first, last } = waypointPortRange;
    const count = last - first + 1;
    for (let tried = 0; tried < count; tried++) {
      const port = this.#next;
      this.#next = port === last ? first : port + 1;
      if (isWaypointPort(port) && isGood(port)) return port;
    }
    return undefined;
  }

  #isFree(port: number, wish: PortWish): boolean {
    return this.#heldAt(port).every((held) => isOf(held, wish) || !wish.waypoints.includes(held.waypoint));
  }

  /** Without those whose time is over. */
  #heldAt(port: number): readonly Held[] {
    const held = this.#byPort.get(port);
    if (held === undefined) return [];
    const now = this.#clock.now();
    const left = held.filter(({ untilMs }) => untilMs === undefined || untilMs > now);
    if (left.length === 0) this.#byPort.delete(port);
    else if (left.length < held.length) this.#byPort.set(port, left);
    return left;
  }

  #put(service: string, holding: Holding, untilMs: number | undefined): void {
    const others = this.#heldAt(holding.port).filter(
      (held) => held.service !== service || !isSame(held, holding),
    );
    this.#byPort.set(holding.port, [...others, { ...holding, service, untilMs }]);
  }
}

function isSame(a: Holding, b: Holding): boolean {
  return a.port === b.port && a.waypoint === b.waypoint && a.servicePort === b.servicePort;
}

function isOf(held: Held, { service, servicePort }: PortWish): boolean {
  return held.service === service && held.servicePort === servicePort;
}
