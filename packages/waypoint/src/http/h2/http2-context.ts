/** What all HTTP/2 connections of a worker share. */
import type { Clock } from "@waystone/base/clock";
import type { Rng } from "@waystone/base/rng";
import { rethrow } from "../../listener/connection-faults.ts";
import type { Deadlines } from "../../listener/deadlines.ts";
import { HeldBytes } from "../held-bytes.ts";
import type { Limits, Timeouts } from "../../settings.ts";
import { FieldSection } from "./field-section.ts";
import { FloodRecord } from "./flood-record.ts";
import type { Http2Settings } from "./http2-settings.ts";
import { WriteTurn } from "./write-turn.ts";

export interface Http2ContextOptions {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly deadlines: Deadlines;
  readonly limits: Limits;
  readonly timeouts: Timeouts;
  readonly settings: Http2Settings;
  /** Shared with the connections of other protocols; without one the HTTP/2 connections share their own. */
  readonly held?: HeldBytes;
  /** Told of mistakes of ours that cost a connection (listener/connection-faults.ts); without it they are nobody's to catch. */
  readonly onFault?: (error: unknown) => void;
}

export class Http2Context {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly deadlines: Deadlines;
  readonly limits: Limits;
  readonly timeouts: Timeouts;
  readonly settings: Http2Settings;
  /** Frames and header blocks that are not whole. */
  readonly held: HeldBytes;
  readonly onFault: (error: unknown) => void;
  readonly turn: WriteTurn;
  readonly floodRecord: FloodRecord;
  /** Blocks are decoded one at a time, at one go. */
  readonly section: FieldSection;

  constructor(options: Http2ContextOptions) {
    this.clock = options.clock;
    this.rng = options.rng;
    this.deadlines = options.deadlines;
    this.limits = options.limits;
    this.timeouts = options.timeouts;
    this.settings = options.settings;
    this.held = options.held ?? new HeldBytes(options.limits.unfinishedHeadBytes);
    this.onFault = options.onFault ?? rethrow;
    this.turn = new WriteTurn(this.onFault);
    this.floodRecord = new FloodRecord(options.clock, options.settings.floods);
    this.section = new FieldSection(options.limits);
  }
}
