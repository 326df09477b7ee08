/** Which objects a reflector follows, as paths and queries. */
import type { Rng } from "@waystone/base/rng";
import { describeResource, type KubeResource, resourcePath } from "../kube-resource.ts";
import type { Query } from "../transport/transport.ts";

export interface Selection {
  readonly resource: KubeResource;
  /** All namespaces unless given. */
  readonly namespace?: string | undefined;
  /** As kubectl takes it: "app=web,tier!=cache". */
  readonly labelSelector?: string | undefined;
  /** "metadata.name=web". */
  readonly fieldSelector?: string | undefined;
}

export function selectionPath({ resource, namespace }: Selection): string {
  return resourcePath(resource, { namespace });
}

export function selectionQuery({ labelSelector, fieldSelector }: Selection): Query {
  return { labelSelector, fieldSelector };
}

/** The server ends a watch after a time between these, so that all watches of a client do not end together. */
const watchSeconds = { min: 300, max: 600 };

export function watchQuery(selection: Selection, rng: Rng): Query {
  const seconds = watchSeconds.min + rng.next() * (watchSeconds.max - watchSeconds.min);
  return {
    ...selectionQuery(selection),
    watch: true,
    allowWatchBookmarks: true,
    timeoutSeconds: Math.round(seconds),
  };
}

/** Two reflectors of one kind are told apart by it, in the log and in metrics. */
export function describeSelection(selection: Selection): string {
  const { resource, namespace, labelSelector, fieldSelector } = selection;
  const selectors = [labelSelector, fieldSelector].filter((selector) => selector !== undefined);
  return [
    describeResource(resource),
    ...(namespace === undefined ? [] : [`in ${namespace}`]),
    ...(selectors.length === 0 ? [] : [`with ${selectors.join(" and ")}`]),
  ].join(" ");
}
