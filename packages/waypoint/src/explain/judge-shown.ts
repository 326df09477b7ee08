/**
 * What a request shows, judged by the code that a worker judges by, with the keys and Secrets that are at hand. Signatures and passwords
 * take a moment: what is not known yet is put on a list, `settle` finds it out, and the question is asked again.
 */
import type { Clock } from "@waystone/base/clock";
import type {
  JudgeCredentials,
  JudgedCredentials,
  ShownRequest,
} from "@waystone/engine/explain/asked-credentials";
import type { AuthenticationPlan } from "@waystone/engine/authentication/plan";
import { decodeToken } from "@waystone/engine/authentication/token";
import { openPasswordThread } from "../passwords/open-password-thread.ts";
import {
  PasswordChecker,
  type PasswordOutcome,
  type PasswordQuestion,
} from "../passwords/password-checker.ts";
import {
  type CredentialKnowledge,
  judge,
  type ShowingRequest,
  type Verdict,
} from "../proxy/judge-credentials.ts";
import type { Store } from "../store/store.ts";
import { KeyRing } from "../tokens/key-ring.ts";
import { TokenVerifier } from "../tokens/token-verifier.ts";
import type { VerifiedToken } from "../tokens/verified-tokens.ts";
import { assumeUnread, type Unread, unreadKeys } from "./assume-unread.ts";

export interface ShownJudgeOptions {
  readonly clock: Clock;
  readonly store: Pick<Store, "current">;
  readonly unread: Unread;
}

/** Of the keys that are at hand. */
type TokenOutcome = { readonly token: VerifiedToken } | { readonly refused: string };

const undecided: JudgedCredentials = { verdict: { refused: "it is not known yet" }, assumed: [] };
const unsigned = { refused: "no key of its issuer made its signature" } as const;
const wrongPassword = { refused: "nobody has this name and password" } as const;

export class ShownJudge {
  readonly #options: ShownJudgeOptions;
  readonly #tokens: TokenVerifier;
  readonly #passwords = new PasswordChecker({ openThread: openPasswordThread });
  readonly #ofPlan = new WeakMap<AuthenticationPlan, Map<string, TokenOutcome>>();
  readonly #wrong = new Set<string>();
  #open: (() => Promise<void>)[] = [];

  constructor(options: ShownJudgeOptions) {
    this.#options = options;
    const nothing = (): void => undefined;
    // Nothing is fetched: what is behind a URI is taken as right.
    const { clock } = options;
    this.#tokens = new TokenVerifier(
      new KeyRing({ clock, want: nothing, refetch: nothing, onChanged: nothing }),
    );
  }

  readonly judge: JudgeCredentials = (plan, request) => {
    const assumed = new Set<string>();
    const { unread } = this.#options;
    const knowledge = assumeUnread(this.#knowledge(), plan, unread, (what) => assumed.add(what));
    const ask = (verified: VerifiedToken | undefined): Verdict =>
      judge(showing(request, knowledge, verified), plan, request.timeMs());
    let verdict = ask(undefined);
    if ("unverified" in verdict) {
      const { unverified } = verdict;
      const outcome = this.#ofPlan.get(plan)?.get(unverified);
      if (outcome === undefined) return this.#verify(plan, unverified);
      const token = "token" in outcome ? outcome.token : assumedToken(unverified, plan, unread);
      if (token !== undefined) verdict = ask(token);
      else if ("refused" in outcome) verdict = outcome;
    }
    if ("unchecked" in verdict) {
      if (!this.#wrong.has(keyOf(verdict.unchecked))) return this.#compare(verdict.unchecked);
      verdict = wrongPassword;
    }
    if ("unverified" in verdict) verdict = unsigned;
    return { verdict, assumed: "accepted" in verdict ? [...assumed] : [] };
  };

  /** False: nothing was open, and what was judged holds. */
  async settle(): Promise<boolean> {
    const open = this.#open;
    this.#open = [];
    for (const each of open) await each();
    return open.length > 0;
  }

  #knowledge(): CredentialKnowledge {
    const { credentials: known } = this.#options.store.current();
    const credentials = { of: (policy: string) => known.get(policy) };
    return { tokens: this.#tokens, credentials, passwords: this.#passwords };
  }

  #verify(plan: AuthenticationPlan, text: string): JudgedCredentials {
    this.#open.push(async () => {
      const { promise, resolve } = Promise.withResolvers<TokenOutcome>();
      this.#tokens.verify(text, plan, (outcome) => resolve("overloaded" in outcome ? unsigned : outcome));
      const outcomes = this.#ofPlan.get(plan) ?? new Map<string, TokenOutcome>();
      this.#ofPlan.set(plan, outcomes.set(text, await promise));
    });
    return undecided;
  }

  #compare(question: PasswordQuestion): JudgedCredentials {
    this.#open.push(async () => {
      const { promise, resolve } = Promise.withResolvers<PasswordOutcome>();
      this.#passwords.check(question, resolve);
      if ((await promise) !== "right") this.#wrong.add(keyOf(question));
    });
    return undecided;
  }
}

function showing(
  request: ShownRequest,
  proxy: CredentialKnowledge,
  verified: VerifiedToken | undefined,
): ShowingRequest {
  const { client, query } = request;
  return { sentValues: (name) => request.sentValues(name), query, client, context: { proxy }, verified };
}

/** One that reads well, of an issuer whose keys are not at hand. */
function assumedToken(text: string, plan: AuthenticationPlan, unread: Unread): VerifiedToken | undefined {
  const decoded = decodeToken(text);
  if ("refused" in decoded) return undefined;
  const { claims } = decoded;
  const providers = plan.providers.get(claims.issuer) ?? [];
  const isAssumed = providers.some(({ provider }) => unreadKeys(plan, provider.keys, unread) !== undefined);
  return isAssumed ? { text, claims, signer: "" } : undefined;
}

function keyOf({ user, password, hash }: PasswordQuestion): string {
  return JSON.stringify([user, password, hash.text]);
}
