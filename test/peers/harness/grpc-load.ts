/** gRPC under way while somebody beside the waypoint goes or is lost: what became of each call, and of a stream that goes on. */
import { until, within } from "@waystone/testkit/within";
import type { Seen } from "./grpc-go.ts";
import { type ChatEnd, GrpcJsCaller } from "./grpc-js-client.ts";
import type { Address } from "./waystone.ts";

const endless = Number.POSITIVE_INFINITY;

/** How many calls are under way at any time. */
export const loadWidth = 20;

/** Unary calls, so many at a time, and one stream that goes on, until it is told to end. */
export class GrpcLoad {
  readonly #caller: GrpcJsCaller;
  readonly #work: Promise<unknown>;
  readonly #stream: Promise<ChatEnd>;
  readonly failures: string[] = [];
  calls = 0;
  #isOver = false;
  #turns = 0;

  constructor(address: Address) {
    this.#caller = new GrpcJsCaller(address);
    this.#work = Promise.all(Array.from({ length: loadWidth }, async () => await this.#call()));
    this.#stream = this.#chat();
  }

  async #chat(): Promise<ChatEnd> {
    const ended = await this.#caller.chat(endless, 100, (turns) => {
      this.#turns = turns;
      return this.#isOver;
    });
    if (!this.#isOver) this.failures.push(`the stream ended: ${ended.code}`);
    return ended;
  }

  async #call(): Promise<void> {
    while (!this.#isOver) {
      const asked = Buffer.from(`call ${(this.calls += 1)}`);
      const { code, details, message } = await this.#caller.unary("Unary", asked);
      if (code !== 0) this.failures.push(`${code} ${details}`);
      else if (!message.equals(asked)) this.failures.push(`another's answer: ${message.toString()}`);
    }
  }

  /** As many calls more, and turns of the stream. */
  async more(count: number): Promise<void> {
    const [calls, turns] = [this.calls, this.#turns];
    await this.until(
      () => this.calls > calls + count && this.#turns > turns + count / 20,
      `${count} calls more`,
    );
  }

  /** Goes on until that holds, or until something fails that had not failed before: `end` says what. */
  async until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
    const failures = this.failures.length;
    await until(async () => this.failures.length > failures || (await holds()), what);
  }

  /** How its calls failed, and how its stream ended. */
  async end(): Promise<Seen> {
    this.#isOver = true;
    await within(this.#work, "the end of the calls");
    const { code } = await within(this.#stream, "the end of the stream");
    this.#caller.close();
    return { failures: this.failures, stream: code };
  }
}
