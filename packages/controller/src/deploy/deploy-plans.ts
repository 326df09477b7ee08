/**
 * What is to be there for each waypoint: derived, so that a change of a Gateway, of parameters or of the CA changes the
 * plans that depend on it and no other. Reads objects alone; whoever leads carries the plans out (open-deployer.ts).
 */
import type { Gateway } from "@waystone/api/kubernetes/gateway";
import type { Collection, CollectionGraph, FetchContext } from "@waystone/collection/collection";
import type { Sources } from "../model/sources.ts";
import { hasMeshListener, meshPort } from "../model/mesh-listener.ts";
import { isWaypoint } from "../model/waypoint-gateway.ts";
import type { DeployedObject } from "./deployed-kinds.ts";
import { deploymentObjects } from "./deployment-objects.ts";
import type { DeploySettings } from "./deploy-settings.ts";
import { gatewayNameProblem } from "./gateway-name.ts";
import { pickParameters } from "./pick-parameters.ts";

/** Why a waypoint is not deployed as its Gateway says. `reason` is one of a condition. */
export interface DeployProblem {
  readonly reason: "InvalidParameters" | "InvalidName" | "ListenersNotValid" | "NameTaken" | "NotDeployed";
  readonly message: string;
}

export interface DeployPlan {
  /** The Gateway, "<namespace>/<name>". */
  readonly key: string;
  readonly gateway: Gateway;
  /** Undefined: what is there stays as it is. */
  readonly objects: readonly DeployedObject[] | undefined;
  /** Undefined too while the CA is not made yet: nothing is wrong then. */
  readonly problem: DeployProblem | undefined;
}

/** The certificates by which the controller is known: one item, or none until they are made. */
export interface CaBundle {
  readonly pem: string;
}

export interface DeployPlansOptions {
  readonly graph: CollectionGraph;
  readonly sources: Sources;
  readonly settings: DeploySettings;
  readonly caBundle: Collection<CaBundle>;
}

export function buildDeployPlans({
  graph,
  sources,
  settings,
  caBundle,
}: DeployPlansOptions): Collection<DeployPlan> {
  const waypoints = graph.derive(
    sources.gateways,
    (context, { key, object }) => (isOurs(context, sources, object) ? { key, gateway: object } : undefined),
    { name: "waypoints", key: ({ key }) => key },
  );
  const byNamespace = graph.index("waypoints-by-namespace", waypoints, ({ gateway }) => [
    gateway.metadata.namespace ?? "",
  ]);
  return graph.derive(
    waypoints,
    (context, { key, gateway }): DeployPlan => {
      const nameProblem = gatewayNameProblem(gateway.metadata.name);
      if (nameProblem !== undefined) return stopped(key, gateway, "InvalidName", nameProblem);
      if (!hasMeshListener(gateway)) return stopped(key, gateway, "ListenersNotValid", noMeshListener);
      const gatewayClass = context.get(sources.gatewayClasses, gateway.spec.gatewayClassName)?.object;
      const parameters = pickParameters(gateway, gatewayClass, (of) =>
        sources.cluster === undefined ? undefined : context.get(sources.cluster.waypointParameters, of),
      );
      if ("problem" in parameters) return stopped(key, gateway, "InvalidParameters", parameters.problem);
      const [bundle] = context.list(caBundle);
      if (bundle === undefined) return { key, gateway, objects: undefined, problem: undefined };
      const neighbours = context
        .lookup(byNamespace, gateway.metadata.namespace ?? "")
        .map((each) => each.gateway);
      const input = { gateway, neighbours, parameters: parameters.spec, settings, caBundle: bundle.pem };
      return { key, gateway, objects: deploymentObjects(input), problem: undefined };
    },
    { name: "deploy-plans", key: ({ key }) => key },
  );
}

const noMeshListener =
  `no waypoint is made of this Gateway: none of its listeners is a waypoint's; ` +
  `add one of port ${meshPort} with protocol HTTP or HBONE`;

function isOurs(context: FetchContext, sources: Sources, gateway: Gateway): boolean {
  return isWaypoint(gateway, context.get(sources.gatewayClasses, gateway.spec.gatewayClassName)?.object);
}

function stopped(
  key: string,
  gateway: Gateway,
  reason: DeployProblem["reason"],
  message: string,
): DeployPlan {
  return { key, gateway, objects: undefined, problem: { reason, message } };
}
