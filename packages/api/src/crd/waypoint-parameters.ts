/**
 * WaypointParameters: how the pods of a waypoint are made. What can be said is a list, not a pod spec: the deployer owns the
 * containers, their privileges and the labels it finds them by. Defaults are in the descriptions and applied by the
 * deployer, not by the API server: `replicas: 2` filled in would contradict `autoscaling`.
 */
import { Type } from "typebox";
import type { CrdKind, SpecOf, Validation } from "./crd-kind.ts";
import {
  annotations,
  labels,
  labelValue,
  objectName,
  qualifiedName,
  quantity,
  validations,
} from "./field-types.ts";

/** A whole number within bounds that may be left out. */
const count = (description: string, minimum: number, maximum: number) =>
  Type.Optional(Type.Integer({ description, minimum, maximum }));

const resourceNames = ["cpu", "memory", "ephemeral-storage"] as const;

const amounts = (description: string) =>
  Type.Optional(
    Type.Object(
      {
        cpu: quantity('Cores: 500m is half a core, and "0.5" in quotes is too.'),
        memory: quantity("Bytes: 256Mi."),
        "ephemeral-storage": quantity("Bytes on the node's disk: 1Gi."),
      },
      { description },
    ),
  );

/** In CEL a field whose name is no identifier is written with its dashes as __dash__. */
const requestWithinLimit = (name: (typeof resourceNames)[number]): Validation => {
  const field = name.replaceAll("-", "__dash__");
  const both = `has(self.requests) && has(self.limits) && has(self.requests.${field}) && has(self.limits.${field})`;
  const amount = (of: string): string => `quantity(string(self.${of}.${field}))`;
  return {
    rule: `!(${both}) || !${amount("requests")}.isGreaterThan(${amount("limits")})`,
    message: `the request of ${name} is above its limit: raise the limit or lower the request`,
  };
};

/** The deployer's own: a pod whose labels differ would be a pod that it does not find. */
const reservedKeys: Validation = {
  rule: [
    "self.all(key, !key.matches('(^|[.])waystone[.]dev/') && !key.startsWith('gateway.networking.k8s.io/')",
    "&& !(key in ['app.kubernetes.io/managed-by', 'app.kubernetes.io/name', 'app.kubernetes.io/instance']))",
  ].join(" "),
  message:
    "keys of waystone.dev and gateway.networking.k8s.io, and app.kubernetes.io/name, instance and managed-by, are set by waystone",
};

const autoscaling = Type.Object(
  {
    minReplicas: count("The fewest pods. Default: 2, or maxReplicas where that is less.", 1, 100),
    maxReplicas: Type.Integer({ description: "The most pods.", minimum: 1, maximum: 100 }),
    targetCPUUtilizationPercentage: count(
      "The share of the CPU request, in percent, that the pods are to use on average: above it pods are added. Default: 70.",
      1,
      1000,
    ),
  },
  {
    description:
      "A HorizontalPodAutoscaler on CPU for the waypoint. It needs a metrics server in the cluster. Without this there are as many pods as replicas says.",
    ...validations({
      rule: "!has(self.minReplicas) || self.minReplicas <= self.maxReplicas",
      message: "maxReplicas is below minReplicas: raise one or lower the other",
    }),
  },
);

const toleration = Type.Object(
  {
    key: qualifiedName("The taint's key. Without a key the operator is Exists and every taint is tolerated."),
    operator: Type.Optional(
      Type.Enum(["Exists", "Equal"], { description: "How the taint's value is compared. Default: Equal." }),
    ),
    value: labelValue("The taint's value, where the operator is Equal."),
    effect: Type.Optional(
      Type.Enum(["NoSchedule", "PreferNoSchedule", "NoExecute"], {
        description: "The taint's effect. Default: every effect.",
      }),
    ),
    tolerationSeconds: count(
      "How long a pod stays on a node that gets a taint of effect NoExecute. Default: for ever.",
      0,
      2 ** 31 - 1,
    ),
  },
  {
    description: "A taint that does not keep the pods off a node.",
    ...validations(
      {
        rule: "(has(self.key) && self.key != '') || (has(self.operator) && self.operator == 'Exists')",
        message: "a toleration without a key needs the operator Exists",
      },
      {
        rule: "!(has(self.operator) && self.operator == 'Exists' && has(self.value) && self.value != '')",
        message: "with the operator Exists no value is compared: leave the value out",
      },
      {
        rule: "!has(self.tolerationSeconds) || (has(self.effect) && self.effect == 'NoExecute')",
        message: "tolerationSeconds needs the effect NoExecute",
      },
    ),
  },
);

export const waypointParametersSpec = Type.Object(
  {
    replicas: count("How many pods the waypoint has. Default: 2. Not together with autoscaling.", 1, 100),
    autoscaling: Type.Optional(autoscaling),
    resources: Type.Optional(
      Type.Object(
        {
          requests: amounts("What a node must have free for a pod."),
          limits: amounts(
            "The most that a pod may use. The limit of memory bounds what the waypoint buffers; the limit of cpu decides how many workers it has.",
          ),
        },
        {
          description: "CPU and memory of each pod.",
          ...validations(...resourceNames.map(requestWithinLimit)),
        },
      ),
    ),
    workers: count(
      "Threads that carry traffic in each pod. Default: one per CPU of the limit, 2 without a limit.",
      1,
      64,
    ),
    logLevel: Type.Optional(
      Type.Enum(["debug", "info", "warn", "error"], {
        description: "What the waypoint logs about itself. Default: info.",
      }),
    ),
    accessLog: Type.Optional(
      Type.Boolean({ description: "Whether each request is logged in a line of its own. Default: true." }),
    ),
    podLabels: labels("Labels for the pods, beside Waystone's own.", reservedKeys),
    podAnnotations: annotations("Annotations for the pods, beside Waystone's own.", reservedKeys),
    nodeSelector: labels("Labels that a node must have to run the pods."),
    tolerations: Type.Optional(
      Type.Array(toleration, {
        description: "Taints of nodes that do not keep the pods off.",
        maxItems: 16,
        "x-kubernetes-list-type": "atomic",
      }),
    ),
    priorityClassName: objectName("The PriorityClass of the pods. Default: the cluster's."),
    terminationGracePeriodSeconds: count(
      "Seconds that a pod may take to end its connections when it is told to stop. Default: 60.",
      5,
      3600,
    ),
  },
  {
    description: "How the pods of the waypoint are made. Whatever is left out has the default that it says.",
    ...validations({
      rule: "!(has(self.replicas) && has(self.autoscaling))",
      message:
        "replicas is not used together with autoscaling, which has minReplicas and maxReplicas: remove one",
    }),
  },
);

export type WaypointParametersSpec = SpecOf<typeof waypointParametersSpec>;

export const waypointParameters: CrdKind = {
  kind: "WaypointParameters",
  plural: "waypointparameters",
  version: "v1alpha1",
  scope: "Namespaced",
  description:
    "WaypointParameters says how the pods of a waypoint are made. A Gateway of class waystone-waypoint refers to it by spec.infrastructure.parametersRef (group waystone.dev, kind WaypointParameters); the GatewayClass may refer to one that holds for every Gateway that names none.",
  spec: waypointParametersSpec,
  isSpecRequired: false,
  isInFiles: false,
  columns: [
    { name: "Replicas", type: "integer", jsonPath: ".spec.replicas" },
    { name: "Min", type: "integer", jsonPath: ".spec.autoscaling.minReplicas" },
    { name: "Max", type: "integer", jsonPath: ".spec.autoscaling.maxReplicas" },
    { name: "CPU", type: "string", jsonPath: ".spec.resources.limits.cpu", priority: 1 },
    { name: "Memory", type: "string", jsonPath: ".spec.resources.limits.memory", priority: 1 },
  ],
};
