/**
 * Whether a password is the one of its hash: told by bcrypt on a thread of its own, so that no request waits for another's password,
 * and remembered. Each source (a client's address) may have a few questions waiting, and sources take turns: who guesses waits for
 * himself. What was wrong is never remembered as right, and a hash that changed forgets what was verified by it.
 */
import { createHmac, hash, randomBytes, timingSafeEqual } from "node:crypto";
import type { PasswordHash } from "@waystone/engine/authentication/password-hash";

export interface PasswordQuestion {
  readonly user: string;
  readonly password: string;
  readonly hash: PasswordHash;
  /** Whose turn it uses. */
  readonly source: string;
}

export type PasswordOutcome = "right" | "wrong" | "overloaded";
type Tell = (outcome: PasswordOutcome) => void;

/** Does the work, one question after another, and tells "overloaded" where it cannot. */
export interface PasswordThread {
  compare(password: string, hash: string, tell: Tell): void;
  close(): Promise<void>;
}

export interface PasswordCheckerOptions {
  /** Opened with the first question. */
  readonly openThread: () => PasswordThread;
  readonly limits?: PasswordLimits;
}

export interface PasswordLimits {
  /** Questions of all sources that wait; at bcrypt's usual cost each takes tens to hundreds of milliseconds. */
  readonly waiting: number;
  readonly waitingOfSource: number;
  /** Requests that wait for one answer. */
  readonly joined: number;
  /** Verified passwords that are remembered. */
  readonly remembered: number;
}

export const defaultPasswordLimits: PasswordLimits = {
  waiting: 64,
  waitingOfSource: 4,
  joined: 256,
  remembered: 10_000,
};

interface Job {
  readonly question: PasswordQuestion;
  readonly fingerprint: string;
  readonly tells: Tell[];
}

export class PasswordChecker {
  readonly #openThread: () => PasswordThread;
  readonly #limits: PasswordLimits;
  /** No password can be tried against what is remembered without it. */
  readonly #key = randomBytes(32);
  /** By fingerprint, the hash that it was verified by; the least recently used first. */
  readonly #verified = new Map<string, string>();
  readonly #jobs = new Map<string, Job>();
  /** Sources in the order of their turns. */
  readonly #queues = new Map<string, Job[]>();
  #waiting = 0;
  #isBusy = false;
  #thread: PasswordThread | undefined;

  constructor({ openThread, limits = defaultPasswordLimits }: PasswordCheckerOptions) {
    this.#openThread = openThread;
    this.#limits = limits;
  }

  /** Of a user that is not known the hash is a decoy, so that an answer takes as long. Undefined: ask `check`. */
  known({ user, password, hash: { scheme, text } }: Omit<PasswordQuestion, "source">): boolean | undefined {
    if (scheme === "sha1") return isSame(`{SHA}${hash("sha1", password, "base64")}`, text);
    const fingerprint = this.#fingerprint(user, password);
    if (this.#verified.get(fingerprint) !== text) return undefined;
    this.#remember(fingerprint, text);
    return true;
  }

  /** Tells later. */
  check(question: PasswordQuestion, tell: Tell): void {
    const fingerprint = this.#fingerprint(question.user, question.password);
    const key = `${question.source} ${fingerprint} ${question.hash.text}`;
    const joined = this.#jobs.get(key);
    if (joined !== undefined) {
      if (joined.tells.length >= this.#limits.joined) return later(tell, "overloaded");
      joined.tells.push(tell);
      return;
    }
    const queue = this.#queues.get(question.source) ?? [];
    if (this.#waiting >= this.#limits.waiting || queue.length >= this.#limits.waitingOfSource)
      return later(tell, "overloaded");
    const job: Job = { question, fingerprint, tells: [tell] };
    this.#jobs.set(key, job);
    queue.push(job);
    this.#queues.set(question.source, queue);
    this.#waiting++;
    this.#next();
  }

  async close(): Promise<void> {
    await this.#thread?.close();
  }

  #next(): void {
    if (this.#isBusy) return;
    for (const [source, queue] of this.#queues) {
      this.#queues.delete(source);
      const job = queue.shift();
      // To the end of the line.
      if (queue.length > 0) this.#queues.set(source, queue);
      if (job === undefined) continue;
      this.#waiting--;
      this.#work(job);
      return;
    }
  }

  #work({ question, fingerprint, tells }: Job): void {
    this.#isBusy = true;
    this.#thread ??= this.#openThread();
    this.#thread.compare(question.password, question.hash.text, (outcome) => {
      this.#isBusy = false;
      this.#jobs.delete(`${question.source} ${fingerprint} ${question.hash.text}`);
      if (outcome === "right") this.#remember(fingerprint, question.hash.text);
      this.#next();
      for (const tell of tells) tell(outcome);
    });
  }

  #remember(fingerprint: string, text: string): void {
    this.#verified.delete(fingerprint);
    this.#verified.set(fingerprint, text);
    if (this.#verified.size <= this.#limits.remembered) return;
    for (const oldest of this.#verified.keys()) {
      this.#verified.delete(oldest);
      return;
    }
  }

  #fingerprint(user: string, password: string): string {
    // No user has a NUL in it (RFC 7617 2).
    return createHmac("sha256", this.#key).update(`${user}\0${password}`).digest("base64");
  }
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

function later(tell: Tell, outcome: PasswordOutcome): void {
  queueMicrotask(() => tell(outcome));
}
