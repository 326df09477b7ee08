/**
 * What a request shows, judged by a plan: tokens, API keys, names and passwords. Several that are there have all to be right; the request
 * goes by the first of them. Answers at once; what has to be computed first is said, and judged again when that is known.
 */
import { hash } from "node:crypto";
import { claimLines } from "@waystone/engine/authentication/claim-lines";
import {
  basicPlace,
  type CredentialPlace,
  type CredentialRequest,
  findCredentials,
} from "@waystone/engine/authentication/credential-places";
import { judgeClaims } from "@waystone/engine/authentication/judge-claims";
import type { PasswordHash } from "@waystone/engine/authentication/password-hash";
import type { AuthenticationPlan, PlannedProvider } from "@waystone/engine/authentication/plan";
import type { KeySource } from "@waystone/engine/authentication/policy";
import type { TokenView } from "@waystone/engine/authorization/authorization-request";
import type { Decision } from "@waystone/engine/authorization/program";
import { type HeaderLine, parseHeaderLine } from "@waystone/engine/headers/header-line";
import { parseBasic } from "../passwords/parse-basic.ts";
import type { KnownCaller, KnownUser } from "../store/secret-from-resource.ts";
import type { PasswordQuestion } from "../passwords/password-checker.ts";
import type { VerifiedToken } from "../tokens/verified-tokens.ts";

/** What keys and Secrets say: those of a worker, or of who explains what a worker would say. */
export interface CredentialKnowledge {
  readonly tokens: {
    readonly verified: { get(text: string): VerifiedToken | undefined };
    readonly ring: {
      keysOf(source: KeySource): { readonly signers: { has(signer: string): boolean } } | undefined;
    };
  };
  readonly credentials: { of(policy: string): KnownCredentials | undefined };
  readonly passwords: { known(question: Omit<PasswordQuestion, "source">): boolean | undefined };
}

export interface KnownCredentials {
  readonly owners: { get(sha256: string): KnownCaller | undefined };
  readonly users: { get(name: string): KnownUser | undefined };
  readonly decoy: PasswordHash | undefined;
}

/** An exchange, or a request that is only asked about. */
export interface ShowingRequest extends CredentialRequest {
  readonly context: { readonly proxy: CredentialKnowledge };
  readonly client: { readonly remoteAddress: string };
  readonly verified: VerifiedToken | undefined;
}

export interface Accepted {
  readonly accepted: Decision;
  readonly identity: TokenView;
  /** What the endpoint gets to know of it. */
  readonly lines: readonly HeaderLine[];
  /** What it does not get. */
  readonly withheld: readonly CredentialPlace[];
  readonly token?: VerifiedToken;
}

export type Verdict =
  | Accepted
  | { readonly anonymous: true }
  | { readonly refused: string; readonly isToken?: boolean }
  /** Its signature has to be looked at first. */
  | { readonly unverified: string }
  /** Its password has to be compared first. */
  | { readonly unchecked: PasswordQuestion };

/** The hash that the password of a request was the right one of: it is asked again when the configuration changes. */
export const comparedBy = new WeakMap<ShowingRequest, string>();

type MethodVerdict = Exclude<Verdict, { unverified: string } | { unchecked: PasswordQuestion }>;

const anonymous = { anonymous: true } as const;
const nowhere: readonly CredentialPlace[] = [];
const noLines: readonly HeaderLine[] = [];

/** `wallMs` undefined: it was let in before, and time is not asked again. */
export function judge(
  exchange: ShowingRequest,
  plan: AuthenticationPlan,
  wallMs: number | undefined,
): Verdict {
  if (plan.merged.unusable !== "") return { refused: plan.merged.unusable };
  const token = judgeToken(exchange, plan, wallMs);
  if (plan.apiKeys === undefined && plan.basic === undefined) return token;
  if (!isRight(token)) return token;
  const key = judgeApiKey(exchange, plan);
  if (!isRight(key)) return key;
  // Last: it is the one that costs.
  const password = judgePassword(exchange, plan);
  return isRight(password) ? both(both(token, key), password) : password;
}

function isRight(verdict: Verdict): verdict is Accepted | typeof anonymous {
  return "accepted" in verdict || "anonymous" in verdict;
}

function both(
  first: Accepted | typeof anonymous,
  second: Accepted | typeof anonymous,
): Accepted | typeof anonymous {
  if ("anonymous" in first) return second;
  if ("anonymous" in second) return first;
  const lines = [...first.lines, ...second.lines];
  return { ...first, lines, withheld: [...first.withheld, ...second.withheld] };
}

function judgeToken(exchange: ShowingRequest, plan: AuthenticationPlan, wallMs: number | undefined): Verdict {
  const found = findCredentials(plan.places, exchange);
  if ("refused" in found) return { ...found, isToken: true };
  const [credential] = found;
  if (credential === undefined) return anonymous;
  const { text, place } = credential;
  if (found.some((each) => each.text !== text)) return { refused: "it shows several tokens", isToken: true };
  const { tokens } = exchange.context.proxy;
  const known = exchange.verified?.text === text ? exchange.verified : tokens.verified.get(text);
  if (known === undefined) return { unverified: text };
  let isKeyKnown = true;
  const judged = judgeClaims(plan, { place, claims: known.claims, now: wallMs }, ({ keys }) => {
    isKeyKnown = tokens.ring.keysOf(keys)?.signers.has(known.signer) === true;
    return isKeyKnown;
  });
  if ("accepted" in judged) return acceptToken(plan, judged.accepted, known);
  if (isKeyKnown || exchange.verified === known) return { ...judged, isToken: true };
  return { unverified: text };
}

/** What comes of a token by the provider that took it last: whether one takes it is asked at every request, this is not. */
const acceptedLast = new WeakMap<
  VerifiedToken,
  { readonly by: PlannedProvider; readonly verdict: Accepted }
>();

function acceptToken(plan: AuthenticationPlan, by: PlannedProvider, token: VerifiedToken): Accepted {
  const last = acceptedLast.get(token);
  if (last?.by === by) return last.verdict;
  const { claimsToHeaders, forward } = by.provider;
  const lines = claimsToHeaders.length === 0 ? noLines : claimLines(claimsToHeaders, token.claims);
  const withheld = forward ? nowhere : plan.places;
  const verdict = { accepted: by.accepted, identity: token.claims, token, lines, withheld };
  acceptedLast.set(token, { by, verdict });
  return verdict;
}

function judgeApiKey(exchange: ShowingRequest, { apiKeys }: AuthenticationPlan): MethodVerdict {
  if (apiKeys === undefined) return anonymous;
  const { places, ownerHeader, forward } = apiKeys.method;
  const found = findCredentials(places, exchange);
  if ("refused" in found) return found;
  const [credential] = found;
  if (credential === undefined) return anonymous;
  if (found.some(({ text }) => text !== credential.text)) return { refused: "it shows several API keys" };
  const credentials = exchange.context.proxy.credentials.of(apiKeys.by);
  const owner = credentials?.owners.get(hash("sha256", credential.text, "base64"));
  if (owner === undefined) return { refused: "its API key is nobody's" };
  const lines = lineOf(ownerHeader, owner.name);
  return { accepted: apiKeys.accepted, identity: owner.view, lines, withheld: forward ? nowhere : places };
}

const basicPlaces = [basicPlace];

function judgePassword(
  exchange: ShowingRequest,
  { basic }: AuthenticationPlan,
): MethodVerdict | { readonly unchecked: PasswordQuestion } {
  if (basic === undefined) return anonymous;
  const found = findCredentials(basicPlaces, exchange);
  if ("refused" in found) return found;
  const [credential] = found;
  if (credential === undefined) return anonymous;
  const shown = parseBasic(credential.text);
  if (shown === undefined) return { refused: "its name and password cannot be read (RFC 7617)" };
  const { credentials, passwords } = exchange.context.proxy;
  const stored = credentials.of(basic.by);
  const user = stored?.users.get(shown.user);
  const hashed = user?.hash ?? stored?.decoy;
  if (hashed === undefined) return wrongPassword;
  const question = { ...shown, hash: hashed };
  const isKnown = comparedBy.get(exchange) === hashed.text || passwords.known(question);
  if (isKnown === undefined) return { unchecked: { ...question, source: exchange.client.remoteAddress } };
  if (!isKnown || user === undefined) return wrongPassword;
  const { userHeader, forward } = basic.method;
  const lines = lineOf(userHeader, user.name);
  return { accepted: basic.accepted, identity: user.view, lines, withheld: forward ? nowhere : basicPlaces };
}

/** Also where nobody has the name: who has one is not told. */
const wrongPassword = { refused: "nobody has this name and password" } as const;

function lineOf(header: string | undefined, value: string): readonly HeaderLine[] {
  if (header === undefined) return noLines;
  const line = parseHeaderLine(header, value);
  return typeof line === "string" ? noLines : [line];
}
