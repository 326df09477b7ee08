/**
 * Who a recorded request was, by the log's own word: no token, key or password is in a log, but as whom one was taken is (`request_principal`),
 * and that none was. It holds for another configuration too where that takes the same credentials; so what is asked of each is noted.
 */
import { typeUrls } from "@waystone/api/names";
import type { JudgeCredentials, JudgedCredentials } from "@waystone/engine/explain/asked-credentials";
import type { AuthenticationPlan } from "@waystone/engine/authentication/plan";
import type { TokenView } from "@waystone/engine/authorization/authorization-request";
import type { Decision } from "@waystone/engine/authorization/program";
import type { World } from "../explain/world.ts";
import type { LogLine } from "./log-line.ts";

export class LoggedCaller {
  readonly #world: World;
  readonly #line: LogLine;
  readonly #asked = new Set<string>();
  #isTaken = true;
  #isAskedForClaims = false;

  /** Undefined: the log does not say. */
  static of(world: World, line: LogLine): LoggedCaller | undefined {
    return line.principal === "" && !wasRefused(line) ? undefined : new LoggedCaller(world, line);
  }

  private constructor(world: World, line: LogLine) {
    this.#world = world;
    this.#line = line;
  }

  readonly judge: JudgeCredentials = (plan): JudgedCredentials => {
    this.#asked.add(this.#contentOf(plan));
    const { principal } = this.#line;
    if (principal === "") return { verdict: { refused: "as it was" }, assumed: [] };
    const accepted = plan.merged.unusable === "" ? decisionAbout(plan, principal) : undefined;
    if (accepted === undefined) {
      this.#isTaken = false;
      return { verdict: { refused: "nothing here takes what it showed" }, assumed: [] };
    }
    return { verdict: { accepted, identity: this.#identity(), lines: [], withheld: [] }, assumed: [] };
  };

  /** What two configurations take is the same where these are. */
  get asked(): string {
    return [...this.#asked].toSorted().join("\n");
  }

  /** Why the log's word is not enough; undefined: it is. */
  get unknown(): string | undefined {
    // Of two policies nobody knows which one took it.
    if (!this.#isTaken || this.#asked.size > 1) return "it depends on a credential";
    return this.#isAskedForClaims ? "it depends on claims of a token, which logs do not have" : undefined;
  }

  #identity(): TokenView {
    const { principal } = this.#line;
    const isToken = !/^(?:apikey|basic)\//.test(principal);
    const claims = <T>(none: T): T => {
      this.#isAskedForClaims ||= isToken;
      return none;
    };
    return {
      principal,
      get audiences() {
        return claims([]);
      },
      get presenter() {
        return claims("");
      },
      claim: () => claims([]),
    };
  }

  /** Whether it may be left out concerns nobody who showed it. */
  #contentOf({ merged, apiKeys, basic }: AuthenticationPlan): string {
    const { requirement, jwt, unusable } = merged;
    const secrets = [apiKeys?.by, basic?.by].map((by) =>
      by === undefined ? "" : `${by} ${this.#world.catalog.get(typeUrls.secret, by, "*")?.version}`,
    );
    const whether = this.#line.principal === "" ? requirement : "";
    return JSON.stringify([jwt, merged.apiKeys, merged.basic, unusable, secrets, whether]);
  }
}

/** With an answer of the waypoint's own: nothing that was shown was taken. */
function wasRefused({ responseCode, details }: LogLine): boolean {
  return responseCode === 401 && details.startsWith("credential-");
}

function decisionAbout(plan: AuthenticationPlan, principal: string): Decision | undefined {
  if (principal.startsWith("apikey/")) return plan.apiKeys?.accepted;
  if (principal.startsWith("basic/")) return plan.basic?.accepted;
  for (const [issuer, [first]] of plan.providers)
    if (principal.startsWith(`${issuer}/`)) return first?.accepted;
  return undefined;
}
