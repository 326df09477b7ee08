/** Now, as metav1.Time has it: UTC in whole seconds. */
import type { Clock } from "@waystone/base/clock";

export function kubernetesTime(clock: Clock): string {
  return `${new Date(clock.wallMs()).toISOString().slice(0, 19)}Z`;
}
