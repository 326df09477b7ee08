/**
 * fast-check with one seed for everybody, so that the gate says the same of the same commit twice. Other seeds and more runs are
 * asked for: WAYSTONE_PROPERTY_SEED=random (or a number), WAYSTONE_PROPERTY_RUNS=20 for twenty times as many (CONTRIBUTING.md, "Properties").
 */
import {
  assert as assertOnce,
  configureGlobal,
  type IProperty,
  type IAsyncProperty,
  type Parameters,
} from "fast-check";

export * from "fast-check";

const seed = process.env["WAYSTONE_PROPERTY_SEED"] ?? "20260101";
const factor = Number(process.env["WAYSTONE_PROPERTY_RUNS"] ?? 1);

if (seed !== "random") configureGlobal({ seed: Number(seed) });

/** As fast-check's. */
export function assert<Ts>(property: IAsyncProperty<Ts>, parameters?: Parameters<Ts>): Promise<void>;
export function assert<Ts>(property: IProperty<Ts>, parameters?: Parameters<Ts>): void;
export function assert<Ts>(
  property: IProperty<Ts> | IAsyncProperty<Ts>,
  parameters: Parameters<Ts> = {},
): Promise<void> | void {
  return assertOnce(property as IProperty<Ts>, {
    ...parameters,
    numRuns: (parameters.numRuns ?? 100) * factor,
  });
}
