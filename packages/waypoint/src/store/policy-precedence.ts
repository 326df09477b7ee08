/** Which of two policies about one thing counts: the older, then the name (GEP-713). */
import type { StoredPolicy } from "./policies.ts";

type Aged = Pick<StoredPolicy, "createdAtSeconds" | "name">;

export function isPolicyBefore(a: Aged, b: Aged): boolean {
  const age = a.createdAtSeconds - b.createdAtSeconds;
  return age === 0 ? a.name < b.name : age < 0;
}
