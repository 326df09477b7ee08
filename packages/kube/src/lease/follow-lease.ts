/**
 * Watches the lease, so that a standby sees each renewal when it happens and a release at once: without it, one that looks
 * every two seconds takes over up to two seconds later.
 */
import { createCollectionGraph } from "@waystone/collection/collection-graph";
import { openReflector } from "../reflector/open-reflector.ts";
import type { Reflector } from "../reflector/reflector.ts";
import type { LeaderElection, LeaderElectionOptions } from "./leader-election.ts";
import { leases } from "./lease-record.ts";

export type FollowLeaseOptions = Pick<
  LeaderElectionOptions,
  "transport" | "namespace" | "name" | "clock" | "rng" | "logger"
>;

/** The caller closes it, before the election. */
export function followLease(election: LeaderElection, options: FollowLeaseOptions): Reflector {
  const { transport, namespace, name, clock, rng, logger } = options;
  const into = createCollectionGraph().source<{ readonly version: string }>({
    name: "lease",
    key: () => name,
  });
  into.subscribe(() => election.poke());
  return openReflector({
    transport,
    resource: leases,
    namespace,
    fieldSelector: `metadata.name=${name}`,
    into,
    key: () => name,
    strip: ({ metadata }) => ({ version: metadata.resourceVersion ?? "" }),
    clock,
    rng,
    logger,
  });
}
