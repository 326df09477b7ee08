/** Which rule of which route a request gets, why not one of the others that fit, and what kept the rest from fitting. */
import type { Candidate } from "../route/candidate.ts";
import { describeMatch } from "../route/describe-match.ts";
import { precedenceCriteria, type PrecedenceCriterion } from "../route/precedence.ts";
import type { Matched, RouteRule } from "../route/route.ts";
import type { RouteTable } from "../route/route-table.ts";
import type { Chain } from "./chain.ts";
import { findMisfit } from "./find-misfit.ts";
import type { AskedRequest } from "./question.ts";

/** More would be read by nobody: of those that fit, and of those that do not. */
const shownOthers = 5;

/** `rank`: of two candidates that fit, why the first goes before the second. */
export interface Outranked {
  readonly other: Candidate;
  readonly criterion: PrecedenceCriterion;
}

/** Those that fit the request as well as the winner, the next best first. */
export function listOutranked(
  table: RouteTable,
  request: AskedRequest,
  winner: Matched,
): readonly Outranked[] {
  const [first, ...others] = table.entries().filter(({ match }) => findMisfit(match, request) === undefined);
  if (first?.match !== winner.match) throw new Error("the table and its list do not agree on who wins");
  return others.map((other) => ({ other, criterion: firstDifference(first, other) }));
}

function firstDifference(a: Candidate, b: Candidate): PrecedenceCriterion {
  const names = Object.keys(precedenceCriteria) as PrecedenceCriterion[];
  return names.find((name) => precedenceCriteria[name](a, b) !== 0) ?? "position";
}

const reasons: Readonly<Record<PrecedenceCriterion, string>> = {
  "kind of path": "an exact path goes before an expression, and that before a prefix",
  "precedence of the path": "more of the service's and method's name is given",
  "length of the path": "its path is longer",
  method: "it names the method",
  headers: "it names more headers",
  "query parameters": "it names more query parameters",
  age: "its route is older",
  name: "the names of the routes decide, as all else is equal",
  position: "it comes first in its route",
};

export function explainRoute(chain: Chain, table: RouteTable, request: AskedRequest): Matched | undefined {
  const won = table.match(request);
  if (won === undefined) {
    chain.add("route", "no rule matches");
  } else {
    const { rule, match } = won;
    chain.route = rule.label;
    chain.add("route", `${nameRule(rule)} matches: ${describeMatch(match)}`, placeOf(rule, match));
    explainOutranked(chain, listOutranked(table, request, won));
  }
  explainMisfits(chain, table, request, won?.rule);
  return won;
}

function explainOutranked(chain: Chain, outranked: readonly Outranked[]): void {
  for (const { other, criterion } of outranked.slice(0, shownOthers)) {
    const text = `before ${nameRule(other.rule)} (${describeMatch(other.match)}): ${reasons[criterion]}`;
    chain.addDetail("route", text, placeOf(other.rule, other.match));
  }
  tellMore(chain, outranked.length, "fit as well, and come later");
}

/** Of each rule the match that is best; rules that fit have been told of. */
function explainMisfits(
  chain: Chain,
  table: RouteTable,
  request: AskedRequest,
  winner: RouteRule | undefined,
): void {
  const byRule = Map.groupBy(table.entries(), ({ rule }) => rule);
  const missed = [...byRule].flatMap(([rule, candidates]) => {
    const misfits = candidates.map(({ match }) => ({ match, misfit: findMisfit(match, request) }));
    if (rule === winner || misfits.some(({ misfit }) => misfit === undefined)) return [];
    // What fits up to its last part is what people wonder about.
    const nearest = misfits.find(({ misfit }) => misfit?.field !== "path") ?? misfits[0]!;
    return [{ rule, ...nearest }];
  });
  const ordered = missed.toSorted(
    (a, b) => Number(a.misfit?.field === "path") - Number(b.misfit?.field === "path"),
  );
  for (const { rule, match, misfit } of ordered.slice(0, shownOthers)) {
    const { object, field } = placeOf(rule, match);
    chain.addDetail("route", `not ${nameRule(rule)}: ${misfit!.text}`, {
      object,
      field: `${field}.${misfit!.field}`,
    });
  }
  tellMore(chain, ordered.length, "do not match");
}

function tellMore(chain: Chain, count: number, what: string): void {
  if (count > shownOthers) chain.addDetail("route", `and ${count - shownOthers} more that ${what}`);
}

/** "HTTPRoute shop/web rule 0" */
export function nameRule({ route, name, index }: RouteRule): string {
  return `${route.kind} ${route.namespace}/${route.name} rule ${name === "" ? index : name}`;
}

function placeOf(rule: RouteRule, match: Matched["match"]): { object: string; field: string } {
  const at = rule.matches.indexOf(match);
  return { object: rule.route.key, field: `spec.rules[${rule.index}].matches[${at}]` };
}
