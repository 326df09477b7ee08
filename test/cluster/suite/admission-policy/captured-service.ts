/**
 * A Service that is captured as the controller captures it (its patches, its giving back of fields, its reading of wishes),
 * but step by step, at the test's word. The shadow is kept here: the policies have no part in it.
 */
import type { Service, ServicePort } from "@waystone/api/kubernetes/core";
import { bySlicesSelector, captureKeys, fieldManagers } from "@waystone/api/names";
import { portKey, writeOriginal } from "@waystone/controller/model/front-marks";
import { frontPatch } from "@waystone/controller/capture/front-patch";
import { releasePatch } from "@waystone/controller/capture/restore-front";
import { ownedSpec } from "@waystone/controller/capture/wanted-front";
import { wantedShadow } from "@waystone/controller/capture/wishes/wanted-shadow";
import type { KubeObject } from "@waystone/kube/kube-object";
import type { KubeResource } from "@waystone/kube/kube-resource";
import { getObject, patchObject } from "@waystone/kube/objects/objects";
import { returnManagedFields } from "@waystone/kube/objects/return-managed-fields";
import type { Transport } from "@waystone/kube/transport/transport";

type Front = Service & KubeObject;

const services: KubeResource = {
  group: "",
  version: "v1",
  plural: "services",
  kind: "Service",
  namespaced: true,
};
const fieldManager = fieldManagers.controller;

/** What a test looks at: targetPorts by port and protocol. */
export interface Seen {
  readonly selector: Readonly<Record<string, string>>;
  readonly targetPorts: Readonly<Record<string, number | string>>;
}

export interface Wishes {
  readonly selector?: string;
  readonly targetPorts?: string;
}

export class CapturedService {
  readonly #transport: Transport;
  readonly namespace: string;
  readonly name: string;
  #shadow: Service | undefined;

  constructor(transport: Transport, namespace: string, name: string) {
    this.#transport = transport;
    this.namespace = namespace;
    this.name = name;
  }

  /** From now on it has the waypoint's ports from 10001 up, in the order of its ports; by slices it keeps its own. */
  async capture(way: "by-selector" | "by-slices"): Promise<void> {
    const front = await this.read();
    const { ports = [], selector = {} } = front.spec ?? {};
    const waypointPorts = Object.fromEntries(ports.map(({ port }, at) => [port, 10_001 + at]));
    this.#shadow = this.#makeShadow(selector, ports, waypointPorts);
    await this.#write(front, {
      selector: { [captureKeys.waypoint]: way === "by-selector" ? "waypoint" : bySlicesSelector },
      targetPorts:
        way === "by-slices" ? {} : Object.fromEntries(ports.map((port, at) => [portKey(port), 10_001 + at])),
      annotations: {
        [captureKeys.capturedBy]: `${this.namespace}/waypoint`,
        [captureKeys.original]: writeOriginal(ownedSpec(front.spec ?? {})),
      },
    });
  }

  /** As the controller does when it sees the front: the shadow gets what is wanted, and what it has is done. */
  async carryWishes(): Promise<void> {
    const wanted = wantedShadow(await this.read(), this.#shadow);
    this.#shadow = this.#makeShadow(wanted.selector, wanted.ports, {});
    const front = await this.read();
    const { donePatch } = wantedShadow(front, this.#shadow);
    if (donePatch === undefined) return;
    const after = await this.#patch(donePatch);
    await this.#giveBack(front, after);
  }

  /** What `waystone restore` sends, or a person by the documentation. */
  async releasePatch(): Promise<object> {
    const patch = releasePatch(await this.read(), this.#shadow);
    if (patch === undefined) throw new Error(`${this.name} has nothing to put back`);
    return patch;
  }

  async read(): Promise<Front> {
    const { namespace, name } = this;
    const front = await getObject<Front>(this.#transport, services, { namespace, name });
    if (front === undefined) throw new Error(`${namespace}/${name} is gone`);
    return front;
  }

  async front(): Promise<Seen> {
    return ownedSpec((await this.read()).spec ?? {});
  }

  shadow(): Seen {
    return ownedSpec(this.#shadow?.spec ?? {});
  }

  /** Of the shadow's ports: the names, by port and protocol. */
  shadowNames(): Readonly<Record<string, string>> {
    const names = (this.#shadow?.spec?.ports ?? []).map((port) => [portKey(port), port.name ?? ""] as const);
    return Object.fromEntries(names);
  }

  async wishes(): Promise<Wishes> {
    const annotations = (await this.read()).metadata.annotations ?? {};
    const selector = annotations[captureKeys.wantedSelector];
    const targetPorts = annotations[captureKeys.wantedTargetPorts];
    return {
      ...(selector === undefined ? {} : { selector }),
      ...(targetPorts === undefined ? {} : { targetPorts }),
    };
  }

  async fieldManagers(): Promise<readonly string[]> {
    const { managedFields = [] } = (await this.read()).metadata;
    return managedFields.map(({ manager = "" }) => manager);
  }

  async #write(front: Front, change: Parameters<typeof frontPatch>[1]): Promise<void> {
    const patch = frontPatch(front, change);
    if (patch === undefined) return;
    await this.#giveBack(front, await this.#patch(patch));
  }

  async #patch(patch: object): Promise<Front> {
    const { namespace, name } = this;
    const id = { namespace, name };
    return await patchObject<Front>(
      this.#transport,
      services,
      id,
      { type: "merge", patch },
      { fieldManager },
    );
  }

  async #giveBack(before: Front, after: Front): Promise<void> {
    await returnManagedFields(this.#transport, { resource: services, before, after, fieldManager });
  }

  #makeShadow(
    selector: Readonly<Record<string, string>>,
    ports: readonly ServicePort[],
    waypointPorts: Readonly<Record<string, number>>,
  ): Service {
    const known = this.#shadow?.metadata.annotations?.[captureKeys.waypointPorts];
    return {
      apiVersion: "v1",
      kind: "Service",
      metadata: {
        name: `${this.name}-shadow-00000`,
        namespace: this.namespace,
        annotations: { [captureKeys.waypointPorts]: known ?? JSON.stringify(waypointPorts) },
      },
      spec: { selector, ports },
    };
  }
}
