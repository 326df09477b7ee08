/** Settings of the push server: defaults and why. */

export interface DeltaServerSettings {
  /** A waypoint that has not answered a push for this long is cut: it holds up its own configuration only, but a fresh
   *  stream is the one cure we have. */
  readonly answerTimeoutMs: number;
  /** How long changes that are not urgent may be gathered. */
  readonly coalesceMs: number;
  /**
   * How long the first requests of a stream may take, one per type, until answers begin. Far more than a slow machine needs:
   * who comes back, and is told of removals before its routes are known, sends requests to what was removed.
   */
  readonly gatherMs: number;
  /** No response is larger (but for a single resource that is): what one slow waypoint makes us buffer. */
  readonly responseBytes: number;
  /** Resources that one waypoint may ask for by name; its own table of addresses is smaller. */
  readonly namesPerStream: number;
  /** Types that one waypoint may ask for, known or not. */
  readonly typesPerStream: number;
}

export const defaultDeltaServerSettings: DeltaServerSettings = {
  answerTimeoutMs: 30_000,
  coalesceMs: 10,
  gatherMs: 1_000,
  responseBytes: 2 * 1024 * 1024,
  namesPerStream: 200_000,
  typesPerStream: 32,
};
