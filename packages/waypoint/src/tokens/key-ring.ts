/**
 * The keys that a worker checks tokens with, by where they come from. Those of a policy are read when they are first needed; those of a URI come
 * from the main thread (fetch/), which is told which ones are wanted. What cannot be read holds no key: its tokens are refused.
 */
import type { KeySource } from "@waystone/engine/authentication/policy";
import { parseKeySet, type PublicKey, signersOf } from "@waystone/engine/authentication/key-set";
import type { Clock, Timer } from "@waystone/base/clock";
import type { StoredPolicy } from "../store/policies.ts";

export type UriSource = Extract<KeySource, { type: "uri" }>;

/** What the main thread is to fetch; `id` says whose keys they are, and not how often they are asked for. */
export interface WantedKeys extends Omit<UriSource, "type"> {
  readonly id: string;
}

export interface KeySet {
  readonly keys: readonly PublicKey[];
  /** signerOf (engine/authentication/key-set.ts). */
  readonly signers: ReadonlySet<string>;
}

export interface KeyRingOptions {
  readonly clock: Clock;
  /** All that is wanted from now on. */
  readonly want: (wanted: readonly WantedKeys[]) => void;
  /** A token is by a key that its set does not have. What there is by then is given to `take`. */
  readonly refetch: (id: string) => void;
  /** Keys came or went that no policy shows. */
  readonly onChanged: () => void;
}

/** Requests wait for the first answer of an issuer, or for a newer one, and not for long. */
const answerMs = 5_000;
/** Who sends tokens by keys of his own makes others wait, and no more of them than so many. */
const askingAtMost = 64;
/** How often a worker asks for a newer set; how often it is fetched is for the main thread to say. */
const askAgainMs = 1_000;

interface Fetched {
  /** Undefined: there was no answer yet. */
  set: KeySet | undefined;
  text: string | undefined;
  readonly waiting: Set<() => void>;
  /** A newer set has been asked for, and there is no answer yet. */
  isAsked: boolean;
  answeredAt: number;
}

const noKeys: KeySet = { keys: [], signers: new Set() };

export class KeyRing {
  readonly #options: KeyRingOptions;
  readonly #inline = new WeakMap<KeySource, KeySet>();
  readonly #fetched = new Map<string, Fetched>();
  #wanted: ReadonlyMap<string, WantedKeys> = new Map();
  #policies: ReadonlyMap<string, StoredPolicy> | undefined = undefined;

  constructor(options: KeyRingOptions) {
    this.#options = options;
  }

  /** Undefined: nobody knows yet. */
  keysOf(source: KeySource): KeySet | undefined {
    if (source.type === "missing") return noKeys;
    if (source.type === "uri") return this.#fetched.get(sourceId(source))?.set;
    let known = this.#inline.get(source);
    if (known === undefined) this.#inline.set(source, (known = readKeySet(source.text)));
    return known;
  }

  /** Calls back once: at once where the keys are known, else when the first answer is there, or the wait for it is over. */
  whenKnown(source: KeySource, tell: () => void): void {
    const fetched = source.type === "uri" ? this.#fetched.get(sourceId(source)) : undefined;
    if (fetched === undefined || fetched.set !== undefined) return tell();
    this.#wait(fetched, tell);
  }

  /** A token is by a key that is not in the set: calls back once it is known whether there is a newer one, or at once where nobody is asked. */
  whenRenewed(source: KeySource, tell: () => void): void {
    const fetched = source.type === "uri" ? this.#fetched.get(sourceId(source)) : undefined;
    if (source.type !== "uri" || fetched === undefined || fetched.waiting.size >= askingAtMost) return tell();
    if (!fetched.isAsked && this.#options.clock.now() - fetched.answeredAt < askAgainMs) return tell();
    this.#wait(fetched, tell);
    if (fetched.isAsked) return;
    fetched.isAsked = true;
    this.#options.refetch(sourceId(source));
  }

  #wait(fetched: Fetched, tell: () => void): void {
    let timer: Timer | undefined = undefined;
    const once = (): void => {
      timer?.cancel();
      fetched.waiting.delete(once);
      tell();
    };
    fetched.waiting.add(once);
    timer = this.#options.clock.after(answerMs, once);
  }

  /** The policies in force from now on: the same map where none has changed. */
  follow(policies: ReadonlyMap<string, StoredPolicy>): void {
    if (policies === this.#policies) return;
    this.#policies = policies;
    const wanted = new Map<string, WantedKeys>();
    for (const { spec } of policies.values()) {
      if (spec.case !== "authentication") continue;
      for (const { keys } of spec.authentication.jwt?.providers ?? []) {
        if (keys.type !== "uri") continue;
        const { uri, refreshMs, allowedAddresses } = keys;
        const id = sourceId(keys);
        // Of several policies the one that asks most often is heard.
        const often = Math.min(refreshMs, wanted.get(id)?.refreshMs ?? refreshMs);
        wanted.set(id, { id, uri, refreshMs: often, allowedAddresses });
      }
    }
    const before = this.#wanted;
    this.#wanted = wanted;
    const isSame =
      wanted.size === before.size &&
      [...wanted.values()].every(({ id, refreshMs }) => before.get(id)?.refreshMs === refreshMs);
    if (isSame) return;
    for (const [id, { waiting }] of this.#fetched) {
      if (wanted.has(id)) continue;
      this.#fetched.delete(id);
      for (const tell of waiting) tell();
    }
    for (const id of wanted.keys()) {
      if (!this.#fetched.has(id)) this.#fetched.set(id, newlyWanted());
    }
    this.#options.want([...wanted.values()]);
  }

  /** What the main thread has of a URI; undefined: nothing that may be used. */
  take(id: string, text: string | undefined): void {
    const fetched = this.#fetched.get(id);
    if (fetched === undefined) return;
    const isChanged = fetched.set === undefined || fetched.text !== text;
    if (isChanged) fetched.set = text === undefined ? noKeys : readKeySet(text);
    fetched.text = text;
    fetched.isAsked = false;
    fetched.answeredAt = this.#options.clock.now();
    for (const tell of fetched.waiting) tell();
    if (isChanged) this.#options.onChanged();
  }
}

function newlyWanted(): Fetched {
  const answeredAt = Number.NEGATIVE_INFINITY;
  return { set: undefined, text: undefined, waiting: new Set(), isAsked: false, answeredAt };
}

/** Another interval alone makes them no other keys: streams by them go on. */
export function sourceId({ uri, allowedAddresses }: Omit<UriSource, "type">): string {
  return JSON.stringify([uri, allowedAddresses]);
}

function readKeySet(text: string): KeySet {
  try {
    const keys = parseKeySet(text);
    return { keys, signers: signersOf(keys) };
  } catch {
    return noKeys;
  }
}
