/**
 * What policies decided, counted by policy and rule: those in force, and what the shadowed ones would have done. A series is bound
 * once per verdict of a program; the series of a policy go with it, and those of a rule with the rule.
 */
import { noObserver, type DecisionObserver } from "@waystone/engine/authorization/decide";
import type { Decision, Program } from "@waystone/engine/authorization/program";
import type { Counter, Labels, MetricsRegistry } from "@waystone/base/metrics";
import type { DecidingRules } from "../store/deciding-rules.ts";
import type { Exchange } from "./exchange.ts";

const name = "waystone_policy_decisions_total";
const help =
  "Requests and connections that a policy decided about, by policy and rule; mode Shadow: what it would have done.";

const failuresName = "waystone_policy_expression_errors_total";
const failuresHelp =
  "Expressions (when) of a policy that could not be evaluated for a request or connection: an ALLOW did not match, a DENY or AUDIT did.";

export class PolicyDecisions {
  readonly #registry: MetricsRegistry;
  readonly #bound = new WeakMap<Decision, readonly Counter[]>();
  /** The labels of every series, by policy and rule. */
  readonly #series = new Map<string, Map<string, Labels[]>>();
  readonly #observer: DecisionObserver = { noted: (decision) => this.#note(decision) };
  readonly #failures = new Map<string, Counter>();
  #exchange: Exchange | undefined = undefined;

  constructor(registry: MetricsRegistry) {
    this.#registry = registry;
  }

  /**
   * Who hears what is noted about the exchange, until the next call. Nobody does of what was decided before, nor while a shadowed
   * policy could not tell who the client is: it would be counted as denying those whom it knows a moment later.
   */
  observe(exchange: Exchange | undefined, program: Program, isCounted: boolean): DecisionObserver {
    if (!isCounted || (program.shadow === undefined && program.audits.length === 0)) return noObserver;
    if (program.shadow?.readsIdentity === true && exchange?.context.identity() === undefined)
      return noObserver;
    this.#exchange = exchange;
    return this.#observer;
  }

  count(decision: Decision): void {
    // Nobody's decision: there was no policy that had to allow it.
    if (decision.policies.length === 0) return;
    let counters = this.#bound.get(decision);
    if (counters === undefined) {
      counters = decision.policies.map((policy) => this.#bind(policy, decision));
      this.#bound.set(decision, counters);
    }
    for (let i = 0; i < counters.length; i++) counters[i]!.value++;
  }

  countFailedExpression(policy: string): void {
    let counter = this.#failures.get(policy);
    if (counter === undefined) {
      counter = this.#registry.counter(failuresName, failuresHelp, { policy });
      this.#failures.set(policy, counter);
    }
    counter.value++;
  }

  /** Of a policy that is decided by itself. */
  noteShadow(exchange: Exchange, decision: Decision): void {
    this.#exchange = exchange;
    this.#note(decision);
  }

  /** Forgets what is about policies and rules that are gone. */
  forgetGone(deciding: DecidingRules): void {
    for (const [policy, byRule] of this.#series) {
      const rules = deciding.of(policy);
      for (const [rule, series] of byRule) {
        if (rules.has(rule)) continue;
        for (const labels of series) this.#registry.drop(name, labels);
        byRule.delete(rule);
      }
      if (byRule.size === 0) this.#series.delete(policy);
    }
    for (const policy of this.#failures.keys()) {
      if (deciding.of(policy).size > 0) continue;
      this.#registry.drop(failuresName, { policy });
      this.#failures.delete(policy);
    }
  }

  #note(decision: Decision): void {
    this.count(decision);
    if (decision.mode !== "Shadow" || decision.verdict !== "deny" || this.#exchange === undefined) return;
    (this.#exchange.shadowDenials ??= []).push(decision);
  }

  #bind(policy: string, { rule, verdict, mode }: Decision): Counter {
    const labels = { policy, rule, decision: verdict, mode };
    let byRule = this.#series.get(policy);
    if (byRule === undefined) this.#series.set(policy, (byRule = new Map()));
    const known = byRule.get(rule);
    if (known === undefined) byRule.set(rule, [labels]);
    else known.push(labels);
    return this.#registry.counter(name, help, labels);
  }
}
