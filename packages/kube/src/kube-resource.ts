/** Where the API server keeps the objects of a kind: the paths of its REST interface. */

export interface KubeResource {
  /** "" is the core group. */
  readonly group: string;
  readonly version: string;
  /** As in the path: "services". */
  readonly plural: string;
  /** "Service". Needed to write objects that do not say it themselves. */
  readonly kind?: string;
  readonly namespaced: boolean;
}

export interface ObjectId {
  readonly namespace?: string | undefined;
  readonly name: string;
}

export interface PathParts {
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  /** "status", "scale". */
  readonly subresource?: string | undefined;
}

/** "/api/v1", "/apis/apps/v1". */
export function groupVersionPath({ group, version }: Pick<KubeResource, "group" | "version">): string {
  return group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
}

/** The collection's path, or with a name the object's. Without a namespace: of all namespaces. */
export function resourcePath(resource: KubeResource, parts: PathParts = {}): string {
  const { namespace, name, subresource } = parts;
  const segments = [groupVersionPath(resource)];
  if (resource.namespaced && namespace !== undefined) segments.push("namespaces", segment(namespace));
  if (resource.namespaced && namespace === undefined && name !== undefined) {
    throw new Error(
      `${describeResource(resource)} ${name}: an object of this kind is in a namespace, name it`,
    );
  }
  segments.push(resource.plural);
  if (name !== undefined) segments.push(segment(name));
  if (subresource !== undefined) segments.push(subresource);
  return segments.join("/");
}

/** "services", "httproutes.gateway.networking.k8s.io": as kubectl takes it. */
export function describeResource({ group, plural }: Pick<KubeResource, "group" | "plural">): string {
  return group === "" ? plural : `${plural}.${group}`;
}

export function apiVersionOf({ group, version }: Pick<KubeResource, "group" | "version">): string {
  return group === "" ? version : `${group}/${version}`;
}

/** "services shop/cart", for messages. */
export function describeObject(resource: KubeResource, { namespace, name }: ObjectId): string {
  return `${describeResource(resource)} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}

/** A name can't leave its place in the path: "." and ".." would, and the rest is escaped. */
function segment(text: string): string {
  if (text === "" || text === "." || text === "..")
    throw new Error(`${JSON.stringify(text)} names no object`);
  return encodeURIComponent(text);
}
