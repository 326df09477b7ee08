/** Resolved routes as text, for `waystone run --once`. */
import type { ResolvedEntry, ResolvedPort } from "./resolved-routes.ts";

export function renderResolvedRoutes(ports: readonly ResolvedPort[]): string {
  if (ports.length === 0)
    return "no Service has a waypoint: annotate a Namespace with waystone.dev/use-waypoint\n";
  return ports.map(renderPort).join("\n");
}

function renderPort(port: ResolvedPort): string {
  const { ready, total } = port.endpoints;
  const listen = port.listen.length === 0 ? "not listened on" : `on ${port.listen.join(", ")}`;
  const lines = [
    `${port.service}:${port.port} ${port.protocol} (${port.protocolReason}) ${listen}, ${ready}/${total} endpoints ready`,
  ];
  for (const { namespace, entries } of port.consumers) {
    lines.push(`  clients in namespace ${namespace}:`, ...renderEntries(entries, "    ", port.isHttp));
  }
  if (port.entries === undefined) {
    const what = port.isHttp ? "every request" : "every connection";
    lines.push(`  ${what} to its own endpoints`);
  } else {
    lines.push(...renderEntries(port.entries, "  ", port.isHttp));
  }
  return lines.map((line) => `${line}\n`).join("");
}

/** What matches nothing is answered here too: routes replace the Service's own endpoints (GEP-1294). */
function renderEntries(entries: readonly ResolvedEntry[], indent: string, isHttp: boolean): string[] {
  const width = Math.max(0, ...entries.map(({ match }) => match.length));
  const lines = entries.map(
    ({ match, rule, action }) => `${indent}${match.padEnd(width)}  ${action}  [${rule}]`,
  );
  if (entries.some(({ isEverything }) => isEverything)) return lines;
  return [...lines, `${indent}anything else: ${isHttp ? "404" : "closed"}`];
}
