/**
 * When each condition last changed its status (metav1.Condition.lastTransitionTime): remembered here, because the rest of
 * the controller is pure and has no past. Forgotten with the object.
 */
import type { ParentReference } from "@waystone/api/kubernetes/gateway";
import type { Condition } from "@waystone/api/kubernetes/meta";
import type { Clock } from "@waystone/base/clock";
import type { Collection } from "@waystone/collection/collection";
import type { DraftCondition } from "../model/draft-condition.ts";
import type { AncestorStatus, ObjectStatus, ParentStatus } from "../translate/object-status.ts";
import { kubernetesTime } from "./kubernetes-time.ts";

interface Transition {
  readonly status: Condition["status"];
  readonly at: string;
}

export class TransitionTimes {
  readonly #clock: Clock;
  /** By object, then by parent and type. */
  readonly #transitions = new Map<string, ReadonlyMap<string, Transition>>();
  readonly #stop: () => void;

  constructor(statuses: Collection<ObjectStatus>, clock: Clock) {
    this.#clock = clock;
    this.#stop = statuses.subscribe(
      (events) => {
        for (const event of events) {
          if (event.type === "delete") this.#transitions.delete(event.key);
          else this.#note(event.item);
        }
      },
      { replay: true },
    );
  }

  close(): void {
    this.#stop();
  }

  /** The conditions of an object itself. */
  stamp(status: ObjectStatus): readonly Condition[] {
    return this.#stamped(status.key, "", status.conditions);
  }

  stampParent(status: ObjectStatus, parent: ParentStatus): readonly Condition[] {
    return this.#stamped(status.key, refName(parent.parentRef), parent.conditions);
  }

  stampAncestor(status: ObjectStatus, ancestor: AncestorStatus): readonly Condition[] {
    return this.#stamped(status.key, refName(ancestor.ancestorRef), ancestor.conditions);
  }

  #stamped(object: string, parent: string, conditions: readonly DraftCondition[]): readonly Condition[] {
    const transitions = this.#transitions.get(object);
    return conditions.map((condition) => ({
      ...condition,
      lastTransitionTime: transitions?.get(slot(parent, condition.type))?.at ?? kubernetesTime(this.#clock),
    }));
  }

  #note(status: ObjectStatus): void {
    const before = this.#transitions.get(status.key);
    const after = new Map<string, Transition>();
    const note = (parent: string, conditions: readonly DraftCondition[]): void => {
      for (const condition of conditions) {
        const key = slot(parent, condition.type);
        const known = before?.get(key);
        const isSame = known !== undefined && known.status === condition.status;
        after.set(key, isSame ? known : { status: condition.status, at: kubernetesTime(this.#clock) });
      }
    };
    note("", status.conditions);
    for (const parent of status.parents) note(refName(parent.parentRef), parent.conditions);
    for (const ancestor of status.ancestors ?? []) note(refName(ancestor.ancestorRef), ancestor.conditions);
    this.#transitions.set(status.key, after);
  }
}

function slot(parent: string, type: string): string {
  return `${parent} ${type}`;
}

function refName({ group, kind, namespace, name, sectionName, port }: ParentReference): string {
  return [group, kind, namespace, name, sectionName, port].map((part) => part ?? "").join("/");
}
