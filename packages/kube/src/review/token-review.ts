/**
 * Whose token is this? The API server says (TokenReview), for our audience and no other; there is no fallback. A token that
 * is bound to a pod dies with it, which only the API server sees: so an answer is kept for a minute at most, under the
 * token's hash.
 */
import { hash } from "node:crypto";
import type { Clock } from "@waystone/base/clock";
import type { Transport } from "../transport/transport.ts";

export interface TokenIdentity {
  /** "system:serviceaccount:shop:cart". */
  readonly username: string;
  readonly uid: string;
  readonly groups: readonly string[];
  /** Of a service account. */
  readonly serviceAccount: { readonly namespace: string; readonly name: string } | undefined;
  /** Of a token that is bound to one. */
  readonly pod: { readonly name: string; readonly uid: string } | undefined;
}

export type TokenVerdict =
  | { readonly isAuthenticated: true; readonly identity: TokenIdentity }
  /** `reason` is for logs, not for whoever sent the token. */
  | { readonly isAuthenticated: false; readonly reason: string };

export interface TokenReviewer {
  /** Throws ApiError where the API server can't be asked: that is not a yes. */
  review(token: string): Promise<TokenVerdict>;
}

export interface TokenReviewerOptions {
  readonly transport: Transport;
  /** The token must be meant for it. */
  readonly audience: string;
  readonly clock: Clock;
  /** 30 s unless given; 0 keeps nothing. */
  readonly keepMs?: number;
}

interface Review {
  readonly status?: {
    readonly authenticated?: boolean;
    readonly error?: string;
    readonly audiences?: readonly string[];
    readonly user?: {
      readonly username?: string;
      readonly uid?: string;
      readonly groups?: readonly string[];
      readonly extra?: Readonly<Record<string, readonly string[] | undefined>>;
    };
  };
}

const keptLimit = 4_096;
const tokenLimitBytes = 16 * 1024;

export function openTokenReviewer({
  transport,
  audience,
  clock,
  keepMs = 30_000,
}: TokenReviewerOptions): TokenReviewer {
  const kept = new Map<string, { readonly verdict: TokenVerdict; readonly until: number }>();
  const keep = (key: string, verdict: TokenVerdict): void => {
    for (const [oldest, { until }] of kept) {
      if (kept.size < keptLimit && until > clock.now()) break;
      kept.delete(oldest);
    }
    kept.set(key, { verdict, until: clock.now() + keepMs });
  };
  return {
    async review(token) {
      if (token === "" || token.length > tokenLimitBytes) return refused("no token, or one too long");
      const key = hash("sha256", token, "hex");
      const known = kept.get(key);
      if (known !== undefined && known.until > clock.now()) return known.verdict;
      const verdict = await reviewToken(transport, token, audience);
      // A refusal is not kept: a token may become valid, and refusals must not push good ones out.
      if (verdict.isAuthenticated && keepMs > 0) keep(key, verdict);
      else kept.delete(key);
      return verdict;
    },
  };
}

export async function reviewToken(
  transport: Transport,
  token: string,
  audience: string,
): Promise<TokenVerdict> {
  const { status = {} } = await transport.request<Review>({
    method: "POST",
    path: "/apis/authentication.k8s.io/v1/tokenreviews",
    body: {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenReview",
      spec: { token, audiences: [audience] },
    },
    timeoutMs: 10_000,
  });
  if (status.authenticated !== true) return refused(status.error ?? "the API server does not know it");
  // An authenticator that knows nothing of audiences answers without: then the token may be meant for anybody.
  if (status.audiences?.includes(audience) !== true) return refused(`it is not meant for ${audience}`);
  const { username = "", uid = "", groups = [], extra = {} } = status.user ?? {};
  if (username === "") return refused("it names no user");
  return { isAuthenticated: true, identity: { username, uid, groups, ...parseBinding(username, extra) } };
}

function parseBinding(
  username: string,
  extra: Readonly<Record<string, readonly string[] | undefined>>,
): Pick<TokenIdentity, "serviceAccount" | "pod"> {
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(username) ?? [];
  const podName = extra["authentication.kubernetes.io/pod-name"]?.[0];
  const podUid = extra["authentication.kubernetes.io/pod-uid"]?.[0];
  return {
    serviceAccount: namespace === undefined || name === undefined ? undefined : { namespace, name },
    pod: podName === undefined || podUid === undefined ? undefined : { name: podName, uid: podUid },
  };
}

const refused = (reason: string): TokenVerdict => ({ isAuthenticated: false, reason });
