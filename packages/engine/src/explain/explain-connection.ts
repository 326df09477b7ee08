/**
 * What a waypoint would do with a connection to a port that is not HTTP, in its own order (listener/tcp-connection.ts): the port's
 * policies, the rule, the backend by weight, that Service's policies.
 */
import { connectionRequest } from "../authorization/authorization-request.ts";
import { findConnectionObstacle } from "../authorization/port-programs.ts";
import type { Program } from "../authorization/program.ts";
import { pickTable } from "../route/pick-table.ts";
import type { AskedBackend, AskedPort, AskedWaypoint } from "./asked-port.ts";
import type { Chain } from "./chain.ts";
import { explainBackends } from "./explain-backends.ts";
import { type Denial, explainPolicies } from "./explain-policies.ts";
import { nameRule } from "./explain-route.ts";
import type { Question } from "./question.ts";

export function explainConnection(
  chain: Chain,
  port: AskedPort,
  waypoint: AskedWaypoint,
  { client, serverName }: Question,
): void {
  chain.add("request", `a connection: ${port.key} is not HTTP, so that requests on it are not seen`);
  const request = connectionRequest(client);
  const judge = (program: Program | undefined, place: string): Denial | undefined =>
    explainPolicies(chain, program, request, { place, findObstacle: findConnectionObstacle });
  const denial = judge(port.policies?.program, port.key);
  if (denial !== undefined) return chain.end({ ...denial, result: "refused", status: null });
  const table = pickTable(port.connectionRoutes, port.consumerConnectionRoutes, client.namespace);
  const judgeAt = ({ key, program }: AskedBackend): Denial | undefined =>
    key === port.key ? undefined : judge(program, key);
  const delivery = { chain, port, waypoint, judgeAt, filter: () => undefined, statusOf: () => null };
  if (table === undefined) {
    chain.add("route", `no route is attached to ${port.key}: every connection goes to the Service itself`);
    return explainBackends(delivery, undefined);
  }
  const asked = table.readsServerName ? serverName : "";
  const rule = table.match(asked);
  const name = asked === "" ? "connections without server name" : `server name ${asked}`;
  if (rule === undefined) {
    chain.add("route", `no route takes ${name}`, { decides: true });
    return chain.end({ result: "refused", kind: "no-route", status: null });
  }
  chain.route = rule.label;
  const what = table.readsServerName ? name : "every connection";
  const place = { object: rule.route.key, field: `spec.rules[${rule.index}]` };
  chain.add("route", `${nameRule(rule)} takes ${what}`, place);
  explainBackends(delivery, rule);
}
