/**
 * Requests of several kinds, each again and again on fresh connections, so that they go to every waypoint; with the time that each was
 * sent and the status that it got. What must hold of them is asked when it is known when things changed.
 */
import { type OutgoingHttpHeaders, request } from "node:http";
import { onTestFinished } from "vitest";
import { until } from "../until.ts";

export interface FlowAnswer {
  readonly sentAt: number;
  readonly answeredAt: number;
  /** 0: the connection broke. */
  readonly status: number;
  /** How its body begins, or the error. */
  readonly text: string;
}

export interface FlowOptions {
  readonly host: string;
  /** Kind -> headers. */
  readonly kinds: Readonly<Record<string, OutgoingHttpHeaders>>;
  /** Of each kind. */
  readonly everyMs: number;
}

export class AnswerFlow {
  readonly #options: FlowOptions;
  readonly #answers = new Map<string, FlowAnswer[]>();
  readonly #underWay = new Set<Promise<void>>();
  readonly #ticker: NodeJS.Timeout;

  constructor(options: FlowOptions) {
    this.#options = options;
    for (const kind of Object.keys(options.kinds)) this.#answers.set(kind, []);
    this.#ticker = setInterval(() => this.#tick(), options.everyMs);
    onTestFinished(async () => await this.stop());
  }

  /** In the order in which they came. */
  answers(kind: string): readonly FlowAnswer[] {
    return this.#answers.get(kind) ?? [];
  }

  get sent(): number {
    return [...this.#answers.values()].reduce((sum, each) => sum + each.length, 0);
  }

  /** Until the last `count` of that kind were answered so, all sent after `since`. */
  async untilSteady(kind: string, status: number, since: number, count = 20): Promise<void> {
    const last = (): readonly FlowAnswer[] => this.answers(kind).slice(-count);
    await until(
      () => last().length === count && last().every((each) => each.status === status && each.sentAt > since),
      {
        deadlineMs: 180_000,
        describe: () =>
          `${kind} is not answered with ${status}: ${last()
            .map((each) => each.status)
            .join(" ")}`,
      },
    );
  }

  /** And waits for what is under way. */
  async stop(): Promise<void> {
    clearInterval(this.#ticker);
    await Promise.all(this.#underWay);
  }

  #tick(): void {
    for (const [kind, headers] of Object.entries(this.#options.kinds)) {
      const sent = this.#send(kind, headers).finally(() => this.#underWay.delete(sent));
      this.#underWay.add(sent);
    }
  }

  async #send(kind: string, headers: OutgoingHttpHeaders): Promise<void> {
    const sentAt = performance.now();
    const answer = await askOnce(this.#options.host, headers);
    this.#answers.get(kind)?.push({ sentAt, answeredAt: performance.now(), ...answer });
  }
}

async function askOnce(
  host: string,
  headers: OutgoingHttpHeaders,
): Promise<Pick<FlowAnswer, "status" | "text">> {
  const { promise, resolve } = Promise.withResolvers<Pick<FlowAnswer, "status" | "text">>();
  const fail = (error: Error): void => resolve({ status: 0, text: error.message });
  const asked = request({ host, path: "/", agent: false, headers, timeout: 60_000 }, (response) => {
    let text = "";
    response.setEncoding("latin1");
    response.on("data", (piece: string) => (text = (text + piece).slice(0, 100)));
    response.on("error", fail);
    response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
  });
  asked.on("timeout", () => asked.destroy(new Error("no answer within a minute")));
  asked.on("error", fail);
  asked.end();
  return await promise;
}
