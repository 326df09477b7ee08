/** Everything that is wrong with one resource, collected before it is refused: users fix all of it in one go. */

export class Problems {
  readonly #reasons: string[] = [];

  /** `field` as a path from the resource: "rules[1].matches[0].path.value". */
  add(field: string, message: string): void {
    this.#reasons.push(`${field}: ${message}`);
  }

  get reasons(): readonly string[] {
    return this.#reasons;
  }
}

/** A resource that cannot be used. Its message has all reasons. */
export class ResourceError extends Error {
  readonly reasons: readonly string[];

  constructor(resource: string, reasons: readonly string[]) {
    super(`${resource} cannot be used: ${reasons.join("; ")}`);
    this.name = "ResourceError";
    this.reasons = reasons;
  }
}
