/** What is done about one Gateway: whether it is to be there at all, then the objects of its waypoint, then what is left over. */
import { fieldManagers, gatewayGroup } from "@waystone/api/names";
import type { Logger } from "@waystone/base/logger";
import type { EventNews, RecordEvent } from "@waystone/kube/events";
import { createObject, deleteObject } from "@waystone/kube/objects/objects";
import { isAlreadyExists, isConflict } from "@waystone/kube/transport/api-error";
import type { Transport } from "@waystone/kube/transport/transport";
import type { DeployModel } from "./deploy-model.ts";
import type { DeployPlan, DeployProblem } from "./deploy-plans.ts";
import { deployedKey, type DeployedObject } from "./deployed-kinds.ts";
import type { DeployedObjects } from "./deployed-objects.ts";
import { gatewayResource, type ImpliedGateway, impliedGateway } from "./implied-gateways.ts";

export interface DeployWorkOptions {
  readonly model: DeployModel;
  readonly transport: Transport;
  readonly objects: DeployedObjects;
  readonly logger: Logger;
  readonly record?: RecordEvent;
  /** Brings the key back. */
  readonly later: (key: string, ms: number) => void;
}

/** After a write: to see that it is still there, where the watch was not able to say so. */
const lookAgainMs = 11_000;
/** What is not ours is not watched: whether it is still in the way has to be asked. */
const takenAgainMs = 30_000;

export class DeployWork {
  readonly #options: DeployWorkOptions;

  constructor(options: DeployWorkOptions) {
    this.#options = options;
  }

  /** `key` is a Gateway's, "<namespace>/<name>". Throws what the API server said. */
  async carryOut(key: string): Promise<void> {
    const { model, objects } = this.#options;
    const implied = model.implied.get(key);
    if (implied !== undefined) await this.#settleGateway(implied);
    const plan = model.plans.get(key);
    if (plan === undefined) {
      model.troubles.delete(key);
      for (const live of model.orphans.get(key)?.objects ?? []) await objects.remove(live);
    } else if (plan.objects !== undefined) {
      const problem = await this.#deploy(plan, plan.objects);
      if (problem === undefined) model.troubles.delete(key);
      else this.#trouble(plan, problem);
    } else if (plan.problem !== undefined) {
      this.#tell(plan, {
        type: "Warning",
        reason: plan.problem.reason,
        action: "Deploy",
        message: plan.problem.message,
      });
    }
  }

  failed(key: string, thrown: unknown, failures: number, retryMs: number): void {
    const { model, logger } = this.#options;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    // A conflict or a moment without API server is nobody's concern.
    if (failures < 3)
      return logger.debug({ gateway: key, reason, retryMs }, "a waypoint could not be deployed yet");
    logger.warn(
      { gateway: key, reason, failures, retryMs },
      "a waypoint cannot be deployed; it is tried again",
    );
    const plan = model.plans.get(key);
    if (plan === undefined) return;
    this.#trouble(plan, { reason: "NotDeployed", message: `the waypoint cannot be deployed: ${reason}` });
  }

  async #settleGateway(implied: ImpliedGateway): Promise<void> {
    const { transport, logger } = this.#options;
    const { key } = implied;
    switch (implied.step) {
      case "create":
        try {
          await createObject(transport, gatewayResource, impliedGateway(key), {
            fieldManager: fieldManagers.controller,
          });
          logger.info({ gateway: key }, "made the Gateway that was asked for and that nobody had declared");
        } catch (thrown) {
          if (!isAlreadyExists(thrown)) throw thrown;
        }
        return;
      case "delete": {
        const [namespace, name = ""] = key.split("/");
        try {
          await deleteObject(transport, gatewayResource, { namespace, name }, { uid: implied.uid });
          logger.info({ gateway: key }, "removed the Gateway: nobody asks for it any more");
        } catch (thrown) {
          // Another one of that name.
          if (!isConflict(thrown)) throw thrown;
        }
        return;
      }
      case "refuse":
        logger.warn({ gateway: key }, `no waypoint can be made: ${implied.message}`);
    }
  }

  /** What is wrong, where something is; the rest is done nevertheless. */
  async #deploy(plan: DeployPlan, wishes: readonly DeployedObject[]): Promise<DeployProblem | undefined> {
    const { objects, later } = this.#options;
    let isWritten = false;
    for (const wish of wishes) {
      const ensured = await objects.ensure(wish);
      // Pods that run by somebody else's account or certificates would not be the waypoint.
      if (ensured === "taken") {
        later(plan.key, takenAgainMs);
        return nameTaken(plan.key, `${wish.kind} ${wish.metadata.name}`);
      }
      if (typeof ensured === "object") later(plan.key, ensured.retryMs);
      else if (ensured === "written") isWritten = true;
    }
    if (isWritten) {
      later(plan.key, lookAgainMs);
      this.#tell(plan, {
        type: "Normal",
        reason: "Deployed",
        action: "Deploy",
        message: "the waypoint's objects were written",
      });
    }
    await this.#removeLeftovers(plan.key, wishes);
    return undefined;
  }

  async #removeLeftovers(key: string, wishes: readonly DeployedObject[]): Promise<void> {
    const { model, objects } = this.#options;
    const wanted = new Set(wishes.map(({ kind, metadata }) => deployedKey(kind, metadata)));
    for (const live of model.liveByGateway.lookup(key)) {
      if (live.isOurs && !wanted.has(live.key)) await objects.remove(live);
    }
  }

  #trouble(plan: DeployPlan, problem: DeployProblem): void {
    this.#options.model.troubles.set({ key: plan.key, problem });
    this.#tell(plan, { type: "Warning", reason: problem.reason, action: "Deploy", message: problem.message });
  }

  #tell({ gateway }: DeployPlan, news: EventNews): void {
    const { namespace, name, uid } = gateway.metadata;
    this.#options.record?.({ apiVersion: `${gatewayGroup}/v1`, kind: "Gateway", namespace, name, uid }, news);
  }
}

function nameTaken(key: string, taken: string): DeployProblem {
  const [namespace] = key.split("/");
  return {
    reason: "NameTaken",
    message:
      `${taken} in namespace ${namespace} is not Waystone's, and a waypoint needs that name; ` +
      (taken.startsWith("ConfigMap") ? "rename it" : "rename it, or call the Gateway otherwise"),
  };
}
