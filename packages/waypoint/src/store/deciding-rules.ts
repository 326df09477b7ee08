/**
 * Who decides about requests now, by rules: policies, and the routes that have somebody asked (ExternalAuth). What is counted of a rule
 * goes with it, and so whoever counts asks here which are gone.
 */
import type { StoredPolicy } from "./policies.ts";
import type { AskingRoutes, Snapshot } from "./snapshot.ts";

export class DecidingRules {
  #policies: ReadonlyMap<string, StoredPolicy> = new Map();
  #routes: AskingRoutes = new Map();

  /** False: they are the same as before. */
  follow({ policies, askingRoutes }: Pick<Snapshot, "policies" | "askingRoutes">): boolean {
    if (policies === this.#policies && askingRoutes === this.#routes) return false;
    this.#policies = policies;
    this.#routes = askingRoutes;
    return true;
  }

  /** The labels of the rules of a policy or route, by its resource's name; empty: it is gone. */
  of(name: string): ReadonlySet<string> {
    return this.#routes.get(name) ?? rulesOf(this.#policies.get(name));
  }
}

const none: ReadonlySet<string> = new Set();

/** "" is that of no rule: a policy that denies because none of its rules allows. */
function rulesOf(policy: StoredPolicy | undefined): ReadonlySet<string> {
  if (policy?.spec.case === "authentication") {
    return new Set(["", ...(policy.spec.authentication.jwt?.providers ?? []).map((each) => each.name)]);
  }
  if (policy?.spec.case !== "authorization") return none;
  return new Set(["", ...policy.spec.authorization.rules.map(({ label }) => label)]);
}
