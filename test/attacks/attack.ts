/** What an attack is: something that a peer does over and over until it is told to stop, and that others must not notice. */

export interface Target {
  /** HTTP/1.1 and HTTP/2, towards an endpoint that means well. */
  readonly port: number;
  /** HTTP/2, towards `endpointPort`, where the attack itself may listen. */
  readonly hostilePort: number;
  readonly endpointPort: number;
  readonly seconds: number;
  isOver(): boolean;
  /** How often something happened: told in the report. */
  count(what: string, times?: number): void;
}

export interface Attack {
  readonly name: string;
  /** Of test/reliability-cases.ts. */
  readonly id: string;
  readonly run: (target: Target) => Promise<void>;
  /** What must have been counted at least once, or the attack was none. */
  readonly mustCount: string;
  /** In place of the usual one: what others may meet because of the work itself, which is theirs to have done as well. */
  readonly floorMs?: number;
  /** Where the attack needs a while to bite, or to be answered. */
  readonly seconds?: number;
  /** A program that must be there; else the case is skipped, and says so. */
  readonly needs?: string;
}

/** What the attacker's process is told, and answers. */
export interface AttackOrder {
  readonly attack: string;
  readonly port: number;
  readonly hostilePort: number;
  readonly endpointPort: number;
  readonly seconds: number;
}

export type Tally = Readonly<Record<string, number>>;
