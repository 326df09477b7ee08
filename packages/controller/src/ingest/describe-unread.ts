/**
 * What can still be told of an object that is refused: its kind, its namespace and what it refers to. Only of kinds that may be there
 * to protect (routes have filters that ask, policies deny); all that is in doubt is left open, and whoever asks has to reckon with
 * the worst (model/unread-object.ts).
 */
import type { UnreadObject, UnreadReference } from "../model/unread-object.ts";
import { gatewayGroup, waystoneGroup } from "@waystone/api/names";
import { checkMetadata } from "./check-metadata.ts";
import { checkSchema } from "./check-schema.ts";
import { type KnownKind, knownKinds, type ServedKind, splitApiVersion } from "./known-kinds.ts";
import type { SchemaNode } from "./schema-node.ts";

export type Unread = Pick<UnreadObject, "kind" | "namespace" | "refs">;

/** By the field that says what they are about. Without any of the others nothing more is let through than with them. */
const guardingKinds: ReadonlyMap<string, "parentRefs" | "targetRefs"> = new Map<
  ServedKind,
  "parentRefs" | "targetRefs"
>([
  ["HTTPRoute", "parentRefs"],
  ["GRPCRoute", "parentRefs"],
  ["TLSRoute", "parentRefs"],
  ["TCPRoute", "parentRefs"],
  ["AuthorizationPolicy", "targetRefs"],
  ["AuthenticationPolicy", "targetRefs"],
  ["BackendTLSPolicy", "targetRefs"],
]);

/** undefined: of another kind. `value`: as it was written. */
export function describeUnread(kind: KnownKind, value: object): Unread | undefined {
  const field = guardingKinds.get(kind.kind);
  if (field === undefined || isShadowed(value)) return undefined;
  return { kind: kind.kind, namespace: namespaceOf(kind, value), refs: refsOf(kind, value, field) };
}

/** It would have denied nothing. */
function isShadowed(value: object): boolean {
  return fieldOf(fieldOf(value, "spec"), "mode") === "Shadow";
}

/** Of what is of no kind that is known, but for a name that is near: of our groups it may be there to protect all the same. */
export function describeStranger(value: object): Unread | undefined {
  const named = knownKinds().find(({ kind }) => kind === fieldOf(value, "kind"));
  if (named !== undefined) return describeUnread(named, value);
  const apiVersion = fieldOf(value, "apiVersion");
  const kind = fieldOf(value, "kind");
  const { group } = splitApiVersion(typeof apiVersion === "string" ? apiVersion : "");
  if (group !== gatewayGroup && group !== waystoneGroup) return undefined;
  if (typeof kind === "string" && !/(?:policy|route)s?$/i.test(kind)) return undefined;
  const metadata = fieldOf(value, "metadata");
  const namespace = fieldOf(metadata, "namespace");
  return {
    kind: undefined,
    namespace: typeof namespace === "string" ? namespace : undefined,
    refs: undefined,
  };
}

/** Where none is written it is "default", unless a slip in another field's name may have meant one. */
function namespaceOf(kind: KnownKind, value: object): string | undefined {
  const metadata = fieldOf(value, "metadata");
  const namespace = fieldOf(metadata, "namespace");
  if (typeof namespace === "string") {
    return checkMetadata(kind, { name: "any", namespace }).length === 0 ? namespace : undefined;
  }
  return namespace === undefined && isSound(kind, ["metadata"], metadata) ? "default" : undefined;
}

/** None at all may be a slip in the field's name. */
function refsOf(kind: KnownKind, value: object, field: string): UnreadObject["refs"] {
  const refs = fieldOf(fieldOf(value, "spec"), field);
  if (!Array.isArray(refs) || refs.length === 0 || !isSound(kind, ["spec", field], refs)) return undefined;
  return refs as UnreadReference[];
}

function isSound(kind: KnownKind, path: readonly string[], value: unknown): boolean {
  const node = path.reduce<SchemaNode | undefined>(
    (parent, name) => parent?.fields?.get(name)?.(),
    kind.schema(),
  );
  return node !== undefined && checkSchema(node, value).issues.length === 0;
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

/** Of what is not even YAML nothing can be told but which words are in it. */
export function mayGuard(text: Buffer): boolean {
  return [...guardingKinds.keys()].some((kind) => text.includes(kind));
}
