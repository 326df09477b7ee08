/**
 * A steady load on one Service, as its clients would make it: open loop (a slow answer does not slow what comes after), on
 * connections that are kept and on fresh ones, never tried again, every answer checked whole. Runs in the network of the
 * node that the suite runs in, and so goes the way of every client of a ClusterIP.
 */
import { Agent, type IncomingMessage, request } from "node:http";
import { onTestFinished } from "vitest";
import { sized } from "./full-run.ts";

export interface LoadOptions {
  readonly host: string;
  readonly port: number;
  readonly perSecond: number;
  /** Connections that are kept; every second request goes on a fresh one. */
  readonly kept: number;
  /** "/load" unless given. */
  readonly path?: string;
  /** Of every request, beside those that a body needs. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What is wrong with an answer of status 200 and the right body; undefined: nothing. */
  readonly judge?: (answer: LoadAnswer) => string | undefined;
}

/** What the echo program answers. */
export interface LoadAnswer {
  readonly host: string;
  readonly caller: string;
  readonly version?: string;
  readonly body?: string;
  readonly headers: Readonly<Record<string, readonly string[]>>;
}

export interface LoadResult {
  readonly sent: number;
  readonly failed: readonly string[];
  /** By version of who answered. */
  readonly versions: Readonly<Record<string, number>>;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

const tickMs = 10;
/** What clients bear; a machine that builds something else may keep the client itself waiting for longer. */
const lateMs = sized({ short: 60_000, full: 10_000 });

export class SteadyLoad {
  readonly #options: LoadOptions;
  readonly #keeping: Agent;
  readonly #fresh = new Agent({ keepAlive: false });
  readonly #startedAt = performance.now();
  readonly #failed: string[] = [];
  readonly #versions = new Map<string, number>();
  readonly #durations: number[] = [];
  readonly #underWay = new Set<Promise<void>>();
  readonly #ticker: NodeJS.Timeout;
  #sent = 0;

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#keeping = new Agent({ keepAlive: true, maxSockets: options.kept, scheduling: "fifo" });
    this.#ticker = setInterval(() => this.#tick(), tickMs);
    // A test that fails before it stops it runs again, and not under two loads.
    onTestFinished(async () => void (await this.stop()));
  }

  get sent(): number {
    return this.#sent;
  }

  get failures(): number {
    return this.#failed.length;
  }

  /** Of all requests so far, by version of who answered. */
  count(version: string): number {
    return this.#versions.get(version) ?? 0;
  }

  /** Stops, and waits for the answers that are still to come. */
  async stop(): Promise<LoadResult> {
    clearInterval(this.#ticker);
    await Promise.all(this.#underWay);
    this.#keeping.destroy();
    const sorted = this.#durations.toSorted((a, b) => a - b);
    const at = (share: number): number =>
      sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
    return {
      sent: this.#sent,
      failed: this.#failed,
      versions: Object.fromEntries(this.#versions),
      p50Ms: at(0.5),
      p99Ms: at(0.99),
      maxMs: at(1),
    };
  }

  /** As many as are due since the start: a late tick sends what it owes. */
  #tick(): void {
    const due = Math.floor(((performance.now() - this.#startedAt) / 1000) * this.#options.perSecond);
    while (this.#sent < due) {
      const sent = this.#send(this.#sent++).finally(() => this.#underWay.delete(sent));
      this.#underWay.add(sent);
    }
  }

  async #send(number: number): Promise<void> {
    const startedAt = performance.now();
    const isKept = number % 2 === 0;
    const body = `request ${number}`;
    try {
      const { status, text } = await this.#ask(body, isKept ? this.#keeping : this.#fresh);
      const wrong = this.#judge(status, text, body);
      if (wrong !== undefined) this.#fail(number, isKept, wrong, startedAt);
    } catch (error) {
      this.#fail(number, isKept, error instanceof Error ? error.message : String(error), startedAt);
    }
    this.#durations.push(performance.now() - startedAt);
  }

  #judge(status: number, text: string, body: string): string | undefined {
    if (status !== 200) return `status ${status}: ${text.slice(0, 200)}`;
    const answer = JSON.parse(text) as LoadAnswer;
    if (answer.body !== body) return `another body came back: ${JSON.stringify(answer.body)}`;
    const version = answer.version ?? "";
    this.#versions.set(version, (this.#versions.get(version) ?? 0) + 1);
    return this.#options.judge?.(answer);
  }

  #fail(number: number, isKept: boolean, what: string, startedAt: number): void {
    const at = ((startedAt - this.#startedAt) / 1000).toFixed(3);
    const took = (performance.now() - startedAt).toFixed(0);
    this.#failed.push(`at ${at} s, request ${number} (${isKept ? "kept" : "fresh"}, ${took} ms): ${what}`);
  }

  #ask(body: string, agent: Agent): Promise<{ readonly status: number; readonly text: string }> {
    const { host, port, path = "/load", headers: own = {} } = this.#options;
    const headers = { ...own, "content-type": "text/plain", "content-length": Buffer.byteLength(body) };
    return new Promise((resolve, reject) => {
      const asked = request({ host, port, path, method: "POST", agent, headers }, (response) => {
        readText(response).then((text) => resolve({ status: response.statusCode ?? 0, text }), reject);
      });
      asked.setTimeout(lateMs, () => asked.destroy(new Error(`no answer within ${lateMs} ms`)));
      asked.on("error", reject);
      asked.end(body);
    });
  }
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** For a figure beside a verdict. */
export function describeLoad({ sent, failed, p50Ms, p99Ms, maxMs }: LoadResult): string {
  const times = `p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms, max ${maxMs.toFixed(0)} ms`;
  return `${sent} requests, ${failed.length} failed; ${times}`;
}
