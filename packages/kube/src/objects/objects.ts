/** Single objects: read, made, replaced, patched, applied, deleted. Each call is one request; conflicts are the caller's. */
import type { KubeList, KubeObject } from "../kube-object.ts";
import {
  apiVersionOf,
  describeObject,
  type KubeResource,
  type ObjectId,
  resourcePath,
} from "../kube-resource.ts";
import { isNotFound } from "../transport/api-error.ts";
import type { Query, Transport } from "../transport/transport.ts";

export type Subresource = "status" | "scale";

export interface AskOptions {
  readonly signal?: AbortSignal;
  /** 30 s unless given. */
  readonly timeoutMs?: number;
}

export interface WriteOptions extends AskOptions {
  /** Under whose name the fields are owned. */
  readonly fieldManager: string;
  readonly subresource?: Subresource;
  /** The server checks and answers as if, and stores nothing. */
  readonly isDryRun?: boolean;
}

export interface ApplyOptions extends WriteOptions {
  /** Takes fields that others own; without it, 409. True unless told: controllers own what they write. */
  readonly isForced?: boolean;
}

/** Undefined where there is none. */
export async function getObject<T extends KubeObject>(
  transport: Transport,
  resource: KubeResource,
  id: ObjectId,
  options: AskOptions = {},
): Promise<T | undefined> {
  try {
    return await transport.request<T>({ ...askOptions(options), path: resourcePath(resource, id) });
  } catch (thrown) {
    if (isNotFound(thrown)) return undefined;
    throw thrown;
  }
}

export interface ListOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

const pageSize = 500;

/** All at once, for commands; what runs for long follows a reflector. */
export async function listObjects<T extends KubeObject>(
  transport: Transport,
  resource: KubeResource,
  { namespace, labelSelector, fieldSelector }: ListOptions = {},
): Promise<readonly T[]> {
  const items: T[] = [];
  let token: string | undefined;
  do {
    const list: KubeList<T> = await transport.request<KubeList<T>>({
      path: resourcePath(resource, { namespace }),
      query: { labelSelector, fieldSelector, limit: pageSize, continue: token },
    });
    items.push(...(list.items ?? []));
    token = list.metadata?.continue;
  } while (token !== undefined && token !== "");
  return items;
}

/** 409 AlreadyExists where there is one. */
export async function createObject<T extends KubeObject>(
  transport: Transport,
  resource: KubeResource,
  object: T,
  options: WriteOptions,
): Promise<T> {
  const path = resourcePath(resource, { namespace: namespaceOf(resource, object) });
  return await transport.request<T>({
    ...sendOptions(options),
    method: "POST",
    path,
    body: withKind(resource, object),
  });
}

/** The whole object; with a resourceVersion in it only if nobody wrote since, else 409. */
export async function replaceObject<T extends KubeObject>(
  transport: Transport,
  resource: KubeResource,
  object: T,
  options: WriteOptions,
): Promise<T> {
  return await transport.request<T>({
    ...sendOptions(options),
    method: "PUT",
    path: pathOf(resource, object, options),
    body: withKind(resource, object),
  });
}

/**
 * Server-side apply: makes the object, or makes its fields what `object` says, and gives up those of ours that it no longer
 * names.
 */
export async function applyObject<T extends KubeObject>(
  transport: Transport,
  resource: KubeResource,
  object: KubeObject,
  options: ApplyOptions,
): Promise<T> {
  const { query, ...send } = sendOptions(options);
  return await transport.request<T>({
    ...send,
    method: "PATCH",
    path: pathOf(resource, object, options),
    query: { ...query, force: options.isForced ?? true },
    // JSON is YAML.
    contentType: "application/apply-patch+yaml",
    body: withKind(resource, object),
  });
}

export type Patch =
  /** RFC 7396: null removes, lists are replaced as a whole. */
  | { readonly type: "merge"; readonly patch: object }
  /** RFC 6902: a failed test is 422. */
  | { readonly type: "json"; readonly patch: readonly JsonPatchStep[] }
  /** Kubernetes' own: lists merge by key. Built-in kinds only. */
  | { readonly type: "strategic"; readonly patch: object };

export type JsonPatchStep =
  | { readonly op: "add" | "replace" | "test"; readonly path: string; readonly value: unknown }
  | { readonly op: "remove"; readonly path: string };

export async function patchObject<T extends KubeObject>(
  transport: Transport,
  resource: KubeResource,
  id: ObjectId,
  { type, patch }: Patch,
  options: WriteOptions,
): Promise<T> {
  const contentTypes = {
    merge: "application/merge-patch+json",
    json: "application/json-patch+json",
    strategic: "application/strategic-merge-patch+json",
  };
  return await transport.request<T>({
    ...sendOptions(options),
    method: "PATCH",
    path: resourcePath(resource, { ...id, subresource: options.subresource }),
    contentType: contentTypes[type],
    body: patch,
  });
}

export interface DeleteOptions {
  /** Only this very object, or 409: not another of the same name. */
  readonly uid?: string | undefined;
  /** Only if nobody wrote since, or 409. */
  readonly resourceVersion?: string | undefined;
  readonly propagation?: "Background" | "Foreground" | "Orphan";
  readonly gracePeriodSeconds?: number;
}

/** False where there was none. */
export async function deleteObject(
  transport: Transport,
  resource: KubeResource,
  id: ObjectId,
  { uid, resourceVersion, propagation, gracePeriodSeconds }: DeleteOptions = {},
): Promise<boolean> {
  try {
    await transport.request({
      method: "DELETE",
      path: resourcePath(resource, id),
      body: {
        apiVersion: "v1",
        kind: "DeleteOptions",
        preconditions: { uid, resourceVersion },
        propagationPolicy: propagation,
        gracePeriodSeconds,
      },
    });
    return true;
  } catch (thrown) {
    if (isNotFound(thrown)) return false;
    throw thrown;
  }
}

function askOptions({ signal, timeoutMs }: AskOptions): AskOptions {
  return { ...(signal === undefined ? {} : { signal }), ...(timeoutMs === undefined ? {} : { timeoutMs }) };
}

function sendOptions(options: WriteOptions): AskOptions & { readonly query: Query } {
  const { fieldManager, isDryRun } = options;
  return { ...askOptions(options), query: { fieldManager, dryRun: isDryRun === true ? "All" : undefined } };
}

function pathOf(resource: KubeResource, object: KubeObject, { subresource }: WriteOptions): string {
  const { name } = object.metadata;
  const namespace = namespaceOf(resource, object);
  return resourcePath(resource, { namespace, name, subresource });
}

function namespaceOf(resource: KubeResource, { metadata }: KubeObject): string | undefined {
  if (!resource.namespaced) return undefined;
  if (metadata.namespace !== undefined) return metadata.namespace;
  throw new Error(
    `${describeObject(resource, metadata)}: metadata.namespace is missing, and this kind needs one`,
  );
}

/** The server wants both said; an object made for writing need not repeat what the resource says. */
function withKind<T extends KubeObject>(resource: KubeResource, object: T): T {
  if (object.apiVersion !== undefined && object.kind !== undefined) return object;
  const kind = object.kind ?? resource.kind;
  if (kind === undefined)
    throw new Error(`${describeObject(resource, object.metadata)}: its kind is not said`);
  return { ...object, apiVersion: object.apiVersion ?? apiVersionOf(resource), kind };
}
