/**
 * Everything that the deployer goes by, as collections: what is to be there, what is there, and what came of it. Made once
 * per controller; a leader's deployer (open-deployer.ts) comes and goes.
 */
import type { Service } from "@waystone/api/kubernetes/core";
import type { Collection, Index, SourceCollection } from "@waystone/collection/collection";
import type { SourcedObject } from "../model/sources.ts";
import {
  buildDeployPlans,
  type DeployPlan,
  type DeployPlansOptions,
  type DeployProblem,
} from "./deploy-plans.ts";
import { buildImpliedGateways, type ImpliedGateway, indexUsers } from "./implied-gateways.ts";
import { createLiveObjects, type LiveObject, type LiveObjects, type LiveStatus } from "./live-objects.ts";
import { buildOrphans, type Orphans } from "./orphans.ts";

/** What a Gateway's status is made of. */
export interface WaypointDeployment {
  /** The Gateway, "<namespace>/<name>". */
  readonly key: string;
  /** "waypoint.shop.svc.cluster.local": of the Service beside the pods. */
  readonly hostname: string;
  /** Of that Service; none while it is not there. */
  readonly clusterIPs: readonly string[];
  /** As many as are wanted; undefined while there is no Deployment. */
  readonly replicas: number | undefined;
  readonly readyReplicas: number;
  /** Ready or not, of what is wanted now: fewer than `replicas` while a rollout is under way. */
  readonly updatedReplicas: number;
  readonly problem: DeployProblem | undefined;
}

/** What came of carrying a plan out, where it did not go well. */
export interface DeployTrouble {
  readonly key: string;
  readonly problem: DeployProblem;
}

export interface DeployModel {
  readonly options: DeployPlansOptions;
  readonly plans: Collection<DeployPlan>;
  readonly implied: Collection<ImpliedGateway>;
  /** Services that are with a waypoint, by its Gateway. */
  readonly users: Index<SourcedObject<Service>>;
  readonly live: LiveObjects;
  readonly liveByGateway: Index<LiveObject>;
  readonly orphans: Collection<Orphans>;
  readonly troubles: SourceCollection<DeployTrouble>;
  /** One per waypoint. */
  readonly deployments: Collection<WaypointDeployment>;
}

export function buildDeployModel(options: DeployPlansOptions): DeployModel {
  const { graph, sources, settings } = options;
  const plans = buildDeployPlans(options);
  const users = indexUsers(graph, sources);
  const implied = buildImpliedGateways(graph, sources, users, settings.ownNamespace);
  const live = createLiveObjects(graph);
  const liveByGateway = graph.index("live-objects-by-gateway", live.all, ({ gateway }) =>
    gateway === undefined ? [] : [gateway],
  );
  const orphans = buildOrphans(graph, sources, liveByGateway, users);
  const troubles = graph.source<DeployTrouble>({ name: "deploy-troubles", key: ({ key }) => key });
  const deployments = graph.derive(
    plans,
    (context, { key, gateway, problem }): WaypointDeployment => {
      const deployment = context.get(live.byKind.Deployment, `Deployment/${key}`);
      const service = context.get(live.byKind.Service, `Service/${key}`);
      const { name, namespace = "" } = gateway.metadata;
      return {
        key,
        hostname: `${name}.${namespace}.svc.${settings.clusterDomain}`,
        clusterIPs: service?.object.spec?.clusterIPs ?? [],
        replicas: deployment?.object.spec?.replicas,
        readyReplicas: deployment?.status?.readyReplicas ?? 0,
        updatedReplicas: deployment?.status?.updatedReplicas ?? 0,
        problem: problem ?? context.get(troubles, key)?.problem ?? rolloutProblem(deployment?.status),
      };
    },
    { name: "waypoint-deployments", key: ({ key }) => key },
  );
  return { options, plans, implied, users, live, liveByGateway, orphans, troubles, deployments };
}

/** Pods that may not be made (a quota, an admission policy), or that never became Ready: Kubernetes says why. */
function rolloutProblem(status: LiveStatus | undefined): DeployProblem | undefined {
  const failure = status?.conditions?.find(
    ({ type, status: is }) =>
      (type === "ReplicaFailure" && is === "True") || (type === "Progressing" && is === "False"),
  );
  if (failure === undefined) return undefined;
  const message = `the Deployment does not get on: ${failure.message ?? failure.reason ?? failure.type}`;
  return { reason: "NotDeployed", message };
}
