/**
 * Which Services a route binds together: those that it is attached to, whose waypoints run it, and those that it sends
 * requests to, whose endpoints these waypoints therefore need. An edit that changes neither leaves it equal.
 */
export interface RouteNeeds {
  /** The resource's name, "HTTPRoute/<namespace>/<name>". */
  readonly route: string;
  /** "<namespace>/<name>", sorted. */
  readonly parents: readonly string[];
  readonly backends: readonly string[];
}
