/** What is shown on a whole waypoint: `waystone run` in a process of its own, with limits of the kernel's. */
export interface WholeCase {
  readonly name: string;
  readonly id: string;
  /** Gives back the figures; rejects with what is wrong. */
  readonly run: () => Promise<string>;
}
