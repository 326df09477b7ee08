/** Why an expression is refused, and where in it. Thrown within this folder and caught by compile-cel.ts alone. */

export class CelProblem extends Error {
  /** `at` counts from 0; people count from 1. */
  constructor(at: number, message: string) {
    super(`character ${at + 1}: ${message}`);
    this.name = "CelProblem";
  }
}
