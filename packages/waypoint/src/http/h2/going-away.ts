/**
 * How a connection to a client ends gracefully (RFC 9113 6.8), by its age, for idleness or because the waypoint does: GOAWAY without a
 * limit, a PING whose answer shows that it was read, GOAWAY with the last stream that is served, and time for those under way.
 */
import type { Socket } from "node:net";
import { Deadline, type Deadlines } from "../../listener/deadlines.ts";
import { ErrorCode } from "./connection-error.ts";
import type { FrameOutput } from "./frame-output.ts";
import { largestStreamId } from "./frame-types.ts";
import { writeGoaway, writePing } from "./frame-writer.ts";
import type { Http2Context } from "./http2-context.ts";

export interface GoingTarget {
  /** Mistakes of ours in what time brings cost its connection. */
  readonly socket: Socket;
  readonly output: FrameOutput;
  /** The newest stream that is served. */
  readonly lastServed: number;
  /** It is old enough. */
  onAge(): void;
  /** The last GOAWAY is said: the connection ends when no stream is open. */
  onFinal(): void;
  /** Streams that are still open have had their time. */
  onOutOfTime(): void;
}

type Going =
  | "no"
  /** GOAWAY is said, without a limit: requests that are on their way are still served. */
  | "announced"
  /** Streams beyond the last one are ignored; the connection ends with those under way. */
  | "final";

/** What marks the PING that shows that our GOAWAY was read. */
const goawayPing = 0x676f;
/** Maximum ages differ in so many steps: deadlines of one length share a list. */
const ageSteps = 16;

export class GoingAway {
  readonly #context: Http2Context;
  readonly #deadlines: Deadlines;
  readonly #deadline: Deadline;
  readonly #target: GoingTarget;
  #state: Going = "no";

  /** The connection's age counts from now. */
  constructor(context: Http2Context, target: GoingTarget) {
    this.#context = context;
    this.#deadlines = context.deadlines;
    this.#target = target;
    this.#deadline = new Deadline(() => this.#goOn(), target.socket);
    this.#deadlines.set(this.#deadline, ageOf(context));
  }

  /** Streams beyond the last one are not looked at: they may be sent elsewhere again. */
  get isFinal(): boolean {
    return this.#state === "final";
  }

  begin(): void {
    if (this.#state !== "no") return;
    this.#state = "announced";
    const { output } = this.#target;
    writeGoaway(output, largestStreamId, ErrorCode.noError, "");
    writePing(output, goawayPing);
    this.#deadlines.set(this.#deadline, this.#context.settings.goawayPingMs);
  }

  onPingAck(bytes: Buffer, start: number): void {
    if (bytes.readUInt32BE(start + 4) === goawayPing && this.#state === "announced") this.#end();
  }

  /** The connection is closed. */
  stop(): void {
    this.#deadlines.clear(this.#deadline);
  }

  #goOn(): void {
    switch (this.#state) {
      case "no":
        return this.#target.onAge();
      case "announced":
        return this.#end();
      case "final":
        return this.#target.onOutOfTime();
    }
  }

  #end(): void {
    this.#state = "final";
    const { output, lastServed } = this.#target;
    writeGoaway(output, lastServed, ErrorCode.noError, "");
    this.#deadlines.set(this.#deadline, this.#context.settings.goawayGraceMs);
    this.#target.onFinal();
  }
}

function ageOf({ settings, rng }: Http2Context): number {
  const step = Math.floor(rng.next() * ageSteps) / ageSteps;
  return Math.round(settings.maxAgeMs * (1 - settings.maxAgeJitter / 2 + settings.maxAgeJitter * step));
}
