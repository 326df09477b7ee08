/**
 * Whether this cluster keeps source addresses, on which network identity rests (design.md section 2): the leader dials the
 * controllers through a ClusterIP and asks whom they see. Asked again every few minutes, because a CNI may be changed under
 * a running cluster.
 */
import { type ClientRequest, request } from "node:http";
import type { Clock, Timer } from "@waystone/base/clock";
import type { Logger } from "@waystone/base/logger";
import type { SourceCollection } from "@waystone/collection/collection";
import type { SeenSource } from "./answer-source.ts";
import { judgeSource, type OwnPlace, type SourceFinding } from "./judge-source.ts";

export interface SourceProbeOptions {
  readonly own: OwnPlace;
  /** The Service's name or address. */
  readonly host: string;
  readonly port: number;
  /** One item, by the key "source". What is known stays while nothing new is. */
  readonly into: SourceCollection<SourceProbeResult>;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface SourceProbeResult extends SourceFinding {
  readonly key: "source";
}

const periodMs = 300_000;
/** While nothing is known: a second replica may be on its way. */
const doubtMs = 3_000;
/** A connection goes to any of the replicas: so many find another one than ourselves, all but surely. */
const attempts = 8;
const answerMs = 2_000;
const longestAnswer = 4_096;

export function openSourceProbe(options: SourceProbeOptions): { close(): Promise<void> } {
  const probe = new SourceProbe(options);
  probe.start();
  return probe;
}

class SourceProbe {
  readonly #options: SourceProbeOptions;
  #timer: Timer | undefined;
  #asked: ClientRequest | undefined;
  #running: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: SourceProbeOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running = this.#probe();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    // Who ends the leader's tasks does not wait for an answer.
    this.#asked?.destroy();
    await this.#running;
  }

  async #probe(): Promise<void> {
    const { own, into, clock } = this.#options;
    const answers: SeenSource[] = [];
    for (let attempt = 0; attempt < attempts && !this.#isClosed; attempt++) {
      const answer = await this.#ask();
      if (answer !== undefined) answers.push(answer);
      if (answer !== undefined && answer.pod !== own.pod) break;
    }
    if (this.#isClosed) return;
    const finding = judgeSource(own, answers);
    const before = into.get("source");
    // A controller that is alone for a moment knows no less than before.
    if (finding.verdict !== "unknown" || before === undefined) this.#tell(before, finding);
    this.#timer = clock.after(finding.verdict === "unknown" ? doubtMs : periodMs, () => this.start());
  }

  #tell(before: SourceFinding | undefined, finding: SourceFinding): void {
    const { into, logger } = this.#options;
    into.set({ key: "source", ...finding });
    if (before?.verdict === finding.verdict) return;
    if (finding.verdict === "lost") logger.error({}, `network identity is off: ${finding.message}`);
    else logger.info({}, `source addresses: ${finding.verdict}: ${finding.message}`);
  }

  /** Undefined: no answer, or none that makes sense. */
  async #ask(): Promise<SeenSource | undefined> {
    const { host, port, clock } = this.#options;
    const { promise, resolve } = Promise.withResolvers<SeenSource | undefined>();
    const asked = request({ host, port, path: "/source", agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => {
        text += part;
        if (text.length > longestAnswer) asked.destroy();
      });
      response.on("end", () => resolve(parseAnswer(text)));
      response.on("error", () => resolve(undefined));
    });
    this.#asked = asked;
    asked.on("error", () => resolve(undefined));
    asked.on("close", () => resolve(undefined));
    const timer = clock.after(answerMs, () => asked.destroy());
    asked.end();
    const answer = await promise;
    timer.cancel();
    asked.destroy();
    return answer;
  }
}

function parseAnswer(text: string): SeenSource | undefined {
  try {
    const { address, pod } = JSON.parse(text) as Partial<SeenSource>;
    return typeof address === "string" && typeof pod === "string" ? { address, pod } : undefined;
  } catch {
    return undefined;
  }
}
