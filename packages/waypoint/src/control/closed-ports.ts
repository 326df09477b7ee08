/**
 * In a cluster clients are led to a port of ours because we acknowledged the Service that it is of. So a Service one of whose
 * ports cannot be opened is refused, in the words of what is wrong with the port; and it is asked for again when that has
 * changed, either way, because a verdict is only given about what is sent.
 */
import { typeUrls } from "@waystone/api/names";
import type { ApplyDelta, Rejected, ResourceDelta } from "@waystone/xds/resource";
import type { PortProblem } from "../worker/port-problem.ts";

export interface ClosedPortsOptions {
  readonly apply: ApplyDelta;
  /** Has the Service, "<namespace>/<name>", sent once more. */
  readonly askAgain: (service: string) => void;
}

export class ClosedPorts {
  readonly #options: ClosedPortsOptions;
  /** What is wrong, by Service. */
  #problems: ReadonlyMap<string, string> = new Map();
  /** Services about which a verdict was given, and whether it was that a port is closed. */
  readonly #told = new Map<string, boolean>();
  #underWay = 0;

  constructor(options: ClosedPortsOptions) {
    this.#options = options;
  }

  /** All that there are now. */
  changed(problems: readonly PortProblem[]): void {
    this.#problems = new Map(problems.map(({ service, message }) => [service, message]));
    // What is being applied gets its verdict at once.
    if (this.#underWay === 0) this.#askAboutChanged();
  }

  readonly apply: ApplyDelta = async (delta) => {
    this.#underWay++;
    try {
      const rejected = await this.#options.apply(delta);
      return delta.typeUrl === typeUrls.service ? [...rejected, ...this.#judge(delta, rejected)] : rejected;
    } finally {
      this.#underWay--;
      if (this.#underWay === 0) this.#askAboutChanged();
    }
  };

  #judge({ upserts, removals }: ResourceDelta, rejected: readonly Rejected[]): readonly Rejected[] {
    for (const name of removals) this.#told.delete(name);
    const refused = new Set(rejected.map(({ name }) => name));
    return upserts.flatMap(({ name }) => {
      if (refused.has(name)) return [];
      const reason = this.#problems.get(name);
      this.#told.set(name, reason !== undefined);
      return reason === undefined ? [] : [{ name, reason }];
    });
  }

  #askAboutChanged(): void {
    for (const [service, wasClosed] of this.#told) {
      if (wasClosed === this.#problems.has(service)) continue;
      // Once, until it is here.
      this.#told.delete(service);
      this.#options.askAgain(service);
    }
  }
}
