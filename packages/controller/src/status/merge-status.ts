/**
 * What an object's status becomes: ours put into it, everybody else's kept as it is. A condition that says the same as before
 * keeps its time, so that a status which has not changed is not written.
 */
import type { PolicyAncestorStatus, RouteParentStatus } from "@waystone/api/kubernetes/gateway";
import type { Condition } from "@waystone/api/kubernetes/meta";
import { controllerName } from "@waystone/api/names";
import { deepEquals } from "@waystone/collection/deep-equals";
import type { DraftCondition } from "../model/draft-condition.ts";
import type { AncestorStatus, ObjectStatus, ParentStatus } from "../translate/object-status.ts";

export interface WrittenStatus {
  readonly conditions?: readonly Condition[];
  readonly parents?: readonly RouteParentStatus[];
  readonly ancestors?: readonly PolicyAncestorStatus[];
  readonly addresses?: readonly object[];
  readonly listeners?: readonly { readonly name: string; readonly conditions: readonly Condition[] }[];
}

/**
 * The fields of the status that differ from `before`, as a merge patch takes them (null: gone); undefined: nothing does.
 * `now` is the time for what has changed.
 */
export function mergeStatus(
  before: WrittenStatus,
  wanted: ObjectStatus,
  now: string,
): Readonly<Record<string, unknown>> | undefined {
  const after: Record<string, unknown> = {};
  if (isRoute(wanted.kind)) after["parents"] = mergeParents(before.parents ?? [], wanted.parents, now);
  else if (hasAncestors(wanted.kind)) {
    after["ancestors"] = mergeAncestors(before.ancestors ?? [], wanted.ancestors ?? [], now);
  } else {
    const isOurs = ownConditions(wanted.kind);
    after["conditions"] = mergeConditions(before.conditions ?? [], wanted.conditions, isOurs, now);
    if (wanted.ancestors !== undefined) {
      after["ancestors"] = mergeAncestors(before.ancestors ?? [], wanted.ancestors, now);
    }
  }
  if (wanted.gateway !== undefined) {
    after["addresses"] = wanted.gateway.addresses;
    after["listeners"] = wanted.gateway.listeners.map((listener) => {
      const known = before.listeners?.find(({ name }) => name === listener.name)?.conditions ?? [];
      return { ...listener, conditions: mergeConditions(known, listener.conditions, () => true, now) };
    });
  }
  const given: Readonly<Record<string, unknown>> = { ...before };
  const changed = Object.entries(after).filter(([field, value]) => !deepEquals(given[field] ?? [], value));
  if (changed.length === 0) return undefined;
  return Object.fromEntries(changed.map(([field, value]) => [field, orNull(field, value)]));
}

function isRoute(kind: string): boolean {
  return kind.endsWith("Route");
}

/** Kinds of the Gateway API that are policies: they have a status for each ancestor, and none of their own. */
function hasAncestors(kind: string): boolean {
  return kind === "XBackendTrafficPolicy" || kind === "BackendTLSPolicy";
}

/** On a Service other controllers have conditions too; a Gateway of our class is ours alone. */
function ownConditions(kind: string): (type: string) => boolean {
  return kind === "Service" ? isServiceCondition : () => true;
}

export function isServiceCondition(type: string): boolean {
  return type.startsWith("waystone.dev/");
}

function mergeConditions(
  before: readonly Condition[],
  wanted: readonly DraftCondition[],
  isOurs: (type: string) => boolean,
  now: string,
): readonly Condition[] {
  const others = before.filter(({ type }) => !isOurs(type));
  const ours = wanted.map((condition): Condition => {
    const known = before.find(({ type }) => type === condition.type);
    const isSame = known !== undefined && known.status === condition.status;
    return { ...condition, lastTransitionTime: isSame ? known.lastTransitionTime : now };
  });
  // In the order in which they stand, so that a new one does not move the rest.
  const place = (type: string): number => {
    const index = before.findIndex((condition) => condition.type === type);
    return index === -1 ? before.length : index;
  };
  return [...others, ...ours].toSorted((a, b) => place(a.type) - place(b.type));
}

function mergeParents(
  before: readonly RouteParentStatus[],
  wanted: readonly ParentStatus[],
  now: string,
): readonly RouteParentStatus[] {
  const others = before.filter((parent) => parent.controllerName !== controllerName);
  const ours = wanted.map((parent): RouteParentStatus => {
    const known = before.find(
      (candidate) =>
        candidate.controllerName === controllerName && deepEquals(candidate.parentRef, parent.parentRef),
    );
    return {
      parentRef: parent.parentRef,
      controllerName: parent.controllerName,
      conditions: mergeConditions(known?.conditions ?? [], parent.conditions, () => true, now),
    };
  });
  return [...others, ...ours];
}

/** GEP-713: where others fill the list, nothing may be added to it. */
const longestAncestors = 16;

function mergeAncestors(
  before: readonly PolicyAncestorStatus[],
  wanted: readonly AncestorStatus[],
  now: string,
): readonly PolicyAncestorStatus[] {
  const others = before.filter((ancestor) => ancestor.controllerName !== controllerName);
  const ours = wanted.map(({ ancestorRef, conditions }): PolicyAncestorStatus => {
    const known = before.find(
      (candidate) =>
        candidate.controllerName === controllerName && deepEquals(candidate.ancestorRef, ancestorRef),
    );
    return {
      ancestorRef,
      controllerName,
      conditions: mergeConditions(known?.conditions ?? [], conditions, () => true, now),
    };
  });
  return [...others, ...ours].slice(0, Math.max(longestAncestors, others.length));
}

/** A Service without conditions has none rather than an empty list: it looks as it did before us. A route must have a list. */
function orNull(field: string, value: unknown): unknown {
  return field === "conditions" && Array.isArray(value) && value.length === 0 ? null : value;
}
