/**
 * The policies of a waypoint, of every kind: one decode with a case per spec, and the last good version of each for as long as
 * a newer one cannot be read. What was never readable is kept as what denies (design/0003-policies.md, "Fail closed"): a waypoint
 * that does not understand a policy must not act as if there were none. `apply` says what changed; the store does the rest.
 */
import { errorMessage } from "@waystone/base/error-message";
import { type BackendTrafficResource, Policy, type PolicyResource } from "@waystone/api/resources";
import type { AuthenticationPolicy } from "@waystone/engine/authentication/policy";
import { authenticationFromResource } from "@waystone/engine/authentication/policy-from-resource";
import { AuthenticationIndex } from "@waystone/engine/authentication/policy-index";
import type { AuthorizationPolicy, PolicyTarget, TargetKind } from "@waystone/engine/authorization/policy";
import { policyFromResource, unreadablePolicy } from "@waystone/engine/authorization/policy-from-resource";
import { PolicyIndex } from "@waystone/engine/authorization/policy-index";
import type { EncodedResource, Rejected, ResourceDelta } from "@waystone/xds/resource";
import { type BackendTlsPolicy, backendTlsPolicyFromResource, withIdentity } from "./backend-tls-policy.ts";
import { backendTrafficFromResource } from "./backend-traffic-policy.ts";
import type { ClientIdentity } from "./client-identity.ts";
import { decodeResource, RefusedError } from "./decode-resource.ts";

export interface StoredPolicy {
  /** "<Kind>/<namespace>/<name>", the resource's name. */
  readonly name: string;
  /** "" where no version could be read. */
  readonly version: string;
  readonly generation: number;
  readonly createdAtSeconds: number;
  readonly targets: readonly PolicyTarget[];
  readonly spec: PolicySpec;
}

/** One case per `spec` of the resource that this waypoint carries out. */
export type PolicySpec =
  | { readonly case: "authorization"; readonly authorization: AuthorizationPolicy }
  | { readonly case: "authentication"; readonly authentication: AuthenticationPolicy }
  | { readonly case: "backend-tls"; readonly backendTls: BackendTlsPolicy }
  | { readonly case: "backend-traffic"; readonly backendTraffic: BackendTrafficResource };

/** Undefined: was not there, or is gone. */
export interface PolicyChange {
  readonly before: StoredPolicy | undefined;
  readonly after: StoredPolicy | undefined;
}

export interface AppliedPolicies {
  readonly changes: readonly PolicyChange[];
  readonly rejected: readonly Rejected[];
}

export class PolicyStore {
  /** Which AuthorizationPolicies hold where. */
  readonly authorization = new PolicyIndex([]);
  /** And which AuthenticationPolicies. */
  readonly authentication = new AuthenticationIndex();
  readonly #byTarget = new Map<string, Set<StoredPolicy>>();
  #identity: ClientIdentity | undefined = undefined;
  #policies = new Map<string, StoredPolicy>();

  /** Sorted by name, so that a dump can be compared. */
  all(): StoredPolicy[] {
    return [...this.#policies.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** By name; another map after each change. */
  get byName(): ReadonlyMap<string, StoredPolicy> {
    return this.#policies;
  }

  /** Every policy with that target, of any section of it. */
  about(kind: TargetKind, name: string): ReadonlySet<StoredPolicy> {
    return this.#byTarget.get(targetId({ kind, name })) ?? none;
  }

  apply(delta: ResourceDelta): AppliedPolicies {
    const changes: PolicyChange[] = [];
    const rejected: Rejected[] = [];
    // Snapshots keep the one before.
    this.#policies = new Map(this.#policies);
    const renewed = new Set(delta.upserts.map(({ name }) => name));
    for (const name of delta.removals) {
      if (!renewed.has(name)) changes.push(...this.#replace(name, undefined));
    }
    for (const resource of delta.upserts) {
      const read = readPolicy(resource, this.#policies.get(resource.name), this.#identity);
      if ("policy" in read) {
        changes.push(...this.#replace(resource.name, read.policy));
        continue;
      }
      rejected.push({ name: resource.name, reason: read.reason });
      // The last good version goes on; without one the targets are shut.
      if ((this.#policies.get(resource.name)?.version ?? "") !== "") continue;
      changes.push(...this.#replace(resource.name, read.instead));
    }
    return { changes, rejected };
  }

  /** The certificate that this waypoint shows to backends is another one, or none. */
  setIdentity(identity: ClientIdentity | undefined): readonly PolicyChange[] {
    this.#identity = identity;
    this.#policies = new Map(this.#policies);
    return this.all().flatMap((policy) => {
      if (policy.spec.case !== "backend-tls") return [];
      const backendTls = withIdentity(policy.spec.backendTls, identity);
      if (backendTls === policy.spec.backendTls) return [];
      return this.#replace(policy.name, { ...policy, spec: { case: "backend-tls", backendTls } });
    });
  }

  #replace(name: string, after: StoredPolicy | undefined): PolicyChange[] {
    const before = this.#policies.get(name);
    if (before === undefined && after === undefined) return [];
    if (before !== undefined) this.#forget(before);
    if (after === undefined) this.#policies.delete(name);
    else this.#keep(after);
    return [{ before, after }];
  }

  #keep(policy: StoredPolicy): void {
    this.#policies.set(policy.name, policy);
    for (const target of policy.targets) {
      const id = targetId(target);
      const known = this.#byTarget.get(id);
      if (known === undefined) this.#byTarget.set(id, new Set([policy]));
      else known.add(policy);
    }
    if (policy.spec.case === "authorization") this.authorization.put(policy.spec.authorization);
    if (policy.spec.case === "authentication") this.authentication.put(policy.spec.authentication);
  }

  #forget(policy: StoredPolicy): void {
    for (const target of policy.targets) {
      const id = targetId(target);
      const known = this.#byTarget.get(id);
      known?.delete(policy);
      if (known?.size === 0) this.#byTarget.delete(id);
    }
    if (policy.spec.case === "authorization") this.authorization.remove(policy.spec.authorization);
    if (policy.spec.case === "authentication") this.authentication.remove(policy.spec.authentication);
  }
}

const none: ReadonlySet<StoredPolicy> = new Set();

function targetId({ kind, name }: Pick<PolicyTarget, "kind" | "name">): string {
  return `${kind} ${name}`;
}

type Read =
  | { readonly policy: StoredPolicy }
  /** Refused; `instead` holds where there is no good version. */
  | { readonly reason: string; readonly instead: StoredPolicy };

/** `before`: what is in force; a policy that says the same keeps what is bound to it. */
function readPolicy(
  resource: EncodedResource,
  before: StoredPolicy | undefined,
  identity: ClientIdentity | undefined,
): Read {
  let message: PolicyResource | undefined;
  try {
    message = decodeResource(resource, Policy);
    const { kind, namespace, name } = message;
    if (`${kind}/${namespace}/${name}` !== resource.name) {
      throw new RefusedError(`named ${resource.name}, but its content says ${kind}/${namespace}/${name}`);
    }
    const content = specFromResource(message, before?.spec, identity);
    return { policy: { name: resource.name, version: resource.version, ...headOf(message), ...content } };
  } catch (error) {
    const reason = errorMessage(error);
    const instead = specInstead(resource.name, reason, message);
    return { reason, instead: { name: resource.name, version: "", ...headOf(message), ...instead } };
  }
}

function headOf(message: PolicyResource | undefined): Pick<StoredPolicy, "generation" | "createdAtSeconds"> {
  return { generation: message?.generation ?? 0, createdAtSeconds: message?.createdAtSeconds ?? 0 };
}

type SpecOfPolicy = Pick<StoredPolicy, "spec" | "targets">;

/** Throws where this version cannot carry all of it out. */
function specFromResource(
  message: PolicyResource,
  before: PolicySpec | undefined,
  identity: ClientIdentity | undefined,
): SpecOfPolicy {
  if (message.authorization) {
    const authorization = policyFromResource(message);
    return { targets: authorization.targets, spec: { case: "authorization", authorization } };
  }
  if (message.authentication) {
    const authentication = authenticationFromResource(message);
    return { targets: authentication.targets, spec: { case: "authentication", authentication } };
  }
  if (message.backendTls) {
    const known = before?.case === "backend-tls" ? before.backendTls : undefined;
    const { targets, backendTls } = backendTlsPolicyFromResource(message, known, identity);
    return { targets, spec: { case: "backend-tls", backendTls } };
  }
  if (message.backendTraffic) {
    const name = `${message.kind}/${message.namespace}/${message.name}`;
    const { targets, backendTraffic } = backendTrafficFromResource(name, message);
    return { targets, spec: { case: "backend-traffic", backendTraffic } };
  }
  throw new RefusedError(
    `${message.kind} is of a kind that this waypoint does not know; controller and waypoint may be of different versions`,
  );
}

/** Of a kind that nobody knows as well: it may be there to protect. Nothing is protected by an XBackendTrafficPolicy. */
function specInstead(name: string, reason: string, message: PolicyResource | undefined): SpecOfPolicy {
  if (message?.backendTls) {
    const { targets, backendTls } = backendTlsPolicyFromResource(
      { ...message, unusable: [reason] },
      undefined,
      undefined,
    );
    return { targets, spec: { case: "backend-tls", backendTls } };
  }
  if (name.startsWith("XBackendTrafficPolicy/")) {
    return { targets: [], spec: { case: "backend-traffic", backendTraffic: {} } };
  }
  const authorization = unreadablePolicy(name, [reason], message);
  return { targets: authorization.targets, spec: { case: "authorization", authorization } };
}
