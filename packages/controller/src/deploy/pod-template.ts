/**
 * The pods of a waypoint: one container that may do nothing but listen, dial and write its state. It passes Pod Security
 * "restricted", has no token for the Kubernetes API, and takes no environment from Services (their variables would be read
 * as settings).
 */
import type { Gateway } from "@waystone/api/kubernetes/gateway";
import type { WaypointParametersSpec } from "@waystone/api/kubernetes/waystone";
import { caObject, ports, tokenAudience } from "@waystone/api/names";
import { containerResources } from "./container-resources.ts";
import {
  defaultGraceSeconds,
  defaultWorkers,
  drainSeconds,
  type DeploySettings,
  stateSizeLimit,
  tokenSeconds,
  waypointUser,
} from "./deploy-settings.ts";
import { podLabels, podSelector } from "./object-metadata.ts";

const tokenFolder = "/var/run/secrets/waystone.dev";
const caFolder = "/etc/waystone/ca";
const stateFolder = "/var/lib/waystone";

export function podTemplate(
  gateway: Gateway,
  parameters: WaypointParametersSpec,
  settings: DeploySettings,
): object {
  const { labels, annotations } = gateway.spec.infrastructure ?? {};
  const allAnnotations = { ...annotations, ...parameters.podAnnotations };
  return {
    metadata: {
      labels: { ...labels, ...parameters.podLabels, ...podLabels(gateway) },
      ...(Object.keys(allAnnotations).length === 0 ? {} : { annotations: allAnnotations }),
    },
    spec: {
      serviceAccountName: gateway.metadata.name,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: graceSeconds(parameters),
      securityContext: {
        runAsNonRoot: true,
        runAsUser: waypointUser,
        runAsGroup: waypointUser,
        fsGroup: waypointUser,
        seccompProfile: { type: "RuntimeDefault" },
      },
      topologySpreadConstraints: ["kubernetes.io/hostname", "topology.kubernetes.io/zone"].map((key) =>
        spreadOver(key, gateway),
      ),
      nodeSelector: { "kubernetes.io/os": "linux", ...parameters.nodeSelector },
      ...(parameters.tolerations === undefined ? {} : { tolerations: parameters.tolerations }),
      ...(parameters.priorityClassName === undefined
        ? {}
        : { priorityClassName: parameters.priorityClassName }),
      containers: [container(gateway, parameters, settings)],
      volumes: volumes(),
    },
  };
}

/** Of one revision: pods of the one before must not push those of the next onto one node. */
function spreadOver(topologyKey: string, gateway: Gateway): object {
  return {
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: podSelector(gateway) },
    matchLabelKeys: ["pod-template-hash"],
  };
}

function container(gateway: Gateway, parameters: WaypointParametersSpec, settings: DeploySettings): object {
  return {
    name: "waypoint",
    image: settings.image,
    imagePullPolicy: settings.pullPolicy,
    args: ["waypoint"],
    env: environment(gateway, parameters, settings),
    ports: [
      { name: "readiness", containerPort: ports.readiness, protocol: "TCP" },
      { name: "metrics", containerPort: ports.metrics, protocol: "TCP" },
    ],
    resources: containerResources(parameters.resources),
    // A pod that ends leaves the endpoints for that reason alone; this is for one that has not begun, or is in trouble.
    readinessProbe: { ...probe("/healthz/ready"), periodSeconds: 2, timeoutSeconds: 2, failureThreshold: 3 },
    livenessProbe: { ...probe("/healthz/live"), periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    volumeMounts: [
      { name: "token", mountPath: tokenFolder, readOnly: true },
      { name: "ca", mountPath: caFolder, readOnly: true },
      { name: "state", mountPath: stateFolder },
    ],
  };
}

function probe(path: string): object {
  return { httpGet: { path, port: "readiness", scheme: "HTTP" } };
}

interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: object;
}

function environment(
  gateway: Gateway,
  parameters: WaypointParametersSpec,
  settings: DeploySettings,
): readonly Variable[] {
  const { name, namespace = "" } = gateway.metadata;
  const drain = drainSeconds(graceSeconds(parameters));
  const workers = workersOf(parameters);
  return [
    fromField("POD_NAME", "metadata.name"),
    fromField("POD_NAMESPACE", "metadata.namespace"),
    { name: "WAYSTONE_GATEWAY", value: `${namespace}/${name}` },
    { name: "WAYSTONE_CONTROLLER", value: settings.controllerAddress },
    { name: "WAYSTONE_TOKEN_FILE", value: `${tokenFolder}/token` },
    { name: "WAYSTONE_CA_FILE", value: `${caFolder}/ca.crt` },
    { name: "WAYSTONE_STATE_DIR", value: stateFolder },
    { name: "WAYSTONE_DRAIN_DELAY", value: `${drain.delay}s` },
    { name: "WAYSTONE_DRAIN_TIMEOUT", value: `${drain.timeout}s` },
    ...(workers === undefined ? [] : [{ name: "WAYSTONE_WORKERS", value: String(workers) }]),
    ...(parameters.logLevel === undefined
      ? []
      : [{ name: "WAYSTONE_LOG_LEVEL", value: parameters.logLevel }]),
    ...(parameters.accessLog === undefined
      ? []
      : [{ name: "WAYSTONE_ACCESS_LOG", value: parameters.accessLog ? "on" : "off" }]),
  ];
}

function fromField(name: string, fieldPath: string): Variable {
  return { name, valueFrom: { fieldRef: { apiVersion: "v1", fieldPath } } };
}

/** Undefined: the process takes its container's CPU limit. */
function workersOf({ workers, resources }: WaypointParametersSpec): number | undefined {
  if (workers !== undefined) return workers;
  return resources?.limits?.["cpu"] === undefined ? defaultWorkers : undefined;
}

function graceSeconds({ terminationGracePeriodSeconds }: WaypointParametersSpec): number {
  return terminationGracePeriodSeconds ?? defaultGraceSeconds;
}

function volumes(): readonly object[] {
  const token = { audience: tokenAudience, expirationSeconds: tokenSeconds, path: "token" };
  return [
    { name: "token", projected: { sources: [{ serviceAccountToken: token }] } },
    { name: "ca", configMap: { name: caObject } },
    { name: "state", emptyDir: { sizeLimit: stateSizeLimit } },
  ];
}
