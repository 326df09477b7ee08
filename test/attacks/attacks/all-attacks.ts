/** Every attack of one peer on a data plane that others use, in the order in which they are run. */
import type { Attack } from "../attack.ts";
import { churns } from "./churn.ts";
import { clientFloods } from "./client-floods.ts";
import { hostileEndpoints } from "./hostile-endpoints.ts";
import { stalledReaders } from "./stalled-readers.ts";

export const allAttacks: readonly Attack[] = [
  ...clientFloods,
  ...hostileEndpoints,
  ...stalledReaders,
  ...churns,
];
