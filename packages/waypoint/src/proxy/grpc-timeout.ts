/** The deadline that a gRPC client asks for: `grpc-timeout`, up to eight digits and a unit (gRPC over HTTP/2, "Timeout"). */

const unitMs: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1000,
  m: 1,
  u: 1e-3,
  n: 1e-6,
};

/**
 * Clients send what is left to the microsecond, so hardly two are alike, and each length of timer costs a list of its own:
 * so they are rounded up, to what nobody notices. The client itself knows when to stop waiting.
 */
const stepMs = 20;

/** Milliseconds; 0 where there is none, or none that can be understood: the endpoint judges that. */
export function grpcTimeoutMs(values: readonly string[]): number {
  const ms = askedMs(values);
  return ms < 0 ? 0 : Math.max(stepMs, Math.ceil(ms / stepMs) * stepMs);
}

/** As it was asked for; -1 for none. */
function askedMs(values: readonly string[]): number {
  if (values.length !== 1) return -1;
  const match = /^([0-9]{1,8})([HMSmun])$/.exec(values[0]!);
  return match === null ? -1 : Number(match[1]) * unitMs[match[2]!]!;
}

/** Of clocks that count in milliseconds. */
const graceMs = 1;

/**
 * A call that its endpoint cancelled `afterMs` after it came was over its deadline: gRPC's servers reset such a stream (CANCEL) where
 * they have not answered, and its clients take that for DEADLINE_EXCEEDED, as grpc-go does. Ours is rounded up, so it comes later.
 */
export function isOverGrpcTimeout(values: readonly string[], afterMs: number): boolean {
  const ms = askedMs(values);
  return ms >= 0 && afterMs + graceMs >= ms;
}
