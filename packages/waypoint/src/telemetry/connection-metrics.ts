/** Names of metrics about client connections that more than one place must spell alike. */

/** A counter: what still comes in while the waypoint leaves is told by it. */
export const acceptedMetric = "waystone_downstream_connections_total";
