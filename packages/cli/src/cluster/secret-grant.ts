/**
 * The Role and RoleBinding by which a namespace lets the controller read its Secrets: made, widened, narrowed and described. Without
 * names the rule is about all of them. For `list` and `watch` RBAC compares resourceNames with the name in the field selector,
 * by which alone the controller asks.
 */
import { controllerObject, managedBy } from "@waystone/api/names";
import type { KubeObject } from "@waystone/kube/kube-object";

export const grantName = "waystone-secrets";

const rbacGroup = "rbac.authorization.k8s.io";
const verbs = ["get", "list", "watch"] as const;

interface Rule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly verbs?: readonly string[];
  readonly resourceNames?: readonly string[];
}

export interface Role extends KubeObject {
  readonly rules?: readonly Rule[] | null;
}

export interface RoleBinding extends KubeObject {
  readonly roleRef?: object;
  readonly subjects?: readonly object[] | null;
}

/** "all", or the names, sorted. */
export type Granted = "all" | readonly string[];

/** Of a Role of ours, as it is in the cluster; undefined: there is none. */
export function grantedBy(role: Role | undefined): Granted {
  const rules = role?.rules ?? [];
  if (rules.some(({ resourceNames }) => (resourceNames ?? []).length === 0)) return "all";
  return sorted(rules.flatMap(({ resourceNames }) => resourceNames ?? []));
}

export function widen(before: Granted, added: Granted): Granted {
  return before === "all" || added === "all" ? "all" : sorted([...before, ...added]);
}

export function buildRole(namespace: string, granted: Granted): Role {
  const rule: Rule = { apiGroups: [""], resources: ["secrets"], verbs };
  return {
    apiVersion: `${rbacGroup}/v1`,
    kind: "Role",
    metadata: metadata(namespace),
    rules: [granted === "all" ? rule : { ...rule, resourceNames: granted }],
  };
}

export function buildBinding(namespace: string, systemNamespace: string): RoleBinding {
  return {
    apiVersion: `${rbacGroup}/v1`,
    kind: "RoleBinding",
    metadata: metadata(namespace),
    roleRef: { apiGroup: rbacGroup, kind: "Role", name: grantName },
    subjects: [{ kind: "ServiceAccount", name: controllerObject, namespace: systemNamespace }],
  };
}

export function describeSecrets(granted: Granted, namespace: string): string {
  if (granted === "all") return `all Secrets of namespace ${namespace}, those that are yet to be made too`;
  if (granted.length === 0) return `no Secret of namespace ${namespace}`;
  const [first = "", ...more] = granted;
  return more.length === 0
    ? `Secret ${first} of namespace ${namespace}`
    : `Secrets ${granted.join(", ")} of namespace ${namespace}`;
}

function metadata(namespace: string): KubeObject["metadata"] {
  return { name: grantName, namespace, labels: { "app.kubernetes.io/managed-by": managedBy } };
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].toSorted();
}
