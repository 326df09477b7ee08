/** For tests: a front and its shadow as objects, with as much of capture on them as a case needs. */
import type { Service } from "@waystone/api/kubernetes/core";
import { captureKeys, managedBy } from "@waystone/api/names";
import { shadowName } from "../model/shadow-name.ts";

export interface FrontFields {
  readonly namespace?: string;
  readonly name: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly selector?: Readonly<Record<string, string>>;
  readonly ports?: NonNullable<Service["spec"]>["ports"];
}

export const plainPorts = [
  { name: "http", port: 80, targetPort: 8080 },
  { name: "http-admin", port: 81, targetPort: 8081 },
];

export function frontObject({ namespace = "shop", name, annotations = {}, ...spec }: FrontFields): Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { namespace, name, uid: `uid of ${namespace}/${name}`, annotations },
    spec: {
      clusterIP: "10.96.0.1",
      selector: spec.selector ?? { app: name },
      ports: spec.ports ?? plainPorts,
    },
  };
}

export interface ShadowFields {
  readonly waypoint?: string | undefined;
  readonly movingTo?: string | undefined;
  /** The annotation's text, or what it says. */
  readonly ports?: string | Readonly<Record<string, number>>;
  readonly created?: string | undefined;
  /** The uid of its owner, where that is not the front's. */
  readonly ownerUid?: string;
  readonly selector?: Readonly<Record<string, string>>;
}

/** The shadow of `front`. */
export function shadowObject(front: Service, fields: ShadowFields = {}): Service {
  const { namespace = "", name, uid = "" } = front.metadata;
  const { waypoint, movingTo, ports = {}, created } = fields;
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      namespace,
      name: shadowName(namespace, name),
      labels: { [captureKeys.shadowOf]: name, "app.kubernetes.io/managed-by": managedBy },
      annotations: {
        ...(waypoint !== undefined && { [captureKeys.waypoint]: waypoint }),
        ...(movingTo !== undefined && { [captureKeys.movingTo]: movingTo }),
        [captureKeys.waypointPorts]: typeof ports === "string" ? ports : JSON.stringify(ports),
      },
      ownerReferences: [{ apiVersion: "v1", kind: "Service", name, uid: fields.ownerUid ?? uid }],
      ...(created !== undefined && { creationTimestamp: created }),
    },
    spec: {
      clusterIP: "None",
      selector: fields.selector ?? { app: name },
      ports: plainPorts,
    },
  };
}
