/** The Lease object (coordination.k8s.io/v1) as leader election reads and writes it, as client-go does. */
import type { KubeObject } from "../kube-object.ts";
import type { KubeResource } from "../kube-resource.ts";

export const leases: KubeResource = {
  group: "coordination.k8s.io",
  version: "v1",
  plural: "leases",
  kind: "Lease",
  namespaced: true,
};

export interface LeaseSpec {
  /** Missing or "": nobody. */
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
  readonly acquireTime?: string;
  readonly renewTime?: string;
  readonly leaseTransitions?: number;
}

export interface Lease extends KubeObject {
  readonly spec?: LeaseSpec;
}

export function holderOf(lease: Lease | undefined): string | undefined {
  const holder = lease?.spec?.holderIdentity;
  return holder === "" ? undefined : holder;
}

/** Held by `identity` from now on, or still. */
export function heldSpec(
  before: LeaseSpec | undefined,
  {
    identity,
    durationMs,
    wallMs,
  }: { readonly identity: string; readonly durationMs: number; readonly wallMs: number },
): LeaseSpec {
  const now = microTime(wallMs);
  const isRenewal = before?.holderIdentity === identity;
  const transitions = before?.leaseTransitions ?? 0;
  return {
    holderIdentity: identity,
    leaseDurationSeconds: Math.ceil(durationMs / 1000),
    acquireTime: (isRenewal ? before.acquireTime : undefined) ?? now,
    renewTime: now,
    leaseTransitions: isRenewal || before?.holderIdentity === undefined ? transitions : transitions + 1,
  };
}

/** Nobody's: whoever looks next may take it. One second, because 0 is not allowed. */
export function releasedSpec(before: LeaseSpec | undefined, wallMs: number): LeaseSpec {
  const now = microTime(wallMs);
  const leaseTransitions = before?.leaseTransitions ?? 0;
  return { leaseDurationSeconds: 1, acquireTime: now, renewTime: now, leaseTransitions };
}

/** Kubernetes' MicroTime. */
function microTime(wallMs: number): string {
  return new Date(wallMs).toISOString().replace(/\.(\d{3})Z$/, ".$1000Z");
}
