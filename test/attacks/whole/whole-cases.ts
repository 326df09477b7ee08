/** Every case that needs a whole waypoint, in the order in which they are run. */
import { descriptors } from "./descriptors.ts";
import { memoryCeiling } from "./memory-ceiling.ts";
import type { WholeCase } from "./whole-case.ts";

export const wholeCases: readonly WholeCase[] = [descriptors, memoryCeiling];
