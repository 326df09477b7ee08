/**
 * Keeps the push channel's certificate authority, while this replica leads: makes it where there is none, changes it in
 * good time (plan-ca-change.ts), and issues the certificate that the push port shows. Writes carry the version that was
 * read, so of two leaders that both think they lead one writes and the other reads again.
 */
import { Backoff } from "@waystone/base/backoff";
import type { Clock, Timer } from "@waystone/base/clock";
import type { Logger } from "@waystone/base/logger";
import type { Rng } from "@waystone/base/rng";
import { caObject, fieldManagers, managedBy, pushService } from "@waystone/api/names";
import { createObject, getObject, replaceObject } from "@waystone/kube/objects/objects";
import { isAlreadyExists, isConflict, isNotFound } from "@waystone/kube/transport/api-error";
import type { Transport } from "@waystone/kube/transport/transport";
import type { TlsMaterial } from "@waystone/xds/grpc/open-listener";
import {
  bundleOf,
  type CaRecord,
  type CaSecret,
  formatCaSecret,
  parseCaSecret,
  secrets,
} from "./ca-record.ts";
import { type CaStep, type CaTiming, defaultCaTiming, planCaChange } from "./plan-ca-change.ts";

export interface CertificateAuthorityOptions {
  /** Of the leader: it may read and write Secret waystone-ca. */
  readonly transport: Transport;
  /** The release's. */
  readonly namespace: string;
  readonly clusterDomain: string;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
  /** What waypoints are to believe, PEM: called first when it is known, and whenever it changes. */
  readonly publishBundle: (pem: string) => void;
  /** What the push port is to show: called first when it is made, and whenever it changes. */
  readonly publishServing: (material: TlsMaterial) => void;
  readonly timing?: Partial<CaTiming & ServingTiming>;
}

export interface ServingTiming {
  readonly servingMs: number;
  /** Share of that after which it is replaced. */
  readonly renewAt: number;
  /** How often the Secret is looked at: for changes that people ask for. */
  readonly lookMs: number;
}

const defaultServingTiming: ServingTiming = {
  servingMs: 30 * 24 * 60 * 60_000,
  renewAt: 2 / 3,
  lookMs: 60_000,
};

const retry = { minMs: 500, maxMs: 30_000, jitter: "decorrelated" } as const;
const askMs = 10_000;

export interface CertificateAuthority {
  close(): Promise<void>;
}

export function openCertificateAuthority(options: CertificateAuthorityOptions): CertificateAuthority {
  return new SecretAuthority(options);
}

interface Serving {
  /** The authority that signed it. */
  readonly signer: string;
  readonly renewAtMs: number;
}

class SecretAuthority implements CertificateAuthority {
  readonly #options: CertificateAuthorityOptions;
  readonly #timing: CaTiming & ServingTiming;
  readonly #backoff: Backoff;
  #record: CaRecord | undefined;
  #bundle: string | undefined;
  #serving: Serving | undefined;
  #timer: Timer | undefined;
  #work: Promise<void>;
  readonly #closing = new AbortController();
  #lastError = "";

  constructor(options: CertificateAuthorityOptions) {
    this.#options = options;
    this.#timing = { ...defaultCaTiming, ...defaultServingTiming, ...options.timing };
    this.#backoff = new Backoff({ ...retry, rng: options.rng });
    this.#work = this.#look();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#timer?.cancel();
    await this.#work;
  }

  /** Never rejects. Once a minute, and soon again where something failed. */
  async #look(): Promise<void> {
    const { clock, rng } = this.#options;
    let waitMs = this.#timing.lookMs * (0.9 + 0.2 * rng.next());
    try {
      await this.#follow();
      this.#backoff.reset();
      this.#lastError = "";
    } catch (error) {
      waitMs = Math.min(waitMs, this.#backoff.nextMs());
      this.#report(error);
    }
    if (this.#closing.signal.aborted) return;
    this.#timer = clock.after(waitMs, () => {
      this.#work = this.#look();
    });
  }

  async #follow(): Promise<void> {
    try {
      await this.#settle();
    } finally {
      // What is known is served, whether or not the API server can be asked.
      if (this.#record !== undefined && !this.#closing.signal.aborted) await this.#publish(this.#record);
    }
  }

  /** Reads the Secret and takes the steps that are due. Another's write is read again, a few times. */
  async #settle(): Promise<void> {
    const { transport, namespace } = this.#options;
    for (let attempt = 0; attempt < 5 && !this.#closing.signal.aborted; attempt++) {
      const id = { namespace, name: caObject };
      const found = await getObject<CaSecret>(transport, secrets, id, this.#limits());
      if (this.#closing.signal.aborted) return;
      const stored = found === undefined ? undefined : parseCaSecret(found);
      this.#record = stored ?? this.#record;
      const step = planCaChange(this.#record, this.#nowMs, this.#timing);
      if (step === "none" && stored !== undefined) return;
      const record = await this.#take(step, this.#record);
      if (await this.#write(record, found)) {
        this.#record = record;
        this.#tell(step, found === undefined);
      }
    }
  }

  #limits(): { readonly timeoutMs: number; readonly signal: AbortSignal } {
    return { timeoutMs: askMs, signal: this.#closing.signal };
  }

  get #nowMs(): number {
    return this.#options.clock.wallMs();
  }

  async #take(step: CaStep, record: CaRecord | undefined): Promise<CaRecord> {
    if (step === "make" || record === undefined) {
      return {
        current: await this.#issueAuthority(),
        next: undefined,
        previous: undefined,
        isChangeAsked: false,
      };
    }
    const { current, next } = record;
    switch (step) {
      case "announce": {
        const announced = { authority: await this.#issueAuthority(), sinceMs: this.#nowMs };
        return { ...record, next: announced, isChangeAsked: false };
      }
      case "promote": {
        const untilMs = this.#nowMs + this.#timing.believedMs;
        const previous = { certificate: current.certificate, untilMs };
        return { ...record, current: next?.authority ?? current, next: undefined, previous };
      }
      case "forget":
        return { ...record, previous: undefined };
      case "none":
        return record;
    }
  }

  async #issueAuthority() {
    const { issueAuthority } = await import("./issue-certificate.ts");
    return await issueAuthority({ nowMs: this.#nowMs, lifetimeMs: this.#timing.lifetimeMs });
  }

  /** False: somebody else wrote first. */
  async #write(record: CaRecord, found: CaSecret | undefined): Promise<boolean> {
    const { transport, namespace } = this.#options;
    const secret = formatCaSecret(record, namespace, found, { "app.kubernetes.io/managed-by": managedBy });
    const writeOptions = { fieldManager: fieldManagers.controller, ...this.#limits() };
    try {
      if (found === undefined) await createObject(transport, secrets, secret, writeOptions);
      else await replaceObject(transport, secrets, secret, writeOptions);
      return true;
    } catch (error) {
      if (isAlreadyExists(error) || isConflict(error) || isNotFound(error)) return false;
      throw error;
    }
  }

  /** The bundle before the certificate: nobody is shown what he can't have heard of. */
  async #publish(record: CaRecord): Promise<void> {
    const bundle = bundleOf(record);
    if (bundle !== this.#bundle) {
      this.#bundle = bundle;
      this.#options.publishBundle(bundle);
    }
    const signer = record.current.certificate;
    const isGood = this.#serving?.signer === signer && this.#nowMs < this.#serving.renewAtMs;
    if (isGood) return;
    const { servingMs, renewAt } = this.#timing;
    // No longer than its signer.
    const lifetimeMs = Math.min(servingMs, record.current.notAfterMs - this.#nowMs);
    const { issueServing } = await import("./issue-certificate.ts");
    const validity = { nowMs: this.#nowMs, lifetimeMs };
    const material = await issueServing(record.current, this.#names(), validity);
    if (this.#closing.signal.aborted) return;
    this.#serving = { signer, renewAtMs: this.#nowMs + lifetimeMs * renewAt };
    this.#options.publishServing(material);
  }

  #names(): readonly string[] {
    const { namespace, clusterDomain } = this.#options;
    const name = `${pushService}.${namespace}`;
    return [`${name}.svc`, name, `${name}.svc.${clusterDomain}`];
  }

  #tell(step: CaStep, wasMissing: boolean): void {
    const { logger, namespace } = this.#options;
    const fields = { secret: `${namespace}/${caObject}` };
    const texts: Readonly<Record<CaStep, string>> = {
      make: "made the push channel's certificate authority",
      announce:
        "made the next certificate authority; it signs when waypoints have had the time to read of it",
      promote: "the next certificate authority signs from now on; streams that are open stay",
      forget: "the previous certificate authority is no longer believed",
      none: "the Secret of the certificate authority was deleted; it is there again, as it was",
    };
    logger[wasMissing && step === "none" ? "warn" : "info"](fields, texts[step]);
  }

  /** Once per trouble. */
  #report(thrown: unknown): void {
    const error = thrown instanceof Error ? thrown.message : String(thrown);
    if (this.#closing.signal.aborted || error === this.#lastError) return;
    this.#lastError = error;
    this.#options.logger.error(
      { error },
      "the push channel's certificate authority can't be read or written: trying again",
    );
  }
}
