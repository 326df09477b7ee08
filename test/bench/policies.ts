/**
 * The policies of a scenario, the same for every peer: rules of which the last one allows what the load asks for, so that each of them is
 * looked at; a token whose signature is remembered; headers that a route and the token's claims change.
 */
import {
  keySetText,
  makeKey,
  makeToken,
  type SigningKey,
} from "@waystone/engine/authentication/testing/token-rig";

/** What a scenario wants of them. */
export interface PolicyShape {
  /** Half of them deny, half of them allow. */
  readonly rules: number;
  /** Whether requests have to show a token. They show it anyway, so that rows differ by the policy alone. */
  readonly checksToken: boolean;
  readonly changesHeaders: boolean;
  /** A line of JSON for each request, into a file. */
  readonly writesLog: boolean;
  /** Who is asked about each request, by what protocol. */
  readonly authorizer?: "grpc" | "http";
}

export interface BenchRule {
  readonly name: string;
  readonly path: string;
  readonly methods: readonly string[];
  /** Of the token. */
  readonly team: string | undefined;
}

export interface BenchPolicies extends PolicyShape {
  readonly denies: readonly BenchRule[];
  readonly allows: readonly BenchRule[];
  readonly issuer: string;
  readonly audience: string;
  /** A JWKS. */
  readonly keys: string;
  /** What the load shows. */
  readonly token: string;
  /** The same, signed by somebody else. */
  readonly forgedToken: string;
}

export const subject = "alice";
/** Set by the route. */
export const benchHeader = { name: "x-bench", value: "seen" } as const;
/** Set by claim sub of the token. */
export const userHeader = "x-user";
/** Removed by the route. */
export const removedHeader = "x-internal";
/** Where the backend says which of these it got. */
export const seenHeader = "x-seen";

const issuer = "https://id.bench.test";
const audience = "bench";

export function buildPolicies(shape: PolicyShape): BenchPolicies {
  const count = shape.rules / 2;
  const each = (make: (at: string) => BenchRule): readonly BenchRule[] =>
    Array.from({ length: count }, (_, at) => make(String(at).padStart(2, "0")));
  const lastTeam = `team-${String(count - 1).padStart(2, "0")}`;
  const key = makeKey("bench-1");
  return {
    ...shape,
    denies: each((at) => ({
      name: `deny-${at}`,
      path: `/internal-${at}/`,
      methods: ["GET", "POST"],
      team: undefined,
    })),
    allows: each((at) => ({
      name: `allow-${at}`,
      path: "/api/",
      methods: ["GET", "HEAD"],
      team: shape.checksToken ? `team-${at}` : undefined,
    })),
    issuer,
    audience,
    keys: keySetText(key),
    token: tokenOf(key, lastTeam),
    forgedToken: tokenOf(makeKey("bench-1"), lastTeam),
  };
}

function tokenOf(key: SigningKey, team: string): string {
  const issuedAt = Math.floor(Date.now() / 1000);
  const claims = { iss: issuer, sub: subject, aud: audience, iat: issuedAt, exp: issuedAt + 86_400, team };
  return makeToken(key, { claims });
}

export function tokenHeader(token: string): Readonly<Record<string, string>> {
  return { Authorization: `Bearer ${token}` };
}
