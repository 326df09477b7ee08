/**
 * Finds the controller that leads. All replicas are behind one headless name and only the leader listens, so all addresses
 * are tried, in an order of chance, each a moment after the one before (RFC 8305's way), and the first that proves by its
 * certificate to be a controller is taken. There is no fallback to plaintext.
 */
import { connect, type TLSSocket } from "node:tls";
import type { Clock, Timer } from "@waystone/base/clock";
import type { Rng } from "@waystone/base/rng";
import { describeDialFailures, describeLookupFailure } from "./describe-dial-failure.ts";
import type { HostPort } from "./push-address.ts";
import type { ResolveAddresses } from "./resolve-addresses.ts";

export interface DialOptions {
  readonly target: HostPort;
  /** PEM: who may have signed the controller's certificate. No other authority is believed. */
  readonly ca: string;
  /** For messages. */
  readonly caFile: string;
  readonly serverName: string;
  readonly resolve: ResolveAddresses;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly timing?: DialTiming;
  readonly signal: AbortSignal;
}

export interface DialTiming {
  readonly lookupMs: number;
  /** After which the next address is tried too. */
  readonly staggerMs: number;
  /** For one address: connection and handshake. */
  readonly attemptMs: number;
}

export interface AttemptFailure {
  readonly address: string;
  readonly error: NodeJS.ErrnoException;
}

const defaultTiming: DialTiming = { lookupMs: 10_000, staggerMs: 100, attemptMs: 3_000 };
/** More replicas than anybody runs; who answers for the name must not make us dial the world. */
const addressLimit = 32;

/** `message` is for people. */
export class DialError extends Error {
  /** Every address answered, and said no: a try costs next to nothing, and soon somebody may lead. */
  readonly isRefusal: boolean;

  constructor(message: string, { cause, isRefusal = false }: { cause?: unknown; isRefusal?: boolean }) {
    super(message, { cause });
    this.name = "DialError";
    this.isRefusal = isRefusal;
  }
}

/** Throws DialError. */
export async function dialController(options: DialOptions): Promise<TLSSocket> {
  const { timing = defaultTiming } = options;
  const addresses = await lookUp(options, timing);
  return await race(shuffle(addresses, options.rng).slice(0, addressLimit), options, timing);
}

async function lookUp(
  { target, resolve, clock }: DialOptions,
  { lookupMs }: DialTiming,
): Promise<readonly string[]> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = clock.after(lookupMs, () =>
    reject(Object.assign(new Error("no answer"), { code: "ETIMEOUT" })),
  );
  try {
    const addresses = await Promise.race([resolve(target.host), late]);
    if (addresses.length > 0) return addresses;
    throw Object.assign(new Error("no addresses"), { code: "ENODATA" });
  } catch (error) {
    throw new DialError(describeLookupFailure(target.host, error), { cause: error });
  } finally {
    timer.cancel();
  }
}

/** Resolves with the first connection that is secured; all others are destroyed. */
function race(addresses: readonly string[], options: DialOptions, timing: DialTiming): Promise<TLSSocket> {
  const { clock, signal, target, caFile } = options;
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
  const failures: AttemptFailure[] = [];
  const underWay = new Set<() => void>();
  let next = 0;
  let stagger: Timer | undefined;
  const finish = (): void => {
    stagger?.cancel();
    signal.removeEventListener("abort", giveUp);
    next = addresses.length;
    for (const abandon of underWay) abandon();
  };
  const giveUp = (): void => {
    finish();
    reject(new DialError("given up", {}));
  };
  const startNext = (): void => {
    stagger?.cancel();
    const address = addresses[next++];
    if (address === undefined) return;
    stagger = clock.after(timing.staggerMs, startNext);
    const abandon = attempt(address, options, timing.attemptMs, (outcome) => {
      underWay.delete(abandon);
      if (!(outcome instanceof Error)) {
        finish();
        resolve(outcome);
        return;
      }
      failures.push({ address, error: outcome });
      if (failures.length < addresses.length) return startNext();
      finish();
      const isRefusal = failures.every((each) => each.error.code === "ECONNREFUSED");
      reject(new DialError(describeDialFailures(target, failures, caFile), { isRefusal }));
    });
    underWay.add(abandon);
  };
  signal.addEventListener("abort", giveUp, { once: true });
  if (signal.aborted) giveUp();
  else startNext();
  return promise;
}

/** Calls `done` once, later, unless abandoned before by what it returns. */
function attempt(
  address: string,
  { target, ca, serverName, clock }: DialOptions,
  limitMs: number,
  done: (outcome: TLSSocket | NodeJS.ErrnoException) => void,
): () => void {
  const socket = connect({
    host: address,
    port: target.port,
    ca,
    servername: serverName,
    minVersion: "TLSv1.3",
    ALPNProtocols: ["h2"],
  });
  let isOver = false;
  const end = (): boolean => {
    if (isOver) return false;
    isOver = true;
    timer.cancel();
    return true;
  };
  const fail = (error: NodeJS.ErrnoException): void => {
    socket.destroy();
    if (end()) done(error);
  };
  const timer = clock.after(limitMs, () => fail(coded("ETIMEDOUT", `no answer within ${limitMs} ms`)));
  socket.setNoDelay();
  // Errors of later, too, until somebody else listens: an abandoned connection may still fail.
  socket.on("error", fail);
  socket.on("close", () => fail(coded("ECONNRESET", "the connection ended during the handshake")));
  socket.once("secureConnect", () => {
    if (socket.alpnProtocol !== "h2") return fail(coded("ENOTPUSH", "it speaks no HTTP/2"));
    if (end()) done(socket);
  });
  return () => {
    if (end()) socket.destroy();
  };
}

function coded(code: string, message: string): NodeJS.ErrnoException {
  return Object.assign(new Error(message), { code });
}

/** So that waypoints that lost their controller together do not all knock at the same standby first. */
function shuffle<T>(items: readonly T[], rng: Rng): T[] {
  const shuffled = [...items];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = Math.floor(rng.next() * (i + 1));
    [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
  }
  return shuffled;
}
