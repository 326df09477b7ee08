/**
 * What a rule's references mean here: its backends as Backend objects. Built once with the route; a Backend's endpoints
 * change behind it (backend-set.ts).
 */
import { buildProgram, type Program } from "@waystone/engine/authorization/program";
import type { Mirror, RouteBackend, RouteRule } from "@waystone/engine/route/route";
import type { BackendSet, HeldBackend } from "./backend-set.ts";
import type { Backend, ServedRule } from "./snapshot.ts";

type References = readonly (Backend | undefined)[];

// Most rules have no mirrors: shared, so that thousands of routes do not hold thousands of empty arrays.
const none: References = [];
const noMirrors: readonly References[] = [];

const noAuth: readonly undefined[] = [];

/** As for a Service of its own: nothing about the port that the request came in on matters to it. */
function authOf({ externalAuth, service, port }: RouteBackend): Program | undefined {
  if (externalAuth === undefined) return undefined;
  const destination = { namespace: service.slice(0, service.indexOf("/")), service, port };
  return buildProgram([{ policy: externalAuth, isSectionMissing: false }], destination, true);
}

/** Holds every Backend that the rule refers to; releaseRule gives them back. */
export function holdRule(rule: RouteRule, backends: BackendSet): ServedRule {
  const hold = (backend: RouteBackend): HeldBackend | undefined =>
    backend.invalid === "" ? backends.hold(backend.service, backend.port) : undefined;
  const holdMirrors = (mirrors: readonly Mirror[]): References =>
    mirrors.length === 0 ? none : mirrors.map((mirror) => hold(mirror.backend));
  return {
    rule,
    backends: rule.backends.length === 0 ? none : rule.backends.map(hold),
    cumulativeWeights: runningSums(rule.backends),
    backendAuth: rule.backends.some(({ externalAuth }) => externalAuth !== undefined)
      ? rule.backends.map(authOf)
      : noAuth,
    mirrors: holdMirrors(rule.mirrors),
    backendMirrors: rule.backends.some((backend) => backend.mirrors.length > 0)
      ? rule.backends.map((backend) => holdMirrors(backend.mirrors))
      : noMirrors,
  };
}

export function releaseRule(served: ServedRule, backends: BackendSet): void {
  for (const references of [served.backends, served.mirrors, ...served.backendMirrors]) {
    for (const backend of references) if (backend !== undefined) backends.release(backend.key);
  }
}

/** An invalid backend keeps its weight: its share of the requests is answered with 500, not given to the others. */
function runningSums(backends: readonly RouteBackend[]): readonly number[] {
  let total = 0;
  return backends.map((backend) => (total += backend.weight));
}
