/** Waystone's own kinds. Their schemas are in crd/, from which the CRDs of the chart are made. */
import type { KubernetesObject } from "./meta.ts";

/** How the pods of a waypoint are made: referred to by a Gateway's infrastructure.parametersRef, or by the GatewayClass. */
export interface WaypointParameters extends KubernetesObject {
  readonly kind: "WaypointParameters";
  readonly spec?: WaypointParametersSpec;
}

export interface WaypointParametersSpec {
  /** 2 unless given. Not used where `autoscaling` is. */
  readonly replicas?: number;
  readonly autoscaling?: {
    readonly minReplicas?: number;
    readonly maxReplicas: number;
    /** Percent of the CPU request; 70 unless given. */
    readonly targetCPUUtilizationPercentage?: number;
  };
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
  };
  /** Threads that carry traffic; by default one per CPU of the limit. */
  readonly workers?: number;
  readonly logLevel?: "debug" | "info" | "warn" | "error";
  readonly accessLog?: boolean;
  readonly podLabels?: Readonly<Record<string, string>>;
  readonly podAnnotations?: Readonly<Record<string, string>>;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly {
    readonly key?: string;
    readonly operator?: "Exists" | "Equal";
    readonly value?: string;
    readonly effect?: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
    readonly tolerationSeconds?: number;
  }[];
  readonly priorityClassName?: string;
  /** Seconds that a pod may take to end; 60 unless given. */
  readonly terminationGracePeriodSeconds?: number;
}
