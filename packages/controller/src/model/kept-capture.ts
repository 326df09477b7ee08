/**
 * Refusals that do not undo what has been done. Somebody else's deed (a NetworkPolicy, a ServiceMonitor in whatever
 * namespace, a pod's subdomain) must not end the capture of a Service: that would open, without a word, every way that the
 * policies in the waypoint close. So the Service stays as it is, and its owner is told. A route that goes, or is deleted and
 * created anew (as with the definition of its kind), is such a deed too, where nothing else said that the Service is to be
 * captured, and so is an edit of the Gateway's listeners. What its owner writes about waypoints on the Service itself counts
 * at once.
 */
const keptReasons: ReadonlySet<string> = new Set([
  "HeldByNetworkPolicy",
  "GoverningService",
  "NoHttpPort",
  "NoMeshListener",
  "ScrapedThroughService",
]);

export function keepsCapture(reason: string): boolean {
  return keptReasons.has(reason);
}
