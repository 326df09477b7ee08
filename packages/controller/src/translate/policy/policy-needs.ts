/** What a policy is about, resolved: decides which waypoints get it (push/). */
export interface PolicyNeeds {
  /** The resource's name, "AuthorizationPolicy/<namespace>/<name>". */
  readonly policy: string;
  /** "<namespace>/<name>" of every Service that it is about, by route, namespace or waypoint too; sorted. */
  readonly services: readonly string[];
  /** Those that have to be asked (CUSTOM): waypoints that have the policy need their endpoints. */
  readonly authorizers?: readonly string[];
}
