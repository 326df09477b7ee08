/**
 * The processes that attacks are run in, one bed for all attacks: a data plane with three Services (a polite client's, the attacker's, and
 * one whose endpoint is the attacker), the endpoints, the polite client and the attacker. In production an attacker takes nobody's
 * processor but by what he makes the waypoint do. So the data plane, one worker, has a core to itself; the polite client and his
 * endpoint have the other one, and what those leave of it the attacker, the endpoint that he abuses, and V8's helping threads of the
 * data plane: on its own core they would take its place for 4 ms at a time, where those of a pod run on other cores of its node.
 */
import { freePort } from "@waystone/testkit/free-port";
import { semiSpaceMb } from "@waystone/waypoint/worker/heap-limits";
import { loadCore, proxyCore } from "../process/process-group.ts";
import type { AttackOrder, Tally } from "./attack.ts";
import { Child } from "./child.ts";
import type { PlaneFigures, PlaneOrder } from "./plane-process.ts";
import type { PoliteAnswer, PoliteOrder } from "./polite-process.ts";
import type { Spell } from "./spell.ts";
import { starvationOf } from "./processor-time.ts";

/** The heap that a worker has (heap-limits.ts), whose garbage its own thread collects. */
const planeFlags = ["--expose-gc", `--max-semi-space-size=${semiSpaceMb}`, "--single-threaded-gc"];

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
    const abused = new Child("backend-process.ts", { core: loadCore, standsBack: true });
    const polite = new Child("polite-process.ts", { core: loadCore });
    const attacker = new Child("attacker-process.ts", { core: loadCore, standsBack: true });
    const plane = new Child("plane-process.ts", { core: proxyCore, flags: planeFlags });
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
    plane.moveHelpers(loadCore);
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
  async ask(seconds: number): Promise<Spell> {
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
