/** One open watch: the events that its selectors let through, bookmarks, its end by the clock, and its faults. */
import type { ServerResponse } from "node:http";
import type { Clock, Timer } from "@waystone/base/clock";
import type { StreamFault } from "./faults.ts";
import { type JsonObject, without } from "./json.ts";
import { matchesSelectors, type Selectors } from "./matches-selectors.ts";
import type { StoreEvent } from "./object-store.ts";
import { StatusError } from "./status-error.ts";
import { apiVersionOf, kindKey, type StoredKind } from "./stored-kind.ts";

export interface WatchSessionOptions {
  readonly kind: StoredKind;
  readonly selectors: Selectors;
  /** Only events after this are sent. */
  readonly from: number;
  readonly hasBookmarks: boolean;
  readonly timeoutMs: number;
  readonly response: ServerResponse;
  readonly clock: Clock;
  readonly version: () => number;
  readonly isStateEndless?: boolean;
}

const bookmarkMs = 60_000;
const repeatable = 20;

export class WatchSession {
  readonly kind: StoredKind;
  readonly #selectors: Selectors;
  readonly #response: ServerResponse;
  readonly #version: () => number;
  readonly #timers: Timer[] = [];
  #sent: string[] = [];
  #from: number;
  #isStalled = false;
  /** "swap" was asked for: the event that waits for the one after it. */
  #swap: "no" | "next" | { readonly held: string } = "no";
  isOpen = true;
  /** When bytes went out last. */
  sentAtMs: number;
  /** The client waits for an end of the state that will not come. */
  readonly isStateEndless: boolean;
  readonly #clock: Clock;

  constructor(options: WatchSessionOptions) {
    const { kind, selectors, from, hasBookmarks, timeoutMs, response, clock, version } = options;
    this.isStateEndless = options.isStateEndless ?? false;
    this.kind = kind;
    this.#selectors = selectors;
    this.#from = from;
    this.#response = response;
    this.#version = version;
    this.#clock = clock;
    this.sentAtMs = clock.now();
    response.on("close", () => this.#closed());
    response.on("error", () => {});
    if (hasBookmarks) this.#timers.push(clock.every(bookmarkMs, () => this.bookmark()));
    this.#timers.push(clock.after(timeoutMs, () => this.fault({ type: "end" })));
  }

  get isStalled(): boolean {
    return this.#isStalled;
  }

  /** State, as if it had just been made. */
  initial(object: JsonObject): void {
    if (matchesSelectors(object, this.#selectors)) this.#send("ADDED", object);
  }

  initialEnd(version: number): void {
    this.#sendBookmark(version, { "k8s.io/initial-events-end": "true" });
  }

  bookmark(): void {
    // A watch from a version that is still to come knows of nothing yet.
    if (this.#version() < this.#from) return;
    this.releaseSwapped();
    this.#sendBookmark(this.#version());
  }

  event(event: StoreEvent): void {
    if (event.kind !== kindKey(this.kind) || event.version <= this.#from || !this.isOpen) return;
    this.#from = event.version;
    const was = event.before !== undefined && matchesSelectors(event.before, this.#selectors);
    const is = event.after !== undefined && matchesSelectors(event.after, this.#selectors);
    if (!was && !is) return;
    const type = !is ? "DELETED" : was ? "MODIFIED" : "ADDED";
    const line = this.#line(type, event.shown);
    this.#sent = [...this.#sent, line].slice(-repeatable);
    if (this.#swap === "next") this.#swap = { held: line };
    else if (this.#swap === "no") this.#write(line);
    else {
      this.#write(line + this.#swap.held);
      this.#swap = "no";
    }
  }

  error(error: StatusError): void {
    this.#write(`${JSON.stringify({ type: "ERROR", object: error.body })}\n`);
    this.#end();
  }

  fault(fault: StreamFault): void {
    if (!this.isOpen) return;
    switch (fault.type) {
      case "cut":
        this.#response.destroy();
        return;
      case "end":
        if (!this.#isStalled) this.#end();
        return;
      case "truncate":
        this.#truncate(fault.isClean);
        return;
      case "stall":
        this.#isStalled = true;
        return;
      case "repeat":
        for (const line of this.#sent.slice(-fault.count)) this.#write(line);
        return;
      case "swap":
        if (this.#swap === "no") this.#swap = "next";
        return;
      case "error": {
        const reason = fault.code === 410 ? "Expired" : "InternalError";
        const details = fault.retryAfterS === undefined ? {} : { retryAfterSeconds: fault.retryAfterS };
        this.error(new StatusError(fault.code, reason, "an error on purpose", details));
        return;
      }
      case "garbage":
        this.#write("<html>an event on purpose\n");
        return;
    }
  }

  #send(type: string, object: JsonObject): void {
    this.#write(this.#line(type, object));
  }

  #line(type: string, object: JsonObject): string {
    return `${JSON.stringify({ type, object: { ...this.#kindOf(), ...object } })}\n`;
  }

  #sendBookmark(version: number, annotations?: JsonObject): void {
    const metadata = {
      resourceVersion: String(version),
      ...(annotations === undefined ? {} : { annotations }),
    };
    this.#send("BOOKMARK", { metadata });
  }

  #truncate(isClean: boolean): void {
    const line = this.#line("MODIFIED", { metadata: { name: "half-an-event", resourceVersion: "1" } });
    this.#response.write(line.slice(0, line.length / 2), () => {
      if (isClean) this.#end();
      else this.#response.destroy();
    });
  }

  #write(text: string): void {
    if (!this.isOpen || this.#isStalled) return;
    this.sentAtMs = this.#clock.now();
    this.#response.write(text);
  }

  #end(): void {
    this.releaseSwapped();
    this.#response.end();
  }

  /** What is held back for a swap has no partner any more: a bookmark, or an end in good order, promises that all was sent. */
  releaseSwapped(): void {
    if (typeof this.#swap === "object") this.#write(this.#swap.held);
    this.#swap = "no";
  }

  #closed(): void {
    this.isOpen = false;
    for (const timer of this.#timers) timer.cancel();
  }

  #kindOf(): JsonObject {
    return without({ apiVersion: apiVersionOf(this.kind), kind: this.kind.kind });
  }
}
