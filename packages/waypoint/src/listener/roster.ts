/**
 * A set of what comes and goes all the time, such as connections: members have places in an array, and the last one takes the place
 * of one that leaves. A Map or Set would do but for its garbage (as in http/h2/stream-table.ts): its tables refer to their
 * successors, so once one has grown old, whoever is in a later one survives young collections, and a peer that opens connection
 * after connection fills the old generation (measured: a whole collection of 3 to 6 ms ten times a second).
 */

/** One's place in a roster: kept by whoever is to take it out again. */
export class Seat<Member> {
  readonly member: Member;
  /** Owned by its Roster; -1: it has left. */
  at = -1;

  constructor(member: Member) {
    this.member = member;
  }

  get isTaken(): boolean {
    return this.at >= 0;
  }
}

export class Roster<Member> {
  readonly #seats: Seat<Member>[] = [];

  get size(): number {
    return this.#seats.length;
  }

  add(member: Member): Seat<Member> {
    const seat = new Seat(member);
    seat.at = this.#seats.push(seat) - 1;
    return seat;
  }

  /** Of a seat that this roster gave. Nothing happens where it has left already. */
  delete(seat: Seat<Member>): void {
    if (!seat.isTaken) return;
    const last = this.#seats.pop()!;
    if (last !== seat) {
      this.#seats[seat.at] = last;
      last.at = seat.at;
    }
    seat.at = -1;
  }

  /** Those that are in it now. */
  seats(): readonly Seat<Member>[] {
    return [...this.#seats];
  }
}
