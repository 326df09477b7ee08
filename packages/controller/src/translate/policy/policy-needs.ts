/** What a policy is about, resolved: decides which waypoints get it (push/). */
export interface PolicyNeeds {
  /** The resource's name, "AuthorizationPolicy/<namespace>/<name>". */
  readonly policy: string;
  /** "<namespace>/<name>" of every Service that it is about, by route, namespace or waypoint too; sorted. */
  readonly services: readonly string[];
}
