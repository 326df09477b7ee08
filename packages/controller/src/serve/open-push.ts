/**
 * The push channel of a cluster, while this replica leads: its certificate authority, then its port, open to waypoints
 * alone. Only the leader listens; closing sends waypoints to whoever leads next, and they go on with what they have.
 */
import { Backoff } from "@waystone/base/backoff";
import type { Clock, Timer } from "@waystone/base/clock";
import type { Logger } from "@waystone/base/logger";
import type { MetricsRegistry } from "@waystone/base/metrics";
import type { Rng } from "@waystone/base/rng";
import { ports, tokenAudience } from "@waystone/api/names";
import { openTokenReviewer } from "@waystone/kube/review/token-review";
import type { Transport } from "@waystone/kube/transport/transport";
import type { Authenticate } from "@waystone/xds/grpc/authenticate";
import type { TlsMaterial } from "@waystone/xds/grpc/open-listener";
import { type ServedDelta, serveDelta } from "@waystone/xds/grpc/serve-delta";
import type { WaitingLimits } from "@waystone/xds/grpc/waiting-room";
import type { DeltaServer } from "@waystone/xds/server/delta-server";
import type { Sources } from "../model/sources.ts";
import { openWaypointAuthority, type WaypointAuthoritySettings } from "./authorize-waypoint.ts";
import { type CertificateAuthorityOptions, openCertificateAuthority } from "./certificate-authority.ts";

export interface PushOptions {
  /** The leader's: reads and writes Secret waystone-ca, and reviews tokens. */
  readonly transport: Transport;
  /** Lives longer than one leadership. */
  readonly server: DeltaServer;
  /** Synced. */
  readonly sources: Pick<Sources, "pods" | "gateways" | "gatewayClasses">;
  /** The release's. */
  readonly namespace: string;
  readonly clusterDomain: string;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
  readonly metrics?: MetricsRegistry;
  /** What waypoints are to believe, PEM, for ConfigMap waystone-ca beside each: when it is known, and when it changes. */
  readonly publishCa: (pem: string) => void;
  /** ":15010" unless given: every address. */
  readonly address?: string;
  readonly settings?: Partial<WaypointAuthoritySettings>;
  readonly limits?: Partial<WaitingLimits>;
  readonly timing?: CertificateAuthorityOptions["timing"];
}

export interface Push {
  /** Where it listens, once it does. */
  readonly listening: Promise<string>;
  close(): Promise<void>;
}

/** How long waypoints may take to hear that the controller leaves. */
const goodbyeMs = 1_000;
/** Long enough for a waypoint that reconnects in a loop not to be a load, short enough to be no memory. */
const keepReviewMs = 5_000;
const retry = { minMs: 200, maxMs: 5_000, jitter: "decorrelated" } as const;

export function openPush(options: PushOptions): Push {
  const { transport, clock, rng, logger, sources, settings, metrics } = options;
  const reviewer = openTokenReviewer({ transport, audience: tokenAudience, clock, keepMs: keepReviewMs });
  const authority = openWaypointAuthority({
    sources,
    reviewer,
    clock,
    rng,
    logger,
    ...(metrics && { metrics }),
    ...(settings && { settings }),
  });
  const port = new PushPort(options, authority.authenticate);
  const { namespace, clusterDomain, timing } = options;
  const certificates = openCertificateAuthority({
    transport,
    namespace,
    clusterDomain,
    clock,
    rng,
    logger,
    ...(timing && { timing }),
    publishBundle: options.publishCa,
    publishServing: (material) => port.show(material),
  });
  return {
    listening: port.listening,
    async close() {
      await Promise.all([certificates.close(), port.close()]);
      authority.close();
    },
  };
}

/** Opens with the first certificate, and shows each later one to connections from then on. */
class PushPort {
  readonly #options: PushOptions;
  readonly #authenticate: Authenticate;
  readonly #backoff: Backoff;
  readonly #listening = Promise.withResolvers<string>();
  #material: TlsMaterial | undefined;
  #served: ServedDelta | undefined;
  #opening: Promise<void> | undefined;
  #retry: Timer | undefined;
  #isClosed = false;

  constructor(options: PushOptions, authenticate: Authenticate) {
    this.#options = options;
    this.#authenticate = authenticate;
    this.#backoff = new Backoff({ ...retry, rng: options.rng });
  }

  get listening(): Promise<string> {
    return this.#listening.promise;
  }

  show(material: TlsMaterial): void {
    this.#material = material;
    this.#served?.replaceTls(material);
    this.#opening ??= this.#open();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#retry?.cancel();
    await this.#opening;
    await this.#served?.close(goodbyeMs);
  }

  /** Never rejects: the port of the leader before may be free in a moment. */
  async #open(): Promise<void> {
    const { clock, logger } = this.#options;
    const material = this.#material;
    if (material === undefined || this.#isClosed) return;
    try {
      this.#served = await serveSecurely(this.#options, material, this.#authenticate);
      // Another one may have come while the port was being opened.
      this.#served.replaceTls(this.#material ?? material);
      logger.info({ push: this.#served.address }, "waypoints may connect");
      this.#listening.resolve(this.#served.address);
    } catch (error) {
      const retryMs = this.#backoff.nextMs();
      logger.error({ error, retryMs }, "the push port can't be opened: trying again");
      this.#retry = clock.after(retryMs, () => {
        this.#opening = this.#open();
      });
    }
  }
}

async function serveSecurely(
  { server, clock, limits, address = `:${ports.push}` }: PushOptions,
  tls: TlsMaterial,
  authenticate: Authenticate,
): Promise<ServedDelta> {
  return await serveDelta({
    server,
    address,
    clock,
    secure: { tls, authenticate, ...(limits && { limits }) },
  });
}
