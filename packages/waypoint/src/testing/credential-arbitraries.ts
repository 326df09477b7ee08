/**
 * Random AuthenticationPolicies, AuthorizationPolicies about whom they make of a client, and what clients show, right and wrong: for the
 * test that holds a live waypoint against `waystone explain`.
 */
import { hash } from "node:crypto";
import type { AuthenticationText } from "@waystone/engine/authentication/testing/policy-rig";
import { testIssuer } from "@waystone/engine/authentication/testing/policy-rig";
import { makeKey } from "@waystone/engine/authentication/testing/token-rig";
import type { Fields, PolicyText } from "@waystone/engine/authorization/testing/policy-rig";
import * as fc from "@waystone/testkit/fast-check";
import { credentials } from "./credential-resource.ts";
import { authenticationMessage } from "@waystone/engine/authentication/testing/policy-rig";
import { policyMessage } from "@waystone/engine/authorization/testing/policy-rig";
import type { EncodedResource } from "@waystone/xds/resource";
import { jwks, now, resource, token } from "./token-clients.ts";

type Target = NonNullable<PolicyText["target"]>;
const chosen = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const seldom = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 1 });

const web = { kind: "Service", name: "shop/web" } as const;
const target = chosen<Target>(
  web,
  web,
  { ...web, section: "main" },
  { kind: "Service", name: "shop/a" },
  { kind: "Namespace", name: "shop" },
  { kind: "Gateway", name: "shop/waypoint" },
  { kind: "HTTPRoute", name: "shop/r0" },
  { kind: "HTTPRoute", name: "shop/r0", section: "one" },
);
const aboutLost = { ...web, section: "lost" } as const;
const mode = chosen("Enforce" as const, "Enforce" as const, "Enforce" as const, "Shadow" as const);

const stolen = makeKey("k1");
const otherIssuer = "https://other.example.com";

/** What stands in a place for tokens: right, or wrong in one way. */
const tokens: Readonly<Record<string, string>> = {
  alice: token({ aud: "shop", team: "red", azp: "app" }),
  bob: token({ sub: "bob", aud: ["shop", "bank"] }),
  elsewhere: token({ aud: "bank" }),
  expired: token({ aud: "shop", exp: now - 7200 }),
  tomorrow: token({ aud: "shop", nbf: now + 86_400 }),
  forged: token({ aud: "shop" }, {}, stolen),
  foreign: token({ iss: otherIssuer, aud: "shop" }),
  unsigned: token({ aud: "shop" }, { header: { alg: "none" } }),
  torn: "a.b",
};
const keys: Readonly<Record<string, string>> = { acme: "key-of-acme", late: "key-of-late" };
const sha = (password: string): string => `{SHA}${hash("sha1", password, "base64")}`;
const users: Readonly<Record<string, string>> = { carol: sha("right"), dave: sha("other") };

const tokenPlaces = chosen<
  Pick<NonNullable<AuthenticationText["providers"]>[number], "headers" | "queryParameters" | "cookies">
>(
  {},
  {},
  { queryParameters: ["token"] },
  { cookies: ["session"], headers: [{ name: "authorization", prefix: "Bearer " }] },
);
const provider = fc
  .record({
    issuer: chosen(testIssuer, testIssuer, testIssuer, otherIssuer),
    audiences: chosen<readonly string[]>([], ["shop"], ["bank"]),
    places: tokenPlaces,
    claimsToHeaders: chosen<Readonly<Record<string, string>>>(
      {},
      { "x-user": "sub" },
      { "x-user": "sub", "x-team": "team" },
    ),
    forward: fc.boolean(),
    clockSkewMs: chosen(0, 60_000, 10_800_000),
  })
  .map(({ places, ...rest }) => ({ ...rest, ...places, jwks }));
const secretMethod = fc.record({
  headers: chosen<readonly string[]>([], ["x-api-key"]),
  setHeader: chosen("x-user", "x-partner"),
  forward: fc.boolean(),
});
const authentication = fc
  .record({
    mode,
    target: fc.oneof({ weight: 19, arbitrary: target }, { weight: 1, arbitrary: fc.constant(aboutLost) }),
    requirement: seldom(chosen("Optional" as const, "Optional" as const, "Required" as const)),
    providers: fc.option(fc.array(provider, { minLength: 1, maxLength: 2 }), { nil: undefined }),
    apiKeys: seldom(secretMethod),
    basic: seldom(secretMethod.map(({ setHeader, forward }) => ({ setHeader, forward }))),
    unusable: fc.oneof(
      { weight: 19, arbitrary: fc.constant<readonly string[]>([]) },
      { weight: 1, arbitrary: fc.constant<readonly string[]>(["it is of another time"]) },
    ),
    hasSecret: chosen(true, true, true, false),
  })
  .map(({ providers, requirement, apiKeys, basic, ...rest }) => ({
    ...rest,
    ...(requirement && { requirement }),
    ...(providers && { providers: providers.map((each, at) => ({ ...each, name: `p${at}` })) }),
    ...(apiKeys && { apiKeys }),
    ...(basic && { basic }),
  }));

export type AuthenticationDraft = typeof authentication extends fc.Arbitrary<infer T> ? T : never;

export const authentications = fc.array(authentication, { maxLength: 3 });

/** Each with the Secret that it checks API keys and passwords by; of each set by names of its own. */
export function authenticationResources(
  drafts: readonly AuthenticationDraft[],
  set: number,
): EncodedResource[] {
  return drafts.flatMap(({ hasSecret, ...text }, at) => {
    const policy = resource(authenticationMessage({ ...text, name: `a${at}-${set}` }));
    return hasSecret ? [policy, credentials({ policy: policy.name, keys, users })] : [policy];
  });
}

const conditions = fc
  .array(
    chosen<readonly [string, readonly string[]]>(
      ["requestPrincipals", [`${testIssuer}/alice`, "basic/*"]],
      ["notRequestPrincipals", ["apikey/*"]],
      ["requestPrincipals", ["*"]],
      ["audiences", ["shop"]],
      ["presenters", ["app"]],
      ["claims[team]", ["red"]],
      ["notClaims[sub]", ["bob"]],
    ),
    { minLength: 1, maxLength: 2 },
  )
  .map((list): Fields => Object.fromEntries(list));
const operations = fc
  .array(
    chosen<readonly [string, readonly string[]]>(
      ["paths", ["/a*"]],
      ["headers[x-user]", ["alice", "carol", "acme"]],
      ["notHeaders[x-partner]", ["acme"]],
      ["headers[authorization]", ["*"]],
      ["headers[x-api-key]", ["*"]],
      ["headers[cookie]", ["other=1"]],
      ["headers[cookie]", ["session=*"]],
      ["grpc", ["pkg.Svc/Get"]],
      ["cel[0]", ['token.principal == "basic/carol" || request.headers["x-team"] == "red"']],
    ),
    { minLength: 1, maxLength: 2 },
  )
  .map((list): Fields => Object.fromEntries(list));
const authorization = fc.record({
  action: chosen("ALLOW" as const, "ALLOW" as const, "DENY" as const, "AUDIT" as const, "CUSTOM" as const),
  mode,
  target,
  minimumAssurance: chosen("None" as const, "None" as const, "Network" as const, "Token" as const),
  provider: chosen({}, {}, {}, { invalid: "there is no such Service" }),
  rules: fc.array(
    fc.record(
      { from: conditions.map((each) => [each]), to: operations.map((each) => [each]) },
      { requiredKeys: [] },
    ),
    { maxLength: 2 },
  ),
});

export type AuthorizationDraft = typeof authorization extends fc.Arbitrary<infer T> ? T : never;

export const authorizations = fc.array(authorization, { maxLength: 3 });

export function authorizationResources(
  drafts: readonly AuthorizationDraft[],
  set: number,
): EncodedResource[] {
  return drafts.map(({ minimumAssurance, ...text }, at) => {
    // A DENY that is unsure would deny less.
    const isAllow = text.action === "ALLOW";
    return resource(policyMessage({ ...text, name: `p${at}-${set}`, ...(isAllow && { minimumAssurance }) }));
  });
}

const shownToken = chosen(...Object.keys(tokens), "alice", "alice", "bob");
const bearer = shownToken.map((name): [string, string][] => [["Authorization", `Bearer ${tokens[name]}`]]);
const basic = chosen("carol:right", "carol:wrong", "nobody:right", "dave:other").map(
  (text): [string, string][] => [["Authorization", `Basic ${Buffer.from(text).toString("base64")}`]],
);
const nothing = fc.constant<[string, string][]>([]);

export interface Shown {
  /** Lines of the request. */
  readonly headers: readonly (readonly [string, string])[];
  readonly query: string;
}

/** What a client shows, and what it would like to be taken for. */
export const shown: fc.Arbitrary<Shown> = fc
  .record({
    authorization: fc.oneof(nothing, bearer, bearer, basic),
    query: fc.oneof(
      { weight: 5, arbitrary: fc.constant("") },
      { weight: 2, arbitrary: shownToken.map((name) => `?token=${tokens[name]}`) },
    ),
    cookie: fc.oneof(
      { weight: 5, arbitrary: nothing },
      { weight: 2, arbitrary: shownToken.map((name) => cookieOf(`session=${tokens[name]}; other=1`)) },
      { weight: 1, arbitrary: fc.constant(cookieOf("other=1")) },
    ),
    key: fc.oneof(
      { weight: 4, arbitrary: nothing },
      { weight: 2, arbitrary: chosen("key-of-acme", "key-of-late", "guessed").map(keyOf) },
    ),
    claimed: fc.subarray<[string, string]>([
      ["X-User", "alice"],
      ["X-Partner", "acme"],
      ["X-Team", "red"],
    ]),
    word: fc.subarray<[string, string]>([["X-Word", "no"]]),
  })
  .map(({ authorization: line, query, cookie, key, claimed, word }) => ({
    headers: [...line, ...cookie, ...key, ...claimed, ...word],
    query,
  }));

function cookieOf(value: string): [string, string][] {
  return [["Cookie", value]];
}

function keyOf(key: string): [string, string][] {
  return [["X-Api-Key", key]];
}
