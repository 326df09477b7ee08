/** What can go wrong on purpose: with a request, once, and with the watches that are open, at once. */

export type Verb = "list" | "watch" | "get" | "write" | "any";

export type RequestFault =
  | {
      readonly type: "status";
      readonly status: number;
      readonly reason?: string;
      readonly retryAfterS?: number;
    }
  /** The connection is reset without an answer. */
  | { readonly type: "reset" }
  /** No answer ever comes. */
  | { readonly type: "hang" }
  /** Half an answer, then the connection is reset. */
  | { readonly type: "half" }
  /** 200 and a page of HTML, as captive proxies do. */
  | { readonly type: "html" };

export interface PlannedFault {
  readonly on: Verb;
  /** By plural; all kinds unless given. */
  readonly plural?: string;
  readonly fault: RequestFault;
}

export type StreamFault =
  /** The connection is reset. */
  | { readonly type: "cut" }
  /** The answer ends in good order. */
  | { readonly type: "end" }
  /** Half a line, then a reset; or with `isClean` an end in good order. */
  | { readonly type: "truncate"; readonly isClean: boolean }
  /** Nothing is sent any more, and the connection stays. */
  | { readonly type: "stall" }
  /** The last events once more. */
  | { readonly type: "repeat"; readonly count: number }
  /** The next two events come the wrong way round. */
  | { readonly type: "swap" }
  /** An ERROR event, then the end. */
  | { readonly type: "error"; readonly code: number; readonly retryAfterS?: number }
  /** A line that is no JSON. */
  | { readonly type: "garbage" };

/** Faults that wait for the requests they are meant for. */
export class PlannedFaults {
  #waiting: PlannedFault[] = [];

  /** For the next request that it fits; several wait in line. */
  add(on: Verb, fault: RequestFault, plural?: string): void {
    this.#waiting.push(plural === undefined ? { on, fault } : { on, fault, plural });
  }

  take(verb: Verb, plural: string | undefined): RequestFault | undefined {
    const fits = (planned: PlannedFault): boolean =>
      (planned.on === "any" || planned.on === verb) &&
      (planned.plural === undefined || planned.plural === plural);
    const at = this.#waiting.findIndex(fits);
    return at < 0 ? undefined : this.#waiting.splice(at, 1)[0]?.fault;
  }

  get size(): number {
    return this.#waiting.length;
  }

  clear(): void {
    this.#waiting = [];
  }
}
