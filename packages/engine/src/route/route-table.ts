/**
 * The routes of one listener, organised by path: a request looks up its whole path among the exact ones, then walks the
 * trees of expressions and of prefixes element by element. So the cost grows with the depth of the path and with the
 * matches that share one path, not with the number of routes. Immutable; a change makes a new table that shares all but
 * the nodes on the way to what changed.
 */
import { Candidate, fitsRequest } from "./candidate.ts";
import { compareCandidates } from "./precedence.ts";
import type { Matched, RequestView, Route } from "./route.ts";
import { collectValues, type SegmentNode, updateTree } from "./segment-tree.ts";
import { ShardedMap } from "./sharded-map.ts";

export interface RouteChanges {
  /** Keys of routes. Unknown ones are nothing to do. */
  readonly remove?: Iterable<string>;
  /** Takes the place of a route with the same key. */
  readonly add?: Iterable<Route>;
}

/** Matches that are filed under one path, the winner first. Never empty. */
type Bucket = readonly Candidate[];

interface Organised {
  readonly routes: ShardedMap<Route>;
  readonly exact: ShardedMap<Bucket>;
  readonly regexes: SegmentNode<Bucket> | undefined;
  readonly prefixes: SegmentNode<Bucket> | undefined;
}

/** Reused by every match: matching neither allocates nor waits. */
const onTheWay: Bucket[] = [];

export class RouteTable {
  readonly #organised: Organised;

  constructor(organised: Organised) {
    this.#organised = organised;
  }

  /** How many routes there are. */
  get size(): number {
    return this.#organised.routes.size;
  }

  /** The winning match for a request, or undefined where none fits (404). */
  match(request: RequestView): Matched | undefined {
    const { exact, regexes, prefixes } = this.#organised;
    const path = request.path;
    if (exact.size > 0) {
      const bucket = exact.get(path);
      const won = bucket === undefined ? undefined : firstFit(bucket, request);
      if (won !== undefined) return won;
    }
    if (regexes !== undefined) {
      const won = bestRegex(regexes, request);
      if (won !== undefined) return won;
    }
    for (let i = collectValues(prefixes, path, onTheWay) - 1; i >= 0; i--) {
      const won = firstFit(onTheWay[i]!, request);
      if (won !== undefined) return won;
    }
    return undefined;
  }

  route(key: string): Route | undefined {
    return this.#organised.routes.get(key);
  }

  with(changes: RouteChanges): RouteTable {
    let organised = this.#organised;
    for (const key of changes.remove ?? []) organised = withoutRoute(organised, key);
    for (const route of changes.add ?? []) organised = withRoute(withoutRoute(organised, route.key), route);
    return organised === this.#organised ? this : new RouteTable(organised);
  }

  /** Every match in order of precedence, for listings: the first that fits a request is what `match` returns. */
  entries(): readonly Candidate[] {
    const all: Candidate[] = [];
    for (const [, route] of this.#organised.routes.entries()) all.push(...candidatesOf(route));
    return all.sort(compareCandidates);
  }
}

export function buildRouteTable(routes: Iterable<Route>): RouteTable {
  return new RouteTable({
    routes: ShardedMap.of(),
    exact: ShardedMap.of(),
    regexes: undefined,
    prefixes: undefined,
  }).with({ add: routes });
}

function firstFit(bucket: Bucket, request: RequestView): Candidate | undefined {
  for (let i = 0; i < bucket.length; i++) {
    const candidate = bucket[i]!;
    if (candidate.pathOnly || fitsRequest(candidate, request)) return candidate;
  }
  return undefined;
}

/** Expressions on the way are all possible; in each bucket the first that fits may win, and the best of these does. */
function bestRegex(regexes: SegmentNode<Bucket>, request: RequestView): Candidate | undefined {
  let best: Candidate | undefined;
  for (let i = collectValues(regexes, request.path, onTheWay) - 1; i >= 0; i--) {
    for (const candidate of onTheWay[i]!) {
      if (best !== undefined && compareCandidates(best, candidate) < 0) break;
      const { path } = candidate.match;
      if (path.type !== "regex" || !path.pattern.test(request.path) || !fitsRequest(candidate, request))
        continue;
      best = candidate;
      break;
    }
  }
  return best;
}

function withRoute(organised: Organised, route: Route): Organised {
  let result: Organised = { ...organised, routes: organised.routes.with(route.key, route) };
  for (const candidate of candidatesOf(route))
    result = fileUnderPath(result, candidate, insertInto(candidate));
  return result;
}

function withoutRoute(organised: Organised, key: string): Organised {
  const route = organised.routes.get(key);
  if (route === undefined) return organised;
  let result: Organised = { ...organised, routes: organised.routes.without(key) };
  for (const candidate of candidatesOf(route)) result = fileUnderPath(result, candidate, removeRoute(route));
  return result;
}

function candidatesOf(route: Route): Candidate[] {
  return route.rules.flatMap((rule) => rule.matches.map((_, index) => new Candidate(rule, index)));
}

type BucketChange = (bucket: Bucket | undefined) => Bucket | undefined;

function fileUnderPath(organised: Organised, candidate: Candidate, change: BucketChange): Organised {
  const { path } = candidate.match;
  switch (path.type) {
    case "exact": {
      const bucket = change(organised.exact.get(path.value));
      const { exact } = organised;
      return {
        ...organised,
        exact: bucket === undefined ? exact.without(path.value) : exact.with(path.value, bucket),
      };
    }
    case "regex":
      return { ...organised, regexes: updateTree(organised.regexes, path.under, change) };
    case "prefix":
      return { ...organised, prefixes: updateTree(organised.prefixes, path.value, change) };
  }
}

function insertInto(candidate: Candidate): BucketChange {
  return (bucket = []) => {
    let low = 0;
    for (let high = bucket.length; low < high; ) {
      const middle = (low + high) >>> 1;
      if (compareCandidates(bucket[middle]!, candidate) < 0) low = middle + 1;
      else high = middle;
    }
    return bucket.toSpliced(low, 0, candidate);
  };
}

function removeRoute(route: Route): BucketChange {
  return (bucket = []) => {
    const kept = bucket.filter((candidate) => candidate.rule.route !== route);
    return kept.length === 0 ? undefined : kept;
  };
}
