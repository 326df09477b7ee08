/** Ports that a waypoint listens on for Services: which may be used, and how a shadow says which are. */
import { captureKeys, ports, waypointPortRange } from "@waystone/api/names";

/** The waypoint's own, and the controller's: inside the range, and never a Service's. */
const ownPorts: ReadonlySet<number> = new Set(Object.values(ports));

/** Whether a Service may have this port of a waypoint. */
export function isWaypointPort(port: unknown): port is number {
  return (
    typeof port === "number" &&
    Number.isInteger(port) &&
    port >= waypointPortRange.first &&
    port <= waypointPortRange.last &&
    !ownPorts.has(port)
  );
}

/** A Service has at most this many ports worth reading: the API server's limit on an object is far above it. */
const longestText = 16_384;

/**
 * The annotation `waystone.dev/waypoint-ports`, {"80":10001}: Service port to waypoint port. What is no port, out of range
 * or named twice is left out, so that a text from anybody's hand gives no more than a good one could.
 */
export function parseWaypointPorts(
  annotations: Readonly<Record<string, string>> | undefined,
): ReadonlyMap<number, number> {
  const text = annotations?.[captureKeys.waypointPorts] ?? "";
  const found = new Map<number, number>();
  const taken = new Set<number>();
  for (const [key, waypointPort] of Object.entries(parseRecord(text))) {
    const servicePort = Number(key);
    if (!/^[1-9][0-9]{0,4}$/.test(key) || servicePort > 65_535) continue;
    if (!isWaypointPort(waypointPort) || taken.has(waypointPort)) continue;
    taken.add(waypointPort);
    found.set(servicePort, waypointPort);
  }
  return found;
}

function parseRecord(text: string): Readonly<Record<string, unknown>> {
  if (text === "" || text.length > longestText) return {};
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Readonly<Record<string, unknown>>)
      : {};
  } catch {
    return {};
  }
}
