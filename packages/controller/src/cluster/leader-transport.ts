/**
 * The transport of a leader's tasks: it writes only while this replica is the leader, read off the clock before each write,
 * so that a process that was stopped and goes on late writes nothing either. What is under way when the lease is lost may
 * end by itself for a moment; then it is cut, before another may be leader.
 */
import type { Clock } from "@waystone/base/clock";
import { ApiError } from "@waystone/kube/transport/api-error";
import { type ApiRequest, describeRequest, type Transport } from "@waystone/kube/transport/transport";

export interface LeaderTransport extends Transport {
  /** The lease is gone: from now on nothing is written, and in `graceMs` nothing is under way. */
  fence(graceMs: number): void;
}

export interface LeaderTransportOptions {
  readonly transport: Transport;
  readonly isLeader: () => boolean;
  readonly clock: Clock;
}

/** One for each time that the lease is won. Closing it is not its users' business: the transport below has other users. */
export function openLeaderTransport({ transport, isLeader, clock }: LeaderTransportOptions): LeaderTransport {
  const cut = new AbortController();
  let isFenced = false;
  return {
    namespace: transport.namespace,
    async request<T>(request: ApiRequest): Promise<T> {
      if (request.method === undefined || request.method === "GET")
        return await transport.request<T>(request);
      if (isFenced || !isLeader()) throw notLeader(request);
      const signal =
        request.signal === undefined ? cut.signal : AbortSignal.any([request.signal, cut.signal]);
      return await transport.request<T>({ ...request, signal });
    },
    stream: async (request) => await transport.stream(request),
    fence(graceMs) {
      isFenced = true;
      clock.after(graceMs, () => cut.abort());
    },
    close: () => Promise.resolve(),
  };
}

function notLeader(request: ApiRequest): ApiError {
  const message = `${describeRequest(request)}: not sent, because this replica is not the leader`;
  return new ApiError({ status: 0, reason: "NotLeader", message });
}
