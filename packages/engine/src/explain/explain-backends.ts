/**
 * Where a request or connection goes: each backend that weights may send it to, with its share, what its Service's own policies
 * say, its filters, and whether anybody is there. Every backend is an ending of its own.
 */
import type { Program } from "../authorization/program.ts";
import type { RouteBackend, RouteRule } from "../route/route.ts";
import type { AskedBackend, AskedPort, AskedWaypoint, RefusalKind } from "./asked-port.ts";
import type { Chain } from "./chain.ts";
import type { Answer } from "./explain-filters.ts";
import type { Denial } from "./explain-policies.ts";

/** What goes somewhere, and how it is judged on its way. */
export interface Delivery {
  readonly chain: Chain;
  readonly port: AskedPort;
  readonly waypoint: AskedWaypoint;
  /** By the policies of a Service that it is sent on to, and by whom the backendRef has asked; undefined: they let it through. */
  readonly judgeAt: (
    backend: AskedBackend,
    written: RouteBackend | undefined,
    filter: Program | undefined,
  ) => Denial | undefined;
  /** Undefined: the filters of the backend let it go on. */
  readonly filter: (backend: RouteBackend, field: string) => Answer | undefined;
  /** Null: connections are closed without a word. */
  readonly statusOf: (kind: RefusalKind) => number | null;
}

/** `rule` undefined: no routes, so that it goes to the Service's own endpoints. */
export function explainBackends(delivery: Delivery, rule: RouteRule | undefined): void {
  const { chain, port, waypoint } = delivery;
  if (rule === undefined) {
    chain.add("backend", `${port.backend.key}, the Service itself: ${waypoint.healthOf(port.backend.key)}`);
    return deliver(delivery, port.backend, 1);
  }
  const total = rule.backends.reduce((sum, { weight }) => sum + weight, 0);
  const field = `spec.rules[${rule.index}].backendRefs`;
  if (total === 0) {
    return refuse(delivery, "no backend has a weight", { object: rule.route.key, field, share: 1 });
  }
  const asked = waypoint.ruleOf(rule);
  const { noted } = chain;
  for (const [at, written] of rule.backends.entries()) {
    chain.noted = noted;
    const share = written.weight / total;
    const place = { object: rule.route.key, field: `${field}[${at}]`, share };
    if (share > 0)
      explainBackend(
        delivery,
        written,
        { backend: asked?.backends[at], filter: asked?.backendAuth[at] },
        place,
      );
  }
}

interface Place {
  readonly object: string;
  readonly field: string;
  readonly share: number;
}

function explainBackend(
  delivery: Delivery,
  written: RouteBackend,
  {
    backend,
    filter: asks,
  }: { readonly backend: AskedBackend | undefined; readonly filter: Program | undefined },
  place: Place,
): void {
  const { chain, waypoint, judgeAt, filter, statusOf } = delivery;
  const { share } = place;
  const ofAll = share === 1 ? "" : `${percent(share)} to `;
  if (backend === undefined) return refuse(delivery, written.invalid, place);
  chain.add("backend", `${ofAll}${backend.key}: ${waypoint.healthOf(backend.key)}`, place);
  const denial = judgeAt(backend, written, asks);
  if (denial !== undefined) {
    const status = denial.status ?? statusOf(denial.kind);
    return chain.end({ ...denial, result: "refused", status, backend: backend.key, share });
  }
  const answer = filter(written, place.field);
  if (answer !== undefined) return chain.end({ ...answer, result: "answered", share });
  deliver(delivery, backend, share);
}

function deliver({ chain, statusOf }: Delivery, backend: AskedBackend, share: number): void {
  const { key, endpoints, unusable } = backend;
  if (endpoints.length > 0)
    return chain.end({ result: "forwarded", kind: "forwarded", status: null, backend: key, share });
  const kind = unusable === "" ? "no-healthy-upstream" : "backend-tls-unusable";
  const detail = unusable === "" ? "no endpoint of it can be picked" : unusable;
  chain.add("backend", `${key}: ${detail}`, { decides: true });
  chain.end({ result: "refused", kind, status: statusOf(kind), backend: key, share, detail });
}

function refuse({ chain, statusOf }: Delivery, detail: string, { object, field, share }: Place): void {
  const ofAll = share === 1 ? "" : `${percent(share)} to nobody: `;
  chain.add("backend", `${ofAll}${detail}`, { object, field, decides: true });
  const kind = "no-valid-backend";
  chain.end({ result: "refused", kind, status: statusOf(kind), share, detail });
}

export function percent(share: number): string {
  return `${Math.round(share * 1000) / 10}%`;
}
