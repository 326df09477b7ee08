/**
 * The processes that attacks are run in, one bed for all attacks: a data plane with three Services (a polite client's, the attacker's, and
 * one whose endpoint is the attacker), the endpoints, the polite client and the attacker.
 */
import { freePort } from "@waystone/testkit/free-port";
import { loadCore, proxyCore } from "../process/process-group.ts";
import type { AttackOrder, Tally } from "./attack.ts";
import { Child } from "./child.ts";
import type { PlaneFigures, PlaneOrder } from "./plane-process.ts";
import type { PoliteAnswer, PoliteFigures, PoliteOrder } from "./polite-process.ts";
import { starvationOf } from "./processor-time.ts";

/** The attacker's processor is not the others': he stands back, or they would wait for it, and not for the data plane. */
const niceAttacker = 10;

export class Bed {
  readonly #children: readonly Child[];
  readonly #plane: Child;
  readonly #polite: Child;
  readonly #attacker: Child;
  readonly #endpoint: Child;
  readonly #places: PlaneOrder;

  private constructor(children: readonly [Child, Child, Child, Child, ...Child[]], places: PlaneOrder) {
    this.#children = children;
    [this.#plane, this.#polite, this.#attacker, this.#endpoint] = children;
    this.#places = places;
  }

  static async open(): Promise<Bed> {
    const endpoint = new Child("backend-process.ts", { core: loadCore });
    const abused = new Child("backend-process.ts", { core: loadCore, nice: niceAttacker });
    const polite = new Child("polite-process.ts", { core: loadCore });
    const attacker = new Child("attacker-process.ts", { core: loadCore, nice: niceAttacker });
    const plane = new Child("plane-process.ts", { core: proxyCore, flags: ["--expose-gc"] });
    const [politeBackend, backend] = await Promise.all([endpoint.next<number>(), abused.next<number>()]);
    const places: PlaneOrder = {
      politePort: await freePort(),
      port: await freePort(),
      hostilePort: await freePort(),
      politeBackend,
      backend,
      hostileBackend: await freePort(),
    };
    await plane.ask(places);
    return new Bed([plane, polite, attacker, endpoint, abused], places);
  }

  get isWhole(): boolean {
    return this.#children.every(({ isRunning }) => isRunning);
  }

  async attack(name: string, seconds: number): Promise<Tally> {
    const { port, hostilePort, hostileBackend } = this.#places;
    return await this.#attacker.ask<Tally>({
      attack: name,
      seconds,
      port,
      hostilePort,
      endpointPort: hostileBackend,
    } satisfies AttackOrder);
  }

  /** What a polite client meets for so long. */
  async ask(seconds: number): Promise<PoliteFigures> {
    const parts = [this.#plane, this.#polite, this.#endpoint];
    const before = parts.map(({ processorTime }) => processorTime);
    const order: PoliteOrder = { port: this.#places.politePort, seconds };
    const answer = await this.#polite.ask<PoliteAnswer>(order);
    const each = parts.map(({ processorTime }, at) =>
      starvationOf(before[at] ?? processorTime, processorTime),
    );
    return { ...answer, starvation: Math.max(...each) };
  }

  async measure(): Promise<PlaneFigures> {
    return await this.#plane.ask<PlaneFigures>("measure");
  }

  async close(): Promise<void> {
    for (const child of this.#children) await child.stop();
  }
}
