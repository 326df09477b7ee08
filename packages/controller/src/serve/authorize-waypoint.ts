/**
 * Whose push stream it is, and for how long. A pod-bound token is reviewed by the API server, for our audience and with no
 * fallback; the pod says which waypoint it is (judge-waypoint-pod.ts). While a stream is open
 *  - it ends at once when its pod, or its Gateway, is gone in our watches;
 *  - its token is reviewed again and again, and it ends with the first no (the account is gone, the token has expired):
 *    within a minute, the API server's own memory of 10 s included;
 *  - a review that can't be had is no no: an outage of the API server ends no stream, because that would take from all
 *    waypoints the one that still knows where endpoints are. New streams wait for an answer.
 */
import type { Clock } from "@waystone/base/clock";
import type { Logger } from "@waystone/base/logger";
import type { MetricsRegistry } from "@waystone/base/metrics";
import type { Rng } from "@waystone/base/rng";
import type { TokenIdentity, TokenReviewer } from "@waystone/kube/review/token-review";
import type { Authenticate, Authentication, Caller, Refusal } from "@waystone/xds/grpc/authenticate";
import type { Sources } from "../model/sources.ts";
import { AdmittedWaypoint } from "./admitted-waypoint.ts";
import {
  judgeWaypointPod,
  type PodClaim,
  type PodVerdict,
  type WaypointWorld,
} from "./judge-waypoint-pod.ts";
import { ReviewQueue } from "./review-queue.ts";
import { WorldChanges } from "./world-changes.ts";

export interface WaypointAuthorityOptions {
  /** Synced: what is not there yet looks as if it were gone. */
  readonly sources: Pick<Sources, "pods" | "gateways" | "gatewayClasses">;
  /** Must keep no answer for long: its memory delays the end of streams. */
  readonly reviewer: TokenReviewer;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
  readonly metrics?: MetricsRegistry;
  readonly settings?: Partial<WaypointAuthoritySettings>;
}

export interface WaypointAuthoritySettings {
  /** A token that was stolen is worth nothing at another address. Off where something between rewrites sources. */
  readonly checksAddress: boolean;
  /** For a pod that the API server knows and our watch does not show yet. */
  readonly podWaitMs: number;
  /** Between two reviews of one token, at most; at least 80 % of it. */
  readonly reviewMs: number;
  /** After a review that could not be had. */
  readonly reviewRetryMs: number;
}

export const defaultAuthoritySettings: WaypointAuthoritySettings = {
  checksAddress: true,
  podWaitMs: 2_000,
  reviewMs: 40_000,
  reviewRetryMs: 10_000,
};

export interface WaypointAuthority {
  readonly authenticate: Authenticate;
  /** Stops watching; streams that are open are their server's business. */
  close(): void;
}

export function openWaypointAuthority(options: WaypointAuthorityOptions): WaypointAuthority {
  const authority = new Authority(options);
  return {
    authenticate: async (caller, signal) => await authority.authenticate(caller, signal),
    close: () => authority.close(),
  };
}

class Authority {
  readonly #options: WaypointAuthorityOptions;
  readonly #settings: WaypointAuthoritySettings;
  readonly #reviews: ReviewQueue;
  readonly #world: WaypointWorld;
  readonly #changes: WorldChanges;

  constructor(options: WaypointAuthorityOptions) {
    const { sources, reviewer } = options;
    this.#options = options;
    this.#settings = { ...defaultAuthoritySettings, ...options.settings };
    this.#reviews = new ReviewQueue(reviewer);
    this.#changes = new WorldChanges(sources);
    this.#world = {
      pod: (key) => sources.pods.get(key)?.object,
      gateway: (key) => sources.gateways.get(key)?.object,
      gatewayClass: (name) => sources.gatewayClasses.get(name)?.object,
    };
  }

  close(): void {
    this.#changes.close();
  }

  async authenticate(caller: Caller, signal: AbortSignal): Promise<Authentication> {
    const answer = await this.#answer(caller, signal);
    const { metrics, logger } = this.#options;
    const result = "admission" in answer ? "admitted" : answer.refusal.kind;
    const help = "Push streams that waypoints asked for, by what became of them.";
    metrics?.counter("waystone_push_admissions_total", help, { result }).add(1);
    if ("refusal" in answer && !signal.aborted) {
      logger.warn({ address: caller.address, reason: answer.refusal.reason }, "refused a push stream");
    }
    return answer;
  }

  async #answer({ token, address }: Caller, signal: AbortSignal): Promise<Authentication> {
    if (token === undefined)
      return refused(
        "unauthenticated",
        "no token came with the call: send one as authorization: Bearer <token>",
      );
    const reviewed = await this.#review(token, signal);
    if ("kind" in reviewed) return { refusal: reviewed };
    const claim = claimOf(reviewed.identity);
    if (claim === undefined) {
      return refused(
        "forbidden",
        `the token of ${reviewed.identity.username} is bound to no pod: only a projected token of a waypoint's pod will do`,
      );
    }
    const verdict = await this.#judgeInTime(
      claim,
      this.#settings.checksAddress ? address : undefined,
      signal,
    );
    if ("problem" in verdict) return refused("forbidden", verdict.problem);
    const { clock, rng } = this.#options;
    const { reviewMs, reviewRetryMs } = this.#settings;
    const { waypoint } = verdict;
    const admission = new AdmittedWaypoint({
      waypoint,
      clock,
      rng,
      reviewMs,
      reviewRetryMs,
      changes: this.#changes,
      podKey: `${claim.namespace}/${claim.pod.name}`,
      judge: () => this.#judge(claim, undefined),
      review: async (over) => await this.#reviewAgain(token, claim, over),
    });
    return { admission };
  }

  #judge(claim: PodClaim, peer: string | undefined): PodVerdict {
    return judgeWaypointPod(claim, this.#world, peer);
  }

  /** Waits a little for what our watches may show in a moment. */
  async #judgeInTime(claim: PodClaim, peer: string | undefined, signal: AbortSignal): Promise<PodVerdict> {
    const first = this.#judge(claim, peer);
    if (!("problem" in first) || !first.isEarly || signal.aborted) return first;
    const { promise, resolve } = Promise.withResolvers<PodVerdict>();
    const look = (): void => {
      const verdict = this.#judge(claim, peer);
      if (!("problem" in verdict) || !verdict.isEarly) resolve(verdict);
    };
    const giveUp = (): void => resolve(this.#judge(claim, peer));
    const stop = this.#changes.watch({ pod: `${claim.namespace}/${claim.pod.name}` }, look);
    const timer = this.#options.clock.after(this.#settings.podWaitMs, giveUp);
    signal.addEventListener("abort", giveUp, { once: true });
    try {
      return await promise;
    } finally {
      stop();
      timer.cancel();
      signal.removeEventListener("abort", giveUp);
    }
  }

  async #review(token: string, signal: AbortSignal): Promise<{ readonly identity: TokenIdentity } | Refusal> {
    try {
      const verdict = await this.#reviews.review(token, signal);
      if (verdict === undefined) return { kind: "unavailable", reason: "given up" };
      if (verdict.isAuthenticated) return { identity: verdict.identity };
      this.#options.logger.debug(
        { reason: verdict.reason },
        "the API server does not accept a waypoint's token",
      );
      return {
        kind: "unauthenticated",
        reason:
          "the API server does not accept the token: it has expired, is for another audience, or its pod or account is gone",
      };
    } catch (error) {
      this.#options.logger.debug({ error }, "a waypoint's token can't be reviewed");
      return { kind: "unavailable", reason: "the API server can't be asked whose token this is; try again" };
    }
  }

  /** Of an open stream: undefined where all is as it was. */
  async #reviewAgain(token: string, claim: PodClaim, signal: AbortSignal): Promise<Refusal | undefined> {
    const reviewed = await this.#review(token, signal);
    if ("kind" in reviewed) return reviewed;
    const now = claimOf(reviewed.identity);
    const isSame =
      now?.pod.uid === claim.pod.uid &&
      now.namespace === claim.namespace &&
      now.serviceAccount === claim.serviceAccount;
    return isSame ? undefined : { kind: "unauthenticated", reason: "the token is now of another pod" };
  }
}

function claimOf({ serviceAccount, pod }: TokenIdentity): PodClaim | undefined {
  if (serviceAccount === undefined || pod === undefined) return undefined;
  return { namespace: serviceAccount.namespace, serviceAccount: serviceAccount.name, pod };
}

function refused(kind: Refusal["kind"], reason: string): Authentication {
  return { refusal: { kind, reason } };
}
