/**
 * In a cluster: what is to become of each Service. Whether somebody asks for a waypoint, whether that waypoint would have
 * it, and whether the rules about what can be captured let it. Getting there is capture/'s.
 */
import type { Service } from "@waystone/api/kubernetes/core";
import type { Collection, CollectionGraph, FetchContext } from "@waystone/collection/collection";
import type { CaptureTarget } from "../capture/capture-view.ts";
import type { CaptureEvidence } from "./capture-evidence.ts";
import { holdService, warnOfHold } from "./capture-holds.ts";
import { type CaptureCase, refuseBackends, refuseGatewayName, refuseService } from "./capture-refusals.ts";
import { pickCapturedPorts } from "./captured-ports.ts";
import { judgeGateway, type Refusal } from "./gateway-verdict.ts";
import { ownersSelector, withOwnersPorts } from "./owner-wish.ts";
import type { ShadowModel } from "./shadow.ts";
import type { SourcedObject, Sources } from "./sources.ts";
import { findWish } from "./waypoint-wish.ts";

export interface ServiceTarget {
  /** The Service, "<namespace>/<name>". */
  readonly key: string;
  readonly target: CaptureTarget;
  /** Captured by a Gateway that nobody declared: Waystone makes it. */
  readonly isImplied: boolean;
  /** Ports in the annotation waystone.dev/direct-ports that the Service does not have. */
  readonly unknownPorts: readonly string[];
}

export interface TargetInputs {
  readonly sources: Sources;
  readonly fronts: Collection<SourcedObject<Service>>;
  readonly shadows: Collection<ShadowModel>;
  readonly evidence: CaptureEvidence;
}

export function buildCaptureTargets(graph: CollectionGraph, inputs: TargetInputs): Collection<ServiceTarget> {
  return graph.derive(inputs.fronts, (context, { key, object }) => judge(context, inputs, key, object), {
    name: "capture-targets",
    key: ({ key }) => key,
  });
}

function judge(context: FetchContext, inputs: TargetInputs, key: string, front: Service): ServiceTarget {
  const { sources, shadows, evidence } = inputs;
  const namespace = context.get(sources.namespaces, front.metadata.namespace ?? "")?.object;
  const wish = findWish(front, namespace);
  if (wish === undefined) return direct(key, undefined);

  const shadow = context.get(shadows, key);
  const service = withOwnersPorts(front, shadow);
  const ports = pickCapturedPorts(service, wish.waypoint);
  const selector = ownersSelector(front, shadow);
  const given: CaptureCase = { context, evidence, key, service, selector, shadow, wish, ports };
  const early = refuseService(given) ?? refuseGatewayName(given);
  if (early !== undefined) return direct(key, early, ports.unknown);
  const verdict = judgeGateway(context, sources, service, namespace, wish);
  if (!verdict.isBound) return direct(key, verdict.refusal, ports.unknown);
  const late = refuseBackends(given) ?? (wish.isOwn ? undefined : holdService(given));
  if (late !== undefined) return direct(key, late, ports.unknown);
  const warning = warnOfHold(given);
  return {
    key,
    target: {
      is: "captured",
      waypoint: wish.waypoint,
      by: wish.by,
      way: ports.way,
      ports: ports.ports,
      ...(warning === undefined ? {} : { warning }),
    },
    isImplied: verdict.isImplied,
    unknownPorts: ports.unknown,
  };
}

function direct(
  key: string,
  refusal: Refusal | undefined,
  unknownPorts: readonly string[] = [],
): ServiceTarget {
  return { key, target: { is: "direct", refusal }, isImplied: false, unknownPorts };
}
